//! What the shop asks the platform to move, from being written down to its end: one way for sales, refunds and payouts.
//!
//! stored → sending → pending → done or declined. From sending it may become unknown: then the platform is asked, and nothing is
//! sent again. Who may ask for what is decided in [`payments`](crate::server::store::shop::attempts), [`refunds`] and [`payouts`].

use crate::{
    domain::{
        books::MoneyKind,
        money::Money,
        orders::order::Order,
        shop::customer::Contact,
        transfers::{
            payout::Payout,
            progress::Progress,
            refund::Refund,
            silence::{Elapsed, LeftOut},
        },
    },
    platform::{Method, Standing},
    server::store::{
        about::About,
        database::{Store, StoreError},
        engine::{
            row::row,
            tx::Tx,
            value::{Value, params},
        },
        money::{payouts, refunds},
        seen::registry,
        shop::orders::{self, OrderKey, as_stored},
        told::inquiries,
    },
};

/// What is to be sent now, by whoever claimed it.
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

row! {
    /// What the platform is told of whoever pays.
    #[derive(Debug, Clone)]
    pub struct Payer {
        pub ip_address: Option<String>,
        pub email: Option<String>,
        pub last_name: Option<String>,
    }
}

impl Payer {
    pub fn of(contact: &Contact, ip_address: Option<&str>) -> Self {
        Self {
            ip_address: ip_address.map(str::to_owned),
            email: contact.email.as_ref().map(|email| email.as_str().to_owned()),
            last_name: contact.last_name.as_ref().map(|name| name.as_str().to_owned()),
        }
    }

    pub fn columns(&self) -> [(&'static str, Value<'_>); 3] {
        [
            ("ip_address", self.ip_address.as_deref().into()),
            ("email", self.email.as_deref().into()),
            ("last_name", self.last_name.as_deref().into()),
        ]
    }
}

/// What the platform's answer made of it.
#[derive(Debug, Clone)]
pub struct Answered {
    pub progress: Progress,
    pub code: Option<String>,
    pub request_id: Option<String>,
}

row! {
    struct LeftOutRow {
        id: i64,
        kind: String,
        name: String,
        left_out: u32,
        left_out_run: Option<String>,
        left_out_s: Option<i64>,
    }
}

impl Store {
    /// Takes a transfer that was never sent, to send it now. Nobody else gets it any more.
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

    /// Notes what the platform's answer made of it. One whose end was heard meanwhile stays as it is.
    pub async fn transfer_answered(&self, kind: MoneyKind, name: &str, answered: Answered, now: i64) -> Result<(), StoreError> {
        let name = name.to_owned();
        self.decide(about(kind, &name), move |tx| answer(tx, kind, &name, &answered, now)).await
    }

    /// After a start: what was on its way when another process ended may have arrived. One that sends still notes its answer.
    pub async fn doubt_what_was_being_sent(&self, now: i64) -> Result<(), StoreError> {
        self.decide(About::Shop, move |tx| doubt(tx, now, SentOutside::ANY)).await
    }

    /// What has been on its way for longer than sending lasts may have arrived, whoever's process died: it is asked about.
    pub async fn doubt_what_is_overdue(&self, now: i64) -> Result<(), StoreError> {
        let overdue = self.look(move |tx| overdue(tx, SentOutside::about(now))).await?;
        match overdue {
            true => self.decide(About::Shop, move |tx| doubt(tx, now, SentOutside::about(now))).await,
            false => Ok(()),
        }
    }

    /// Refunds and payouts that were never sent, oldest first. A sale is sent when its customer comes.
    pub async fn transfers_to_send(&self) -> Result<Vec<(MoneyKind, String)>, StoreError> {
        self.look(to_send).await
    }

    /// The platform, asked and understood in every part, left out whatever of these kinds it was not heard of.
    pub async fn transfers_left_out(
        &self,
        payment_id: &str,
        kinds: &[MoneyKind],
        elapsed: Elapsed,
        now: i64,
    ) -> Result<(), StoreError> {
        let (payment_id, kinds) = (payment_id.to_owned(), kinds.to_vec());
        let about = About::Payment(payment_id.clone());
        self.decide(about, move |tx| left_out(tx, &payment_id, &kinds, &elapsed, now)).await
    }
}

