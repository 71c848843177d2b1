//! `/admin/batches`: files of refunds and payouts, from the upload to the end of each row.

mod files;
mod killed;
mod start_to_end;
mod steps;
mod two_persons;
