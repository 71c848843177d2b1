//! Sending transfers: one sender claims each, and notes its answer. One whose sender is gone is asked about, never sent again.

use crate::{
    domain::{
        books::MoneyKind,
        orders::order::Order,
        transfers::{payout::Payout, progress::Progress, refund::Refund},
    },
    platform::Method,
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{Tx, params},
        money::{
            payouts, refunds,
            transfers::{self, Payer},
        },
        questions::{self, Urgency},
        shop::orders::{self, OrderKey},
    },
};

/// What the sender that claimed it is to send now.
#[derive(Debug, Clone)]
pub enum ToSend {
    /// The direct sale of this payment of the order.
    Sale(Box<Order>, Payer),
    Refund {
        refund: Refund,
        method: Method,
        ip_address: Option<String>,
    },
    Payout(Payout),
}

/// What the platform's answer made of it.
#[derive(Debug, Clone)]
pub struct Answered {
    pub progress: Progress,
    pub code: Option<String>,
    pub request_id: Option<String>,
}

impl Store {
    /// Claims a transfer that was never sent, to send it now. `None`: it was claimed before.
    pub async fn claim_transfer(
        &self,
        kind: MoneyKind,
        name: &str,
        first_question_at: i64,
        now: i64,
    ) -> Result<Option<ToSend>, StoreError> {
        let name = name.to_owned();
        self.decide(about(kind, &name), move |tx| claim(tx, kind, &name, first_question_at, now)).await
    }

    /// Notes what the platform's answer means. A transfer that was told to have ended meanwhile stays as it is.
    pub async fn transfer_answered(&self, kind: MoneyKind, name: &str, answered: Answered, now: i64) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.decide(about(kind, &name), move |tx| answer(tx, kind, &name, &answered, now)).await
    }

    /// After a start: what was being sent when another process ended may have arrived. A process that still sends notes its answer.
    pub async fn doubt_what_was_being_sent(&self, now: i64) -> Result<(), StoreError> {
        self.decide(About::Itself, move |tx| doubt(tx, now, SentOutside::ANY)).await
    }

    /// What has been on its way for longer than sending takes may have arrived: the platform is asked about it.
    pub async fn doubt_what_is_overdue(&self, now: i64) -> Result<(), StoreError> {
        let overdue = self.look(move |tx| overdue(tx, SentOutside::about(now))).await?;
        match overdue {
            true => self.decide(About::Itself, move |tx| doubt(tx, now, SentOutside::about(now))).await,
            false => Ok(()),
        }
    }

    /// Refunds and payouts that were never sent, oldest first. A sale is sent when its customer comes.
    pub async fn transfers_to_send(&self) -> Result<Vec<(MoneyKind, String)>, StoreError> {
        self.look(to_send).await
    }
}

fn about(kind: MoneyKind, name: &str) -> About {
    match kind {
        MoneyKind::Refund => About::Refund(name.to_owned()),
        MoneyKind::Sale | MoneyKind::Payout => About::Payment(name.to_owned()),
    }
}

fn claim(tx: &mut Tx<'_>, kind: MoneyKind, name: &str, first_question_at: i64, now: i64) -> Result<Option<ToSend>, StoreError> {
    let claimed: Option<String> = tx.first(
        "UPDATE transfers SET progress = 'sending', sent_at = ?3 WHERE kind = ?1 AND name = ?2 AND progress = 'stored'
         RETURNING payment_id",
        params![kind, name, now],
    )?;
    let Some(payment_id) = claimed else { return Ok(None) };
    // The platform is asked about it even if this process ends now.
    questions::expect(tx, &payment_id, first_question_at, Urgency::MoneyLeaves)?;
    let to_send = match kind {
        MoneyKind::Sale => {
            let stored =
                orders::load(tx, OrderKey::Payment(&payment_id))?.ok_or(StoreError::Inconsistent("sale without its order"))?;
            let payer = "SELECT ip_address, email, last_name FROM transfers WHERE kind = 'sale' AND name = ?1";
            ToSend::Sale(Box::new(stored.order), tx.one(payer, params![name])?)
        }
        MoneyKind::Refund => {
            let refund = refunds::by_id(tx, name)?.ok_or(StoreError::Inconsistent("refund"))?;
            let stored = orders::load(tx, OrderKey::Payment(&payment_id))?;
            let order = stored.ok_or(StoreError::Inconsistent("refund without its order"))?.order;
            let attempt = order.attempt(&payment_id);
            let method = attempt.and_then(|attempt| attempt.paid_with.or(attempt.method));
            let method = method.ok_or(StoreError::Inconsistent("refund without its method"))?;
            ToSend::Refund { refund, method, ip_address: order.ip_address }
        }
        MoneyKind::Payout => ToSend::Payout(payouts::by_payment(tx, &payment_id)?.ok_or(StoreError::Inconsistent("payout"))?),
    };
    Ok(Some(to_send))
}

