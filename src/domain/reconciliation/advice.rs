//! What a person should do about a difference, in one sentence.

use super::{ComparedKind, Difference, DifferenceKind, Side};
use crate::domain::transfers::progress::Outcome;

/// What an operator can try at once. It moves no money.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Ask for the payment's status: the answer is applied like a callback and may settle the difference.
    Ask,
    /// Compare again: asking would change nothing, but the difference may be gone by now.
    CompareAgain,
}

impl Difference {
    /// The remedy that may settle this difference.
    pub fn remedy(&self) -> Remedy {
        let state = |side: &Option<Side>| side.as_ref().map(|side| side.state);
        match (self.kind, state(&self.shop), state(&self.register)) {
            (DifferenceKind::Extra, ..) if self.movement != ComparedKind::Other => Remedy::Ask,
            (DifferenceKind::Missing | DifferenceKind::Status, Some(Outcome::UnderWay), _) => Remedy::Ask,
            (DifferenceKind::Status, Some(Outcome::Declined), Some(Outcome::Succeeded)) => Remedy::Ask,
            _ => Remedy::CompareAgain,
        }
    }

    pub fn advice(&self) -> &'static str {
        let state = |side: &Option<Side>| side.as_ref().map(|side| side.state);
        match self.kind {
            DifferenceKind::Missing => missing(self.movement, state(&self.shop)),
            DifferenceKind::Extra => extra(self.movement, state(&self.register)),
            DifferenceKind::Amount | DifferenceKind::Currency => {
                "Deliver and refund nothing of it before the platform's support has said which sum is right."
            }
            DifferenceKind::Status => status(self.movement, state(&self.shop), state(&self.register)),
            DifferenceKind::Duplicate if self.shop.is_some() => {
                "Its money moved twice: look at both operations in the Dashboard, and have one given back."
            }
            DifferenceKind::Duplicate => {
                "Ask the platform's support whether its money moved twice or the register only repeats itself."
            }
        }
    }
}

fn missing(movement: ComparedKind, shop: Option<Outcome>) -> &'static str {
    match (movement, shop) {
        (_, Some(Outcome::Succeeded)) => {
            "Compare again in five minutes, as the register may be late, then ask the platform's support: the shop has a signed message that the money moved."
        }
        (_, Some(Outcome::Declined)) => {
            "The shop was told that no money moved: compare again in five minutes, then ask the platform's support where the operation is."
        }
        _ => "Nothing shows that it ever arrived: have the platform's support confirm that before you send it again.",
    }
}

fn extra(movement: ComparedKind, register: Option<Outcome>) -> &'static str {
    match (movement, register) {
        (ComparedKind::Sale | ComparedKind::Payout, Some(Outcome::Declined)) => {
            "No money moved, but find out who uses your project's key if it was not you."
        }
        (ComparedKind::Sale, _) => "Find out in the Dashboard who took this payment, and give it back if nobody knows it.",
        (ComparedKind::Refund, _) => {
            "Ask the platform now in the back office, or have it send its callbacks again, so that the shop counts this money as given back, and refund nothing more until then."
        }
        (ComparedKind::Payout, _) => {
            "Find out in the Dashboard who paid this out, and change your project's key if nobody knows it."
        }
        (ComparedKind::Other, _) => {
            "The shop never asks for such an operation: find out in the Dashboard who did, and what it was for."
        }
    }
}

fn status(movement: ComparedKind, shop: Option<Outcome>, register: Option<Outcome>) -> &'static str {
    match (movement, shop, register) {
        (_, _, Some(Outcome::UnderWay)) => "Ask the platform's support why it is still open after its method's limit time.",
        (_, Some(Outcome::UnderWay), _) => {
            "The shop asks the platform by itself, which usually settles it: if it stays after you have asked, too, look into the open cases and have the callbacks sent again."
        }
        (ComparedKind::Sale, Some(Outcome::Declined), _) => {
            "Money was taken for it after all: ask the platform now in the back office, or have it send its callbacks again, then deliver the order or refund it."
        }
        (ComparedKind::Sale, ..) => {
            "Deliver nothing before the platform's support has explained why a payment it signed as paid is declined in its register."
        }
        (_, Some(Outcome::Declined), _) => {
            "The money left after all: do not send it again, and ask the platform now in the back office, or have it send its callbacks again."
        }
        _ => "The money did not arrive although the platform signed that it did: ask its support before you send it again.",
    }
}
