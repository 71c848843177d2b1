//! Everything the shop remembers, and all of its SQL.
//!
//! A decision is a plain function over a transaction: [`Store::decide`] runs it on the thread that writes and answers once it is
//! durable; [`Store::look`] runs what only reads, and shows it the database at one moment. Nothing else touches the database.
//! Time, chance and what came from the network are passed in: a decision may be run again.
//!
//! From the ground up; each knows those before it:
//!
//! - [`engine`]: statements and rows; [`database`]: deciding and looking; [`about`]: what a decision is about; `columns`: how the
//!   shop's types stand in columns
//! - `people`: who works in the back office; `shop`: carts, stock, orders
//! - `questions`: when the platform is asked about which payment
//! - `money`: what the shop asks the platform to move, and the books
//! - `checkout`: an order placed, an attempt to pay it; `batches`: files of refunds or payouts
//! - `told`: what the platform tells; cases
//! - `reconciliation`: compared with the platform's register; `roster`: the shops on this database
//! - `seen`: lists, histories and figures

mod about;
mod batches;
mod checkout;
mod columns;
mod database;
pub mod engine;
mod money;
mod people;
mod questions;
mod reconciliation;
mod roster;
mod seen;
mod shop;
mod told;

pub use about::About;
pub use batches::files::{FileDigest, RowsOf, UploadError};
pub use batches::rows::Beside;
pub use batches::running::{MOST_TO_SEND, Ran};
pub use batches::starting::{BatchError, Started};
pub use checkout::{Attempted, NewOrder};
pub use database::{
    Store, StoreError,
    age::Age,
    backup::{BackupError, back_up},
    moving::{MoveError, move_to},
};
pub use money::payouts::PayoutError;
pub use money::refunds::{AskError, Asker};
pub use money::sending::{Answered, ToSend};
pub use money::transfers::Payer;
pub use people::acts::Act;
pub use people::operators::{Credentials, OperatorError};
pub use people::sessions::Sessions;
pub use people::{
    admissions::Actor,
    devices::DEVICE_REMEMBERED_S,
    invitations::{Colleague, Invitation},
    sign_in_attempts::{SignInAttempt, TooSoon},
};
pub use questions::Question;
pub use reconciliation::comparisons::LastComparison;
pub use roster::Beat;
pub use seen::callback_journal::CallbackFilter;
pub use seen::payouts::{PayoutFilter, PayoutTotal};
pub use seen::registry::conditions::ListError;
pub use seen::reports::{
    MoneyRow, OrdersRow, ReportRows,
    declined::DeclinedAttempt,
    movements::{MovementTotals, Movements, ReportMovement},
    part::{Seen, Stretch},
    unfinished::UnfinishedRow,
};
pub use seen::waiting::{Oldest, Queues};
pub use shop::carts::FreshCart;
pub use told::case_decisions::CaseError;
pub use told::cases::Case;
pub use told::incoming::{Incoming, Reading};
pub use told::journal::Recorded;
pub use told::matters::Matter;
pub use told::refused_callbacks::{RefusedCallback, RefusedRow};
