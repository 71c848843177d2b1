//! Why an order is in its state: a sentence for each situation, for the merchant.

use super::{
    history::{APPLIED, OrderHistory, Source},
    order::{Attempt, OrderState},
};
use crate::domain::{books::MoneyKind, money::Money, transfers::progress::Progress};
use crate::platform::{Method, Standing, code::meaning, method::LONGEST_LIMIT_TIME_S};

#[cfg(test)]
mod tests;

/// How moments (Unix seconds) and sums are written.
pub struct Writing<'a> {
    pub moment: &'a dyn Fn(i64) -> String,
    pub money: &'a dyn Fn(Money) -> String,
}

/// First a sentence about the state, then one for each further fact that an operator should know.
pub fn explain(history: &OrderHistory, now: i64, writing: &Writing<'_>) -> Vec<String> {
    let explaining = Explaining { history, now, writing };
    let Some(attempt) = history.order.telling_attempt() else {
        return vec!["Nobody went to pay it yet.".to_owned()];
    };
    let mut sentences = vec![explaining.state(attempt)];
    sentences.extend(explaining.healed(attempt));
    sentences.extend(explaining.second_payments(attempt));
    sentences.extend(explaining.refunds_under_way());
    sentences.extend(explaining.open_cases());
    sentences
}

struct Explaining<'a> {
    history: &'a OrderHistory,
    now: i64,
    writing: &'a Writing<'a>,
}

impl Explaining<'_> {
    fn state(&self, attempt: &Attempt) -> String {
        let id = &attempt.payment_id;
        let status = attempt.status.as_ref().map_or("nothing", |status| status.as_str());
        match self.history.order.state(self.now) {
            OrderState::Waiting => format!("Nothing was heard of payment {id} yet; {}.", self.next_question()),
            OrderState::Processing => {
                format!("The platform has payment {id} in hand: it says “{status}”; {}.", self.next_question())
            }
            OrderState::TryAgain => {
                let until = attempt.retry_until.map_or("later".to_owned(), |until| self.moment(until));
                let why = reason(attempt);
                format!("A try of payment {id} was declined: {why} The customer may try the same payment again until {until}.")
            }
            OrderState::Declined => format!("Payment {id} was declined{}: {}", self.on(attempt.status_at), reason(attempt)),
            OrderState::Expired => format!("The platform says that the time to pay {id} is over{}.", self.on(attempt.status_at)),
            OrderState::Failed => format!(
                "The platform reports a fault of its own for payment {id} (“{status}”): that proves neither money nor its absence; {}.",
                self.next_question()
            ),
            OrderState::Silent => {
                let over_at = attempt.started_at.saturating_add(limit_s(attempt));
                let limit = self.moment(over_at);
                let method = attempt.method.map_or("the longest method", |method| method.rules().name);
                format!(
                    "The limit time of {method} passed at {limit}, and no end of payment {id} was heard; {}.",
                    self.next_question()
                )
            }
            OrderState::Paid => self.paid(attempt),
            OrderState::PartiallyRefunded | OrderState::Refunded => self.refunded(attempt),
        }
    }

    fn paid(&self, attempt: &Attempt) -> String {
        let with = method_of(attempt).map(|method| format!(" with {}", method.rules().name)).unwrap_or_default();
        let at = self.history.paid_at(&attempt.payment_id).unwrap_or(attempt.status_at);
        format!("Paid by payment {}{with}{}.", attempt.payment_id, self.on(at))
    }

    fn refunded(&self, attempt: &Attempt) -> String {
        let known = self.history.refunds_of(attempt).filter(|one| one.refund.progress == Progress::Done);
        let back = known.map(|one| one.refund.amount.minor()).fold(0, u64::saturating_add);
        let (id, paid) = (&attempt.payment_id, attempt.amount);
        let is_whole = attempt.standing() == Standing::Refunded;
        match Money::from_minor(back, paid.currency()) {
            Ok(sum) if is_whole && back >= paid.minor() => format!("All of payment {id} went back: {}.", self.money(sum)),
            Ok(sum) if !is_whole && back > 0 => {
                let kept = Money::from_minor(paid.minor().saturating_sub(back), paid.currency()).unwrap_or(paid);
                format!("Of {} paid by {id}, {} went back; {} is kept.", self.money(paid), self.money(sum), self.money(kept))
            }
            _ => {
                let status = attempt.status.as_ref().map_or("refunded", |status| status.as_str());
                format!(
                    "The platform calls payment {id} “{status}”, but told of no refund that accounts for it; {}.",
                    self.next_question()
                )
            }
        }
    }

    /// A sentence if the shop learned of the payment by asking instead of by a callback.
    fn healed(&self, attempt: &Attempt) -> Option<String> {
        if attempt.standing() < Standing::Succeeded {
            return None;
        }
        let mut heard = self
            .history
            .callbacks
            .iter()
            .filter(|callback| callback.payment_id.eq_ignore_ascii_case(&attempt.payment_id) && callback.verdict == APPLIED);
        let paid_at = self.history.paid_at(&attempt.payment_id)?;
        let told = heard.clone().any(|callback| callback.source == Source::Callback && callback.received_at <= paid_at);
        let answer = heard.find(|callback| callback.source == Source::Status && callback.received_at == paid_at)?;
        (!told).then(|| {
            format!("No callback told it: the shop asked the platform and learned it at {}.", self.moment(answer.received_at))
        })
    }

    fn second_payments(&self, telling: &Attempt) -> Vec<String> {
        let others = self.history.order.attempts.iter().filter(|other| other.payment_id != telling.payment_id);
        let twice = others.filter(|other| other.keeps_money());
        twice
            .map(|other| format!("Payment {} took the money a second time: {}.", other.payment_id, self.money(other.amount)))
            .collect()
    }

    fn refunds_under_way(&self) -> Vec<String> {
        let under_way = self.history.refunds.iter().map(|one| &one.refund);
        let under_way = under_way.filter(|refund| refund.progress.is_open() || refund.progress == Progress::Stored);
        under_way
            .map(|refund| format!("A refund of {} is under way. {}", self.money(refund.amount), refund.progress.meaning()))
            .collect()
    }

    fn open_cases(&self) -> Vec<String> {
        self.history
            .open_cases()
            .map(|case| format!("A case waits for a person: {} (payment {}).", case.kind, case.payment_id))
            .collect()
    }

    fn next_question(&self) -> String {
        match self.history.next_question {
            Some(at) if at > self.now => format!("the platform is asked at {}", self.moment(at)),
            Some(_) => "the platform is being asked".to_owned(),
            None => "the platform is not asked any more by itself".to_owned(),
        }
    }

    fn on(&self, at: i64) -> String {
        if at > 0 { format!(" at {}", self.moment(at)) } else { String::new() }
    }

    fn moment(&self, at: i64) -> String {
        (self.writing.moment)(at)
    }

    fn money(&self, money: Money) -> String {
        (self.writing.money)(money)
    }
}

