//! `storefront verify`: whether a body is a callback of this project.

use crate::{
    commands::{input, refuse, say},
    config::settings::Signing,
    protocol::callback::VerifiedCallback,
};
use std::process::ExitCode;

pub fn run(signing: &Signing) -> ExitCode {
    let body = match input() {
        Ok(body) => body,
        Err(error) => return refuse(error),
    };
    match VerifiedCallback::verify(&body, &signing.keys) {
        Ok(callback) => {
            match callback.ambiguity() {
                Some(reason) => say!("accepted, to be confirmed: {reason}"),
                None => say!("accepted"),
            }
            ExitCode::SUCCESS
        }
        Err(reason) => {
            say!("refused: {reason}");
            ExitCode::FAILURE
        }
    }
}
