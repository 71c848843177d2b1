//! A browser without scripts, of a customer or an operator of the shop: cookies, pages, forms.

use super::World;
use super::http::{Answer, Request};
use super::page::{form, inputs};
use anyhow::{Result, ensure};
use std::collections::BTreeMap;

pub struct Browser<'a> {
    world: &'a World,
    cookies: BTreeMap<String, String>,
    /// The address of its user.
    visitor: String,
}

impl<'a> Browser<'a> {
    pub fn of(world: &'a World) -> Self {
        // A proxy tells addresses; a shop without one believes nobody.
        let visitor = if world.behind.is_some() { world.record.one_visitor() } else { String::new() };
        Self { world, cookies: BTreeMap::new(), visitor }
    }

    /// Opens a page, again and again until it is there.
    pub fn opens(&mut self, path: &str) -> Result<Answer> {
        self.insists(&Request::get(path))
    }

    /// Sends a form, again and again until it is answered.
    pub fn posts<'f>(&mut self, path: &str, fields: impl IntoIterator<Item = (&'f str, &'f str)>) -> Result<Answer> {
        self.insists(&Request::form(path, &form(fields)))
    }

    fn insists(&mut self, request: &Request<'_>) -> Result<Answer> {
        let cookie: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = self.world.insists(&Request { cookie: &cookie.join("; "), visitor: &self.visitor, ..*request })?;
        let set: Vec<_> = answer.cookies().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        self.cookies.extend(set);
        Ok(answer)
    }

    /// Uploads a file by the form of this address.
    pub fn uploads(&mut self, path: &str, name: &str, file: &str) -> Result<Answer> {
        let head = format!("content-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\ncontent-type: text/csv");
        let body = format!("--line\r\n{head}\r\n\r\n{file}\r\n--line--\r\n");
        self.insists(&Request { content_type: "multipart/form-data; boundary=line", ..Request::form(path, body.as_bytes()) })
    }

    /// The values of some inputs of a page.
    pub fn inputs_of<const N: usize>(&mut self, path: &str, names: [&str; N]) -> Result<[String; N]> {
        let answer = self.opens(path)?;
        ensure!(answer.status == 200, "{path}: {} {}", answer.status, answer.header("location").unwrap_or_default());
        let inputs = inputs(&answer.text());
        let value = |name: &str| inputs.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        Ok(names.map(|name| value(name).unwrap_or_default()))
    }
}
