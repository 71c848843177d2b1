-- What the platform told when it was asked stands beside what it told by itself.
ALTER TABLE callbacks ADD COLUMN source TEXT NOT NULL DEFAULT 'callback' CHECK (source IN ('callback', 'status'));

-- Payments whose fate the platform is asked for while no callback tells it.
CREATE TABLE inquiries (
    payment_id TEXT PRIMARY KEY COLLATE NOCASE,
    due_at     INTEGER NOT NULL,
    -- How often since the customer last did something.
    asked      INTEGER NOT NULL DEFAULT 0,
    -- The customer came back from the Payment Page, wallet or bank.
    returned   INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1))
) STRICT;

CREATE INDEX inquiries_by_due ON inquiries (due_at);

INSERT INTO inquiries (payment_id, due_at)
SELECT payment_id, started_at + 900 FROM attempts JOIN orders ON orders.id = order_id WHERE paid_by IS NULL;
