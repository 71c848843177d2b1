//! How far a database was brought, by the steps that it notes.

use std::fmt;

use refinery::Runner;

use super::migrations;
use crate::server::store::engine::{StoreError, Tx, params};

/// How the steps that a database was taken through compare with those of this version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Age {
    /// There is nothing of a shop in it.
    Empty,
    Same,
    /// Lacks this step.
    Older(String),
    /// Has this step, which is not known here.
    Newer(String),
    /// Was made by another build, by a step of the same name.
    Foreign(String),
}

impl fmt::Display for Age {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Age::Empty => write!(f, "it holds no shop"),
            Age::Same => write!(f, "it is of this version"),
            Age::Older(step) => write!(f, "it is of an older version and lacks the step {step}"),
            Age::Newer(step) => write!(f, "it is of a newer version and has the step {step}, which is not known here"),
            Age::Foreign(step) => write!(f, "it was made by another build, whose step {step} is not this one's"),
        }
    }
}

/// A step as a database notes it: number, name, checksum.
type Step = (i64, String, String);

pub fn age(tx: &mut Tx<'_>) -> Result<Age, StoreError> {
    let is_noted = if tx.has_one_writer() {
        "SELECT count(*) > 0 FROM sqlite_master WHERE name = 'refinery_schema_history'"
    } else {
        "SELECT count(*) > 0 FROM information_schema.tables
         WHERE table_name = 'refinery_schema_history' AND table_schema = current_schema()"
    };
    if !tx.one::<bool>(is_noted, params![])? {
        return Ok(Age::Empty);
    }
    let noted = tx.all("SELECT version, name, checksum FROM refinery_schema_history ORDER BY version", params![])?;
    Ok(compared(&noted, &steps(&migrations::all(tx.has_one_writer()))))
}

fn steps(runner: &Runner) -> Vec<Step> {
    let step = |step: &refinery::Migration| (step.version().into(), step.name().to_owned(), step.checksum().to_string());
    runner.get_migrations().iter().map(step).collect()
}

fn compared(noted: &[Step], known: &[Step]) -> Age {
    let named = |(number, name, _): &Step| format!("V{number} {name}");
    let is_known = |noted: &&Step| known.iter().any(|known| known.0 == noted.0);
    if let Some(newer) = noted.iter().find(|noted| !is_known(noted)) {
        return Age::Newer(named(newer));
    }
    if let Some(foreign) = noted.iter().find(|noted| !known.contains(noted)) {
        return Age::Foreign(named(foreign));
    }
    match known.iter().find(|known| !noted.contains(known)) {
        Some(missing) if noted.is_empty() => Age::Older(format!("{} and all after it", named(missing))),
        Some(missing) => Age::Older(named(missing)),
        None => Age::Same,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_as_old_as_its_steps() {
        let step = |number: i64, sum: &str| (number, format!("step {number}"), sum.to_owned());
        let known = [step(1, "a"), step(2, "b")];
        assert_eq!(compared(&known, &known), Age::Same);
        assert_eq!(compared(&known[..1], &known), Age::Older("V2 step 2".to_owned()));
        assert_eq!(compared(&known, &known[..1]), Age::Newer("V2 step 2".to_owned()));
        assert_eq!(compared(&[step(1, "c")], &known), Age::Foreign("V1 step 1".to_owned()));
        assert_eq!(compared(&[], &known), Age::Older("V1 step 1 and all after it".to_owned()));
    }
}
