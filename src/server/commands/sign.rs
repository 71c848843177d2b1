//! `storefront sign`: the signature of one JSON object, or with `--string` the text that is signed.

use std::process::ExitCode;

use super::{input, refuse};
use crate::{
    protocol::{json::Json, signature::string_to_sign},
    server::config::Config,
};

pub fn run(config: &Config, only_string: bool) -> ExitCode {
    let bytes = match input() {
        Ok(bytes) => bytes,
        Err(error) => return refuse(error),
    };
    let object = match Json::parse_object(&bytes) {
        Ok(object) => object,
        Err(class) => return refuse(class),
    };
    let result = match config.keys.first() {
        Some(key) if !only_string => key.sign(&object),
        _ => string_to_sign(&object),
    };
    match result {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(class) => refuse(class),
    }
}
