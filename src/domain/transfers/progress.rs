//! How far a sale, refund or payout has come that the shop asked the platform for.

named! {
    /// How far a transfer is. `Unknown` is a separate state: the platform is asked about it, and it is never sent again.
    pub enum Progress {
        /// Stored; nothing was sent yet.
        Stored = "stored",
        /// Being sent to the platform. After a crash this means the same as `Unknown`.
        Sending = "sending",
        /// Sent, but it is not known whether the platform accepted it.
        Unknown = "unknown",
        /// Accepted by the platform. No money is known to have moved.
        Pending = "pending",
        Done = "done",
        Declined = "declined",
    }
}

named! {
    /// The state of an operation, as the platform reports it.
    #[derive(Hash)]
    pub enum Outcome {
        UnderWay = "under way",
        Succeeded = "success",
        Declined = "decline",
    }
}

impl Progress {
    /// A sentence for the merchant.
    pub const fn meaning(self) -> &'static str {
        match self {
            Progress::Stored => "It is written down, and is sent as soon as the platform can be reached.",
            Progress::Sending => "It is on its way to the platform.",
            Progress::Unknown => "Nobody knows yet whether the platform took it on. It is asked, and nothing is sent twice.",
            Progress::Pending => "The platform took it on. No money is known to have moved yet.",
            Progress::Done => "The money has moved.",
            Progress::Declined => "It was not done; no money has moved.",
        }
    }

    /// Whether the money counts as spent: it does until it is certain that it did not move.
    pub fn holds_money(self) -> bool {
        self != Progress::Declined
    }

    /// Whether the platform may still report something.
    pub fn is_open(self) -> bool {
        matches!(self, Progress::Sending | Progress::Unknown | Progress::Pending)
    }

    /// The progress to start from when the platform reports. `was_told`: it reported on this transfer before. If it did not, a
    /// decline was only concluded from its silence and counts as unknown.
    pub fn once_heard(self, was_told: bool) -> Self {
        if self == Progress::Declined && !was_told { Progress::Unknown } else { self }
    }

    /// The progress after the platform reported this. A success is final, whatever was reported before or after.
    pub fn after(self, outcome: Outcome) -> Self {
        match (self, outcome) {
            (Progress::Done, _) | (_, Outcome::Succeeded) => Progress::Done,
            (_, Outcome::Declined) => Progress::Declined,
            (Progress::Declined, Outcome::UnderWay) => Progress::Declined,
            (_, Outcome::UnderWay) => Progress::Pending,
        }
    }
}

impl Outcome {
    /// Whether this status says only that something failed at the platform or behind it. Before the limit time that proves
    /// nothing: the money may have moved, and the platform may still report it.
    pub fn is_fault(status: &str) -> bool {
        matches!(status, "error" | "internal error" | "external error")
    }

    /// Reads `operation.status`. An unknown status proves nothing and counts as under way.
    pub fn of_status(status: &str) -> Self {
        match status {
            "success" => Outcome::Succeeded,
            "decline" | "error" | "internal error" | "external error" | "expired" | "canceled" | "cancelled" => Outcome::Declined,
            _ => Outcome::UnderWay,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_the_order_of_words_a_success_stays() {
        for start in Progress::ALL {
            for outcomes in [
                [Outcome::Succeeded, Outcome::Declined],
                [Outcome::Declined, Outcome::Succeeded],
                [Outcome::Succeeded, Outcome::UnderWay],
            ] {
                assert_eq!(start.after(outcomes[0]).after(outcomes[1]), Progress::Done);
            }
        }
        assert_eq!(Progress::Unknown.after(Outcome::UnderWay), Progress::Pending);
        assert_eq!(Progress::Pending.after(Outcome::Declined).after(Outcome::UnderWay), Progress::Declined);
    }

    #[test]
    fn a_decline_concluded_from_silence_gives_way_to_any_word() {
        let heard = |was_told: bool, outcome: Outcome| Progress::Declined.once_heard(was_told).after(outcome);
        assert_eq!(heard(false, Outcome::UnderWay), Progress::Pending);
        assert_eq!(heard(true, Outcome::UnderWay), Progress::Declined);
        assert_eq!(heard(false, Outcome::Declined), Progress::Declined);
        assert_eq!(heard(false, Outcome::Succeeded), Progress::Done);
        assert_eq!(Progress::Done.once_heard(false), Progress::Done);
    }

    #[test]
    fn only_what_was_declined_holds_no_money() {
        let free: Vec<_> = Progress::ALL.into_iter().filter(|progress| !progress.holds_money()).collect();
        assert_eq!(free, [Progress::Declined]);
        assert!(Progress::ALL.into_iter().all(|progress| Progress::from_name(progress.name()) == Some(progress)));
    }
}
