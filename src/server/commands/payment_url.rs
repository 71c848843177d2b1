//! `storefront payment-url`: the signed address of the Payment Page for parameters given as a JSON object.

use std::process::ExitCode;

use super::{object, refuse};
use crate::{
    protocol::payment_page::{fields_of, signed_address},
    server::config::Signing,
};

pub fn run(signing: &Signing) -> ExitCode {
    let object = match object() {
        Ok(object) => object,
        Err(refused) => return refused,
    };
    let Some(fields) = fields_of(&object) else { return refuse("not_a_wire_value") };
    let Some(key) = signing.keys.first() else { return refuse("PROJECT_SECRET is missing") };
    match signed_address(&signing.payment_page_url, &fields, key) {
        Ok(address) => {
            println!("{address}");
            ExitCode::SUCCESS
        }
        Err(class) => refuse(class),
    }
}
