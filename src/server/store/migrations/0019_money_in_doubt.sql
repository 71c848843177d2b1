-- When a payout was sent (Unix seconds; NULL: not yet, or before this was kept): from then on it may arrive.
ALTER TABLE payouts ADD COLUMN sent_at INTEGER;

-- Customers who wait are asked for first.
CREATE INDEX inquiries_by_turn ON inquiries (returned DESC, due_at);
