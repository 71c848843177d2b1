//! HTTP/1.1 with a connection for each request: nothing is tried again behind the back of whoever asks.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

const CONNECTS_WITHIN: Duration = Duration::from_secs(5);
/// The shop ends a request by itself after fifteen seconds.
const ANSWERS_WITHIN: Duration = Duration::from_secs(40);

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// A request to a program on this machine.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub content_type: &'a str,
    pub cookie: &'a str,
    /// The address that a proxy has the request from. Nothing: its own.
    pub visitor: &'a str,
    pub body: &'a [u8],
}

impl<'a> Request<'a> {
    pub fn get(path: &'a str) -> Self {
        Self { method: "GET", path, content_type: "", cookie: "", visitor: "", body: b"" }
    }

    pub fn json(method: &'a str, path: &'a str, body: &'a [u8]) -> Self {
        Self { method, path, content_type: "application/json", cookie: "", visitor: "", body }
    }

    pub fn form(path: &'a str, body: &'a [u8]) -> Self {
        Self { method: "POST", path, content_type: "application/x-www-form-urlencoded", cookie: "", visitor: "", body }
    }

    /// Head and body as they go over the wire.
    pub fn bytes(&self, port: u16) -> Vec<u8> {
        let mut head = format!("{} {} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n", self.method, self.path);
        for (name, value) in [("Content-Type", self.content_type), ("Cookie", self.cookie), ("X-Forwarded-For", self.visitor)] {
            if !value.is_empty() {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        if self.method != "GET" {
            head.push_str(&format!("Content-Length: {}\r\n", self.body.len()));
        }
        [head.as_bytes(), b"\r\n", self.body].concat()
    }

    pub fn to(&self, port: u16) -> Result<Answer> {
        let mut stream = connect(port)?;
        // A server may answer before it read all of a body that it refuses.
        let sent = stream.write_all(&self.bytes(port));
        read(stream).or_else(|error| sent.map_err(Into::into).and(Err(error)))
    }
}

pub fn connect(port: u16) -> Result<TcpStream> {
    let stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), CONNECTS_WITHIN)?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(ANSWERS_WITHIN))?;
    stream.set_write_timeout(Some(ANSWERS_WITHIN))?;
    Ok(stream)
}

pub fn read(stream: TcpStream) -> Result<Answer> {
    let mut stream = BufReader::new(stream);
    let status = line(&mut stream)?.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no status")?;
    let mut headers = Vec::new();
    loop {
        let line = line(&mut stream)?;
        let Some((name, value)) = line.split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut answer = Answer { status, headers, body: Vec::new() };
    if answer.header("transfer-encoding") == Some("chunked") {
        answer.body = chunks(&mut stream)?;
    } else if let Some(length) = answer.header("content-length") {
        answer.body = vec![0; length.parse()?];
        stream.read_exact(&mut answer.body)?;
    }
    Ok(answer)
}

fn chunks(stream: &mut impl BufRead) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length = usize::from_str_radix(&line(stream)?, 16).context("the length of a chunk")?;
        let from = body.len();
        body.resize(from + length, 0);
        stream.read_exact(&mut body[from..])?;
        line(stream)?;
        if length == 0 {
            return Ok(body);
        }
    }
}

fn line(stream: &mut impl BufRead) -> Result<String> {
    let mut line = String::new();
    if stream.read_line(&mut line)? == 0 {
        bail!("the connection broke off");
    }
    Ok(line.trim_end().to_owned())
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub fn location(&self) -> Result<&str> {
        self.header("location").with_context(|| format!("{} leads nowhere: {}", self.status, self.text()))
    }

    /// `name` and `value` of each cookie that is set.
    pub fn cookies(&self) -> impl Iterator<Item = (&str, &str)> {
        let set = self.headers.iter().filter(|(name, _)| name == "set-cookie");
        set.filter_map(|(_, cookie)| cookie.split(';').next()?.split_once('='))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Nobody would say that the request was served.
    pub fn is_outage(&self) -> bool {
        self.status >= 500
    }
}
