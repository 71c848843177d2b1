//! What waits, and since when, for those who watch over the shop. Each statement reads one end of an index, or counts up to a limit:
//! however many orders there are, it costs the same.

use crate::{
    platform::PaymentStatus,
    server::store::{
        database::{Store, StoreError},
        engine::{params, row},
    },
};

row! {
    /// When the oldest of its kind began or fell due (Unix seconds). `None`: there is none.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Oldest {
        /// Neither paid nor declined.
        pub attempt: Option<i64>,
        /// A direct sale without an end.
        pub sale: Option<i64>,
        pub refund: Option<i64>,
        pub payout: Option<i64>,
        /// A transfer of which nobody knows whether it arrived.
        pub unknown: Option<i64>,
        pub open_case: Option<i64>,
        /// A payment that the platform is to be asked about.
        pub question: Option<i64>,
    }
}

row! {
    /// How many wait, at most [`COUNTED`].
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Queues {
        pub questions: u32,
        /// Refunds, payouts and sales that are to be sent.
        pub transfers: u32,
        pub cases: u32,
    }
}

/// So many are counted, no more: that more wait is no further news.
const COUNTED: i64 = 10_000;

/// An attempt that ended is passed over until its question falls due, which is soon: a callback has nothing to do for this.
const OLDEST: &str = "SELECT
    (SELECT since FROM questions INDEXED BY questions_by_age
        CROSS JOIN attempts ON attempts.payment_id = questions.payment_id
        WHERE since IS NOT NULL AND (status IS NULL OR status NOT IN (SELECT value FROM json_each(?1)))
        ORDER BY since LIMIT 1) AS attempt,
    (SELECT min(asked_at) FROM transfers INDEXED BY transfers_without_end
        WHERE kind = 'sale' AND progress NOT IN ('done', 'declined')) AS sale,
    (SELECT min(asked_at) FROM transfers INDEXED BY transfers_without_end
        WHERE kind = 'refund' AND progress NOT IN ('done', 'declined')) AS refund,
    (SELECT min(asked_at) FROM transfers INDEXED BY transfers_without_end
        WHERE kind = 'payout' AND progress NOT IN ('done', 'declined')) AS payout,
    (SELECT min(asked_at) FROM transfers WHERE progress = 'unknown') AS unknown,
    (SELECT opened_at FROM cases WHERE closed_at IS NULL ORDER BY id LIMIT 1) AS open_case,
    (SELECT min(due_at) FROM (
        SELECT min(due_at) AS due_at FROM questions WHERE urgency = 0
        UNION ALL SELECT min(due_at) FROM questions WHERE urgency = 1
        UNION ALL SELECT min(due_at) FROM questions WHERE urgency = 2) AS next) AS question";

const QUEUES: &str = "SELECT
    (SELECT count(*) FROM (
        SELECT 1 AS due FROM (SELECT 1 AS due FROM questions WHERE urgency = 0 AND due_at <= ?1 LIMIT ?2) AS due_0
        UNION ALL SELECT 1 FROM (SELECT 1 AS due FROM questions WHERE urgency = 1 AND due_at <= ?1 LIMIT ?2) AS due_1
        UNION ALL SELECT 1 FROM (SELECT 1 AS due FROM questions WHERE urgency = 2 AND due_at <= ?1 LIMIT ?2) AS due_2) AS due)
        AS questions,
    (SELECT count(*) FROM (SELECT 1 AS stored FROM transfers WHERE progress = 'stored' LIMIT ?2) AS to_send) AS transfers,
    (SELECT count(*) FROM (SELECT 1 AS open FROM cases WHERE closed_at IS NULL LIMIT ?2) AS open) AS cases";

impl Store {
    pub async fn what_waits(&self, now: i64) -> Result<(Oldest, Queues), StoreError> {
        let ended = serde_json::Value::from_iter(PaymentStatus::ended()).to_string();
        self.look(move |tx| Ok((tx.one(OLDEST, params![&ended])?, tx.one(QUEUES, params![now, COUNTED])?))).await
    }
}
