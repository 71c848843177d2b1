-- The shop's tables. Money is in minor units of its currency, moments are Unix seconds.

CREATE TABLE carts (
    id          INTEGER PRIMARY KEY,
    token       TEXT NOT NULL UNIQUE,
    customer_id TEXT NOT NULL UNIQUE,
    order_key   TEXT NOT NULL,
    changed_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX carts_by_change ON carts (changed_at);

CREATE TABLE cart_lines (
    cart_id  INTEGER NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    slug     TEXT NOT NULL,
    quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 20),
    -- In this order they were put in.
    place    INTEGER NOT NULL,
    PRIMARY KEY (cart_id, slug)
) STRICT, WITHOUT ROWID;

CREATE TABLE orders (
    id          INTEGER PRIMARY KEY,
    number      TEXT NOT NULL UNIQUE,
    token       TEXT NOT NULL UNIQUE,
    order_key   TEXT NOT NULL,
    market      TEXT NOT NULL,
    language    TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    email       TEXT,
    last_name   TEXT,
    total_minor INTEGER NOT NULL CHECK (total_minor > 0),
    currency    TEXT NOT NULL,
    placed_at   INTEGER NOT NULL,
    held_until  INTEGER NOT NULL,
    paid_by     TEXT,
    phone TEXT,
    ip_address TEXT,
    state TEXT NOT NULL
    CHECK (state IN ('none', 'processing', 'declined', 'paid', 'partially refunded', 'refunded')),
    status TEXT,
    method TEXT NOT NULL DEFAULT '',
    refunded_minor INTEGER NOT NULL DEFAULT 0,
    paid_at INTEGER,
    paid_minor INTEGER NOT NULL DEFAULT 0,
    -- One checkout form makes one order, however often it is sent.
    UNIQUE (order_key, currency, total_minor)
) STRICT;

CREATE INDEX orders_by_customer ON orders (customer_id);

CREATE TABLE order_lines (
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    position   INTEGER NOT NULL,
    slug       TEXT NOT NULL,
    name       TEXT NOT NULL,
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    unit_minor INTEGER NOT NULL CHECK (unit_minor >= 0),
    PRIMARY KEY (order_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX order_lines_by_slug ON order_lines (slug);

CREATE TABLE attempts (
    payment_id   TEXT PRIMARY KEY,
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    position     INTEGER NOT NULL,
    method       TEXT,
    amount_minor INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    -- The Payment Page takes it until then.
    begins_before INTEGER NOT NULL,
    status       TEXT,
    status_at    INTEGER NOT NULL DEFAULT 0,
    code         TEXT,
    -- What was told to have moved, in the attempt's currency; NULL: nothing, as far as is known.
    taken_minor  INTEGER,
    retry_until INTEGER,
    paid_with TEXT,
    handover TEXT,
    asks_last_name INTEGER NOT NULL DEFAULT 0 CHECK (asks_last_name IN (0, 1)),
    turn INTEGER NOT NULL DEFAULT 0,
    UNIQUE (order_id, position)
) STRICT;

-- The platform compares payment ids without case, and so does whoever types one. All rows about a payment spell its id as it is
-- spelled here, or in the payout.
CREATE UNIQUE INDEX attempts_by_folded_id ON attempts (lower(payment_id));

CREATE TABLE callbacks (
    id          INTEGER PRIMARY KEY,
    digest      BLOB NOT NULL UNIQUE,
    body        BLOB NOT NULL,
    payment_id  TEXT NOT NULL,
    verdict     TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    deliveries  INTEGER NOT NULL DEFAULT 1,
    last_at     INTEGER NOT NULL,
    source TEXT NOT NULL DEFAULT 'callback' CHECK (source IN ('callback', 'status'))
) STRICT;

CREATE INDEX callbacks_by_payment ON callbacks (lower(payment_id));

CREATE TABLE cases (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    payment_id  TEXT NOT NULL,
    -- What opened it. NULL: nothing was told, and that is the case.
    callback_id INTEGER REFERENCES callbacks (id),
    -- What that was about: a word about the same thing may make the case moot.
    about       TEXT CHECK (about IN ('sale', 'refund', 'payout')),
    opened_at   INTEGER NOT NULL,
    closed_at   INTEGER,
    outcome     TEXT,
    reason      TEXT
) STRICT;

CREATE TABLE readiness (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at INTEGER NOT NULL
) STRICT;

CREATE TABLE questions (
    payment_id TEXT PRIMARY KEY,
    due_at     INTEGER NOT NULL,
    -- How often since the customer last did something.
    asked      INTEGER NOT NULL DEFAULT 0,
    -- The customer came back from the Payment Page, wallet or bank.
    returned   INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1)),
    -- 0: a refund or payout, or a direct sale of which nobody knows; 1: something was heard of the payment; 2: nothing yet.
    urgency    INTEGER NOT NULL DEFAULT 2 CHECK (urgency BETWEEN 0 AND 2),
    -- Whose it is: one address's payments do not crowd out another's.
    address    TEXT NOT NULL DEFAULT '',
    -- When an answer first left nothing to ask for but the wall clock's word: by the clock that never steps.
    over_run   TEXT,
    over_s     INTEGER,
    -- When the attempt began whose end is asked for. NULL: it is about something else.
    since      INTEGER
) STRICT;

