//! `/admin/reconciliation`: comparisons with the platform's register, made by hand and each night.

mod nights;
mod page;
