//! Prometheus' own tool for rules, which says what the alerts of `ops/alerts.yml` make of figures that a shop told.

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::kit::Folder;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Asserts that no alert fires while the figures stand for an hour as they were before a fault, and that those named fire so many
/// minutes after it.
pub fn alerts(expected: &[&str], after_minutes: u32, before: &str, after: &str) {
    let folder = Folder::new();
    let expressions = names().into_iter().flat_map(|name| {
        let firing = format!("max(ALERTS{{alertname=\"{name}\",alertstate=\"firing\"}})");
        let quiet = json!({ "expr": firing, "eval_time": "59m", "exp_samples": [] });
        let fires = json!({ "expr": firing, "eval_time": format!("{}m", 60 + after_minutes), "exp_samples": [{ "labels": "{}", "value": 1 }] });
        if expected.contains(&name.as_str()) { vec![quiet, fires] } else { vec![quiet] }
    });
    let test = json!({
        "rule_files": [format!("{ROOT}/ops/alerts.yml")],
        "evaluation_interval": "1m",
        "tests": [{ "interval": "1m", "input_series": series(before, after), "promql_expr_test": expressions.collect::<Vec<_>>() }],
    });
    let said = promtool(&["test", "rules", &folder.holds("alerts.test.json", &test.to_string())]);
    assert!(said.0, "{expected:?} after {after_minutes} minutes: {}", said.1);
}

/// Whether the rules can be read, and what was said of them.
pub fn checks_rules() -> (bool, String) {
    promtool(&["check", "rules", &format!("{ROOT}/ops/alerts.yml")])
}

/// The names of all alerts.
pub fn names() -> Vec<String> {
    let rules = fs::read_to_string(format!("{ROOT}/ops/alerts.yml")).expect("the rules");
    rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).map(str::to_owned).collect()
}

fn promtool(arguments: &[&str]) -> (bool, String) {
    let ours = format!("{ROOT}/target/tools/promtool");
    let program = if Path::new(&ours).exists() { ours.as_str() } else { "promtool" };
    let said = Command::new(program).args(arguments).output();
    let said = said.expect("promtool, which `cargo xtask check` fetches from Debian's package prometheus");
    (said.status.success(), String::from_utf8_lossy(&[said.stdout, said.stderr].concat()).into_owned())
}

/// Each figure as it stood for an hour, and for another one after that.
fn series(before: &str, after: &str) -> Vec<Value> {
    let (before, after) = (samples(before), samples(after));
    let one = |(name, now): (&String, &String)| {
        let until_then = before.get(name).map_or_else(|| "_x60".to_owned(), |then| format!("{then}+0x59"));
        json!({ "series": name, "values": format!("{until_then} {now}+0x60") })
    };
    after.iter().map(one).collect()
}

fn samples(figures: &str) -> BTreeMap<String, String> {
    let lines = figures.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.rsplit_once(' ')).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
