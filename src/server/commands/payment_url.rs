//! `storefront payment-url`: the signed address of the Payment Page for parameters given as a JSON object.

use std::process::ExitCode;

use super::{input, refuse};
use crate::{
    protocol::{
        json::Json,
        payment_page::{fields_of, signed_address},
    },
    server::config::Config,
};

pub fn run(config: &Config) -> ExitCode {
    let bytes = match input() {
        Ok(bytes) => bytes,
        Err(error) => return refuse(error),
    };
    let object = match Json::parse_object(&bytes) {
        Ok(object) => object,
        Err(class) => return refuse(class),
    };
    let Some(fields) = fields_of(&object) else { return refuse("not_a_wire_value") };
    let Some(key) = config.keys.first() else { return refuse("PROJECT_SECRET is missing") };
    match signed_address(&config.payment_page_url, &fields, key) {
        Ok(address) => {
            println!("{address}");
            ExitCode::SUCCESS
        }
        Err(class) => refuse(class),
    }
}
