//! Every address of the shop, and what stands in front of all of them.

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{HeaderName, HeaderValue, Method, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use metrics::counter;
use percent_encoding::percent_decode_str;
use tower_http::{
    ServiceBuilderExt,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    request_id::MakeRequestUuid,
    services::ServeDir,
    trace::{DefaultOnResponse, TraceLayer},
};

use tracing::Level;

use crate::{
    error::AppError,
    server::{
        admin, api, failures,
        http::{content_security, dev_reload, health, pace, respond::PERMISSIONS_POLICY},
        platform::callbacks::receiving,
        running::{limits, telling::request},
        shop::{cart, catalogue, checkout, handover, order},
        state::AppState,
    },
};

/// The whole shop as one service.
pub fn router(state: AppState) -> Router {
    let pages = Router::new()
        .route("/", get(catalogue::catalogue))
        .route("/products/{slug}", get(catalogue::product))
        .route("/terms", get(catalogue::terms))
        .route("/cart", get(cart::show).post(cart::add))
        .route("/cart/lines", post(cart::change))
        .route("/checkout", get(checkout::show).post(checkout::pay))
        .route("/orders/{token}", get(order::show).post(order::show))
        .route("/orders/{token}/pay", get(order::show_ways).post(order::try_again))
        .route("/orders/{token}/continue", get(handover::show).post(handover::clarify))
        .route("/orders/{token}/events", get(order::events))
        .merge(admin::routes::router(&state))
        .fallback_service(browser_files(&state))
        .layer(DefaultBodyLimit::max(limits::FORM_BYTES));
    let machines = Router::new()
        .route("/callbacks", callbacks())
        // As somebody may have typed it into the platform's Dashboard.
        .route("/callbacks/", callbacks())
        .route("/api/operations", post(api::operations::list).layer(DefaultBodyLimit::max(limits::QUESTION_BYTES)))
        .route("/api/openapi.json", get(api::description::show))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready));
    let machines = if state.config.dev_reload { machines.merge(dev_reload::routes()) } else { machines };
    let in_front = tower::ServiceBuilder::new()
        .map_request(without_foreign_id)
        .set_x_request_id(MakeRequestUuid)
        .layer(TraceLayer::new_for_http().make_span_with(request::span).on_response(DefaultOnResponse::new().level(Level::INFO)))
        .propagate_x_request_id()
        .layer(middleware::from_fn_with_state(state.clone(), guard_headers))
        .layer(CompressionLayer::new())
        .layer(middleware::from_fn_with_state(state.clone(), failures::draw))
        .layer(middleware::from_fn_with_state(state.clone(), pace::keep))
        .layer(middleware::from_fn(deadline))
        .layer(CatchPanicLayer::custom(|_| AppError::Internal.into_response()));
    let all = pages.merge(machines).method_not_allowed_fallback(async || AppError::NotAllowed);
    all.layer(in_front).with_state(state)
}

fn callbacks() -> MethodRouter<AppState> {
    post(receiving::receive).layer(DefaultBodyLimit::max(limits::CALLBACK_BYTES))
}

/// What the build put into the site folder. Names under `/pkg` change with their content: they are kept for ever.
fn browser_files(state: &AppState) -> Router {
    let files = ServeDir::new(&state.config.site_root).append_index_html_on_directories(false);
    let not_found = async |request: Request, next: Next| {
        if let Some(address) = without_slash_at_its_end(request.uri()) {
            return Redirect::permanent(&address).into_response();
        }
        if !may_be_a_file(request.uri().path()) {
            return AppError::NotFound.into_response();
        }
        let kept_for_ever = request.uri().path().starts_with("/pkg/");
        let mut response = next.run(request).await;
        if response.status().is_client_error() {
            return AppError::NotFound.into_response();
        }
        let kept = if kept_for_ever { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        response
    };
    Router::new().fallback_service(files).layer(middleware::from_fn(not_found))
}

/// Where somebody is led who wrote one or more `/` too many. Never to another host: browsers read `//` and `\` as one.
fn without_slash_at_its_end(uri: &Uri) -> Option<String> {
    let path = uri.path().strip_suffix('/')?.trim_end_matches('/');
    let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    is_ours.then(|| format!("{path}{query}"))
}

/// File systems know no longer names: asking for one is an error of theirs, not of ours.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 1_024;

fn may_be_a_file(path: &str) -> bool {
    path.len() <= LONGEST_PATH
        && percent_decode_str(path).collect::<Vec<u8>>().split(|byte| *byte == b'/').all(|name| name.len() <= LONGEST_NAME)
}

/// A file of a hundred thousand rows takes longer, and so do its failed rows when they are tried again. A file must not stand
/// still meanwhile.
fn answered_within(method: &Method, route: &str, content_type: Option<&HeaderValue>) -> Duration {
    let is_file = || content_type.is_some_and(|kind| kind.as_bytes().to_ascii_lowercase().starts_with(b"multipart/form-data"));
    match (method, route) {
        (&Method::POST, "/admin/batches") if is_file() => limits::FILE_ARRIVES_WITHIN,
        (&Method::POST, "/admin/batches/{id}/again") => limits::FILE_ARRIVES_WITHIN,
        _ => limits::ANSWERED_WITHIN,
    }
}

async fn deadline(request: Request, next: Next) -> Response {
    let within = answered_within(request.method(), request::route(&request), request.headers().get(header::CONTENT_TYPE));
    tokio::time::timeout(within, next.run(request)).await.unwrap_or_else(|_| AppError::TooSlow.into_response())
}

/// Request ids are ours: a stranger's could be anything, and would stand in the log.
fn without_foreign_id(mut request: Request) -> Request {
    request.headers_mut().remove("x-request-id");
    request
}

const ALWAYS: [(HeaderName, &str); 4] = [
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Order addresses go to no other site; forms still tell our own where they come from.
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin-allow-popups"),
];

async fn guard_headers(axum::extract::State(state): axum::extract::State<AppState>, request: Request, next: Next) -> Response {
    let route = request::route(&request).to_owned();
    let mut response = next.run(request).await;
    counter!("http_requests_total", "route" => route, "status" => response.status().as_u16().to_string()).increment(1);
    request::was_answered(response.status());
    let headers = response.headers_mut();
    for (name, value) in ALWAYS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // A page brings its own; pictures and everything else get the strictest.
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(content_security::STRICTEST));
    headers.entry(PERMISSIONS_POLICY).or_insert(HeaderValue::from_static(content_security::NO_PERMISSIONS));
    if state.config.is_https() {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000; includeSubDomains"));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_and_their_failed_rows_may_take_long() {
        let within = |method: Method, route: &str, kind: &'static str| {
            answered_within(&method, route, Some(&HeaderValue::from_static(kind)))
        };
        let (file, form) = ("multipart/form-data; boundary=line", "application/x-www-form-urlencoded");
        let long = limits::FILE_ARRIVES_WITHIN;
        assert_eq!(within(Method::POST, "/admin/batches", file), long);
        assert_eq!(within(Method::POST, "/admin/batches/{id}/again", form), long);
        for short in [
            within(Method::POST, "/admin/batches", form),
            within(Method::GET, "/admin/batches", file),
            within(Method::POST, "/admin/batches/{id}/start", file),
            answered_within(&Method::POST, "/admin/batches", None),
        ] {
            assert_eq!(short, limits::ANSWERED_WITHIN);
        }
    }
}
