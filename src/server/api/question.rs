//! What a program asks for, read strictly: whatever could be read in two ways, or not at all, is refused by its name.

use jiff::{
    civil::DateTime,
    fmt::strtime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use crate::{
    domain::register::{ListedKind, OperationListKey, OperationQuery},
    protocol::signed::json::Json,
    server::{
        api::refused::ApiError,
        running::calendar::{MOMENT, begins},
    },
};

/// The most rows of a page, and how many it has unless told otherwise: as at the Data API.
pub const MOST: usize = 1000;
/// Rows further on are reached by `after`, which costs the same on every page.
pub const FARTHEST_OFFSET: usize = 10_000;

/// Members that may be asked with. The Data API's `signature` is not looked at.
const MEMBERS: [&str; 9] =
    ["token", "project_id", "interval", "timezone", "limit", "offset", "after", "operation_type", "signature"];

/// A question about the register, once its token is known.
#[derive(Debug)]
pub struct Question {
    pub wanted: OperationQuery,
    /// The shop's project is among those asked for.
    pub project: bool,
    /// Moments are told in this time zone.
    pub time_zone: TimeZone,
}

impl Question {
    pub fn read(asked: &Json, project_id: u64, usual_zone: &TimeZone) -> Result<Self, ApiError> {
        if let Json::Object(members) = asked
            && let Some((name, _)) = members.iter().find(|(name, _)| !MEMBERS.contains(&name.as_str()))
        {
            return Err(ApiError::UnknownMember(name.clone()));
        }
        let time_zone = time_zone(asked, usual_zone)?;
        let (from, before) = interval(asked, &time_zone)?;
        let wanted = OperationQuery {
            from,
            before,
            kinds: kinds(asked)?,
            after: after(asked)?,
            offset: number(asked, "offset", 0, 0..=FARTHEST_OFFSET, "a whole number from 0 to 10000; `after` leads further")?,
            limit: number(asked, "limit", MOST, 1..=MOST, "a whole number from 1 to 1000")?,
        };
        Ok(Self { wanted, project: asks_for(asked, project_id)?, time_zone })
    }
}

/// A member that is there and not null.
fn given<'a>(asked: &'a Json, name: &str) -> Option<&'a Json> {
    asked.get(name).filter(|value| **value != Json::Null)
}

fn time_zone(asked: &Json, usual: &TimeZone) -> Result<TimeZone, ApiError> {
    let Some(value) = given(asked, "timezone") else { return Ok(usual.clone()) };
    let zone = value.as_text().and_then(|name| TimeZone::get(name).ok());
    zone.ok_or(ApiError::Malformed("timezone", "the name of a time zone such as Asia/Seoul"))
}

fn interval(asked: &Json, zone: &TimeZone) -> Result<(i64, i64), ApiError> {
    let Some(interval) = given(asked, "interval") else { return Err(ApiError::Missing("interval")) };
    let Json::Object(members) = interval else { return Err(ApiError::Malformed("interval", "an object with `from` and `to`")) };
    if let Some((name, _)) = members.iter().find(|(name, _)| !["from", "to"].contains(&name.as_str())) {
        return Err(ApiError::UnknownMember(name.clone()));
    }
    let from = moment(interval, "from", "interval.from", zone, Bound::First)?;
    let before = moment(interval, "to", "interval.to", zone, Bound::Last)?;
    if from >= before {
        return Err(ApiError::Malformed("interval", "one whose `from` is not after its `to`"));
    }
    Ok((from, before))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    First,
    /// It counts itself: a second, or a whole day.
    Last,
}

/// `YYYY-MM-DD hh:mm:ss`, with or without its offset, or a whole day.
fn moment(interval: &Json, name: &str, path: &'static str, zone: &TimeZone, bound: Bound) -> Result<i64, ApiError> {
    let wrong = |why| ApiError::Malformed(path, why);
    let text = match given(interval, name) {
        None => return Err(ApiError::Missing(path)),
        Some(value) => value.as_text().ok_or(wrong(NO_MOMENT))?,
    };
    if text.len() != "YYYY-MM-DD".len() {
        let second = second(text, zone).map_err(wrong)?;
        return Ok(if bound == Bound::Last { second.saturating_add(1) } else { second });
    }
    let day = DateTime::strptime(MOMENT, format!("{text} 00:00:00")).ok().map(DateTime::date);
    let first = match bound {
        Bound::First => day,
        Bound::Last => day.and_then(|day| day.tomorrow().ok()),
    };
    first.and_then(|day| begins(day, zone)).ok_or(wrong(NO_MOMENT))
}

