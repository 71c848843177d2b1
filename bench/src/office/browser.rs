//! A minimal browser to measure with: one connection, cookies, GET and the sign-in form.

use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(300);

pub struct Browser {
    port: u16,
    connection: Option<BufReader<TcpStream>>,
    cookies: Vec<(String, String)>,
}

pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl Browser {
    pub fn of(port: u16) -> Self {
        Self { port, connection: None, cookies: Vec::new() }
    }

    /// As a header has them.
    pub fn cookies(&self) -> String {
        self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ")
    }

    pub fn get(&mut self, address: &str) -> Result<Answer> {
        let mut body = Vec::new();
        let answer = self.ask("GET", address, "", |bytes| body.extend_from_slice(bytes))?;
        Ok(Answer { body, ..answer })
    }

    /// Downloads a file without storing it. Returns its bytes and lines.
    pub fn download(&mut self, address: &str) -> Result<(u64, usize)> {
        let (mut bytes, mut lines) = (0, 0);
        let answer = self.ask("GET", address, "", |part| {
            bytes += part.len() as u64;
            lines += part.iter().filter(|byte| **byte == b'\n').count();
        })?;
        ensure!(answer.status == 200, "{address} is answered with {}", answer.status);
        Ok((bytes, lines))
    }

    pub fn sign_in(&mut self, email: &str, password: &str) -> Result<()> {
        let form = [("email", email), ("password", password)];
        let body = form.map(|(name, value)| format!("{name}={}", encoded(value))).join("&");
        let mut page = Vec::new();
        let answer = self.ask("POST", "/admin/sign-in", &body, |bytes| page.extend_from_slice(bytes))?;
        let leads = answer.header("location").is_some_and(|to| to.starts_with("/admin") && !to.contains("sign-in"));
        ensure!(answer.status == 303 && leads, "signing in: {}\n{}", answer.status, String::from_utf8_lossy(&page));
        Ok(())
    }

    fn ask(&mut self, method: &str, address: &str, body: &str, mut take: impl FnMut(&[u8])) -> Result<Answer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                let stream = TcpStream::connect(("127.0.0.1", self.port))?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(PATIENCE))?;
                BufReader::with_capacity(64 * 1024, stream)
            }
        };
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = format!(
            "{method} {address} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nCookie: {}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.port,
            cookies.join("; "),
            body.len(),
        );
        connection.get_mut().write_all(request.as_bytes())?;
        let answer = head(&mut connection)?;
        if answer.header("transfer-encoding") == Some("chunked") {
            chunks(&mut connection, &mut take)?;
        } else {
            let length = answer.header("content-length").map_or(Ok(0), str::parse).context("Content-Length")?;
            let mut body = vec![0; length];
            connection.read_exact(&mut body)?;
            take(&body);
        }
        for (_, cookie) in answer.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let pair = cookie.split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        if answer.header("connection") != Some("close") {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

fn head(connection: &mut impl BufRead) -> Result<Answer> {
    let status = line(connection)?.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
    let mut headers = Vec::new();
    loop {
        let line = line(connection)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    Ok(Answer { status, headers, body: Vec::new() })
}

fn chunks(connection: &mut impl BufRead, take: &mut impl FnMut(&[u8])) -> Result<()> {
    let mut chunk = Vec::new();
    loop {
        let length = usize::from_str_radix(&line(connection)?, 16).context("the length of a chunk")?;
        chunk.resize(length, 0);
        connection.read_exact(&mut chunk)?;
        take(&chunk);
        line(connection)?;
        if length == 0 {
            return Ok(());
        }
    }
}

fn line(connection: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if connection.read_line(&mut line)? == 0 {
        bail!("the shop broke off");
    }
    Ok(line.trim_end().to_owned())
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
