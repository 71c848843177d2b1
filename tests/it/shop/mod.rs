//! The shop that customers see: cart, checkout, the way to the Payment Page, and the page of an order.

mod card_numbers;
mod catalogue;
mod checkout;
mod direct_sales;
mod embedding;
mod expiring;
mod faults_of_other_shops;
mod order_events;
mod order_page;
mod payment_parameters;
mod stock;
mod trying_again;
mod whose_order;