fn about(kind: MoneyKind, name: &str) -> About {
    match kind {
        MoneyKind::Refund => About::Refund(name.to_owned()),
        MoneyKind::Sale | MoneyKind::Payout => About::Payment(name.to_owned()),
    }
}

/// Writes down what is to be moved. `more`: the columns of its kind, and their values.
pub struct New<'a> {
    pub kind: MoneyKind,
    pub name: &'a str,
    pub payment_id: &'a str,
    pub amount: Money,
    pub progress: Progress,
    pub asked_at: i64,
    pub more: &'a [(&'static str, Value<'a>)],
}

pub fn insert(tx: &mut Tx<'_>, new: &New<'_>) -> Result<(), StoreError> {
    let columns: String = new.more.iter().map(|(column, _)| format!(", {column}")).collect();
    let numbers: String = (0..new.more.len()).map(|place| format!(", ?{}", place + 8)).collect();
    let mut values = params![
        new.kind.name(),
        new.name,
        new.payment_id,
        as_stored(new.amount),
        new.amount.currency().code(),
        new.progress.name(),
        new.asked_at
    ]
    .to_vec();
    values.extend(new.more.iter().map(|(_, value)| value.clone()));
    tx.execute(
        &format!(
            "INSERT INTO transfers (kind, name, payment_id, amount_minor, currency, progress, asked_at{columns})
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7{numbers})"
        ),
        &values,
    )?;
    Ok(())
}

fn claim(tx: &mut Tx<'_>, kind: MoneyKind, name: &str, first_question_at: i64, now: i64) -> Result<Option<ToSend>, StoreError> {
    let claimed: Option<String> = tx.first(
        "UPDATE transfers SET progress = 'sending', sent_at = ?3 WHERE kind = ?1 AND name = ?2 AND progress = 'stored'
         RETURNING payment_id",
        params![kind.name(), name, now],
    )?;
    let Some(payment_id) = claimed else { return Ok(None) };
    // Asked about from now on, whatever becomes of this process.
    inquiries::expect(tx, &payment_id, first_question_at, inquiries::Urgency::MoneyLeaves)?;
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
        // It never left, and its run was stopped meanwhile: it is not sent later.
        Progress::Stored if run_was_stopped(tx, kind, name)? => Progress::Declined,
        progress => progress,
    };
    tx.execute(
        "UPDATE transfers SET request_id = coalesce(request_id, ?3) WHERE kind = ?1 AND name = ?2",
        params![kind.name(), name, &answered.request_id],
    )?;
    let moved = tx.execute(
        "UPDATE transfers SET progress = ?3, code = ?4, ended_at = CASE ?3 WHEN 'declined' THEN ?5 END
         WHERE kind = ?1 AND name = ?2 AND progress IN ('sending', 'unknown')",
        params![kind.name(), name, progress.name(), &answered.code, now],
    )?;
    if kind == MoneyKind::Sale && moved == 1 && progress == Progress::Declined {
        end_sale(tx, name, answered.code.as_deref(), now)?;
    }
    Ok(())
}

/// A sale that was refused or never arrived ends its attempt, unless its end was heard already.
fn end_sale(tx: &mut Tx<'_>, payment_id: &str, code: Option<&str>, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE attempts SET status = 'decline', status_at = ?1, code = ?2 WHERE payment_id = ?3 AND status IS NULL",
        params![now, code, payment_id],
    )?;
    registry::refresh_order_of(tx, payment_id)
}

/// The platform spoke of a payment whose sale the shop sent itself.
pub fn sale_heard(tx: &mut Tx<'_>, payment_id: &str, standing: Standing, now: i64) -> Result<(), StoreError> {
    let progress = match standing {
        Standing::Open => Progress::Pending,
        Standing::Declined => Progress::Declined,
        Standing::Succeeded | Standing::PartiallyRefunded | Standing::Refunded => Progress::Done,
    };
    tx.execute(
        "UPDATE transfers SET progress = ?2, ended_at = CASE WHEN ?2 = 'pending' THEN NULL ELSE ?3 END
         WHERE kind = 'sale' AND name = ?1 AND progress <> ?2 AND progress <> 'done'",
        params![payment_id, progress.name(), now],
    )?;
    Ok(())
}

