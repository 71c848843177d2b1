//! Whether a signed object could be read as another object in a way that matters here.
//!
//! Paths and values are joined without escaping before they are signed, so several objects may have the same text. Mostly
//! that is harmless, because only some members are read (`members.rs` lists them). So only those places of the text are
//! examined where such a member could begin: the start of the text, and after each `;`.
//!
//! **The rule.** Wherever the path of such a member stands at such a place, the object has that member there, and its
//! value ends at the first `;`. Then no other object with the same text has such a member that this object lacks,
//! and if both have it, the other's value is the same or continues after a `;`.
//! *Proof.* A pair of the other object begins at the start of the text or after a `;`. If it is such a member, its path
//! stands there, so this object has the member there, too. Both values begin after the path's colon, and this object's
//! value ends at the first place where the other's may end.
//! For members that are read with all below them, the text is the same; only the ends of its levels may differ.
//!
//! One case cannot be seen in a single object: a value of the honest object held whole members, and somebody who knows its
//! signature rewrote the text as another object. But then the honest object is ambiguous itself, and both are the same
//! callback ([`crate::protocol::callback::VerifiedCallback::digest`]), so the second counts as a repetition and does not
//! replace the first ([`super::document::reads_alike`]).

use super::{
    json::Json,
    members::{GENERAL_PAYMENT_ID, PAYMENT_ID, TOP_PAYMENT_ID, begins_with},
    signature::each_pair,
};

/// Why a signed object could be read in two ways. Such an object alone must not move money.
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

/// The first reason, in document order, why this object could be read as another one.
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
