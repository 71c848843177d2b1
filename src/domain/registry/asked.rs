//! A filter as it was typed or linked, read strictly: what cannot be read is told beside its field, never left out.

use super::{ListPosition, OrderFilter, OrderListKey, Sort, States};
use crate::domain::{
    day::Day,
    money::{Currency, Money, MoneyError, digits_after_point},
    report::PaidWith,
    shop::market::Market,
    text::{Hidden, id},
};

named! {
    /// A part of the filter, as addresses and the form name it.
    pub enum Field {
        State = "state",
        Method = "method",
        Market = "market",
        Currency = "currency",
        From = "from",
        To = "to",
        Min = "min",
        Max = "max",
        Text = "q",
        Sort = "sort",
        After = "after",
        Before = "before",
    }
}

/// What was given for each field; a field that is empty is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderQuery {
    given: Vec<(Field, String)>,
    /// What was given and is no field, or is given twice.
    strange: Vec<String>,
}

/// Why the filter cannot be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problems {
    fields: Vec<(Field, String)>,
    /// What belongs to no field of the form.
    pub others: Vec<String>,
}

/// Longer than any number, payment id, address or customer id.
const LONGEST_TEXT: usize = 254;

impl Problems {
    pub fn at(field: Field, problem: impl Into<String>) -> Self {
        let mut problems = Self::default();
        problems.add(field, problem);
        problems
    }

    /// What is wrong with this field.
    pub fn of(&self, field: Field) -> Option<String> {
        self.fields.iter().find(|(wrong, _)| *wrong == field).map(|(_, problem)| problem.clone())
    }

    fn add(&mut self, field: Field, problem: impl Into<String>) {
        match field {
            // Not fields of the form, but parts of links.
            Field::After | Field::Before => self.others.push(format!("{}: {}", field.name(), problem.into())),
            field => self.fields.push((field, problem.into())),
        }
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.others.is_empty()
    }
}

impl OrderQuery {
    /// What an address asks for, by its names and values.
    pub fn of(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs {
            match Field::ALL.into_iter().find(|field| field.name() == name) {
                None => asked.strange.push(format!("There is no filter {name:?}.")),
                Some(field) if asked.given.iter().any(|(known, _)| *known == field) => {
                    asked.strange.push(format!("{name} is given twice."));
                }
                Some(field) => asked.given.push((field, value)),
            }
        }
        asked
    }

    /// What was given for a field, as it was given.
    pub fn value(&self, field: Field) -> &str {
        self.given.iter().find(|(known, _)| *known == field).map_or("", |(_, value)| value)
    }

