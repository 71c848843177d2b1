//! The description of the JSON register names every member of every answer, and no others.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::{
    api::operations::busy_shop,
    kit::{
        Operator,
        api_program::{ApiProgram, always, refusal, with},
    },
};

/// The members a schema describes, following its name.
fn described<'a>(description: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(name) => &description["components"]["schemas"][name.rsplit('/').next().expect("a name")],
        None => schema,
    }
}

fn names(members: &Value) -> BTreeSet<String> {
    members.as_object().map(|members| members.keys().cloned().collect()).unwrap_or_default()
}

/// Whether a value is what its schema says: every member is described, every required one is there, types fit.
fn fits(description: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = described(description, schema);
    let types: Vec<_> = match &schema["type"] {
        Value::String(one) => vec![one.as_str()],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => panic!("{place}: {schema} has no type"),
    };
    let is = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    assert!(types.contains(&is), "{place}: {value} beside {schema}");
    match value {
        Value::Object(members) => {
            assert_eq!(names(value), names(&schema["properties"]), "{place}: described and no more");
            let required: BTreeSet<_> =
                schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
            assert_eq!(required, names(value), "{place}: all are always there");
            members.iter().for_each(|(name, value)| fits(description, &schema["properties"][name], value, name));
        }
        Value::Array(items) => items.iter().for_each(|item| fits(description, &schema["items"], item, place)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_description_tells_every_member_of_every_answer_and_no_more() {
    let (shop, _) = busy_shop().await;
    let owner = Operator::signs_in(&shop, "owner").await;
    let program = ApiProgram::of(&shop, &owner, "reader").await;
    let page = shop.customer().opens("/api/openapi.json").await;
    assert_eq!((page.status, page.header("content-type")), (200, "application/json"));
    let description: Value = serde_json::from_str(&page.body).expect("JSON");
    assert!(description["openapi"].as_str().is_some_and(|version| version.starts_with("3.1.")), "{description}");
    assert_eq!(names(&description["paths"]), BTreeSet::from(["/api/operations".to_owned()]));
    let door = &description["paths"]["/api/operations"]["post"];
    let schema = |status: u16| &door["responses"][status.to_string()]["content"]["application/json"]["schema"];

    let answer = program.reads(&with("limit", json!(5))).await;
    assert!(answer["next"].is_string());
    fits(&description, schema(200), &answer, "answer");
    for (page, status) in
        [(program.asks(&json!({})).await, 400), (program.sends("{}").await, 401), (program.sends("a".repeat(20_000)).await, 413)]
    {
        assert_eq!(page.status, status);
        fits(&description, schema(status), &serde_json::from_str(&page.body).expect("JSON"), "failure");
    }

    // The question: the documented example works, and exactly the described members may be asked with.
    let asked = described(&description, &door["requestBody"]["content"]["application/json"]["schema"]);
    program.reads(&asked["example"]).await;
    let example = |name: &str| match name {
        "project_id" => json!([shop.settings.get("PROJECT_ID").map_or(0, |_| 0)]),
        "timezone" => json!("Asia/Seoul"),
        "limit" => json!(1),
        "offset" => json!(0),
        "after" => answer["next"].clone(),
        "operation_type" => json!("sale"),
        "signature" => json!("whatever"),
        "interval" => always()["interval"].clone(),
        "token" => json!(program.token),
        other => panic!("{other} is described and not known here"),
    };
    for name in names(&asked["properties"]) {
        program.reads(&with(&name, example(&name))).await;
    }
    assert_eq!(refusal(&program.asks(&with("amount", json!(1))).await), (400, "unknown_member".to_owned()));
    assert_eq!(asked["required"], json!(["interval"]));
}
