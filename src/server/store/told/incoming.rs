//! What a callback or a status answer says, as it comes in.

use crate::domain::{
    books::MoneyKind,
    case::CaseKind,
    orders::{history::Source, order::Statement},
    transfers::silence::Elapsed,
};

/// What the platform told and signed, ready to be written down.
#[derive(Clone)]
pub struct Incoming {
    /// Of what was signed. Equal digests are one callback, however often it comes and however it is spelled.
    pub digest: [u8; 32],
    pub body: Vec<u8>,
    pub payment_id: String,
    pub source: Source,
    /// When the platform answered a question and listed all there is, by the clock that never steps.
    pub leaves_out: Option<Elapsed>,
    /// One for a callback, one for each operation of a status answer, none for what this shop does not use.
    pub readings: Vec<Reading>,
    pub received_at: i64,
    /// Random; the emptied cart's next key.
    pub next_order_key: String,
    /// How this shop's payment ids begin. What is about others is another shop's on the same project.
    pub prefix: String,
    /// Whether two bodies that were signed alike hold the same members, however they are spelled.
    pub reads_alike: fn(&[u8], &[u8]) -> bool,
}

impl Incoming {
    /// The same, with the payment's id as the shop spells it.
    pub fn spelled(mut self, known_as: Option<String>) -> Self {
        if let Some(id) = known_as {
            self.payment_id = id;
        }
        self
    }
}

/// One thing that it says.
#[derive(Clone)]
pub enum Reading {
    Clear(Box<Statement>),
    /// It changes nothing before a person has looked. What it is about, as far as it says.
    Doubtful(CaseKind, Option<MoneyKind>),
}

/// What it is about. A status answer is about all of a payment.
pub fn about(readings: &[Reading]) -> Option<MoneyKind> {
    match readings {
        [Reading::Doubtful(_, about)] => *about,
        [Reading::Clear(report)] => report.event.kind(),
        _ => None,
    }
}

/// The same of a payment whose row cannot be read: nothing moves, and a person looks.
pub fn of_what_cannot_be_read(readings: &[Reading]) -> Vec<Reading> {
    let about = about(readings);
    readings.iter().map(|_| Reading::Doubtful(CaseKind::UnreadableOrder, about)).collect()
}
