//! Every address of the sandbox, in one list, and the headers that go with every answer.

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request},
    http::{
        HeaderValue, StatusCode,
        header::{CONTENT_SECURITY_POLICY, REFERRER_POLICY, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS},
    },
    middleware::{Next, from_fn},
    response::Response,
    routing::{any, get, post, put},
};

use crate::{
    control::{self, panel},
    data_api, gate,
    payment_page::{confirm, example, provider, result, show},
    running::limits::LARGEST_BODY,
    sandbox::Sandbox,
    web::{
        assets, guard, home,
        page::{self, LeadsTo, Scripted},
    },
};

/// The whole service.
pub fn routes(sandbox: Arc<Sandbox>) -> Router {
    let control = Router::new()
        .route("/control", get(panel::show))
        .route("/control/panel/{form}", post(panel::act))
        .route("/control/payments", get(control::payments::list))
        .route("/control/payments/{payment_id}", get(control::payments::show))
        .route("/control/payments/{payment_id}/callbacks", post(control::payments::send_again))
        .route("/control/payments/{payment_id}/refund", post(control::dashboard::refund))
        .route("/control/payouts", post(control::dashboard::pay_out))
        .route("/control/questions", get(control::questions::list))
        .route("/control/faults", put(control::faults::replace).get(control::faults::show).delete(control::faults::clear))
        .route("/control/register", put(control::register::replace).get(control::register::show).delete(control::register::clear))
        .route("/control/clock", post(control::clock::advance))
        .route("/control/reset", post(control::clock::reset))
        .layer(from_fn(control::loopback::only));
    let own_forms = Router::new()
        .route("/payment/confirm", post(confirm::confirm))
        .route("/payment/{key}/again", post(result::try_again))
        .layer(from_fn(guard::own_pages_only));
    let for_servers = Router::new()
        .route("/v1/operations/get", post(data_api::operations))
        .route("/v1/operations/get-by-payment", post(data_api::operations_of_payment))
        .route("/v1/{*elsewhere}", any(data_api::nowhere))
        .merge(gate::routes(&sandbox))
        .layer(from_fn(guard::no_pages));
    Router::new()
        .route("/", get(home::show))
        .route("/example", get(example::show))
        .route("/assets/sandbox.css", get(assets::SANDBOX_CSS))
        .route("/assets/frame.js", get(assets::FRAME_JS))
        .route("/assets/countdown.js", get(assets::COUNTDOWN_JS))
        .route("/assets/example.js", get(assets::EXAMPLE_JS))
        .route("/shared/merchant.js", get(assets::MERCHANT_JS))
        .route("/shared/merchant.css", get(assets::MERCHANT_CSS))
        .route("/payment", get(show::open_by_query).post(show::open_by_form))
        .route("/payment/{key}", get(result::show))
        .route("/provider/{method}/{key}", get(provider::show).post(provider::decide))
        .merge(own_forms)
        .merge(for_servers)
        .merge(control)
        .fallback(async || page::not_found())
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn(protect))
        .with_state(sandbox)
}

/// Pages load nothing from elsewhere, and scripts of our own only where they say so. Shops may frame the customer's pages,
/// nobody the control panel. Referrers stay within the sandbox; without any, a browser would hide the origin of our own
/// forms from the guard. Whatever cannot be done now may be tried again a second later.
async fn protect(request: Request, next: Next) -> Response {
    let framed = request.uri().path().starts_with("/payment") || request.uri().path().starts_with("/provider");
    let mut response = next.run(request).await;
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    }
    let ancestors = if framed { "*" } else { "'none'" };
    let scripts = match (response.extensions().get::<Scripted>(), framed) {
        (None, _) => "",
        (Some(_), true) => "script-src 'self'; ",
        (Some(_), false) => "script-src 'self'; frame-src 'self'; ",
    };
    let forms = response.extensions_mut().remove::<LeadsTo>().map(|LeadsTo(origins)| origins);
    let forms: String = forms.iter().flatten().map(|origin| format!(" {origin}")).collect();
    let policy = format!(
        "default-src 'none'; {scripts}style-src 'self'; img-src 'self' data:; form-action 'self'{forms}; base-uri 'none'; \
         frame-ancestors {ancestors}"
    );
    let headers = response.headers_mut();
    // Origins are plain ASCII, so they always fit a header.
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}
