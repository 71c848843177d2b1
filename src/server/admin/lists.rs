//! What the lists of the back office share: a filter in the address, the merchant's days as moments, and pages that begin after
//! a row.

use jiff::tz::TimeZone;
use url::form_urlencoded::{Serializer, parse};

use crate::{
    domain::{
        day::{Day, DaySpan},
        text::fields::Fields,
    },
    server::running::calendar,
};

/// What an address gives for these fields of a form, and of links.
pub fn fields(query: Option<&str>, form: &'static [&'static str], links: &'static [&'static str]) -> Fields {
    Fields::of(form, links, parse(query.unwrap_or_default().as_bytes()).into_owned())
}

/// The moments of the days `from` and `to`, both included, in the merchant's time zone.
pub fn moments(fields: &mut Fields, (from, to): (Option<Day>, Option<Day>), zone: &TimeZone) -> DaySpan {
    let mut known = |name, moment: Option<Option<i64>>| {
        if moment == Some(None) {
            fields.refuse(name, calendar::BEYOND);
        }
        moment.flatten()
    };
    DaySpan {
        from: known("from", from.map(|day| calendar::start_of(zone, day))),
        before: known("to", to.map(|day| calendar::span(zone, day, day).map(|span| span.before))),
    }
}

/// The list of this path with the same filter: from its first row on, or after another row.
pub fn address(path: &str, fields: &Fields, after: Option<String>) -> String {
    let mut query = Serializer::new(String::new());
    query.extend_pairs(fields.pairs()).extend_pairs(after.map(|after| ("after", after)));
    format!("{path}?{}", query.finish())
}

/// Cuts what was asked for to a page of so many rows. `Some`: there are more, after this row.
pub fn last_of_page<T>(rows: &mut Vec<T>, most: usize) -> Option<&T> {
    let goes_on = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| goes_on)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(from: &str, to: &str, zone: &TimeZone) -> (DaySpan, Fields) {
        let mut fields = fields(Some(&format!("from={from}&to={to}")), &["from", "to"], &[]);
        let days = fields.days();
        (moments(&mut fields, days, zone), fields)
    }

    #[test]
    fn a_day_is_the_merchants_whole_day() {
        let zone = TimeZone::get("America/New_York").unwrap();
        for (day, hours) in [("2026-03-08", 23), ("2026-11-01", 25)] {
            let (DaySpan { from: Some(from), before: Some(before) }, _) = read(day, day, &zone) else { panic!("both ends") };
            assert_eq!((before - from) / 3600, hours, "the clocks are set on {day}");
        }
        assert_eq!(read("", "+", &zone).0, DaySpan::default());
    }

    #[test]
    fn what_is_no_day_is_told_at_its_end() {
        for (from, to, wrong) in [
            ("31.01.2026", "", "from"),
            ("", "2026-02-30", "to"),
            ("2026-02-02", "2026-02-01", "to"),
            ("'; DROP TABLE", "", "from"),
            ("9999-12-31", "", "from"),
            ("", "9999-12-31", "to"),
        ] {
            let (_, fields) = read(from, to, &TimeZone::UTC);
            assert!(fields.problem(wrong).is_some(), "{from} {to}");
        }
    }

    #[test]
    fn a_link_to_another_page_keeps_the_filter_and_nothing_else() {
        let fields = fields(Some("q=a%26b&to=&told=x&after=1.a"), &["to", "q"], &["after", "told"]);
        assert_eq!(address("/list", &fields, None), "/list?q=a%26b");
        assert_eq!(address("/list", &fields, Some("2.b c".to_owned())), "/list?q=a%26b&after=2.b+c");
    }
}