/// The verb for a posting.
pub const fn posted(kind: MoneyKind) -> &'static str {
    match kind {
        MoneyKind::Sale => "taken",
        MoneyKind::Refund => "given back",
        MoneyKind::Payout => "paid out",
    }
}

/// A state as a heading.
pub const fn title(state: OrderState) -> &'static str {
    match state {
        OrderState::Waiting => "Nothing heard yet",
        OrderState::Processing => "In the platform's hands",
        OrderState::TryAgain => "Declined, may be tried again",
        OrderState::Declined => "Declined",
        OrderState::Expired => "Expired",
        OrderState::Failed => "A fault at the platform",
        OrderState::Silent => "No end was heard",
        OrderState::Paid => "Paid",
        OrderState::PartiallyRefunded => "Partly refunded",
        OrderState::Refunded => "Refunded",
    }
}

/// A code with its meaning, as a sentence.
pub fn code_in_words(code: &str) -> String {
    match meaning(code) {
        Some(meaning) => format!("{meaning} (code {code})"),
        None => format!("code {code}."),
    }
}

fn reason(attempt: &Attempt) -> String {
    attempt.code.as_deref().map_or("no reason was given.".to_owned(), code_in_words)
}

fn method_of(attempt: &Attempt) -> Option<Method> {
    attempt.paid_with.or(attempt.method)
}

fn limit_s(attempt: &Attempt) -> i64 {
    attempt.method.map_or(LONGEST_LIMIT_TIME_S, |method| method.rules().limit_time_s)
}
