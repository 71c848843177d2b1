//! The lists behind the figures: movements of money, declined attempts, what has no end yet.

use axum::{extract::State, response::Response};
use jiff::tz::TimeZone;
use leptos::prelude::*;
use url::form_urlencoded;

use crate::{
    components::office::Tab,
    domain::{
        books::MoneyKind,
        people::operator::Operator,
        report::{PaidWith, Part, ReportFilter, Unreadable, WaitingFigures},
    },
    error::AppError,
    pages::admin::reports::rows::{Line, ReportRowsPage, Total, UnreadableRowsPage},
    platform::code,
    server::{
        admin::reports::{Office, ReportQuery},
        reports::exported::signed,
        running::calendar::{self, written},
        state::AppState,
        store::{DeclinedAttempt, MovementTotals, Movements, ReportMovement, Seen, UnfinishedRow},
    },
};

/// Rows of a page.
const PAGE: usize = 50;

/// One more is asked for: it says whether there is a next page.
const ASKED_FOR: u32 = 51;

pub async fn movements(State(state): State<AppState>, operator: Operator, asked: ReportQuery) -> Result<Response, AppError> {
    let zone = &state.config.time_zone;
    let (filter, kinds, after) = match (asked.filter(&state), kinds(&asked.kind), seen(&asked.after)) {
        (Ok(filter), Some(kinds), Ok(after)) => (filter, kinds, after),
        (filter, kinds, after) => {
            let kind = kinds.is_none().then_some("No kind of movement: sale, refund, payout or net");
            return Ok(unreadable(&state, &operator, reasons(filter, [kind, after.err()])));
        }
    };
    let span = calendar::span(zone, filter.from, filter.to).ok_or(AppError::BadRequest)?;
    let of = Movements { kinds, span, part: filter.part };
    let is_first = after.is_none();
    let after = after.map(|seen| (seen.at, seen.name.parse().unwrap_or(i64::MAX)));
    let mut found = state.store.movements(&of, after, ASKED_FOR).await?;
    let totals = state.store.movement_totals(&of).await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let query = format!("kind={}&{filter}", asked.kind);
    let address = format!("/admin/reports/movements?{query}");
    let next = found.last().filter(|_| is_more).map(|last| after_row(&address, last.posted_at, &last.id.to_string()));
    let title = match asked.kind.as_str() {
        "sale" => "Sales",
        "refund" => "Refunds",
        "payout" => "Payouts",
        "net" => "Sales and refunds",
        _ => "Movements of money",
    };
    let listed = ReportRowsPage {
        title,
        lead: format!("Posted {}.", in_words(filter)),
        totals: totals_of(&asked.kind, totals),
        lines: found.into_iter().map(|movement| movement_line(movement, &asked.kind, zone)).collect(),
        next,
        first: (!is_first).then_some(address),
        exports: Some(("/admin/reports/movements".to_owned(), query)),
        report: format!("/admin/reports?{filter}"),
    };
    Ok(show(&state, &operator, listed))
}

pub async fn declines(State(state): State<AppState>, operator: Operator, asked: ReportQuery) -> Result<Response, AppError> {
    let zone = &state.config.time_zone;
    let (filter, after) = match (asked.filter(&state), seen(&asked.after)) {
        (Ok(filter), Ok(after)) => (filter, after),
        (filter, after) => return Ok(unreadable(&state, &operator, reasons(filter, [after.err(), None]))),
    };
    let span = calendar::span(zone, filter.from, filter.to).ok_or(AppError::BadRequest)?;
    let code = match asked.code.as_str() {
        "" => None,
        "none" => Some(""),
        code => Some(code),
    };
    let mut found = state.store.declined_attempts(span, filter.part, code, after.as_ref(), ASKED_FOR).await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let address = format!("/admin/reports/declines?{}&{filter}", pair("code", &asked.code));
    let next = found.last().filter(|_| is_more).map(|last| after_row(&address, last.started_at, &last.payment_id));
    let listed = ReportRowsPage {
        title: "Declined attempts",
        lead: format!("Begun {}.", in_words(filter)),
        lines: found.into_iter().map(|attempt| declined_line(attempt, zone)).collect(),
        next,
        first: after.is_some().then_some(address),
        report: format!("/admin/reports?{filter}"),
        ..ReportRowsPage::default()
    };
    Ok(show(&state, &operator, listed))
}

pub async fn unfinished(State(state): State<AppState>, operator: Operator, asked: ReportQuery) -> Result<Response, AppError> {
    let is_stuck = match asked.stuck.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let (filter, waits, is_stuck, after) =
        match (asked.filter(&state), WaitingFigures::from_name(&asked.kind), is_stuck, seen(&asked.after)) {
            (Ok(filter), Some(waits), Some(is_stuck), Ok(after)) => (filter, waits, is_stuck, after),
            (filter, waits, is_stuck, after) => {
                let kind = waits.is_none().then_some("Nothing that can wait: payment, refund or payout");
                let stuck = is_stuck.is_none().then_some("Stuck is yes or no");
                return Ok(unreadable(&state, &operator, reasons(filter, [kind.or(stuck), after.err()])));
            }
        };
    let mut found = state.store.unfinished(waits, is_stuck, filter.part, state.now(), after.as_ref(), ASKED_FOR).await?;
    let is_more = found.len() > PAGE;
    found.truncate(PAGE);
    let address = format!("/admin/reports/unfinished?kind={}&stuck={}{}", asked.kind, asked.stuck, filter.part);
    let next = found.last().filter(|_| is_more).map(|last| after_row(&address, last.since, &last.reference));
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
pub(super) fn kinds(name: &str) -> Option<Vec<MoneyKind>> {
    match name {
        "" => Some(MoneyKind::ALL.to_vec()),
        "net" => Some(vec![MoneyKind::Sale, MoneyKind::Refund]),
        name => MoneyKind::from_name(name).map(|kind| vec![kind]),
    }
}

/// A net has a minus before what went back; lists of one kind have none.
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
        // Only those of one name, currency included, come to one sum.
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

fn unreadable(state: &AppState, operator: &Operator, reasons: Vec<String>) -> Response {
    let office = Office::titled("Rows that cannot be found").under(Tab::Reports).refused();
    office.show(state, operator, move || view! { <UnreadableRowsPage reasons=reasons/> })
}

fn reasons(filter: Result<ReportFilter, Unreadable>, others: [Option<&'static str>; 2]) -> Vec<String> {
    let Unreadable { from, to, currency, method, market } = filter.err().unwrap_or_default();
    let fields = [("from", from), ("to", to), ("currency", currency), ("method", method), ("market", market)];
    let fields = fields.into_iter().filter_map(|(name, why)| Some(format!("{name}: {}", why?)));
    fields.chain(others.into_iter().flatten().map(str::to_owned)).collect()
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

/// `1793493000.17`: the moment and the name of the row a page begins after.
fn seen(text: &str) -> Result<Option<Seen>, &'static str> {
    if text.is_empty() {
        return Ok(None);
    }
    let row = text.split_once('.').and_then(|(at, name)| Some(Seen { at: at.parse().ok()?, name: name.to_owned() }));
    row.map(Some).ok_or("after: not a row of this list")
}

fn after_row(address: &str, at: i64, name: &str) -> String {
    format!("{address}&{}", pair("after", &format!("{at}.{name}")))
}

fn pair(name: &str, value: &str) -> String {
    form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish()
}
