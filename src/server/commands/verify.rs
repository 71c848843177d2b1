//! `storefront verify`: whether a body is a callback of this project.

use super::say;
use std::process::ExitCode;

use super::{input, refuse};
use crate::{protocol::callback::VerifiedCallback, server::config::Signing};

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
