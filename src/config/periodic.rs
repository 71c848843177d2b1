//! `REPORTS_FOLDER` and `REPORTS_EVERY`: where reports are put, and how often.

use std::path::PathBuf;

/// Where reports are put, and how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Periodic {
    pub folder: PathBuf,
    pub every: Every,
}

named! {
    pub enum Every {
        Day = "day",
        /// From Monday to Sunday.
        Week = "week",
        Month = "month",
    }
}

impl Every {
    pub fn parse(text: &str) -> Result<Self, String> {
        let found = Self::ALL.into_iter().find(|every| every.name() == text);
        found.ok_or_else(|| format!("{text:?} is none of day, week, month"))
    }
}
