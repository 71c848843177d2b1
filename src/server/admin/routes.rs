//! Every address of the back office, and who may open it. One list makes both the router and the table that a test compares
//! with the agreed one.

use axum::{
    Router,
    extract::DefaultBodyLimit,
    handler::Handler,
    http::Method,
    middleware,
    response::Redirect,
    routing::{MethodRouter, get, post},
};

use crate::{
    domain::people::operator::Permission::{Ask, Manage, MoveMoney, Refund, See},
    server::{
        admin::{
            acts,
            batches::{show, starting, upload},
            callbacks::{cases, journal, several_cases},
            orders::{customer, order, orders_csv, payouts, registry},
            people::{
                account, device,
                guard::{self, Door},
                invitations, operators, resume, sign_in, tokens,
            },
            reconciliation, reports,
        },
        http::cookies,
        reports::export::Ending,
        running::limits,
        state::AppState,
    },
};

/// The list. `Door::To` names the least that a role must allow.
fn list() -> Routes {
    let areas = [own, orders, customers, callbacks, batches, reports, reconciliation, operators];
    areas.into_iter().fold(Routes::default(), |routes, area| area(routes))
}

/// Sign-in, sign-out, and one's own account.
fn own(routes: Routes) -> Routes {
    routes
        .get("/admin", Door::To(See), async || Redirect::to("/admin/orders"))
        .get("/admin/sign-in", Door::Anyone, sign_in::show)
        .post("/admin/sign-in", Door::Anyone, sign_in::sign_in)
        .get("/admin/sign-in/code", Door::Anyone, sign_in::show_code)
        .post("/admin/sign-in/code", Door::Anyone, sign_in::verify_code)
        .post("/admin/sign-out", Door::Anyone, sign_in::sign_out)
        .get("/admin/invitations/{token}", Door::Anyone, invitations::show)
        .post("/admin/invitations/{token}", Door::Anyone, invitations::take)
        .get("/admin/resume", Door::SignedIn, resume::show)
        .get("/admin/account", Door::SignedIn, account::show)
        .post("/admin/account/password", Door::SignedIn, account::change_password)
        .post("/admin/account/second-factor", Door::SignedIn, account::set_up_second_factor)
        .post("/admin/account/second-factor/removal", Door::SignedIn, account::remove_second_factor)
        .post("/admin/account/sign-out-everywhere", Door::SignedIn, account::sign_out_everywhere)
}

/// Orders.
fn orders(routes: Routes) -> Routes {
    routes
        .get("/admin/orders", Door::To(See), registry::show)
        .get("/admin/orders/export.csv", Door::To(See), |state, operator, query| {
            orders_csv::export(Ending::Csv, state, operator, query)
        })
        .get("/admin/orders/export.xlsx", Door::To(See), |state, operator, query| {
            orders_csv::export(Ending::Xlsx, state, operator, query)
        })
        .get("/admin/orders/export.json", Door::To(See), |state, operator, query| {
            orders_csv::export(Ending::Json, state, operator, query)
        })
        .get("/admin/orders/{id}", Door::To(See), order::show)
        .get("/admin/orders/{id}/events", Door::To(See), order::events)
        .post("/admin/orders/{id}/inquiry", Door::To(Ask), order::ask)
        .post("/admin/orders/{id}/refunds", Door::To(Refund), order::refund)
}

/// Customers, and what is paid out to them.
fn customers(routes: Routes) -> Routes {
    routes
        .get("/admin/customers/{id}", Door::To(See), customer::show)
        .get("/admin/customers/{id}/events", Door::To(See), customer::events)
        .post("/admin/customers/{id}/payouts", Door::To(MoveMoney), customer::pay_out)
        .get("/admin/payouts", Door::To(See), payouts::show)
}

/// What the platform told, and what of it waits for a person.
fn callbacks(routes: Routes) -> Routes {
    routes
        .get("/admin/callbacks", Door::To(See), journal::show)
        .post("/admin/callbacks/{id}/application", Door::To(Ask), journal::apply_again)
        .post("/admin/cases/{id}/acceptance", Door::To(MoveMoney), cases::accept)
        .post("/admin/cases/{id}/refund", Door::To(MoveMoney), cases::refund)
        .post("/admin/cases/{id}/dismissal", Door::To(MoveMoney), cases::dismiss)
        .post("/admin/cases/dismissal", Door::To(MoveMoney), several_cases::dismiss)
}

