-- What sales posted of an order, second payments included: until now the registry counted its total, once.
ALTER TABLE orders ADD COLUMN paid_minor INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_totals ADD COLUMN paid_minor INTEGER NOT NULL DEFAULT 0;

DROP TRIGGER order_totals_gain;
DROP TRIGGER order_totals_lose;
DROP TRIGGER order_totals_move;

CREATE TRIGGER order_totals_gain AFTER INSERT ON orders WHEN NEW.state IS NOT NULL BEGIN
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
    VALUES (NEW.placed_at / 86400, NEW.market, NEW.currency, NEW.method, NEW.state, 1, NEW.total_minor, NEW.refunded_minor, NEW.paid_minor)
    ON CONFLICT (day, market, currency, method, state) DO UPDATE SET
        orders = orders + 1,
        total_minor = total_minor + excluded.total_minor,
        refunded_minor = refunded_minor + excluded.refunded_minor,
        paid_minor = paid_minor + excluded.paid_minor;
END;

CREATE TRIGGER order_totals_lose AFTER DELETE ON orders WHEN OLD.state IS NOT NULL BEGIN
    UPDATE order_totals SET
        orders = orders - 1,
        total_minor = total_minor - OLD.total_minor,
        refunded_minor = refunded_minor - OLD.refunded_minor,
        paid_minor = paid_minor - OLD.paid_minor
    WHERE day = OLD.placed_at / 86400 AND market = OLD.market AND currency = OLD.currency AND method = OLD.method AND state = OLD.state;
END;

CREATE TRIGGER order_totals_move
AFTER UPDATE OF state, method, market, currency, placed_at, total_minor, refunded_minor, paid_minor ON orders BEGIN
    UPDATE order_totals SET
        orders = orders - 1,
        total_minor = total_minor - OLD.total_minor,
        refunded_minor = refunded_minor - OLD.refunded_minor,
        paid_minor = paid_minor - OLD.paid_minor
    WHERE day = OLD.placed_at / 86400 AND market = OLD.market AND currency = OLD.currency AND method = OLD.method AND state = OLD.state;
    INSERT INTO order_totals (day, market, currency, method, state, orders, total_minor, refunded_minor, paid_minor)
    SELECT NEW.placed_at / 86400, NEW.market, NEW.currency, NEW.method, NEW.state, 1, NEW.total_minor, NEW.refunded_minor, NEW.paid_minor
    WHERE NEW.state IS NOT NULL
    ON CONFLICT (day, market, currency, method, state) DO UPDATE SET
        orders = orders + 1,
        total_minor = total_minor + excluded.total_minor,
        refunded_minor = refunded_minor + excluded.refunded_minor,
        paid_minor = paid_minor + excluded.paid_minor;
END;

-- Paid orders are brought up to date when the database is opened; of the others nothing was posted.
UPDATE orders SET state = NULL WHERE paid_at IS NOT NULL;

-- The filter's sums are read from the indexes alone.
DROP INDEX orders_by_kind;
DROP INDEX orders_by_amount;
CREATE INDEX orders_by_kind ON orders (state, method, market, currency, placed_at, id, total_minor, refunded_minor, paid_minor);
CREATE INDEX orders_by_amount ON orders (currency, total_minor, id, placed_at, state, method, market, refunded_minor, paid_minor);
