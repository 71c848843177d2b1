//! The sandbox's settings, from the environment or a `.env` file. Each names its variable and its default.
//! What is wrong is reported all at once.

use std::{env, fs};

use crate::running::chance;
use secrecy::SecretString;
use storefront::protocol::{sandbox, signed::signature::Key};
use url::Url;

/// Keys print as `[redacted]`.
#[derive(Debug)]
pub struct Settings {
    /// `PROJECT_ID`, default [`sandbox::PROJECT_ID`].
    pub project_id: u64,
    /// `PROJECT_SECRET`, default [`sandbox::PROJECT_SECRET`].
    pub key: Key,
    /// `PROJECT_SECRET_PREVIOUS`, default [`sandbox::PREVIOUS_SECRET`]: signs when a fault asks for it.
    pub previous_key: Key,
    /// A new one at each start, known to nobody: signs what is to be forged.
    pub forged_key: Key,
    /// `DATA_API_TOKEN`, default [`sandbox::DATA_API_TOKEN`].
    pub data_api_token: SecretString,
    /// `DATA_API_SECRET`, default [`sandbox::DATA_API_SECRET`].
    pub data_api_key: Key,
    /// `CALLBACK_URL`, default [`DEFAULT_CALLBACK_URL`]: where callbacks go unless a payment names another address.
    pub callback_url: Url,
}

const DEFAULT_CALLBACK_URL: &str = "http://127.0.0.1:3000/callbacks";

/// Every setting that cannot be used, a line each.
#[derive(Debug, thiserror::Error)]
#[error("settings:\n  {}", .0.join("\n  "))]
pub struct UnusableSettings(Vec<String>);

impl Settings {
    /// Reads every setting, and reports all that are wrong.
    pub fn from_environment() -> Result<Self, UnusableSettings> {
        let mut wrong = Vec::new();
        let project_id = number("PROJECT_ID", sandbox::PROJECT_ID, &mut wrong);
        let key = secret_key("PROJECT_SECRET", sandbox::PROJECT_SECRET, &mut wrong);
        let previous_key = secret_key("PROJECT_SECRET_PREVIOUS", sandbox::PREVIOUS_SECRET, &mut wrong);
        let data_api_token = secret("DATA_API_TOKEN", sandbox::DATA_API_TOKEN, &mut wrong);
        let data_api_key = secret_key("DATA_API_SECRET", sandbox::DATA_API_SECRET, &mut wrong);
        let callback_url = address("CALLBACK_URL", DEFAULT_CALLBACK_URL, &mut wrong);
        let forged_key = Key::new(&SecretString::from(chance::address_key())).ok();
        let settings = || {
            Some(Self {
                project_id: project_id?,
                key: key?,
                previous_key: previous_key?,
                forged_key: forged_key?,
                data_api_token: data_api_token?,
                data_api_key: data_api_key?,
                callback_url: callback_url?,
            })
        };
        settings().ok_or(UnusableSettings(wrong))
    }
}

/// An http(s) address with a host: what callbacks are sent to and customers are led to.
pub fn http_address(text: &str) -> Option<Url> {
    Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
}

/// Set and not empty.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

fn number(name: &str, default: u64, wrong: &mut Vec<String>) -> Option<u64> {
    let Some(text) = variable(name) else { return Some(default) };
    let number = text.parse().ok();
    if number.is_none() {
        wrong.push(format!("{name}: {text:?} is not a whole number"));
    }
    number
}

fn address(name: &str, default: &str, wrong: &mut Vec<String>) -> Option<Url> {
    let text = variable(name).unwrap_or_else(|| default.to_owned());
    let url = http_address(&text);
    if url.is_none() {
        wrong.push(format!("{name}: {text:?} is not an http(s) address"));
    }
    url
}

/// A key from `NAME`, or from the file that `NAME_FILE` names.
fn secret_key(name: &str, default: &str, wrong: &mut Vec<String>) -> Option<Key> {
    let key = Key::new(&secret(name, default, wrong)?).ok();
    if key.is_none() {
        wrong.push(format!("{name}: empty"));
    }
    key
}

/// A text from `NAME`, or from the file that `NAME_FILE` names. Its value never appears in a message.
fn secret(name: &str, default: &str, wrong: &mut Vec<String>) -> Option<SecretString> {
    let file = format!("{name}_FILE");
    let secret = match (variable(name), variable(&file)) {
        (Some(_), Some(_)) => {
            wrong.push(format!("{name}: given twice, also as {file}"));
            return None;
        }
        (Some(secret), None) => secret,
        (None, None) => default.to_owned(),
        (None, Some(path)) => match fs::read_to_string(&path) {
            Ok(text) => text.trim_end_matches(['\r', '\n']).to_owned(),
            Err(error) => {
                wrong.push(format!("{file}: {path}: {error}"));
                return None;
            }
        },
    };
    Some(SecretString::from(secret))
}