const NO_MOMENT: &str = "a moment such as 2026-01-31 23:59:59, with its offset if you like, or a day such as 2026-01-31";
const TWICE: &str = "a moment with its offset, such as 2026-10-25 02:30:00+02:00: in this time zone clocks show this one twice";
const NEVER: &str = "a moment with its offset, such as 2026-10-25 02:30:00+02:00: in this time zone clocks never show this one";

/// A moment to the second. Where clocks are set, its text alone may mean two moments, or none: nobody guesses then.
fn second(text: &str, zone: &TimeZone) -> Result<i64, &'static str> {
    let (local, offset) = text.split_at_checked("YYYY-MM-DD hh:mm:ss".len()).ok_or(NO_MOMENT)?;
    let local = DateTime::strptime(MOMENT, local).map_err(|_| NO_MOMENT)?;
    let moment = match offset {
        "" => {
            let moment = zone.to_ambiguous_zoned(local);
            match moment.offset() {
                AmbiguousOffset::Unambiguous { .. } => moment.unambiguous().map(|moment| moment.timestamp()),
                AmbiguousOffset::Fold { .. } => return Err(TWICE),
                AmbiguousOffset::Gap { .. } => return Err(NEVER),
            }
        }
        "Z" => Offset::UTC.to_timestamp(local),
        offset if offset.len() == "+hh:mm".len() => {
            let offset = strtime::parse("%:z", offset).ok().and_then(|read| read.offset()).ok_or(NO_MOMENT)?;
            offset.to_timestamp(local)
        }
        _ => return Err(NO_MOMENT),
    };
    moment.map(|moment| moment.as_second()).map_err(|_| NO_MOMENT)
}

fn number(
    asked: &Json,
    name: &'static str,
    usual: usize,
    range: std::ops::RangeInclusive<usize>,
    rule: &'static str,
) -> Result<usize, ApiError> {
    let number = match given(asked, name) {
        None => return Ok(usual),
        Some(Json::Integer(number)) => usize::try_from(*number).ok().filter(|number| range.contains(number)),
        Some(_) => None,
    };
    number.ok_or(ApiError::Malformed(name, rule))
}

fn after(asked: &Json) -> Result<Option<OperationListKey>, ApiError> {
    let Some(value) = given(asked, "after") else { return Ok(None) };
    let key = value.as_text().and_then(OperationListKey::parse);
    key.map(Some).ok_or(ApiError::Malformed("after", "the `next` of an answer"))
}

/// All kinds, unless one or some are named.
fn kinds(asked: &Json) -> Result<Vec<ListedKind>, ApiError> {
    let wrong = || ApiError::Malformed("operation_type", "sale, refund or payout, or a list of them");
    let kind = |value: &Json| value.as_text().and_then(ListedKind::from_name).ok_or_else(wrong);
    match given(asked, "operation_type") {
        None => Ok(ListedKind::ALL.to_vec()),
        Some(Json::List(values)) if values.is_empty() => Ok(ListedKind::ALL.to_vec()),
        Some(Json::List(values)) => values.iter().map(kind).collect(),
        Some(value) => Ok(vec![kind(value)?]),
    }
}

