-- The method the customer chose on the Payment Page, as the platform told it.
ALTER TABLE attempts ADD COLUMN paid_with TEXT;

-- The customer's address when the payment began: some refunds and every direct sale must name it.
ALTER TABLE orders ADD COLUMN ip_address TEXT;

-- Money on its way back. A row is written before anything is sent, and a request is sent at most once.
CREATE TABLE refunds (
    id           TEXT PRIMARY KEY,
    payment_id   TEXT NOT NULL COLLATE NOCASE REFERENCES attempts (payment_id),
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency     TEXT NOT NULL,
    reason       TEXT NOT NULL,
    progress     TEXT NOT NULL CHECK (progress IN ('stored', 'sending', 'unknown', 'pending', 'done', 'declined')),
    code         TEXT,
    asked_at     INTEGER NOT NULL,
    -- Given by the platform: with the answer, and with what it tells later.
    request_id   TEXT,
    operation_id TEXT
) STRICT;

CREATE INDEX refunds_by_payment ON refunds (payment_id);
CREATE UNIQUE INDEX refunds_by_operation ON refunds (payment_id, operation_id) WHERE operation_id IS NOT NULL;
CREATE INDEX refunds_to_send ON refunds (id) WHERE progress IN ('stored', 'sending');
