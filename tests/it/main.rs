//! The shop from outside: over HTTP and by its command line, paid through the real sandbox program.
//!
//! The kit: [`test_shop`] starts one, a [`customer`] buys in it, the [`platform`] tells it what became of the payment,
//! an [`operator`] works in the back office, [`programs`] are what runs as a process, the [`journal`] is the database file seen from beside.

mod customer;
mod journal;
mod lost_requests;
mod operator;
mod platform;
mod programs;
mod test_shop;

mod api_description;
mod api_operations;
mod api_tokens;
mod batch_files;
mod batch_steps;
mod batch_sweep;
mod batches;
mod books;
mod callbacks;
mod cases;
mod checkout;
mod commands;
mod crash;
mod crash_while_sending;
mod direct_sales;
mod embedding;
mod forgery;
mod headers;
mod health;
mod hostile;
mod invitations;
mod known_devices;
mod live_pages;
mod office_callbacks;
mod office_orders;
mod office_payouts;
mod office_roles;
mod office_sign_in;
mod pains;
mod paying_out;
mod payment_parameters;
mod reconciliation_nights;
mod reconciliation_page;
mod reconciling;
mod refunding;
mod refunds;
mod registry;
mod registry_acts;
mod registry_paid;
mod reporting;
mod reporting_files;
mod returning;
mod sandbox_gate;
mod secrets;
mod self_healing;
mod settings;
mod sign_in_flood;
mod stock;
mod trying_again;
mod two_persons;
