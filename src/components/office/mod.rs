//! What the pages of the back office share: around a page `frame`, `sections`, `notices`, `folds`; lists with `filters`, `tables`
//! and `paging`; names and values as `facts`; what is typed in `fields`.

mod facts;
mod fields;
mod filters;
mod folds;
mod frame;
mod notices;
mod paging;
mod sections;
mod tables;

pub use facts::Facts;
pub use fields::{ConfirmField, OfficeField, OfficeSelect, Problem};
pub use filters::Filter;
pub use folds::Fold;
pub use frame::{OfficeFrame, Tab};
pub use notices::{Refused, Told};
pub use paging::{Paging, first, next, previous};
pub use sections::Section;
pub(crate) use tables::cells;
pub use tables::{Row, Table, id, number, prose, text};
