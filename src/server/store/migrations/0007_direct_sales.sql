-- A direct sale: how far its request came (NULL: the customer pays on the Payment Page),
-- where its customer is to be sent (JSON), and whether the platform waits for the last name.
ALTER TABLE attempts ADD COLUMN sale TEXT CHECK (sale IN ('stored', 'sending', 'unknown', 'pending', 'declined'));
ALTER TABLE attempts ADD COLUMN handover TEXT;
ALTER TABLE attempts ADD COLUMN asks_last_name INTEGER NOT NULL DEFAULT 0 CHECK (asks_last_name IN (0, 1));
