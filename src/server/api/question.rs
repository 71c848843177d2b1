//! A program's question, read strictly: a member that cannot be read, or could be read in two ways, is refused by its name. The
//! OpenAPI description is made from the same structs.

use std::{collections::BTreeMap, ops::RangeInclusive};

use jiff::{
    civil::DateTime,
    fmt::strtime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    domain::register::{ListedKind, OperationListKey, OperationQuery},
    server::{
        api::refused::ApiError,
        running::calendar::{MOMENT, begins},
    },
};

/// The most rows of a page, and how many it has unless told otherwise: as at the Data API.
const MOST: usize = 1000;
/// Rows further on are reached by `after`, which costs the same on every page.
const FARTHEST_OFFSET: usize = 10_000;

/// A question about the register. Anything else than these members is refused.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
#[schema(example = json!({
    "interval": { "from": "2026-01-01", "to": "2026-01-31 23:59:59" },
    "timezone": "Asia/Seoul",
    "operation_type": ["sale", "refund"],
    "limit": 100
}))]
pub struct QuestionBody {
    /// Made by an owner in the back office. It may stand in the header `Authorization: Bearer` instead.
    #[schema(value_type = Option<String>)]
    pub token: Value,
    /// Only operations of these projects; the shop has one.
    #[schema(value_type = Option<Vec<u64>>)]
    project_id: Value,
    #[schema(value_type = IntervalBody, required = true)]
    interval: Value,
    /// A name such as `Asia/Seoul`, for the moments asked with and answered; the merchant's if left out.
    #[schema(value_type = Option<String>)]
    timezone: Value,
    /// The most rows of the answer.
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 1000)]
    limit: Value,
    /// Rows to leave out. From page to page `after` is better: it cannot miss or repeat a row.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 10000, default = 0)]
    offset: Value,
    /// The `next` of the answer before.
    #[schema(value_type = Option<String>)]
    after: Value,
    /// Only operations of this kind, or of these.
    #[schema(value_type = Option<OperationTypes>)]
    operation_type: Value,
    /// Not looked at: clients of the Data API send one.
    #[schema(value_type = Option<String>)]
    signature: Value,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: BTreeMap<String, Value>,
}

/// When operations began. Both ends count: a moment `YYYY-MM-DD hh:mm:ss`, or a whole day `YYYY-MM-DD`. A moment may have its
/// offset (`+02:00` or `Z`), and needs one where clocks of the time zone show it twice or never.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct IntervalBody {
    #[schema(value_type = String, required = true, example = "2026-01-01")]
    from: Value,
    #[schema(value_type = String, required = true, example = "2026-01-31 23:59:59")]
    to: Value,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: BTreeMap<String, Value>,
}

/// One kind of operation, or several.
#[derive(Deserialize, ToSchema)]
#[serde(untagged)]
pub enum OperationTypes {
    One(OperationType),
    Some(Vec<OperationType>),
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum OperationType {
    Sale,
    Refund,
    Payout,
}

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
    pub fn read(asked: &QuestionBody, project_id: u64, usual_zone: &TimeZone) -> Result<Self, ApiError> {
        refuse_unknown(&asked.unknown)?;
        let zone_rule = "the name of a time zone such as Asia/Seoul";
        let time_zone = given(&asked.timezone, "timezone", zone_rule, |name: String| TimeZone::get(&name).ok())?;
        let time_zone = time_zone.unwrap_or_else(|| usual_zone.clone());
        let (from, before) = interval(&asked.interval, &time_zone)?;
        let number = |value, name, range: RangeInclusive<usize>, rule| {
            given(value, name, rule, |number: usize| range.contains(&number).then_some(number))
        };
        let offset_rule = "a whole number from 0 to 10000; `after` leads further";
        let offset = number(&asked.offset, "offset", 0..=FARTHEST_OFFSET, offset_rule)?;
        let limit = number(&asked.limit, "limit", 1..=MOST, "a whole number from 1 to 1000")?;
        let kinds = given(&asked.operation_type, "operation_type", "sale, refund or payout, or a list of them", kinds)?;
        let after = given(&asked.after, "after", "the `next` of an answer", |key: String| OperationListKey::parse(&key))?;
        let projects = given(&asked.project_id, "project_id", "a list of numbers", Some::<Vec<i64>>)?;
        let wanted = OperationQuery {
            from,
            before,
            // All kinds and projects, unless some are named.
            kinds: kinds.filter(|kinds| !kinds.is_empty()).unwrap_or_else(|| ListedKind::ALL.to_vec()),
            after,
            offset: offset.unwrap_or(0),
            limit: limit.unwrap_or(MOST),
        };
        let project = projects.is_none_or(|named| named.is_empty() || named.contains(&project_id.cast_signed()));
        Ok(Self { wanted, project, time_zone })
    }
}

fn refuse_unknown(unknown: &BTreeMap<String, Value>) -> Result<(), ApiError> {
    unknown.keys().next().map_or(Ok(()), |name| Err(ApiError::UnknownMember(name.clone())))
}

/// A member that is there and not null. Error: it is not what the rule says.
fn given<T: DeserializeOwned, U>(
    value: &Value,
    name: &'static str,
    rule: &'static str,
    read: impl FnOnce(T) -> Option<U>,
) -> Result<Option<U>, ApiError> {
    if value.is_null() {
        return Ok(None);
    }
    let read = T::deserialize(value).ok().and_then(read);
    read.map(Some).ok_or(ApiError::Malformed(name, rule))
}

fn kinds(types: OperationTypes) -> Option<Vec<ListedKind>> {
    let kind = |of: OperationType| match of {
        OperationType::Sale => ListedKind::Sale,
        OperationType::Refund => ListedKind::Refund,
        OperationType::Payout => ListedKind::Payout,
    };
    Some(match types {
        OperationTypes::One(one) => vec![kind(one)],
        OperationTypes::Some(some) => some.into_iter().map(kind).collect(),
    })
}

fn interval(asked: &Value, zone: &TimeZone) -> Result<(i64, i64), ApiError> {
    let interval = given(asked, "interval", "an object with `from` and `to`", |interval: serde_json::Map<String, Value>| {
        IntervalBody::deserialize(Value::Object(interval)).ok()
    })?;
    let IntervalBody { from, to, unknown } = interval.ok_or(ApiError::Missing("interval"))?;
    refuse_unknown(&unknown)?;
    let from = moment(&from, "interval.from", zone, Bound::First)?;
    let before = moment(&to, "interval.to", zone, Bound::Last)?;
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
fn moment(value: &Value, name: &'static str, zone: &TimeZone, bound: Bound) -> Result<i64, ApiError> {
    let wrong = |why| ApiError::Malformed(name, why);
    let text = given(value, name, NO_MOMENT, Some::<String>)?.ok_or(ApiError::Missing(name))?;
    if text.len() != "YYYY-MM-DD".len() {
        let second = second(&text, zone).map_err(wrong)?;
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

/// A moment to the second. When clocks are set, a text without an offset may mean two moments, or none: then it is refused.
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(asked: Value) -> Result<Question, ApiError> {
        Question::read(&serde_json::from_value(asked).unwrap(), 3000, &TimeZone::UTC)
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