/// The time is over in which the platform tells an end, and it was asked since: what it called faulty has ended so.
pub fn faults_are_final(tx: &mut Tx<'_>, payment_id: &str, now: i64) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE transfers SET progress = 'declined', ended_at = ?2
         WHERE payment_id = ?1 AND kind IN ('refund', 'payout') AND progress = 'pending' AND is_fault = 1",
        params![payment_id, now],
    )?;
    Ok(())
}

fn run_was_stopped(tx: &mut Tx<'_>, kind: MoneyKind, name: &str) -> Result<bool, StoreError> {
    Ok(tx.one(
        "SELECT EXISTS (SELECT 1 FROM transfers JOIN batch_rows ON transfer_id = transfers.id JOIN batches ON batches.id = batch_id
             WHERE transfers.kind = ?1 AND transfers.name = ?2 AND batches.state = 'cancelled')",
        params![kind.name(), name],
    )?)
}

/// Sending lasts less than a minute: the answer's time limit, and some more. After that whoever sent it is gone.
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

    /// A moment of sending that lies ahead is one of a clock that was set back.
    fn about(now: i64) -> Self {
        Self { from: now.saturating_sub(SENDING_LASTS_S), to: now.saturating_add(SENDING_LASTS_S) }
    }
}

fn overdue(tx: &mut Tx<'_>, SentOutside { from, to }: SentOutside) -> Result<bool, StoreError> {
    Ok(tx.one(
        "SELECT EXISTS (SELECT 1 FROM transfers WHERE progress = 'sending' AND (sent_at < ?1 OR sent_at > ?2))",
        params![from, to],
    )?)
}

fn doubt(tx: &mut Tx<'_>, now: i64, SentOutside { from, to }: SentOutside) -> Result<(), StoreError> {
    let doubted: Vec<String> = tx.all(
        "UPDATE transfers SET progress = 'unknown' WHERE progress = 'sending' AND (sent_at < ?1 OR sent_at > ?2)
         RETURNING payment_id",
        params![from, to],
    )?;
    for payment_id in doubted {
        inquiries::expect(tx, &payment_id, now, inquiries::Urgency::MoneyLeaves)?;
    }
    Ok(())
}

fn to_send(tx: &mut Tx<'_>) -> Result<Vec<(MoneyKind, String)>, StoreError> {
    let rows: Vec<(String, String)> = tx.all(
        "SELECT kind, name FROM transfers WHERE progress = 'stored' AND kind IN ('refund', 'payout')
         ORDER BY asked_at, id",
        params![],
    )?;
    let named = |(kind, name): (String, String)| Some((MoneyKind::from_name(&kind)?, name));
    rows.into_iter().map(|row| named(row).ok_or(StoreError::Inconsistent("kind of a transfer"))).collect()
}

pub fn left_out(tx: &mut Tx<'_>, payment_id: &str, kinds: &[MoneyKind], elapsed: &Elapsed, now: i64) -> Result<(), StoreError> {
    let unknown: Vec<LeftOutRow> = tx.all(
        "SELECT id, kind, name, left_out, left_out_run, left_out_s FROM transfers WHERE payment_id = ?1 AND progress = 'unknown'",
        params![payment_id],
    )?;
    for row in unknown {
        let kind = MoneyKind::from_name(&row.kind).ok_or(StoreError::Inconsistent("kind of a transfer"))?;
        if !kinds.contains(&kind) {
            continue;
        }
        let last = row.left_out_run.zip(row.left_out_s).map(|(run, seconds)| Elapsed { run, seconds });
        let left_out = LeftOut { times: row.left_out, last }.once_more(kind, elapsed.clone());
        if left_out.is_certain(kind) {
            // Should the platform ever tell of it after all, that counts.
            tx.execute("UPDATE transfers SET progress = 'declined', ended_at = ?1 WHERE id = ?2", params![now, row.id])?;
            if kind == MoneyKind::Sale {
                end_sale(tx, &row.name, None, now)?;
            }
            continue;
        }
        let (run, seconds) = left_out.last.map_or((None, None), |last| (Some(last.run), Some(last.seconds)));
        tx.execute(
            "UPDATE transfers SET left_out = ?1, left_out_run = ?2, left_out_s = ?3 WHERE id = ?4",
            params![left_out.times, run, seconds, row.id],
        )?;
    }
    Ok(())
}
