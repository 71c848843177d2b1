//! Everything the shop remembers, and all of its SQL.
//!
//! A decision is a plain function over a transaction: [`Store::decide`] runs it on the thread that writes and answers once it is
//! durable; [`Store::look`] runs what only reads, and shows it the database at one moment. Nothing else touches the database.
//! Time, chance and what came from the network are passed in: a decision may be run again.
//!
//! - [`database`]: deciding and looking, on an [`engine`]; [`about`]: what a decision is about
//! - `shop`: carts, stock, orders; `money`: what leaves, and the books; `batches`: files of refunds or payouts
//! - `told`: what the platform tells and is asked; `reconciliation`: beside the platform's register
//! - `people`: who works here; `seen`: lists, files and figures

mod about;
mod batches;
mod database;
pub mod engine;
mod money;
mod people;
mod reconciliation;
mod seen;
mod shop;
mod told;

pub use about::About;
pub use batches::files::{FileDigest, RowsOf, UploadError};
pub use batches::rows::Beside;
pub use batches::runs::{MOST_TO_SEND, Ran};
pub use batches::starting::{BatchError, Started};
pub use database::{Store, StoreError};
pub use money::payouts::PayoutError;
pub use money::refunds::{AskError, Asker};
pub use money::transfers::{Answered, Payer, ToSend};
pub use people::acts::Act;
pub use people::operators::{Credentials, OperatorError};
pub use people::sessions::Sessions;
pub use people::{
    admissions::Actor,
    attempts::{SignInAttempt, TooSoon},
    devices::REMEMBERED_S as DEVICE_REMEMBERED_S,
    invitations::{Colleague, Invitation},
};
pub use reconciliation::runs::LastComparison;
pub use seen::callback_journal::CallbackFilter;
pub use seen::payout_list::{PayoutFilter, PayoutTotal};
pub use seen::registry::ListError;
pub use seen::reports::{
    MoneyRow, OrdersRow, ReportRows, Seen, Stretch, TimeSpan,
    lists::{DeclinedAttempt, UnfinishedRow},
    movements::{MovementTotals, Movements, ReportMovement},
};
pub use shop::attempts::{Attempted, NewOrder};
pub use shop::carts::FreshCart;
pub use told::callbacks::{Incoming, Reading, Recorded};
pub use told::cases::{Case, CaseError};
pub use told::inquiries::Inquiry;
pub use told::matters::Matter;
pub use told::refused_callbacks::{RefusedCallback, RefusedRow};