CREATE INDEX questions_by_turn ON questions (urgency, due_at);

CREATE INDEX questions_by_age ON questions (since) WHERE since IS NOT NULL;

CREATE TABLE operators (
    id            INTEGER PRIMARY KEY,
    email         TEXT NOT NULL,
    role          TEXT NOT NULL CHECK (role IN ('viewer', 'support', 'finance', 'owner')),
    -- A PHC string: algorithm, costs, salt, hash. NULL: an invitation waits to be taken.
    password_hash TEXT,
    -- Base32; NULL: none is set up.
    totp_secret   TEXT,
    -- The newest time step whose code was used: none is taken twice.
    totp_step     INTEGER NOT NULL DEFAULT 0,
    -- Sessions of an earlier count are over: sign-out everywhere, a new password, another role.
    epoch         INTEGER NOT NULL DEFAULT 0,
    added_at      INTEGER NOT NULL,
    -- The row stays: it has done things. Whoever is added again under this address is another row, and somebody else.
    removed_at    INTEGER
) STRICT;

CREATE UNIQUE INDEX operators_present ON operators (lower(email)) WHERE removed_at IS NULL;

CREATE INDEX operators_by_email ON operators (lower(email));

-- Operators of one address, each beside itself and the others: whoever was removed and added again may be the same person.
CREATE VIEW namesakes AS
SELECT operators.id AS operator_id, same.id AS namesake_id FROM operators JOIN operators AS same ON lower(same.email) = lower(operators.email);

