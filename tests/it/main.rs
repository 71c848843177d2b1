//! The shop from outside: over HTTP and by its command line, paid through the real sandbox program.
//!
//! The kit: [`test_shop`] starts one, a [`customer`] buys in it, the [`platform`] tells it what became of the payment,
//! an [`operator`] works in the back office, a [`merchant`]'s program speaks to the platform's Gate itself, [`programs`] are
//! what runs as a process, the [`journal`] is the database file seen from beside. A [`gate_way`] is watched and broken between
//! shop and platform, a [`small_disk`] is full soon. The model of money is a [`money_day`] in which [`money_leaving`] is checked,
//! beside a plain [`money_reference`].

mod customer;
mod gate_way;
mod journal;
mod lost_requests;
mod merchant;
mod operator;
mod platform;
mod programs;
mod small_disk;
mod test_shop;

mod addresses;
mod api_description;
mod api_operations;
mod api_tokens;
mod asking;
mod asking_under_flood;
mod batch_files;
mod batch_steps;
mod batch_sweep;
mod batches;
mod books;
mod callbacks;
mod cases;
mod cases_closing;
mod checkout;
mod commands;
mod crash;
mod crash_while_sending;
mod direct_sales;
mod embedding;
mod ends_in_the_register;
mod event_streams;
mod expiring;
mod flooded_callbacks;
mod forgery;
mod forwarded;
mod full_disk;
mod headers;
mod health;
mod hostile;
mod invitations;
mod known_devices;
mod live_pages;
mod money_day;
mod money_leaving;
mod money_model;
mod money_reference;
mod money_silence;
mod money_told;
mod odd_callbacks;
mod office_callbacks;
mod office_orders;
mod office_payouts;
mod office_roles;
mod office_sign_in;
mod open_connections;
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
mod same_text;
mod sandbox_clients;
mod sandbox_control;
mod sandbox_gate;
mod sandbox_guard;
mod sandbox_outages;
mod secrets;
mod self_healing;
mod settings;
mod sign_in_flood;
mod stock;
mod told_again;
mod too_often;
mod trying_again;
mod two_persons;
mod unwritable_log;
mod whose_order;
mod workers;
