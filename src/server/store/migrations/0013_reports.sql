-- What reports read: by the time money moved, orders were placed, attempts began; and what has no end yet.
CREATE INDEX postings_for_reports ON postings (posted_at);
CREATE INDEX orders_for_reports ON orders (placed_at, currency, market, paid_by);
CREATE INDEX attempts_for_reports ON attempts (status, started_at, code);
CREATE INDEX refunds_without_end ON refunds (asked_at) WHERE progress NOT IN ('done', 'declined');
CREATE INDEX payouts_without_end ON payouts (asked_at) WHERE progress NOT IN ('done', 'declined');
CREATE INDEX sales_without_word ON attempts (started_at) WHERE sale IS NOT NULL AND sale <> 'declined' AND status IS NULL;

-- The journal's postings, each with its sum and with what it was for.
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
