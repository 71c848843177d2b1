-- Who asked for a single payout in the back office: what one person pays out alone in a day has a limit.
ALTER TABLE payouts ADD COLUMN asked_by INTEGER REFERENCES operators (id);
CREATE INDEX payouts_by_operator ON payouts (asked_by, asked_at) WHERE asked_by IS NOT NULL;