fn answer(tx: &mut Tx<'_>, kind: MoneyKind, name: &str, answered: &Answered, now: i64) -> Result<(), StoreError> {
    let progress = match answered.progress {
        // It was not sent, and its batch was cancelled meanwhile: it never will be.
        Progress::Stored if run_was_stopped(tx, kind, name)? => Progress::Declined,
        progress => progress,
    };
    tx.execute(
        "UPDATE transfers SET request_id = coalesce(request_id, ?3) WHERE kind = ?1 AND name = ?2",
        params![kind, name, &answered.request_id],
    )?;
    let moved = tx.execute(
        "UPDATE transfers SET progress = ?3, code = ?4, ended_at = CASE ?3 WHEN 'declined' THEN ?5 END
         WHERE kind = ?1 AND name = ?2 AND progress IN ('sending', 'unknown')",
        params![kind, name, progress, &answered.code, now],
    )?;
    if kind == MoneyKind::Sale && moved == 1 && progress == Progress::Declined {
        transfers::end_sale(tx, name, answered.code.as_deref(), now)?;
    }
    Ok(())
}

fn run_was_stopped(tx: &mut Tx<'_>, kind: MoneyKind, name: &str) -> Result<bool, StoreError> {
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM transfers JOIN batch_rows ON transfer_id = transfers.id JOIN batches ON batches.id = batch_id
             WHERE transfers.kind = ?1 AND transfers.name = ?2 AND batches.state = 'cancelled')",
        params![kind, name],
    )
}

/// Sending takes less than this (seconds): the time limit of the answer, and some more. After that its sender is gone.
const SENDING_LASTS_S: i64 = 60;

/// What is being sent, unless it was begun between these moments.
#[derive(Debug, Clone, Copy)]
struct SentOutside {
    from: i64,
    to: i64,
}

impl SentOutside {
    /// Whenever it was sent.
    const ANY: Self = Self { from: i64::MAX, to: i64::MIN };

    /// A moment of sending that lies ahead is one of a clock that was set back since.
    fn about(now: i64) -> Self {
        Self { from: now.saturating_sub(SENDING_LASTS_S), to: now.saturating_add(SENDING_LASTS_S) }
    }
}

fn overdue(tx: &mut Tx<'_>, SentOutside { from, to }: SentOutside) -> Result<bool, StoreError> {
    tx.one(
        "SELECT EXISTS (SELECT 1 FROM transfers WHERE progress = 'sending' AND (sent_at < ?1 OR sent_at > ?2))",
        params![from, to],
    )
}

fn doubt(tx: &mut Tx<'_>, now: i64, SentOutside { from, to }: SentOutside) -> Result<(), StoreError> {
    let doubted: Vec<String> = tx.all(
        "UPDATE transfers SET progress = 'unknown' WHERE progress = 'sending' AND (sent_at < ?1 OR sent_at > ?2)
         RETURNING payment_id",
        params![from, to],
    )?;
    for payment_id in doubted {
        questions::expect(tx, &payment_id, now, Urgency::MoneyLeaves)?;
    }
    Ok(())
}

fn to_send(tx: &mut Tx<'_>) -> Result<Vec<(MoneyKind, String)>, StoreError> {
    tx.all(
        "SELECT kind, name FROM transfers WHERE progress = 'stored' AND kind IN ('refund', 'payout')
         ORDER BY asked_at, id",
        params![],
    )
}
