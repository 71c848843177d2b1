-- Money on its way to customers. A row is written before anything is sent, and a request is sent at most once.
CREATE TABLE payouts (
    -- The name it was given, or one of chance: a payment of its own at the platform.
    payment_id   TEXT PRIMARY KEY COLLATE NOCASE,
    method       TEXT NOT NULL,
    customer_id  TEXT NOT NULL,
    ip_address   TEXT NOT NULL,
    account      TEXT NOT NULL,
    full_name    TEXT NOT NULL,
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    currency     TEXT NOT NULL,
    progress     TEXT NOT NULL CHECK (progress IN ('stored', 'sending', 'unknown', 'pending', 'done', 'declined')),
    code         TEXT,
    asked_at     INTEGER NOT NULL,
    -- Given by the platform: with the answer, and with what it tells later.
    request_id   TEXT,
    operation_id TEXT
) STRICT;

CREATE INDEX payouts_to_send ON payouts (asked_at) WHERE progress IN ('stored', 'sending');
