-- When a payout was sent (Unix seconds; NULL: not yet, or before this was kept): from then on it may arrive.
ALTER TABLE payouts ADD COLUMN sent_at INTEGER;
