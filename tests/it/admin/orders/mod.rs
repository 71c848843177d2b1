//! `/admin/orders`: the registry of orders, and the page of one.

mod page;
mod registry;
mod registry_paid;
mod registry_rows;
