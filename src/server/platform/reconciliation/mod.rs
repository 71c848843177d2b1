//! The shop's books beside the platform's register, for the command and for the back office. Begin with [`ComparedBooks::differences`].
//!
//! - [`runs`]: comparisons in the background, and their schedule
//! - [`healing`]: what one click does about a difference

pub mod healing;
pub mod runs;

use std::collections::HashSet;

use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::{
    config::settings::Config,
    domain::{
        day::Day,
        day::TimeSpan,
        reconciliation::{Difference, compare},
    },
    platform::method::LONGEST_LIMIT_TIME_S,
    server::{
        platform::line::data_api::{DataApi, Read, RegisterError},
        running::calendar,
        store::{Store, StoreError},
    },
};

/// Seconds by which both sides are read more widely than asked for. An operation begins here when the customer presses Pay or a
/// refund is asked for, and there when the customer goes on, up to the method's limit time later; and clocks may differ by a day.
/// A difference counts if it began within the days on one side.
const MARGIN_S: i64 = LONGEST_LIMIT_TIME_S + 24 * 60 * 60;

/// Why the two sides could not be compared.
#[derive(Debug, thiserror::Error)]
pub enum Unknown {
    #[error("DATA_API_TOKEN and DATA_API_SECRET: missing; they are made in the platform's Dashboard")]
    NoAccess,
    #[error("no HTTPS: {0}")]
    Client(#[from] reqwest::Error),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Days that make no interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotDays {
    #[error("the first day is after the last")]
    Backwards,
    #[error("the days are beyond the calendar")]
    OutOfRange,
}

/// Both sides: the store, and the client of the register.
pub struct ComparedBooks {
    store: Store,
    data_api: DataApi,
}

/// From the beginning of one of the merchant's days to the end of another.
pub fn whole_days(from: Day, to: Day, zone: &TimeZone) -> Result<TimeSpan, NotDays> {
    if from > to {
        return Err(NotDays::Backwards);
    }
    calendar::span(zone, from, to).ok_or(NotDays::OutOfRange)
}

impl ComparedBooks {
    pub fn of(store: &Store, config: &Config) -> Result<Self, Unknown> {
        let access = config.data_api_access.clone().ok_or(Unknown::NoAccess)?;
        Ok(Self { store: store.clone(), data_api: DataApi::new(&config.data_api_url, config.project_id, access)? })
    }

    /// Everything that differs about what began in the interval. `progress` is told how much of the register was read.
    pub async fn differences(
        &self,
        interval: TimeSpan,
        now: i64,
        progress: &watch::Sender<Read>,
    ) -> Result<Vec<Difference>, Unknown> {
        let wide = interval.widened(MARGIN_S);
        let known_before = self.store.known_of(wide).await?;
        let register = self.data_api.register(wide, progress).await?;
        let known_after = self.store.known_of(wide).await?;
        // What began or ended while the register was read differs only before or only after it.
        let before: HashSet<_> = compare(&known_before, &register, interval, now).into_iter().collect();
        let after = compare(&known_after, &register, interval, now);
        Ok(after.into_iter().filter(|difference| before.contains(difference)).collect())
    }

    /// The same of one payment alone, asked for by its id.
    pub async fn differences_of(&self, payment_id: &str, interval: TimeSpan, now: i64) -> Result<Vec<Difference>, Unknown> {
        let register = self.data_api.of_payment(payment_id).await?;
        let known = self.store.known_of_payment(payment_id).await?;
        Ok(compare(&known, &register, interval, now))
    }
}
