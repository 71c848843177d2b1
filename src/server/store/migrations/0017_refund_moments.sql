-- When a refund was sent, and when its end was known (Unix seconds; NULL: not yet, or before this was kept).
ALTER TABLE refunds ADD COLUMN sent_at INTEGER;
ALTER TABLE refunds ADD COLUMN ended_at INTEGER;