-- What the shop asks the platform to move: a sale, a refund, a payout. Written down first, sent once, asked about until its end
-- is known.
CREATE TABLE transfers (
    id           INTEGER PRIMARY KEY,
    kind         TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'payout')),
    -- A refund's own name; of a sale or payout, the payment's id. Said again, it is the same transfer.
    name         TEXT NOT NULL,
    payment_id   TEXT NOT NULL,
    -- As asked for.
    amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
    -- As told, once it moved.
    moved_minor  INTEGER CHECK (moved_minor > 0),
    currency     TEXT NOT NULL,
    progress     TEXT NOT NULL CHECK (progress IN ('stored', 'sending', 'unknown', 'pending', 'done', 'declined')),
    asked_at     INTEGER NOT NULL,
    asked_by     INTEGER REFERENCES operators (id),
    sent_at      INTEGER,
    ended_at     INTEGER,
    -- The platform's code, and the names it gave: with the answer, and with what it tells later.
    code         TEXT,
    request_id   TEXT,
    operation_id TEXT,
    -- The platform's last word was only about a fault, which ends nothing before the limit time.
    is_fault     INTEGER NOT NULL DEFAULT 0 CHECK (is_fault IN (0, 1)),
    -- How many of the platform's answers left it out while nobody knew whether it arrived; the last one by the clock that never
    -- steps, which counts from a start of the shop.
    left_out     INTEGER NOT NULL DEFAULT 0,
    left_out_run TEXT,
    left_out_s   INTEGER,
    -- Of a sale: what the platform is told of whoever pays, who need not be the order's customer.
    email        TEXT,
    last_name    TEXT,
    -- Of a refund. Empty: it was made elsewhere.
    reason       TEXT,
    -- Of a sale and a payout.
    ip_address   TEXT,
    -- Of a payout.
    method       TEXT,
    customer_id  TEXT,
    account      TEXT,
    full_name    TEXT,
    CHECK (kind <> 'refund' OR reason IS NOT NULL),
    CHECK (kind <> 'payout' OR (method IS NOT NULL AND customer_id IS NOT NULL AND ip_address IS NOT NULL
        AND account IS NOT NULL AND full_name IS NOT NULL))
) STRICT;

CREATE UNIQUE INDEX transfers_by_name ON transfers (kind, name);

CREATE UNIQUE INDEX payouts_by_payment ON transfers (lower(payment_id)) WHERE kind = 'payout';

CREATE INDEX transfers_by_payment ON transfers (payment_id, kind);

CREATE UNIQUE INDEX refunds_by_operation ON transfers (payment_id, operation_id) WHERE kind = 'refund' AND operation_id IS NOT NULL;

CREATE INDEX transfers_to_send ON transfers (asked_at, id) WHERE progress = 'stored';

CREATE INDEX transfers_being_sent ON transfers (sent_at) WHERE progress = 'sending';

CREATE INDEX transfers_unknown ON transfers (asked_at) WHERE progress = 'unknown';

CREATE INDEX transfers_without_end ON transfers (kind, asked_at) WHERE progress NOT IN ('done', 'declined');

CREATE INDEX transfers_by_moment ON transfers (kind, asked_at, name);

CREATE INDEX transfers_by_operator ON transfers (asked_by, kind, asked_at) WHERE asked_by IS NOT NULL;

CREATE INDEX payouts_by_customer ON transfers (customer_id) WHERE kind = 'payout';

CREATE INDEX payouts_by_account ON transfers (account) WHERE kind = 'payout';

CREATE VIEW refunds AS
SELECT name AS id, payment_id, coalesce(moved_minor, amount_minor) AS amount_minor, currency, reason, progress, code, asked_at, request_id, operation_id, sent_at, ended_at, asked_by
FROM transfers WHERE kind = 'refund';

CREATE VIEW payouts AS
SELECT payment_id, method, customer_id, ip_address, account, full_name, amount_minor, moved_minor, currency, progress, code, asked_at, request_id,
       operation_id, sent_at, ended_at, asked_by
FROM transfers WHERE kind = 'payout';

CREATE TABLE postings (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'payout')),
    -- attempts.payment_id, refunds.id or payouts.payment_id: each is posted once.
    reference TEXT NOT NULL,
    currency  TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    UNIQUE (kind, reference)
) STRICT;

