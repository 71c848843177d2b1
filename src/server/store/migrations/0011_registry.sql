-- What the registry tells of an order at a glance. src/server/store/registry keeps it true, and fills it in for older orders
-- when the database is opened: until then the state is NULL.
ALTER TABLE orders ADD COLUMN state TEXT
    CHECK (state IN ('none', 'processing', 'declined', 'paid', 'partially refunded', 'refunded'));
ALTER TABLE orders ADD COLUMN status TEXT;
-- '': not known yet.
ALTER TABLE orders ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN refunded_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN paid_at INTEGER;

CREATE INDEX orders_without_state ON orders (id) WHERE state IS NULL;

-- The two ways to the rows of a filter: by what they are, in the order of time, and by amount, in the order of amounts.
-- Either holds all that a filter looks at, so that only rows that are shown are read from the table.
CREATE INDEX orders_by_kind ON orders (state, method, market, currency, placed_at, id, total_minor, refunded_minor);
CREATE INDEX orders_by_amount ON orders (currency, total_minor, id, placed_at, state, method, market, refunded_minor);

-- Searched by how they begin. Numbers and payment ids have indexes of their own.
CREATE INDEX orders_by_email ON orders (email COLLATE NOCASE);
CREATE INDEX orders_by_customer_name ON orders (customer_id COLLATE NOCASE);

-- What orders come to, by the day (UTC) they were placed on, so that sums over years are read from a few thousand rows.
CREATE TABLE order_totals (
    -- Days since 1970.
    day            INTEGER NOT NULL,
    market         TEXT NOT NULL,
    currency       TEXT NOT NULL,
    method         TEXT NOT NULL,
    state          TEXT NOT NULL,
    orders         INTEGER NOT NULL,
    total_minor    INTEGER NOT NULL,
    refunded_minor INTEGER NOT NULL,
    PRIMARY KEY (day, market, currency, method, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER order_totals_gain AFTER INSERT ON orders WHEN NEW.state IS NOT NULL BEGIN
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor)
    VALUES (NEW.placed_at / 86400, NEW.market, NEW.currency, NEW.method, NEW.state, 1, NEW.total_minor, NEW.refunded_minor)
    ON CONFLICT (day, market, currency, method, state) DO UPDATE SET
        orders = orders + 1,
        total_minor = total_minor + excluded.total_minor,
        refunded_minor = refunded_minor + excluded.refunded_minor;
END;

CREATE TRIGGER order_totals_lose AFTER DELETE ON orders WHEN OLD.state IS NOT NULL BEGIN
    UPDATE order_totals SET
        orders = orders - 1,
        total_minor = total_minor - OLD.total_minor,
        refunded_minor = refunded_minor - OLD.refunded_minor
    WHERE day = OLD.placed_at / 86400 AND market = OLD.market AND currency = OLD.currency AND method = OLD.method AND state = OLD.state;
END;

CREATE TRIGGER order_totals_move
AFTER UPDATE OF state, method, market, currency, placed_at, total_minor, refunded_minor ON orders BEGIN
    UPDATE order_totals SET
        orders = orders - 1,
        total_minor = total_minor - OLD.total_minor,
        refunded_minor = refunded_minor - OLD.refunded_minor
    WHERE day = OLD.placed_at / 86400 AND market = OLD.market AND currency = OLD.currency AND method = OLD.method AND state = OLD.state;
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor)
    SELECT NEW.placed_at / 86400, NEW.market, NEW.currency, NEW.method, NEW.state, 1, NEW.total_minor, NEW.refunded_minor
    WHERE NEW.state IS NOT NULL
    ON CONFLICT (day, market, currency, method, state) DO UPDATE SET
        orders = orders + 1,
        total_minor = total_minor + excluded.total_minor,
        refunded_minor = refunded_minor + excluded.refunded_minor;
END;