/// All projects, unless some are named: the shop has one.
fn asks_for(asked: &Json, project_id: u64) -> Result<bool, ApiError> {
    let wrong = ApiError::Malformed("project_id", "a list of numbers");
    match given(asked, "project_id") {
        None => Ok(true),
        Some(Json::List(projects)) if projects.iter().all(|project| matches!(project, Json::Integer(_))) => {
            Ok(projects.is_empty() || projects.iter().any(|project| *project == Json::Integer(project_id.cast_signed())))
        }
        Some(_) => Err(wrong),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(asked: Value) -> Result<Question, ApiError> {
        Question::read(&Json::parse_object(asked.to_string().as_bytes()).unwrap(), 3000, &TimeZone::UTC)
    }

    fn with(name: &str, value: Value) -> Value {
        let mut asked = json!({ "interval": { "from": "2026-01-31", "to": "2026-01-31" } });
        asked[name] = value;
        asked
    }

    #[test]
    fn a_day_is_the_merchants_whole_day_and_both_ends_count() {
        let length = |interval: Value, zone: &str| {
            let mut asked = with("timezone", json!(zone));
            asked["interval"] = interval;
            let wanted = read(asked).unwrap().wanted;
            wanted.before - wanted.from
        };
        let day = |day: &str| json!({ "from": day, "to": day });
        assert_eq!(length(day("2026-01-31"), "Asia/Seoul"), 24 * 3600);
        assert_eq!(length(day("2026-03-29"), "Europe/Brussels"), 23 * 3600, "clocks go forward");
        assert_eq!(length(day("2026-10-25"), "Europe/Brussels"), 25 * 3600, "and back");
        assert_eq!(length(json!({ "from": "2026-01-31 10:00:00", "to": "2026-01-31 10:00:00" }), "UTC"), 1);
        let seoul = read(with("timezone", json!("Asia/Seoul"))).unwrap().wanted.from;
        assert_eq!(read(with("timezone", json!("UTC"))).unwrap().wanted.from - seoul, 9 * 3600);
    }

    #[test]
    fn what_is_left_out_or_null_is_usual() {
        for name in ["timezone", "limit", "offset", "after", "operation_type", "project_id", "signature"] {
            let question = read(with(name, Value::Null)).unwrap();
            assert!(question.project && question.wanted.after.is_none());
            assert_eq!((question.wanted.limit, question.wanted.offset, question.wanted.kinds.len()), (1000, 0, 3), "{name}");
        }
        assert!(read(with("project_id", json!([1, 3000]))).unwrap().project);
        assert!(read(with("project_id", json!([]))).unwrap().project);
        assert!(!read(with("project_id", json!([1]))).unwrap().project);
        assert_eq!(
            read(with("operation_type", json!(["refund", "payout"]))).unwrap().wanted.kinds,
            [ListedKind::Refund, ListedKind::Payout]
        );
    }

    #[test]
    fn whatever_is_not_what_it_should_be_is_refused_by_name() {
        for (name, value) in [
            ("interval", json!([])),
            ("interval", json!("2026-01-31")),
            ("interval", json!({ "from": "2026-02-01", "to": "2026-01-31" })),
            ("interval", json!({ "from": "2026-01-31 10:00:01", "to": "2026-01-31 10:00:00" })),
            ("timezone", json!("Mars/Olympus")),
            ("timezone", json!("../../etc/passwd")),
            ("timezone", json!(9)),
            ("limit", json!(0)),
            ("limit", json!(1001)),
            ("limit", json!(-1)),
            ("limit", json!(1.5)),
            ("limit", json!("10")),
            ("limit", json!(u64::MAX)),
            ("offset", json!(-1)),
            ("offset", json!(10_001)),
            ("offset", json!(true)),
            ("after", json!("1; DROP TABLE orders")),
            ("after", json!(5)),
            ("operation_type", json!("sale' OR '1'='1")),
            ("operation_type", json!(["sale", 1])),
            ("operation_type", json!({})),
            ("project_id", json!(3000)),
            ("project_id", json!(["3000"])),
            ("project_id", json!([1.5])),
        ] {
            match read(with(name, value.clone())) {
                Err(ApiError::Malformed(named, _)) => assert_eq!(named, name, "{value}"),
                other => panic!("{name} {value}: {other:?}"),
            }
        }
        for (from, to) in [
            (json!("31.01.2026"), json!("2026-01-31")),
            (json!("2026-02-30"), json!("2026-03-01")),
            (json!("2026-1-1"), json!("2026-01-31")),
            (json!("2026-01-31T10:00:00"), json!("2026-01-31")),
            (json!("2026-01-01"), json!(20260131)),
            (json!("2026-01-01"), json!("9999-12-31")),
            (json!("'; --"), json!("2026-01-31")),
        ] {
            let refused = read(with("interval", json!({ "from": from, "to": to }))).unwrap_err();
            assert!(matches!(refused, ApiError::Malformed("interval.from" | "interval.to", _)), "{from} {to}: {refused:?}");
        }
        assert_eq!(read(json!({})).unwrap_err(), ApiError::Missing("interval"));
        assert_eq!(read(json!({ "interval": { "from": "2026-01-31" } })).unwrap_err(), ApiError::Missing("interval.to"));
        assert_eq!(read(with("operation_types", json!([]))).unwrap_err(), ApiError::UnknownMember("operation_types".to_owned()));
    }
}
