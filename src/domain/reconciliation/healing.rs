//! The outcome of healing a difference.

named! {
    pub enum Healing {
        Healed = "healed",
        /// Both sides were read, and differ still.
        Stays = "stays",
        /// The platform does not know the payment, and it differs still.
        NotFound = "not-found",
        /// The platform gave no clear answer when it was asked.
        Silence = "silence",
        /// The register could not be read.
        Unread = "unread",
        /// Somebody healed it before.
        HealedBefore = "healed-before",
    }
}

impl Healing {
    /// For the operator.
    pub const fn words(self) -> &'static str {
        match self {
            Healing::Healed => "Healed: both sides were compared again and agree about it.",
            Healing::Stays => "Both sides were compared again, and still differ. See what to do below.",
            Healing::NotFound => "The platform does not know this payment, and both sides still differ. See what to do below.",
            Healing::Silence => "The platform gave no clear answer, and both sides still differ. Try again later.",
            Healing::Unread => "The register could not be read, so it is not known whether this is healed. Try again later.",
            Healing::HealedBefore => "Somebody healed it before.",
        }
    }
}
