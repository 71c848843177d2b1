-- The sandbox's data file. Moments are milliseconds on the sandbox's clock, amounts are minor units.

CREATE TABLE IF NOT EXISTS setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS payment (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    key         TEXT    NOT NULL UNIQUE,  -- unguessable, stands in addresses
    project_id  INTEGER NOT NULL,
    payment_id  TEXT    NOT NULL,         -- as the merchant spells it
    folded_id   TEXT    NOT NULL UNIQUE,  -- payment_id without case: how it is compared
    type        TEXT    NOT NULL CHECK (type IN ('purchase', 'payout')),
    method      TEXT    NOT NULL,
    amount      INTEGER NOT NULL,
    currency    TEXT    NOT NULL,
    status      TEXT    NOT NULL,
    customer_id TEXT,
    fields      TEXT    NOT NULL,         -- the parameters it was opened with, completed by the customer: JSON list of pairs
    gate_origin TEXT,                     -- where the Gate request was sent to; NULL: opened on the Payment Page
    changed_at  INTEGER NOT NULL,
    tries_until INTEGER,                  -- until when a declined try may be followed by another; NULL: it may not
    turns_at    INTEGER,                  -- when it becomes turns_to by itself
    turns_to    TEXT CHECK (turns_to IN ('decline', 'success'))
) STRICT;
CREATE INDEX IF NOT EXISTS payment_turns ON payment (turns_at) WHERE turns_at IS NOT NULL;
CREATE INDEX IF NOT EXISTS payment_customer ON payment (customer_id);

CREATE TABLE IF NOT EXISTS operation (
    id                  INTEGER PRIMARY KEY AUTOINCREMENT,
    payment             INTEGER NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
    type                TEXT    NOT NULL CHECK (type IN ('sale', 'refund', 'payout')),
    status              TEXT    NOT NULL,
    amount              INTEGER NOT NULL,
    currency            TEXT    NOT NULL,
    code                TEXT    NOT NULL,
    message             TEXT    NOT NULL,
    request_id          TEXT    NOT NULL UNIQUE,
    provider_payment_id TEXT    NOT NULL,
    description         TEXT,             -- of a refund
    merchant_refund_id  TEXT UNIQUE,
    callback_url        TEXT,             -- where its callbacks go; NULL: where the payment's do
    decides_at          INTEGER,          -- when a refund or payout is decided; NULL: it is
    times_out_at        INTEGER,          -- when it is declined if it is not decided by then; NULL: never
    created_at          INTEGER NOT NULL,
    changed_at          INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS operation_payment ON operation (payment);
CREATE INDEX IF NOT EXISTS operation_created ON operation (created_at);
CREATE INDEX IF NOT EXISTS operation_decides ON operation (decides_at) WHERE decides_at IS NOT NULL;

CREATE TABLE IF NOT EXISTS callback (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    payment        INTEGER NOT NULL REFERENCES payment (id) ON DELETE CASCADE,
    url            TEXT    NOT NULL,
    body           TEXT    NOT NULL,
    state          TEXT    NOT NULL CHECK (state IN ('waiting', 'held', 'dropped', 'confirmed', 'abandoned')),
    due_at         INTEGER NOT NULL,     -- the next try, while waiting
    tries          INTEGER NOT NULL DEFAULT 0,
    first_tried_at INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS callback_payment ON callback (payment);
CREATE INDEX IF NOT EXISTS callback_due ON callback (due_at) WHERE state = 'waiting';

CREATE TABLE IF NOT EXISTS attempt (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    callback    INTEGER NOT NULL REFERENCES callback (id) ON DELETE CASCADE,
    at          INTEGER NOT NULL,
    http_status INTEGER                  -- NULL: no answer came
) STRICT;
CREATE INDEX IF NOT EXISTS attempt_callback ON attempt (callback);

CREATE TABLE IF NOT EXISTS question (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    payment_id TEXT    NOT NULL,  -- as the shop spelled it, known or not
    at         INTEGER NOT NULL
) STRICT;
