//! Requests and answers over a connection that stays open.

use anyhow::{Context, Result};
use axum::body::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper::header::{CONTENT_TYPE, COOKIE, HOST, HeaderMap, HeaderName, ORIGIN};
use hyper::http::{Method, Request as HttpRequest};
use hyper_util::rt::TokioIo;
use std::net::Ipv4Addr;
use tokio::net::TcpStream;

pub struct Request {
    pub method: Method,
    pub path: String,
    pub content_type: &'static str,
    /// `name=value` of the only cookie; empty for none.
    pub cookie: String,
    /// The address a proxy in front of the shop would have seen; `None`: no proxy.
    pub forwarded_for: Option<Ipv4Addr>,
    pub body: Bytes,
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

pub struct Connection {
    port: u16,
    sender: SendRequest<Full<Bytes>>,
}

impl Request {
    fn to_server(&self, port: u16) -> Result<HttpRequest<Full<Bytes>>> {
        let host = format!("127.0.0.1:{port}");
        let mut request = HttpRequest::builder().method(&self.method).uri(&self.path);
        request = request.header(ORIGIN, format!("http://{host}")).header(HOST, host).header(CONTENT_TYPE, self.content_type);
        if !self.cookie.is_empty() {
            request = request.header(COOKIE, &self.cookie);
        }
        if let Some(address) = self.forwarded_for {
            request = request.header(X_FORWARDED_FOR, address.to_string());
        }
        Ok(request.body(Full::new(self.body.clone()))?)
    }
}

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

impl Answer {
    pub fn header(&self, name: HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Status and text, for people.
    pub fn told(&self) -> String {
        format!("{}: {}", self.status, self.text())
    }
}

impl Connection {
    /// Must be called on a runtime's `LocalSet`.
    pub async fn open(port: u16) -> Result<Connection> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.context("connecting to the server")?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        tokio::task::spawn_local(connection);
        Ok(Connection { port, sender })
    }

    /// Sends a request and reads the whole answer. Connects again if the server ended the connection after an answer.
    pub async fn ask(&mut self, request: &Request) -> Result<Answer> {
        if self.sender.is_closed() {
            *self = Connection::open(self.port).await?;
        }
        self.sender.ready().await?;
        let (head, body) = self.sender.send_request(request.to_server(self.port)?).await?.into_parts();
        Ok(Answer { status: head.status.as_u16(), headers: head.headers, body: body.collect().await?.to_bytes() })
    }
}
