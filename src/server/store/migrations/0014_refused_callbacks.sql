-- Callbacks that were refused: enough to see that somebody knocks, and nothing of what they brought.
CREATE TABLE refused_callbacks (
    id       INTEGER PRIMARY KEY,
    -- Why, by the name `storefront verify` gives it.
    reason   TEXT NOT NULL,
    -- Bytes; 0 if it was too large to be read.
    size     INTEGER NOT NULL,
    -- SHA-256 of the body: equal bytes are one row.
    digest   BLOB NOT NULL,
    count    INTEGER NOT NULL DEFAULT 1,
    first_at INTEGER NOT NULL,
    last_at  INTEGER NOT NULL,
    UNIQUE (digest, reason)
) STRICT;

CREATE INDEX refused_callbacks_by_last ON refused_callbacks (last_at);

-- What the pages of callbacks, cases, customers and payouts look for.
CREATE INDEX callbacks_by_moment ON callbacks (received_at, id);
CREATE INDEX callbacks_by_verdict ON callbacks (verdict, received_at, id);
CREATE INDEX callbacks_by_source ON callbacks (source, received_at, id);
CREATE INDEX cases_by_payment ON cases (payment_id);
CREATE INDEX cases_open ON cases (id) WHERE closed_at IS NULL;
CREATE INDEX payouts_by_moment ON payouts (asked_at, payment_id);
CREATE INDEX payouts_by_customer ON payouts (customer_id);
CREATE INDEX payouts_by_account ON payouts (account);
