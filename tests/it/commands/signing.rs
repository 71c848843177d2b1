//! `storefront sign`, `verify` and `payment-url`: what they print, what they refuse, and their exit codes.

use serde_json::json;
use storefront::protocol::sandbox::PROJECT_SECRET;

use crate::kit::{Folder, Said, Settings, signature_of, storefront};

fn settings(pairs: &[(&str, &str)]) -> Settings {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// With the settings of the sandbox, in a folder of its own.
fn says(arguments: &[&str], input: impl AsRef<[u8]>) -> Said {
    storefront(&Folder::new(), &settings(&[]), arguments, input)
}

#[test]
fn sign_prints_the_signature_or_the_string_that_is_signed() {
    let object = r#"{"b":[1,{"c":true}],"a":"x;y","frame_mode":"popup","n":null,"unknown":""}"#;
    let said = says(&["sign", "--string"], object);
    assert_eq!((said.code, said.stdout.as_str()), (0, "a:x;y;b:0:1;b:1:c:1;n:;unknown:\n"));
    let said = says(&["sign"], object);
    assert_eq!((said.code, said.stdout.trim_end()), (0, signature_of(object, PROJECT_SECRET).as_str()));
    // The platform's own published example.
    let said = storefront(&Folder::new(), &settings(&[("PROJECT_SECRET", "secret")]), &["sign"], "{}");
    assert_eq!(said.stdout.trim_end().len(), 88);
}

#[test]
fn refused_input_is_named_on_stderr_with_exit_2() {
    for (input, class) in [
        ("", "not_json"),
        ("{", "not_json"),
        ("[1]", "not_an_object"),
        ("\"a\"", "not_an_object"),
        (r#"{"a":1,"a":2}"#, "duplicate_member"),
        (r#"{"1":"x"}"#, "integer_member_name"),
        (r#"{"":{"a":1}}"#, "empty_member_name"),
        (r#"{"a":1e400}"#, "number_out_of_range"),
        (&format!("{}1{}", "{\"a\":".repeat(200), "}".repeat(200)), "too_deep"),
    ] {
        for command in [&["sign"][..], &["sign", "--string"]] {
            let said = says(command, input);
            assert_eq!(
                (said.code, said.stdout.as_str(), said.stderr.as_str()),
                (2, "", format!("{class}\n").as_str()),
                "{input:.40}"
            );
        }
    }
    let said = says(&["sign"], b"{\"a\":\"\xff\"}");
    assert_eq!((said.code, said.stderr.as_str()), (2, "not_json\n"));
}

#[test]
fn verify_says_accepted_to_be_confirmed_or_refused() {
    let body = json!({ "payment": { "id": "a", "status": "success" } }).to_string();
    let signed = crate::kit::signed(&body, PROJECT_SECRET);
    let said = says(&["verify"], &signed);
    assert_eq!((said.code, said.stdout.as_str()), (0, "accepted\n"));
    let doubtful = crate::kit::signed(&body.replace("success", "a;b"), PROJECT_SECRET);
    let said = says(&["verify"], doubtful);
    assert_eq!((said.code, said.stdout.as_str()), (0, "accepted, to be confirmed: a value holds ;\n"));
    for (input, reason) in [
        (body.clone(), "signature_missing"),
        (signed.replace("success", "decline"), "signature_wrong"),
        (crate::kit::signed(&body, "another"), "signature_wrong"),
        (crate::kit::signed("{\"payment_id\":\"a\",\"payment_amount\":1}", PROJECT_SECRET), "not_a_callback"),
        ("{".to_owned(), "not_json"),
        (format!("{signed}{}", " ".repeat(300_000)), "too_large"),
    ] {
        let said = says(&["verify"], input);
        assert_eq!((said.code, said.stdout), (1, format!("refused: {reason}\n")));
    }
    let rotating = settings(&[("PROJECT_SECRET", "new"), ("PROJECT_SECRET_PREVIOUS", PROJECT_SECRET)]);
    assert_eq!(storefront(&Folder::new(), &rotating, &["verify"], signed).code, 0);
}

#[test]
fn payment_url_prints_a_signed_address_and_refuses_what_has_no_place_in_one() {
    let parameters = r#"{"project_id":3000,"payment_id":"a b","payment_amount":100,"redirect":true,"unknown":"한"}"#;
    let wire = r#"{"project_id":"3000","payment_id":"a b","payment_amount":"100","redirect":"1","unknown":"한"}"#;
    let signature: String = url::form_urlencoded::byte_serialize(signature_of(wire, PROJECT_SECRET).as_bytes()).collect();
    let query = format!("project_id=3000&payment_id=a+b&payment_amount=100&redirect=1&unknown=%ED%95%9C&signature={signature}");
    for (base, address) in [
        ("", "http://localhost:3001"),
        ("http://localhost:9/pay/", "http://localhost:9/pay"),
        ("http://localhost:9/", "http://localhost:9"),
    ] {
        let said = storefront(&Folder::new(), &settings(&[("PAYMENT_PAGE_URL", base)]), &["payment-url"], parameters);
        assert_eq!((said.code, said.stdout), (0, format!("{address}/payment?{query}\n")));
    }
    for value in ["null", "{}", "[]", "{\"a\":1}", "[1]", "1.5", "1e3"] {
        let said = says(&["payment-url"], format!("{{\"project_id\":3000,\"x\":{value}}}"));
        assert_eq!((said.code, said.stdout.as_str()), (2, ""), "{value}");
    }
    let said =
        storefront(&Folder::new(), &settings(&[("PAYMENT_PAGE_URL", "http://localhost:9/?a=b")]), &["payment-url"], parameters);
    assert_eq!((said.code, said.stdout.as_str()), (2, ""), "a query is refused");
    assert!(said.stderr.contains("PAYMENT_PAGE_URL"), "{said:?}");
}
