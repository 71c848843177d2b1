//! `REPORTS_FOLDER` and `REPORTS_EVERY`: where reports are put, and how often.

use std::path::PathBuf;

/// Where reports are put, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periodic {
    pub folder: PathBuf,
    pub every: Every,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Every {
    Day,
    /// From Monday to Sunday.
    Week,
    Month,
}

impl Every {
    pub const ALL: [Every; 3] = [Every::Day, Every::Week, Every::Month];

    /// The value of `REPORTS_EVERY`.
    pub const fn name(self) -> &'static str {
        match self {
            Every::Day => "day",
            Every::Week => "week",
            Every::Month => "month",
        }
    }

    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|every| every.name() == text);
        found.ok_or_else(|| format!("{text:?} is none of day, week, month"))
    }
}
