//! `storefront payment-url`: the signed address of the Payment Page for parameters given as a JSON object.

use crate::{
    commands::{object, refuse, say},
    config::settings::Signing,
    protocol::payment_page::{address, fields_of, signed},
};
use std::process::ExitCode;

pub fn run(signing: &Signing) -> ExitCode {
    let object = match object() {
        Ok(object) => object,
        Err(refused) => return refused,
    };
    let Some(fields) = fields_of(&object) else { return refuse("not_a_wire_value") };
    let Some(key) = signing.keys.first() else { return refuse("PROJECT_SECRET is missing") };
    match signed(fields, key) {
        Ok(signed) => {
            say!("{}", address(&signing.payment_page_url, &signed));
            ExitCode::SUCCESS
        }
        Err(class) => refuse(class),
    }
}
