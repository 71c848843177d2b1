//! Every address of the back office, and what it asks of whoever opens it: one list makes both the router and the table
//! that a test compares with what was agreed.

use axum::{
    Router,
    handler::Handler,
    http::Method,
    middleware,
    response::Redirect,
    routing::{MethodRouter, get, on},
};

use super::{
    account,
    guard::{self, Door},
    operators, resume, session, sign_in, tokens,
};
use crate::{domain::operator::Permission, server::state::AppState};

/// The list. `Door::To` names the least that a role must allow.
fn list(state: &AppState) -> Routes {
    use Permission::{Manage, See};
    Routes::new(state)
        .get("/admin", Door::To(See), async || Redirect::to("/admin/orders"))
        .get("/admin/sign-in", Door::Anyone, sign_in::show)
        .post("/admin/sign-in", Door::Anyone, sign_in::sign_in)
        .get("/admin/sign-in/code", Door::Anyone, sign_in::show_code)
        .post("/admin/sign-in/code", Door::Anyone, sign_in::verify_code)
        .post("/admin/sign-out", Door::Anyone, sign_in::sign_out)
        .get("/admin/resume", Door::SignedIn, resume::show)
        .get("/admin/account", Door::SignedIn, account::show)
        .post("/admin/account/password", Door::SignedIn, account::change_password)
        .post("/admin/account/second-factor", Door::SignedIn, account::set_up_second_factor)
        .post("/admin/account/second-factor/removal", Door::SignedIn, account::remove_second_factor)
        .post("/admin/account/sign-out-everywhere", Door::SignedIn, account::sign_out_everywhere)
        .get("/admin/operators", Door::To(Manage), operators::show)
        .post("/admin/operators", Door::To(Manage), operators::add)
        .post("/admin/operators/{id}/role", Door::To(Manage), operators::change_role)
        .post("/admin/operators/{id}/removal", Door::To(Manage), operators::remove)
        .post("/admin/operators/{id}/second-factor", Door::To(Manage), operators::reset_second_factor)
        .get("/admin/tokens", Door::To(Manage), tokens::show)
        .post("/admin/tokens", Door::To(Manage), tokens::make)
        .post("/admin/tokens/{id}/revocation", Door::To(Manage), tokens::revoke)
}

/// The back office as one service.
pub fn router(state: &AppState) -> Router<AppState> {
    list(state).router.layer(session::layer(state))
}

/// Method, address and door of every route, in the order of the list.
pub fn table(state: &AppState) -> Vec<(Method, &'static str, Door)> {
    list(state).table
}

struct Routes {
    state: AppState,
    router: Router<AppState>,
    table: Vec<(Method, &'static str, Door)>,
}

impl Routes {
    fn new(state: &AppState) -> Self {
        Self { state: state.clone(), router: Router::new(), table: Vec::new() }
    }

    fn get<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, door: Door, handler: H) -> Self {
        self.add(Method::GET, path, door, get(handler))
    }

    fn post<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, door: Door, handler: H) -> Self {
        self.add(Method::POST, path, door, on(axum::routing::MethodFilter::POST, handler))
    }

    fn add(mut self, method: Method, path: &'static str, door: Door, handler: MethodRouter<AppState>) -> Self {
        let guarded = handler.layer(middleware::from_fn_with_state((self.state.clone(), door), guard::guard));
        self.router = self.router.route(path, guarded);
        self.table.push((method, path, door));
        self
    }
}
