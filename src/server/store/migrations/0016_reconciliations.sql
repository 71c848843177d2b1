-- Comparisons of the shop's books with the platform's register, and what differed.
CREATE TABLE reconciliations (
    id          INTEGER PRIMARY KEY,
    from_at     INTEGER NOT NULL,
    before_at   INTEGER NOT NULL,
    started_at  INTEGER NOT NULL,
    -- An operator's address; `command` or `schedule`.
    started_by  TEXT NOT NULL,
    -- Rows of the register.
    read_rows   INTEGER NOT NULL DEFAULT 0,
    total_rows  INTEGER NOT NULL DEFAULT 0,
    finished_at INTEGER,
    outcome     TEXT CHECK (outcome IN ('agreed', 'differed', 'failed', 'broke off')),
    problem     TEXT,
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
) STRICT;

-- One at a time.
CREATE UNIQUE INDEX reconciliations_under_way ON reconciliations ((finished_at IS NULL)) WHERE finished_at IS NULL;

CREATE TABLE differences (
    id                INTEGER PRIMARY KEY,
    reconciliation_id INTEGER NOT NULL REFERENCES reconciliations (id),
    kind              TEXT NOT NULL,
    movement          TEXT NOT NULL,
    payment_id        TEXT NOT NULL COLLATE NOCASE,
    operation_id      TEXT,
    -- What each side says; NULL: nothing.
    shop_minor        INTEGER,
    shop_currency     TEXT,
    shop_state        TEXT,
    register_minor    INTEGER,
    register_currency TEXT,
    register_state    TEXT,
    compared_at       INTEGER,
    healed_at         INTEGER,
    healed_by         TEXT
) STRICT;

CREATE INDEX differences_by_run ON differences (reconciliation_id, id);