/// Files of refunds and payouts.
fn batches(routes: Routes) -> Routes {
    routes
        .get("/admin/batches", Door::To(See), show::list)
        .post("/admin/batches", Door::To(MoveMoney), upload::upload.layer(DefaultBodyLimit::max(limits::FILE_BYTES)))
        .get("/admin/batches/template-refunds.csv", Door::To(See), show::refund_template)
        .get("/admin/batches/template-payouts.csv", Door::To(See), show::payout_template)
        .get("/admin/batches/{id}", Door::To(See), show::show)
        .get("/admin/batches/{id}/events", Door::To(See), show::events)
        .get("/admin/batches/{id}/result.csv", Door::To(See), show::result)
        .post("/admin/batches/{id}/start", Door::To(MoveMoney), starting::start)
        .post("/admin/batches/{id}/approve", Door::To(MoveMoney), starting::approve)
        .post("/admin/batches/{id}/cancel", Door::To(MoveMoney), starting::cancel)
        .post("/admin/batches/{id}/again", Door::To(MoveMoney), starting::try_again)
}

/// Figures and the rows behind them.
fn reports(routes: Routes) -> Routes {
    routes
        .get("/admin/reports", Door::To(See), reports::figures::show)
        .get("/admin/reports/movements", Door::To(See), reports::rows::movements)
        .get("/admin/reports/declines", Door::To(See), reports::rows::declines)
        .get("/admin/reports/unfinished", Door::To(See), reports::rows::unfinished)
        .get("/admin/reports/export.csv", Door::To(See), reports::files::figures_file)
        .get("/admin/reports/export.xlsx", Door::To(See), reports::files::figures_file)
        .get("/admin/reports/export.json", Door::To(See), reports::files::figures_file)
        .get("/admin/reports/movements.csv", Door::To(See), reports::files::movements_file)
        .get("/admin/reports/movements.xlsx", Door::To(See), reports::files::movements_file)
        .get("/admin/reports/movements.json", Door::To(See), reports::files::movements_file)
}

/// The platform's register beside the shop's books.
fn reconciliation(routes: Routes) -> Routes {
    routes
        .get("/admin/reconciliation", Door::To(See), reconciliation::show)
        .get("/admin/reconciliation/events", Door::To(See), reconciliation::events)
        .post("/admin/reconciliation", Door::To(MoveMoney), reconciliation::run)
        .post("/admin/reconciliation/differences/{id}/healing", Door::To(MoveMoney), reconciliation::heal)
}

/// Who works here.
fn operators(routes: Routes) -> Routes {
    routes
        .get("/admin/acts", Door::To(Manage), acts::show)
        .get("/admin/operators", Door::To(Manage), operators::show)
        .post("/admin/operators", Door::To(Manage), operators::add)
        .post("/admin/operators/{id}/role", Door::To(Manage), operators::change_role)
        .post("/admin/operators/{id}/removal", Door::To(Manage), operators::remove)
        .post("/admin/operators/{id}/second-factor", Door::To(Manage), operators::reset_second_factor)
        .post("/admin/operators/{id}/invitation", Door::To(Manage), operators::invite_anew)
        .get("/admin/tokens", Door::To(Manage), tokens::show)
        .post("/admin/tokens", Door::To(Manage), tokens::make)
        .post("/admin/tokens/{id}/revocation", Door::To(Manage), tokens::revoke)
}

/// The back office as one service: the guard stands before each address.
pub fn router(state: &AppState) -> Router<AppState> {
    let behind_its_door = |router: Router<AppState>, Route { path, door, handler, .. }| {
        router.route(path, handler.layer(middleware::from_fn_with_state((state.clone(), door), guard::guard)))
    };
    let all = list().0.into_iter().fold(Router::new(), behind_its_door).layer(cookies::sessions(state));
    all.layer(middleware::map_response_with_state(state.clone(), device::send_cookie))
}

/// Method, address and door of every route, in the order of the list.
pub fn table() -> Vec<(Method, &'static str, Door)> {
    list().0.into_iter().map(|route| (route.method, route.path, route.door)).collect()
}

#[derive(Default)]
struct Routes(Vec<Route>);

struct Route {
    method: Method,
    path: &'static str,
    door: Door,
    handler: MethodRouter<AppState>,
}

impl Routes {
    fn get<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, door: Door, handler: H) -> Self {
        self.with(Route { method: Method::GET, path, door, handler: get(handler) })
    }

    fn post<H: Handler<T, AppState>, T: 'static>(self, path: &'static str, door: Door, handler: H) -> Self {
        self.with(Route { method: Method::POST, path, door, handler: post(handler) })
    }

    fn with(mut self, route: Route) -> Self {
        self.0.push(route);
        self
    }
}