    /// Error: everything that cannot be read.
    pub fn read(&self) -> Result<OrderFilter, Problems> {
        let mut problems = Problems { others: self.strange.clone(), ..Problems::default() };
        let states = self.choice(&mut problems, Field::State, States::from_name);
        let method = self.choice(&mut problems, Field::Method, PaidWith::from_code);
        let market = self.choice(&mut problems, Field::Market, Market::from_code);
        let currency = self.choice(&mut problems, Field::Currency, Currency::from_code);
        let day = "is no day such as 2026-01-31";
        let from = self.part(&mut problems, Field::From, |text| text.parse::<Day>().map_err(|_| day.to_owned()));
        let to = self.part(&mut problems, Field::To, |text| text.parse::<Day>().map_err(|_| day.to_owned()));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            problems.add(Field::To, "This is before the first day.");
        }
        let money = |text: &str| amount(text, currency);
        let min = self.part(&mut problems, Field::Min, money);
        let max = self.part(&mut problems, Field::Max, money);
        if min.zip(max).is_some_and(|(min, max)| max.minor() < min.minor()) {
            problems.add(Field::Max, "This is less than the least amount.");
        }
        let text = self.part(&mut problems, Field::Text, words).filter(|text| !text.is_empty());
        let sort = self.choice(&mut problems, Field::Sort, Sort::from_name).unwrap_or_default();
        if sort.is_by_amount() && currency.is_none() {
            problems.add(Field::Sort, "Choose a currency: amounts of two currencies have no order.");
        }
        let key = |text: &str| OrderListKey::parse(text).ok_or_else(|| "is no place in the list".to_owned());
        let after = self.part(&mut problems, Field::After, key);
        let before = self.part(&mut problems, Field::Before, key);
        let place = match (after, before) {
            (None, None) => ListPosition::First,
            (Some(key), None) => ListPosition::After(key),
            (None, Some(key)) => ListPosition::Before(key),
            (Some(_), Some(_)) => {
                problems.add(Field::Before, "a page is after one row or before one, not both");
                ListPosition::First
            }
        };
        let filter = OrderFilter { states, method, market, currency, from, to, min, max, text, sort, place };
        if problems.is_empty() { Ok(filter) } else { Err(problems) }
    }

    fn part<T>(&self, problems: &mut Problems, field: Field, read: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let text = self.value(field).trim();
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(part) => Some(part),
            Err(problem) if problem.starts_with("is ") => {
                problems.add(field, format!("{text:?} {problem}."));
                None
            }
            Err(problem) => {
                problems.add(field, problem);
                None
            }
        }
    }

    fn choice<T>(&self, problems: &mut Problems, field: Field, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.part(problems, field, |text| find(text).ok_or_else(|| "is not among these".to_owned()))
    }
}

/// Major units in the currency's own digits: `12.50`, or `12` for 12.00.
fn amount(text: &str, currency: Option<Currency>) -> Result<Money, String> {
    let currency = currency.ok_or("Choose a currency: an amount is of one.")?;
    Money::parse_typed(text, currency).map_err(|error| match error {
        MoneyError::TooLarge => "is more than any order can be".to_owned(),
        _ => format!("is no amount of {}, which has {} digits after the point", currency.code(), digits_after_point(currency)),
    })
}

