-- Moments are Unix seconds, amounts minor units. Tables are STRICT: a text never slips into a number.

CREATE TABLE carts (
    token       TEXT PRIMARY KEY,
    customer_id TEXT NOT NULL UNIQUE,
    order_key   TEXT NOT NULL UNIQUE,
    changed_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE cart_lines (
    cart_token TEXT NOT NULL REFERENCES carts (token) ON DELETE CASCADE,
    slug       TEXT NOT NULL,
    quantity   INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 20),
    PRIMARY KEY (cart_token, slug)
) STRICT;

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
) STRICT;

CREATE INDEX order_lines_by_slug ON order_lines (slug);

CREATE TABLE attempts (
    payment_id   TEXT PRIMARY KEY COLLATE NOCASE,
    order_id     INTEGER NOT NULL REFERENCES orders (id),
    position     INTEGER NOT NULL,
    method       TEXT,
    amount_minor INTEGER NOT NULL,
    currency     TEXT NOT NULL,
    started_at   INTEGER NOT NULL,
    status       TEXT,
    status_at    INTEGER NOT NULL DEFAULT 0,
    code         TEXT,
    UNIQUE (order_id, position)
) STRICT;

-- Every distinct callback that verified, byte for byte. Repeats only count up.
CREATE TABLE callbacks (
    id          INTEGER PRIMARY KEY,
    digest      BLOB NOT NULL UNIQUE,
    body        BLOB NOT NULL,
    payment_id  TEXT NOT NULL COLLATE NOCASE,
    verdict     TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    deliveries  INTEGER NOT NULL DEFAULT 1,
    last_at     INTEGER NOT NULL
) STRICT;

CREATE INDEX callbacks_by_payment ON callbacks (payment_id);

-- What waits for a person.
CREATE TABLE cases (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,
    payment_id  TEXT NOT NULL COLLATE NOCASE,
    callback_id INTEGER NOT NULL REFERENCES callbacks (id),
    opened_at   INTEGER NOT NULL,
    closed_at   INTEGER,
    outcome     TEXT,
    reason      TEXT,
    UNIQUE (kind, callback_id)
) STRICT;

-- Written by /readyz to prove that money could be taken.
CREATE TABLE readiness (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    checked_at INTEGER NOT NULL
) STRICT;
