//! Why a text is not acceptable JSON.

/// Why a text is not acceptable JSON. The names are part of the public contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum JsonError {
    #[error("not_json")]
    NotJson,
    #[error("not_an_object")]
    NotAnObject,
    #[error("duplicate_member")]
    DuplicateMember,
    #[error("too_large")]
    TooLarge,
    #[error("too_deep")]
    TooDeep,
    #[error("long_member_name")]
    LongMemberName,
    #[error("too_many_members")]
    TooManyMembers,
    #[error("too_long_to_sign")]
    TooLongToSign,
    #[error("number_out_of_range")]
    NumberOutOfRange,
}