/// The beginning of an id or an address.
fn words(text: &str) -> Result<String, String> {
    let text = id(text).map_err(|hidden: Hidden| format!("This {hidden}."))?;
    if text.chars().count() > LONGEST_TEXT {
        Err("This is longer than what it could find.".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::registry::OrderState, platform::Method};

    fn asked(query: &[(&str, &str)]) -> OrderQuery {
        OrderQuery::of(query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    fn problems(query: &[(&str, &str)]) -> Problems {
        asked(query).read().expect_err("something that cannot be read")
    }

    #[test]
    fn a_filter_reads_back_what_it_writes() {
        let money = |minor| Some(Money::from_minor(minor, Currency::EUR).unwrap());
        let whole = OrderFilter {
            states: Some(States::One(OrderState::PartiallyRefunded)),
            method: Some(PaidWith::Method(Method::Bancontact)),
            market: Some(Market::Belgium),
            currency: Some(Currency::EUR),
            from: "2026-03-08".parse().ok(),
            to: "2026-03-09".parse().ok(),
            min: money(5),
            max: money(1_250),
            text: Some("a&b=c+d %41 é".to_owned()),
            sort: Sort::Largest,
            place: ListPosition::After(OrderListKey { value: 1_250, id: 42 }),
        };
        let states = States::all().map(|states| OrderFilter { states: Some(states), ..OrderFilter::default() });
        let methods = Method::ALL.into_iter().map(PaidWith::Method).chain([PaidWith::NotTold]);
        let methods = methods.map(|method| OrderFilter { method: Some(method), ..OrderFilter::default() });
        let markets = Market::ALL.map(|market| OrderFilter { market: Some(market), ..OrderFilter::default() });
        let sorts = Sort::ALL.map(|sort| OrderFilter { sort, currency: Some(Currency::KRW), ..OrderFilter::default() });
        let back = OrderFilter { place: ListPosition::Before(OrderListKey { value: 0, id: i64::MAX }), ..OrderFilter::default() };
        let filters = [whole, back, OrderFilter::default()].into_iter().chain(states).chain(methods).chain(markets).chain(sorts);
        for filter in filters {
            let pairs = filter.pairs().into_iter().map(|(name, value)| (name.to_owned(), value));
            assert_eq!(OrderQuery::of(pairs).read(), Ok(filter));
        }
        assert!(OrderFilter::default().pairs().is_empty() && OrderFilter::default().is_open());
    }

    #[test]
    fn ever_paid_is_paid_and_what_was_refunded_since() {
        let paid = asked(&[("state", "ever-paid")]).read().unwrap().states.unwrap();
        assert_eq!(paid.each().collect::<Vec<_>>(), [OrderState::Paid, OrderState::PartiallyRefunded, OrderState::Refunded]);
        for state in OrderState::ALL {
            assert_eq!(States::One(state).each().collect::<Vec<_>>(), [state]);
        }
    }

    #[test]
    fn an_empty_form_asks_for_all_orders() {
        let empty = Field::ALL.map(|field| (field.name(), " "));
        assert_eq!(asked(&empty).read(), Ok(OrderFilter::default()));
        assert_eq!(asked(&[("q", "\u{200B}\u{A0}")]).read(), Ok(OrderFilter::default()));
    }

    #[test]
    fn a_text_is_found_without_what_is_not_seen_around_it() {
        assert_eq!(asked(&[("q", "\u{200B}ABC-1\u{A0}")]).read().unwrap().text.as_deref(), Some("ABC-1"));
        let told = problems(&[("q", "AB\u{200B}C")]).of(Field::Text).unwrap();
        assert_eq!(told, "This holds an invisible character (U+200B) after the 2nd character.");
    }

    #[test]
    fn what_cannot_be_read_is_told_at_its_field() {
        for (name, value) in [
            ("state", "Paid"),
            ("state", "ever paid"),
            ("method", "cash"),
            ("method", "Unknown"),
            ("market", "kr"),
            ("currency", "EURO"),
            ("from", "2026-02-30"),
            ("to", "yesterday"),
            ("min", "12"),
            ("q", "a\u{0}b"),
            ("sort", "largest"),
        ] {
            let field = Field::ALL.into_iter().find(|field| field.name() == name).unwrap();
            let problems = problems(&[(name, value)]);
            assert!(
                problems.of(field).is_some() && problems.fields.len() == 1 && problems.others.is_empty(),
                "{name}: {problems:?}"
            );
        }
        for query in [
            &[("after", "1")][..],
            &[("after", "1-2"), ("before", "1-2")],
            &[("before", "-1-2")],
            &[("page", "2")],
            &[("state", "paid"), ("state", "paid")],
        ] {
            assert_eq!(problems(query).others.len(), 1, "{query:?}");
        }
    }

    #[test]
    fn amounts_have_their_currencys_digits() {
        let read = |currency, min| asked(&[("currency", currency), ("min", min)]).read().map(|filter| filter.min.unwrap().minor());
        assert_eq!(read("EUR", "12"), Ok(1_200));
        assert_eq!(read("EUR", "12.50"), Ok(1_250));
        assert_eq!(read("EUR", "12,50"), Ok(1_250));
        assert_eq!(read("KRW", "12"), Ok(12));
        for (currency, bad) in
            [("EUR", "12.5"), ("KRW", "12.00"), ("EUR", "1e3"), ("EUR", "-1"), ("EUR", "1,000"), ("EUR", "99999999999999999999")]
        {
            assert!(read(currency, bad).unwrap_err().of(Field::Min).is_some(), "{bad}");
        }
        let upside_down =
            problems(&[("currency", "EUR"), ("min", "2"), ("max", "1"), ("from", "2026-01-02"), ("to", "2026-01-01")]);
        assert!(upside_down.of(Field::Max).is_some() && upside_down.of(Field::To).is_some());
    }
}
