//! ACT: the lists behind the figures: movements of money, declined attempts, what has no end yet.

use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use jiff::tz::TimeZone;
use leptos::prelude::*;
use url::form_urlencoded;

use crate::{
    components::office::Tab,
    domain::{
        books::MoneyKind,
        people::operator::Operator,
        report::{PaidWith, Part, REPORT_FIELDS, ReportFilter, WaitingFigures},
        text::fields::{Fields, moment_and_name},
    },
    error::AppError,
    pages::admin::reports::rows::{Line, ReportRowsPage, Total, UnreadableRowsPage},
    platform::code,
    server::{
        admin::{lists, office::Office, reports::filter},
        reports::exported::signed,
        running::calendar::written,
        state::AppState,
        store::{DeclinedAttempt, MovementTotals, Movements, ReportMovement, Seen, UnfinishedRow},
    },
};

/// Rows of a page.
const PAGE: usize = 50;

/// One row more tells whether there is a next page.
const ASKED_FOR: u32 = 51;

pub async fn movements(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let mut fields = filter::fields(query.as_deref());
    let asked = filter::read(&mut fields, &state);
    let kind = fields.value("kind").to_owned();
    let kinds = kinds(&kind);
    if kinds.is_none() {
        fields.refuse("kind", "this list is of sale, refund, payout or net, or of all movements if none is named");
    }
    let after = fields.row("after", moment_and_name);
    let (Some((filter, span)), Some(kinds), false) = (asked, kinds, fields.is_refused()) else {
        return Ok(unreadable(&state, &operator, &fields));
    };
    let of = Movements { kinds, span, part: filter.part };
    let is_first = after.is_none();
    let after = after.map(|(at, id)| (at, id.parse().unwrap_or(i64::MAX)));
    let mut found = state.store.movements(&of, after, ASKED_FOR).await?;
    let totals = state.store.movement_totals(&of).await?;
    let query = format!("kind={kind}&{filter}");
    let address = format!("/admin/reports/movements?{query}");
    let last = lists::last_of_page(&mut found, PAGE);
    let next = last.map(|last| after_row(&address, last.posted_at, &last.id.to_string()));
    let title = match kind.as_str() {
        "sale" => "Sales",
        "refund" => "Refunds",
        "payout" => "Payouts",
        "net" => "Sales and refunds",
        _ => "Movements of money",
    };
    let listed = ReportRowsPage {
        title,
        lead: format!("Posted {}.", in_words(filter)),
        totals: totals_of(&kind, totals),
        lines: found.into_iter().map(|movement| movement_line(movement, &kind, &state.config.time_zone)).collect(),
        next,
        first: (!is_first).then_some(address),
        exports: Some(("/admin/reports/movements".to_owned(), query)),
        report: format!("/admin/reports?{filter}"),
    };
    Ok(show(&state, &operator, listed))
}

pub async fn declines(State(state): State<AppState>, operator: Operator, RawQuery(query): RawQuery) -> Result<Response, AppError> {
    let mut fields = filter::fields(query.as_deref());
    let asked = filter::read(&mut fields, &state);
    let after = fields.row("after", seen);
    let (Some((filter, span)), false) = (asked, fields.is_refused()) else {
        return Ok(unreadable(&state, &operator, &fields));
    };
    let code = match fields.value("code") {
        "" => None,
        "none" => Some(""),
        code => Some(code),
    };
    let mut found = state.store.declined_attempts(span, filter.part, code, after.as_ref(), ASKED_FOR).await?;
    let address = format!("/admin/reports/declines?{}&{filter}", pair("code", fields.value("code")));
    let last = lists::last_of_page(&mut found, PAGE);
    let next = last.map(|last| after_row(&address, last.started_at, &last.payment_id));
    let listed = ReportRowsPage {
        title: "Declined attempts",
        lead: format!("Begun {}.", in_words(filter)),
        lines: found.into_iter().map(|attempt| declined_line(attempt, &state.config.time_zone)).collect(),
        next,
        first: after.is_some().then_some(address),
        report: format!("/admin/reports?{filter}"),
        ..ReportRowsPage::default()
    };
    Ok(show(&state, &operator, listed))
}

pub async fn unfinished(
    State(state): State<AppState>,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let mut fields = filter::fields(query.as_deref());
    let asked = filter::read(&mut fields, &state);
    let after = fields.row("after", seen);
    let waits = WaitingFigures::from_name(fields.value("kind"));
    if waits.is_none() {
        fields.refuse("kind", "the address must say what waits: payment, refund or payout");
    }
    let is_stuck = match fields.value("stuck") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    if is_stuck.is_none() {
        fields.refuse("stuck", "the address must say whether it waits for too long: yes or no");
    }
    let (Some((filter, _)), Some(waits), Some(is_stuck), false) = (asked, waits, is_stuck, fields.is_refused()) else {
        return Ok(unreadable(&state, &operator, &fields));
    };
    let mut found = state.store.unfinished(waits, is_stuck, filter.part, state.now(), after.as_ref(), ASKED_FOR).await?;
    let stuck = fields.value("stuck");
    let address = format!("/admin/reports/unfinished?kind={}&stuck={stuck}{}", waits.name(), filter.part);
    let last = lists::last_of_page(&mut found, PAGE);
    let next = last.map(|last| after_row(&address, last.since, &last.reference));
    let listed = ReportRowsPage {
        title: if is_stuck { "Stuck" } else { "Under way" },
        lead: format!("{}s without an end{}, the longest wait first.", waits.name(), part_in_words(filter.part)),
        lines: found.into_iter().map(|row| unfinished_line(row, &state.config.time_zone)).collect(),
        next,
        first: after.is_some().then_some(address),
        report: format!("/admin/reports?{filter}"),
        ..ReportRowsPage::default()
    };
    Ok(show(&state, &operator, listed))
}

