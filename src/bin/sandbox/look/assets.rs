//! Styles and scripts, compiled into the program.

use axum::{
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

/// `GET /assets/sandbox.css`
pub async fn sandbox_css() -> Response {
    css(include_str!("sandbox.css"))
}

/// `GET /assets/frame.js`
pub async fn frame_js() -> Response {
    javascript(include_str!("shared/frame.js"))
}

/// `GET /assets/countdown.js`
pub async fn countdown_js() -> Response {
    javascript(include_str!("shared/countdown.js"))
}

/// `GET /assets/example.js`
pub async fn example_js() -> Response {
    javascript(include_str!("shared/example.js"))
}

/// `GET /shared/merchant.js`
pub async fn merchant_js() -> Response {
    javascript(include_str!("shared/merchant.js"))
}

/// `GET /shared/merchant.css`
pub async fn merchant_css() -> Response {
    css(include_str!("shared/merchant.css"))
}

fn css(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], text).into_response()
}

fn javascript(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], text).into_response()
}
