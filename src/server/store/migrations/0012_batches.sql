-- Files of refunds or payouts, and single payouts that wait for a second person.
CREATE TABLE batches (
    id           INTEGER PRIMARY KEY,
    -- Of chance: rows that have no name of their own are called by it and their number.
    name         TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL CHECK (kind IN ('refund', 'payout')),
    -- What the operator's computer calls the file.
    file_name    TEXT NOT NULL,
    -- SHA-256 of what the rows say, however the file is written: line ends, delimiter, quotation marks and the order of columns
    -- make no other file. NULL: no file.
    digest       BLOB,
    -- Names of the columns, in the file's order.
    columns      TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN
        ('reading', 'checked', 'waiting for approval', 'approved', 'running', 'finished', 'cancelled')),
    uploaded_by  INTEGER NOT NULL REFERENCES operators (id),
    uploaded_at  INTEGER NOT NULL,
    -- While it is uploaded: when the last piece came.
    touched_at   INTEGER NOT NULL,
    -- By whoever uploaded it.
    started_at   INTEGER,
    -- By a second person; NULL: none was needed.
    approved_by  INTEGER REFERENCES operators (id) CHECK (approved_by <> uploaded_by),
    approved_at  INTEGER,
    ended_at     INTEGER,
    -- The run whose declined rows these are.
    again_of     INTEGER REFERENCES batches (id),
    -- Counted when all rows were checked.
    row_count     INTEGER NOT NULL DEFAULT 0,
    refused_count INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX batches_by_digest ON batches (digest) WHERE digest IS NOT NULL;
CREATE INDEX batches_by_source ON batches (again_of) WHERE again_of IS NOT NULL;
CREATE INDEX batches_to_run ON batches (id) WHERE state IN ('approved', 'running');
CREATE INDEX batches_by_starter ON batches (uploaded_by, started_at) WHERE started_at IS NOT NULL;

CREATE TABLE batch_rows (
    batch_id     INTEGER NOT NULL REFERENCES batches (id),
    -- As a spreadsheet counts: the header is row 1.
    position     INTEGER NOT NULL,
    -- As they stand in the file: a JSON list.
    cells        TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN
        ('refused', 'ready', 'stored', 'sending', 'unknown', 'pending', 'done', 'declined')),
    -- Why it is refused.
    reason       TEXT,
    -- Of a ready row: what the refund or payout will be called, what it asks for in one text, and its sum. Never changed.
    name         TEXT COLLATE NOCASE,
    said         BLOB,
    payment_id   TEXT COLLATE NOCASE,
    amount_minor INTEGER CHECK (amount_minor > 0),
    currency     TEXT,
    -- Of a refund: what would be left of the payment after this row and the rows before it.
    left_minor   INTEGER,
    -- What it has become.
    refund_id    TEXT REFERENCES refunds (id),
    payout_id    TEXT COLLATE NOCASE REFERENCES payouts (payment_id),
    -- The declined row that is tried again here: a row of batches.again_of.
    again_of     INTEGER,
    PRIMARY KEY (batch_id, position),
    CHECK (state = 'refused' OR (name IS NOT NULL AND amount_minor IS NOT NULL AND currency IS NOT NULL)),
    CHECK (state IN ('refused', 'ready') = (refund_id IS NULL AND payout_id IS NULL))
) STRICT, WITHOUT ROWID;

-- With all that sums and counts are made of.
CREATE INDEX batch_rows_by_state ON batch_rows (batch_id, state, position, currency, amount_minor);
CREATE INDEX batch_rows_by_payment ON batch_rows (batch_id, payment_id) WHERE payment_id IS NOT NULL;
CREATE UNIQUE INDEX batch_rows_by_name ON batch_rows (name, batch_id) WHERE name IS NOT NULL AND state <> 'refused';
CREATE UNIQUE INDEX batch_rows_by_text ON batch_rows (batch_id, said) WHERE said IS NOT NULL AND state <> 'refused';
CREATE INDEX batch_rows_again ON batch_rows (batch_id, again_of) WHERE again_of IS NOT NULL;
-- A refund or payout is of one row at most.
CREATE UNIQUE INDEX batch_rows_by_refund ON batch_rows (refund_id) WHERE refund_id IS NOT NULL;
CREATE UNIQUE INDEX batch_rows_by_payout ON batch_rows (payout_id) WHERE payout_id IS NOT NULL;

-- A row is as far as what it has become.
CREATE TRIGGER batch_rows_follow_refunds AFTER UPDATE OF progress ON refunds WHEN OLD.progress <> NEW.progress
BEGIN UPDATE batch_rows SET state = NEW.progress WHERE refund_id = NEW.id; END;

CREATE TRIGGER batch_rows_follow_payouts AFTER UPDATE OF progress ON payouts WHEN OLD.progress <> NEW.progress
BEGIN UPDATE batch_rows SET state = NEW.progress WHERE payout_id = NEW.payment_id; END;
