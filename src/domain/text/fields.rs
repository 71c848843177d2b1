//! What an address or a form gave for the fields of a filter, and what is wrong with it. It is read strictly: a name that is not
//! known, or is given twice, is told like a value that cannot be read; nothing is left out silently.

use std::fmt::Display;

use crate::domain::{
    day::Day,
    text::{Hidden, id},
};

/// An empty field is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// The names of the form; all others stand in links alone.
    form: &'static [&'static str],
    given: Vec<(&'static str, String)>,
    problems: Vec<(&'static str, String)>,
    others: Vec<String>,
}

/// Longer than any number, payment id, e-mail address or customer id.
const LONGEST_ID: usize = 254;

impl Fields {
    /// What was given by name, where a filter has these fields in its form, and those in links.
    pub fn of(
        form: &'static [&'static str],
        links: &'static [&'static str],
        pairs: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut fields = Self { form, ..Self::default() };
        for (name, value) in pairs {
            match form.iter().chain(links).find(|known| **known == name) {
                None => fields.others.push(format!("There is no filter {name:?}.")),
                Some(known) if fields.given.iter().any(|(given, _)| given == known) => {
                    fields.others.push(format!("{name} is given twice."));
                }
                Some(known) => fields.given.push((known, value)),
            }
        }
        fields
    }

    /// What was given for a field, as it was given.
    pub fn value(&self, name: &str) -> &str {
        self.given.iter().find(|(given, _)| *given == name).map_or("", |(_, value)| value)
    }

    /// What is wrong with a field of the form.
    pub fn problem(&self, name: &str) -> Option<String> {
        self.problems.iter().find(|(wrong, _)| *wrong == name).map(|(_, problem)| problem.clone())
    }

    /// What is wrong and has no field in the form, as sentences.
    pub fn others(&self) -> &[String] {
        &self.others
    }

    /// The same to be shown above the form.
    pub fn others_in_words(&self) -> Option<String> {
        Some(self.others.join(" ")).filter(|others| !others.is_empty())
    }

    pub fn is_refused(&self) -> bool {
        !(self.problems.is_empty() && self.others.is_empty())
    }

    /// What was given for the fields of the form, to be written into an address.
    pub fn pairs(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let given = self.given.iter().map(|(name, value)| (*name, value.as_str()));
        given.filter(|(name, value)| self.form.contains(name) && !value.is_empty())
    }

    /// What is meant where nothing is given.
    pub fn or_usual(&mut self, name: &'static str, usual: impl Display) {
        if self.value(name).is_empty() {
            self.given.retain(|(given, _)| *given != name);
            self.given.push((name, usual.to_string()));
        }
    }

    pub fn refuse(&mut self, name: &'static str, problem: impl Display) {
        match self.form.contains(&name) {
            true => self.problems.push((name, problem.to_string())),
            false => self.others.push(format!("{name}: {problem}.")),
        }
    }

    /// The value of a field. `None`: it is empty, or refused.
    pub fn read<T, P: Display>(&mut self, name: &'static str, read: impl FnOnce(&str) -> Result<T, P>) -> Option<T> {
        let text = self.value(name).trim();
        if text.is_empty() {
            return None;
        }
        match read(text) {
            Ok(value) => Some(value),
            Err(problem) => {
                let problem = problem.to_string();
                self.refuse(name, problem);
                None
            }
        }
    }

    /// A value that has a name.
    pub fn one_of<T>(&mut self, name: &'static str, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.read(name, |text| find(text).ok_or_else(|| format!("{text:?} is not among these")))
    }

    /// The days of the fields `from` and `to`, both included.
    pub fn days(&mut self) -> (Option<Day>, Option<Day>) {
        let mut day = |name| self.read(name, |text| text.parse().map_err(|_| format!("{text:?} is no day such as 2026-01-31")));
        let (from, to): (Option<Day>, Option<Day>) = (day("from"), day("to"));
        if from.zip(to).is_some_and(|(from, to)| to < from) {
            self.refuse("to", "The last day is before the first");
        }
        (from, to)
    }

    /// An id, or how it begins.
    pub fn id(&mut self, name: &'static str) -> Option<String> {
        let read = |text: &str| {
            let id = id(text).map_err(|hidden: Hidden| format!("This {hidden}"))?;
            if id.chars().count() > LONGEST_ID {
                Err("This is longer than what it could find".to_owned())
            } else {
                Ok(id.to_owned())
            }
        };
        self.read(name, read).filter(|id| !id.is_empty())
    }

    /// The row after which a page of a list begins, as the link to that page has it.
    pub fn row<T>(&mut self, name: &'static str, find: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        self.read(name, |text| find(text).ok_or("the address of this page is not one of ours; search again"))
    }
}

/// Reads `1760000000.ABC-1`: the moment and the name of a row that a page begins after.
pub fn moment_and_name(text: &str) -> Option<(i64, String)> {
    let (at, name) = text.split_once('.')?;
    Some((at.parse().ok()?, name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Fields::of(&["from", "to", "q"], &["after"], pairs)
    }

    #[test]
    fn nothing_that_is_given_is_left_out_silently() {
        assert_eq!(fields(&[("page", "2")]).others(), ["There is no filter \"page\"."]);
        let twice = fields(&[("q", "a"), ("q", "a")]);
        assert!(twice.is_refused() && twice.value("q") == "a" && twice.others() == ["q is given twice."]);
        let fine = fields(&[("q", " "), ("to", ""), ("after", "1.a")]);
        assert!(!fine.is_refused());
        assert_eq!(fine.pairs().collect::<Vec<_>>(), [("q", " ")]);
    }

    #[test]
    fn a_problem_stands_beside_its_field_or_with_the_others() {
        let mut fields = fields(&[("from", "2026-02-30"), ("to", " 2026-03-01 "), ("after", "x")]);
        assert_eq!(fields.days(), (None, "2026-03-01".parse().ok()));
        assert_eq!(fields.row("after", moment_and_name), None);
        assert_eq!(fields.problem("from").as_deref(), Some("\"2026-02-30\" is no day such as 2026-01-31"));
        assert_eq!(fields.problem("to"), None);
        assert!(fields.others().iter().any(|other| other.starts_with("after: ") && other.ends_with('.')));
    }

    #[test]
    fn an_id_is_read_without_what_is_not_seen_around_it() {
        assert_eq!(fields(&[("q", "\u{200B}ABC-1\u{A0}")]).id("q").as_deref(), Some("ABC-1"));
        let mut hidden = fields(&[("q", "AB\u{200B}C")]);
        assert_eq!(hidden.id("q"), None);
        let told = hidden.problem("q").unwrap();
        assert_eq!(told, "This holds an invisible character (U+200B) after the 2nd character");
    }
}
