-- What opens POST /api/operations. A token is shown once and kept as its SHA-256.
CREATE TABLE api_tokens (
    id           INTEGER PRIMARY KEY,
    name         TEXT NOT NULL,
    digest       BLOB NOT NULL UNIQUE,
    made_by      TEXT NOT NULL,
    made_at      INTEGER NOT NULL,
    -- To the minute.
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT;

-- Pages of the register are read by key, whatever the number of orders. Bytes decide, as in the program.
CREATE INDEX attempts_by_start ON attempts (started_at, payment_id COLLATE BINARY);
CREATE INDEX refunds_by_moment ON refunds (asked_at, id);
CREATE INDEX payouts_by_moment_and_name ON payouts (asked_at, payment_id COLLATE BINARY);
