//! `storefront sign`: the signature of one JSON object, or with `--string` the text that is signed.

use crate::{
    commands::{object, refuse, say},
    config::settings::Signing,
    protocol::signed::signature::string_to_sign,
};
use std::process::ExitCode;

pub fn run(signing: &Signing, only_string: bool) -> ExitCode {
    let object = match object() {
        Ok(object) => object,
        Err(refused) => return refused,
    };
    let result = match signing.keys.first() {
        Some(key) if !only_string => key.sign(&object),
        _ => string_to_sign(&object),
    };
    match result {
        Ok(text) => {
            say!("{text}");
            ExitCode::SUCCESS
        }
        Err(class) => refuse(class),
    }
}
