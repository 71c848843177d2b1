-- Reports read of orders what the registry keeps beside them, from an index alone.
DROP INDEX orders_for_reports;
CREATE INDEX orders_for_reports ON orders (placed_at, currency, market, method, status, paid_at);
