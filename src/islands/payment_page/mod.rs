//! The Payment Page in a frame on the checkout page, from the outside in: [`opening`] (the button is pressed),
//! `signed_payment`, `frame` (what is seen, and where hints lead), then [`epay_widget`] (the platform's script)
//! behind `frame_guard`.

pub mod epay_widget;
mod frame;
pub mod frame_guard;
pub mod opening;
mod patience;
mod signed_payment;
