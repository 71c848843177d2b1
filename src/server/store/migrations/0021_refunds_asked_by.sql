-- Who asked for a refund in the back office: what support gives back in a day has a limit.
ALTER TABLE refunds ADD COLUMN asked_by INTEGER REFERENCES operators (id);
CREATE INDEX refunds_by_operator ON refunds (asked_by, asked_at) WHERE asked_by IS NOT NULL;