CREATE TABLE entries (
    posting      INTEGER NOT NULL REFERENCES postings (id),
    account      TEXT NOT NULL CHECK (account IN ('platform', 'sales', 'refunds', 'payouts')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (posting, account)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER postings_stay BEFORE UPDATE ON postings BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

CREATE TRIGGER postings_are_kept BEFORE DELETE ON postings BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

CREATE TRIGGER postings_are_not_replaced BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM postings WHERE id = NEW.id OR (kind = NEW.kind AND reference = NEW.reference))
BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

CREATE TRIGGER entries_are_complete BEFORE INSERT ON entries
WHEN (SELECT sum(amount_minor) FROM entries WHERE posting = NEW.posting) = 0
    OR EXISTS (SELECT 1 FROM entries WHERE posting = NEW.posting AND account = NEW.account)
BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

-- Who let whom in: added them, gave them a role, took their second factor away, invited them anew. By commands and settings nobody
-- is let in.
CREATE TABLE admissions (
    id          INTEGER PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    let_in_by   INTEGER NOT NULL REFERENCES operators (id),
    -- As the journal of acts calls it.
    act         TEXT NOT NULL,
    at          INTEGER NOT NULL,
    CHECK (operator_id <> let_in_by)
) STRICT;

CREATE INDEX admissions_by_host ON admissions (let_in_by, operator_id);

CREATE TRIGGER admissions_stay BEFORE UPDATE ON admissions BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;

CREATE TRIGGER admissions_are_kept BEFORE DELETE ON admissions BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;

CREATE TRIGGER admissions_are_not_replaced BEFORE INSERT ON admissions WHEN EXISTS (SELECT 1 FROM admissions WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;

-- Open invitations, one an operator: whoever takes one sets the password.
CREATE TABLE invitations (
    operator_id INTEGER PRIMARY KEY REFERENCES operators (id),
    -- SHA-256 of the token in its address.
    digest      BLOB NOT NULL UNIQUE,
    ends_at     INTEGER NOT NULL
) STRICT;

-- Browsers that signed in before: strangers' failures do not slow them down.
CREATE TABLE devices (
    -- SHA-256 of the token in its cookie.
    digest      BLOB PRIMARY KEY,
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    -- The last sign-in.
    seen_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX devices_by_operator ON devices (operator_id, seen_at);

CREATE TABLE recovery_codes (
    operator_id INTEGER NOT NULL REFERENCES operators (id),
    -- SHA-256 of the code.
    digest      BLOB NOT NULL,
    used_at     INTEGER,
    PRIMARY KEY (operator_id, digest)
) STRICT;

CREATE TABLE sessions (
    digest     BLOB PRIMARY KEY,
    -- JSON of the session library.
    record     TEXT NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_end ON sessions (expires_at);

CREATE TABLE failed_attempts (
    id      INTEGER PRIMARY KEY,
    -- The name that was typed, in small letters, or what somebody who is known already tried: `code of 7`.
    account TEXT NOT NULL,
    -- NULL: not from just anywhere.
    address TEXT,
    at      INTEGER NOT NULL
) STRICT;

CREATE INDEX failed_attempts_by_account ON failed_attempts (account, at);

CREATE INDEX failed_attempts_by_address ON failed_attempts (address, at);

CREATE TABLE acts (
    id       INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    -- The operator's address at that time; a command's acts are the command's.
    operator TEXT NOT NULL,
    -- Another one may have the address later. NULL: a command's.
    operator_id INTEGER REFERENCES operators (id),
    -- Such as `refund`, `accept case`.
    act      TEXT NOT NULL,
    -- What it was about: `order ABC`, `payment ABC-1`, `batch 7`, `operator a@b (3)`.
    subject  TEXT NOT NULL,
    detail   TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX acts_by_subject ON acts (subject, at);

CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;

CREATE TRIGGER acts_are_kept BEFORE DELETE ON acts BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;

CREATE TRIGGER acts_are_not_replaced BEFORE INSERT ON acts WHEN EXISTS (SELECT 1 FROM acts WHERE id = NEW.id)
BEGIN SELECT raise(ABORT, 'what was done is never changed'); END;

CREATE INDEX orders_by_email ON orders (lower(email)) WHERE email IS NOT NULL;

-- What the orders of a day come to, by what the registry filters: the sum of all rows of a kind. Rows are only added, so that no
-- two decisions wait for each other here; a worker makes one of many.
CREATE TABLE order_totals (
    id             INTEGER PRIMARY KEY,
    -- Days since 1970.
    day            INTEGER NOT NULL,
    market         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    method         TEXT NOT NULL,
    state          TEXT NOT NULL,
    orders         INTEGER NOT NULL,
    total_minor    INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL,
    paid_minor     INTEGER NOT NULL
) STRICT;

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
    refused_count INTEGER NOT NULL DEFAULT 0,
    repeated_count INTEGER NOT NULL DEFAULT 0,
    repeats INTEGER REFERENCES batches (id)
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
    name         TEXT,
    said         BLOB,
    -- What it would move, whatever it is called: the same means the same money once more.
    means        BLOB,
    payment_id   TEXT,
    amount_minor INTEGER CHECK (amount_minor > 0),
    currency     TEXT,
    -- Of a refund: what would be left of the payment after this row and the rows before it.
    left_minor   INTEGER,
    -- What it has become.
    transfer_id  INTEGER REFERENCES transfers (id),
    -- The declined row that is tried again here: a row of batches.again_of.
    again_of     INTEGER,
    PRIMARY KEY (batch_id, position),
    CHECK (state = 'refused' OR (name IS NOT NULL AND amount_minor IS NOT NULL AND currency IS NOT NULL)),
    CHECK (state IN ('refused', 'ready') = (transfer_id IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX batch_rows_by_state ON batch_rows (batch_id, state, position, currency, amount_minor);

CREATE INDEX batch_rows_by_payment ON batch_rows (batch_id, payment_id) WHERE payment_id IS NOT NULL;

CREATE UNIQUE INDEX batch_rows_by_name ON batch_rows (lower(name), batch_id) WHERE name IS NOT NULL AND state <> 'refused';

CREATE UNIQUE INDEX batch_rows_by_text ON batch_rows (batch_id, said) WHERE said IS NOT NULL AND state <> 'refused';

CREATE INDEX batch_rows_again ON batch_rows (batch_id, again_of) WHERE again_of IS NOT NULL;

CREATE UNIQUE INDEX batch_rows_by_transfer ON batch_rows (transfer_id) WHERE transfer_id IS NOT NULL;

CREATE TRIGGER batch_rows_follow AFTER UPDATE OF progress ON transfers WHEN OLD.progress <> NEW.progress
BEGIN UPDATE batch_rows SET state = NEW.progress WHERE transfer_id = NEW.id; END;

CREATE INDEX postings_for_reports ON postings (posted_at);

CREATE INDEX attempts_for_reports ON attempts (status, started_at, code);

CREATE VIEW movements AS
SELECT postings.id, postings.kind, postings.reference, postings.currency, postings.posted_at,
       abs(entries.amount_minor) AS amount_minor,
       coalesce(attempts.payment_id, payouts.payment_id) AS payment_id,
       coalesce(attempts.paid_with, attempts.method, payouts.method) AS method,
       orders.number AS number, orders.market AS market
FROM postings
JOIN entries ON entries.posting = postings.id
    AND entries.account = CASE postings.kind WHEN 'sale' THEN 'sales' WHEN 'refund' THEN 'refunds' ELSE 'payouts' END
LEFT JOIN refunds ON postings.kind = 'refund' AND refunds.id = postings.reference
LEFT JOIN attempts ON attempts.payment_id = CASE postings.kind WHEN 'sale' THEN postings.reference WHEN 'refund' THEN refunds.payment_id END
LEFT JOIN payouts ON postings.kind = 'payout' AND payouts.payment_id = postings.reference
LEFT JOIN orders ON orders.id = attempts.order_id;

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

CREATE INDEX callbacks_by_moment ON callbacks (received_at, id);

CREATE INDEX callbacks_by_verdict ON callbacks (verdict, received_at, id);

CREATE INDEX callbacks_by_source ON callbacks (source, received_at, id);

CREATE INDEX cases_by_payment ON cases (payment_id);

CREATE INDEX cases_open ON cases (id) WHERE closed_at IS NULL;

-- A person is not told the same thing twice.
CREATE UNIQUE INDEX cases_once ON cases (payment_id, kind) WHERE closed_at IS NULL;

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

CREATE INDEX attempts_by_start ON attempts (started_at, payment_id);

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
    -- The run of the shop that does it.
    run         TEXT,
    CHECK ((finished_at IS NULL) = (outcome IS NULL))
) STRICT;

CREATE UNIQUE INDEX reconciliations_under_way ON reconciliations ((finished_at IS NULL)) WHERE finished_at IS NULL;

CREATE TABLE differences (
    id                INTEGER PRIMARY KEY,
    reconciliation_id INTEGER NOT NULL REFERENCES reconciliations (id),
    kind              TEXT NOT NULL,
    movement          TEXT NOT NULL,
    payment_id        TEXT NOT NULL,
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

CREATE TRIGGER order_totals_gain AFTER INSERT ON orders BEGIN
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
    VALUES (NEW.placed_at / 86400, NEW.market, NEW.currency, NEW.method, NEW.state, 1, NEW.total_minor, NEW.refunded_minor, NEW.paid_minor);
END;

CREATE TRIGGER order_totals_lose AFTER DELETE ON orders BEGIN
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
    VALUES (OLD.placed_at / 86400, OLD.market, OLD.currency, OLD.method, OLD.state, -1, -OLD.total_minor, -OLD.refunded_minor, -OLD.paid_minor);
END;

CREATE TRIGGER order_totals_move AFTER UPDATE ON orders
WHEN (NEW.state, NEW.method, NEW.total_minor, NEW.refunded_minor, NEW.paid_minor)
    IS DISTINCT FROM (OLD.state, OLD.method, OLD.total_minor, OLD.refunded_minor, OLD.paid_minor) BEGIN
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
    VALUES (OLD.placed_at / 86400, OLD.market, OLD.currency, OLD.method, OLD.state, -1, -OLD.total_minor, -OLD.refunded_minor, -OLD.paid_minor);
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
    VALUES (NEW.placed_at / 86400, NEW.market, NEW.currency, NEW.method, NEW.state, 1, NEW.total_minor, NEW.refunded_minor, NEW.paid_minor);
END;

CREATE INDEX orders_by_kind ON orders (state, method, market, currency, placed_at, id, total_minor, refunded_minor, paid_minor);

CREATE INDEX orders_by_amount ON orders (currency, total_minor, id, placed_at, state, method, market, refunded_minor, paid_minor);

CREATE INDEX orders_for_reports ON orders (placed_at, currency, market, method, status, paid_at);

CREATE INDEX batch_rows_by_meaning ON batch_rows (means) WHERE means IS NOT NULL AND state NOT IN ('refused', 'declined');

-- The shops that run on this database now.
CREATE TABLE shops (
    run       TEXT PRIMARY KEY,
    -- The newest migration that it knows.
    version   INTEGER NOT NULL,
    -- How often it said that it is there.
    beat      INTEGER NOT NULL,
    joined_at INTEGER NOT NULL
) STRICT;

-- What one of them does at a time.
CREATE TABLE work (
    name TEXT PRIMARY KEY,
    run  TEXT NOT NULL REFERENCES shops (run) ON DELETE CASCADE
) STRICT;

-- What a database with many writers locks in place of something that has no row of its own.
CREATE TABLE turns (
    name TEXT PRIMARY KEY
) STRICT;

-- The oldest program that these tables suit, by the newest migration that it knows. A migration that older programs cannot live
-- with says so here: `UPDATE oldest_program SET version = …`.
CREATE TABLE oldest_program (
    version INTEGER NOT NULL
) STRICT;

INSERT INTO oldest_program (version) VALUES (1);
