//! Whether a signed object could stand for another one in a way that matters here.
//!
//! Paths and values are joined unescaped before they are signed, so one text may fit several objects. Most of that
//! is harmless: what nobody reads may say what it likes. So only places of the text are looked at where a member that
//! is read (`members.rs` lists them) could begin: its start, and what follows any `;`.
//!
//! **The rule.** Wherever the path of such a member stands at such a place, the object has that very member there, and
//! its value ends at the first `;`. Then no other object of the same text has such a member that this one has not,
//! and where both have it, the other's value is the same or goes on behind a `;`.
//! *Proof.* A pair of the other object begins at the text's start or behind a `;`. If it is such a member, its path
//! stands there, so this object has it there, too. Both values begin behind the path's colon, and this one ends at the
//! first place where the other may end.
//! Of members that are read whole, with all below them, the text is the same; only where its levels end may differ.
//!
//! What no look at one object can show is a text in whose honest reading a value held whole members, and which was
//! taken apart by somebody who knows its signature. That honest reading was a doubtful one; and both are the same
//! callback ([`crate::protocol::callback::VerifiedCallback::digest`]), so the second is only a repetition, and no better spelling of
//! the first ([`super::document::reads_alike`]).

use super::{
    json::Json,
    members::{GENERAL_PAYMENT_ID, PAYMENT_ID, TOP_PAYMENT_ID, begins_with},
    signature::each_pair,
};

/// Why a signed object could be read in two ways. Nothing may move on its word alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Ambiguity {
    #[error("a value holds ;")]
    SemicolonInValue,
    #[error("a member name holds : or ;")]
    DelimiterInName,
    #[error("levels and a value could be taken for each other")]
    LevelOrValue,
    #[error("a number the SDKs spell differently")]
    UnusualNumber,
    #[error("it names two payments")]
    TwoPayments,
}

/// The first reason, in document order, why what is read of this object could be another object's.
pub fn ambiguity(object: &Json) -> Option<Ambiguity> {
    let mut found = None;
    each_pair(object, &mut |place, value, spelled| found = found.or_else(|| of_pair(place.path(), value, spelled)));
    found.or_else(|| names_two_payments(object).then_some(Ambiguity::TwoPayments))
}

fn of_pair(path: &str, value: &Json, spelled: &str) -> Option<Ambiguity> {
    let text = format!("{path}:{spelled}");
    let semicolon_at = |at: usize| if at < path.len() { Ambiguity::DelimiterInName } else { Ambiguity::SemicolonInValue };
    if let Some(read) = begins_with(&text) {
        if !read.is(path) {
            let in_name = path.get(read.length..).is_some_and(|rest| rest.starts_with("::"));
            return Some(if in_name { Ambiguity::DelimiterInName } else { Ambiguity::LevelOrValue });
        }
        if is_unusual(value) {
            return Some(Ambiguity::UnusualNumber);
        }
        return text.find(';').map(semicolon_at);
    }
    let mut joints = text.match_indices(';').map(|(at, _)| at);
    joints.find(|at| begins_with(&text[at + 1..]).is_some()).map(semicolon_at)
}

/// The largest integer that every SDK keeps exactly.
const LARGEST_EXACT: u64 = (1 << 53) - 1;

fn is_unusual(value: &Json) -> bool {
    match value {
        Json::Unusual(_) => true,
        Json::Integer(number) => number.unsigned_abs() > LARGEST_EXACT,
        _ => false,
    }
}

/// The platform compares payment ids without case.
fn names_two_payments(object: &Json) -> bool {
    let mut named = [PAYMENT_ID, GENERAL_PAYMENT_ID, TOP_PAYMENT_ID].into_iter().filter_map(|member| member.name_in(object));
    let Some(first) = named.next() else { return false };
    named.any(|other| !other.eq_ignore_ascii_case(&first))
}