/// Which movements an address means. Net is what came less what went back.
pub fn kinds(name: &str) -> Option<Vec<MoneyKind>> {
    match name {
        "" => Some(MoneyKind::ALL.to_vec()),
        "net" => Some(vec![MoneyKind::Sale, MoneyKind::Refund]),
        name => MoneyKind::from_name(name).map(|kind| vec![kind]),
    }
}

/// In a list of several kinds, what left the shop has a minus.
fn shown(asked: &str, kind: MoneyKind, minor: i128) -> i128 {
    if matches!(asked, "net" | "") { signed(kind, minor) } else { minor }
}

fn totals_of(asked: &str, totals: MovementTotals) -> Vec<Total> {
    let mut shown_totals: Vec<Total> = Vec::new();
    for (kind, currency, moved) in totals {
        let minor = shown(asked, kind, moved.minor);
        let label = match kind {
            _ if asked == "net" => "Net",
            MoneyKind::Sale => "Sales",
            MoneyKind::Refund => "Refunds",
            MoneyKind::Payout => "Payouts",
        };
        let label = format!("{label} in {}", currency.code());
        // Only totals of the same label, which names the currency, are added.
        match shown_totals.iter_mut().find(|total| total.label == label) {
            Some(total) => {
                total.count = total.count.saturating_add(moved.count);
                total.minor = total.minor.saturating_add(minor);
            }
            None => shown_totals.push(Total { label, count: moved.count, minor, currency }),
        }
    }
    shown_totals
}

fn movement_line(movement: ReportMovement, asked: &str, zone: &TimeZone) -> Line {
    Line {
        moment: written(movement.posted_at, zone),
        what: movement.kind.name().to_owned(),
        reference: movement.reference,
        number: movement.number,
        method: movement.place.method.name(),
        market: movement.place.market_code(),
        minor: shown(asked, movement.kind, movement.amount.minor().into()),
        currency: movement.place.currency,
    }
}

fn declined_line(attempt: DeclinedAttempt, zone: &TimeZone) -> Line {
    let what = match &attempt.code {
        None => "declined without a code".to_owned(),
        Some(code) => format!("{code}: {}", code::meaning(code).unwrap_or("not on the platform's list")),
    };
    Line {
        moment: written(attempt.started_at, zone),
        what,
        reference: attempt.payment_id,
        number: Some(attempt.number),
        method: attempt.place.method.name(),
        market: attempt.place.market_code(),
        minor: attempt.amount.minor().into(),
        currency: attempt.place.currency,
    }
}

fn unfinished_line(row: UnfinishedRow, zone: &TimeZone) -> Line {
    Line {
        moment: written(row.since, zone),
        what: format!("{}: {}", row.waiting.name(), row.word),
        reference: row.reference,
        number: row.number,
        method: row.place.method.name(),
        market: row.place.market_code(),
        minor: row.amount.minor().into(),
        currency: row.place.currency,
    }
}

fn show(state: &AppState, operator: &Operator, listed: ReportRowsPage) -> Response {
    let office = Office::titled(listed.title).under(Tab::Reports);
    office.show(state, operator, move || view! { <ReportRowsPage listed=listed/> })
}

fn unreadable(state: &AppState, operator: &Operator, fields: &Fields) -> Response {
    let beside = REPORT_FIELDS.iter().filter_map(|name| Some(format!("{name}: {}.", fields.problem(name)?)));
    let reasons: Vec<String> = beside.chain(fields.others().iter().cloned()).collect();
    let office = Office::titled("Rows that cannot be found").under(Tab::Reports).refused();
    office.show(state, operator, move || view! { <UnreadableRowsPage reasons=reasons/> })
}

/// `from 2026-11-01 to 2026-11-30, EUR, Bancontact, BE`
fn in_words(filter: ReportFilter) -> String {
    let days = match filter.from == filter.to {
        true => format!("on {}", filter.from),
        false => format!("from {} to {}", filter.from, filter.to),
    };
    format!("{days}{}", part_in_words(filter.part))
}

fn part_in_words(Part { currency, method, market }: Part) -> String {
    let parts = [currency.map(|currency| currency.code()), method.map(PaidWith::name), market.map(|market| market.code())];
    parts.into_iter().flatten().map(|part| format!(", {part}")).collect()
}

fn seen(row: &str) -> Option<Seen> {
    moment_and_name(row).map(|(at, name)| Seen { at, name })
}

fn after_row(address: &str, at: i64, name: &str) -> String {
    format!("{address}&{}", pair("after", &format!("{at}.{name}")))
}

fn pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}
