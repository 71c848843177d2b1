-- The journal of money: what moved, each time as entries that cancel each other out. Nothing in it is changed or removed.
-- Which accounts a posting touches, and when it is made, is in src/domain/books.rs.
CREATE TABLE postings (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL CHECK (kind IN ('sale', 'refund', 'payout')),
    -- attempts.payment_id, refunds.id or payouts.payment_id: each is posted once.
    reference TEXT NOT NULL,
    currency  TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    UNIQUE (kind, reference)
) STRICT;

CREATE TABLE entries (
    posting      INTEGER NOT NULL REFERENCES postings (id),
    account      TEXT NOT NULL CHECK (account IN ('platform', 'sales', 'refunds', 'payouts')),
    amount_minor INTEGER NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (posting, account)
) STRICT;

-- What was paid, refunded and paid out before there was a journal.
INSERT INTO postings (kind, reference, currency, posted_at)
SELECT kind, reference, currency, moved_at FROM (
    SELECT 'sale' AS kind, payment_id AS reference, currency, max(started_at, status_at) AS moved_at FROM attempts
    WHERE status IN ('success', 'partially refunded', 'partially reversed', 'refunded', 'reversed')
    UNION ALL
    SELECT 'refund', id, currency, asked_at FROM refunds WHERE progress = 'done'
    UNION ALL
    SELECT 'payout', payment_id, currency, asked_at FROM payouts WHERE progress = 'done'
) ORDER BY moved_at;

INSERT INTO entries (posting, account, amount_minor)
SELECT postings.id, 'platform', amount_minor FROM postings JOIN attempts ON payment_id = reference WHERE kind = 'sale'
UNION ALL
SELECT postings.id, 'sales', -amount_minor FROM postings JOIN attempts ON payment_id = reference WHERE kind = 'sale'
UNION ALL
SELECT postings.id, 'refunds', amount_minor FROM postings JOIN refunds ON refunds.id = reference WHERE kind = 'refund'
UNION ALL
SELECT postings.id, 'platform', -amount_minor FROM postings JOIN refunds ON refunds.id = reference WHERE kind = 'refund'
UNION ALL
SELECT postings.id, 'payouts', amount_minor FROM postings JOIN payouts ON payment_id = reference WHERE kind = 'payout'
UNION ALL
SELECT postings.id, 'platform', -amount_minor FROM postings JOIN payouts ON payment_id = reference WHERE kind = 'payout';

CREATE TRIGGER postings_stay BEFORE UPDATE ON postings BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;
CREATE TRIGGER postings_are_kept BEFORE DELETE ON postings BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;
CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

-- INSERT OR REPLACE removes rows past the triggers above.
CREATE TRIGGER postings_are_not_replaced BEFORE INSERT ON postings
WHEN EXISTS (SELECT 1 FROM postings WHERE id = NEW.id OR (kind = NEW.kind AND reference = NEW.reference))
BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;

-- A posting whose entries cancel each other out is complete.
CREATE TRIGGER entries_are_complete BEFORE INSERT ON entries
WHEN (SELECT sum(amount_minor) FROM entries WHERE posting = NEW.posting) = 0
    OR EXISTS (SELECT 1 FROM entries WHERE posting = NEW.posting AND account = NEW.account)
BEGIN SELECT raise(ABORT, 'the journal is never changed'); END;
