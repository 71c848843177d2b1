//! Settings: everything that is wrong is named at once, and no message holds a secret.

use crate::kit::{Folder, Said, Settings, signature_of, signed, storefront};

fn says(folder: &Folder, settings: &[(&str, &str)], arguments: &[&str]) -> Said {
    let settings: Settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    storefront(folder, &settings, arguments, "{}")
}

/// Which key signs, told by what it signs.
fn signs_with(folder: &Folder, settings: &[(&str, &str)], secret: &str) -> bool {
    let said = says(folder, settings, &["sign"]);
    assert_eq!(said.code, 0, "{said:?}");
    said.stdout.trim_end() == signature_of("{}", secret)
}

#[test]
fn everything_that_is_wrong_is_named_at_once() {
    let wrong = [
        ("SHOP_ADDR", "everywhere"),
        ("PUBLIC_URL", "https://shop.example/shop"),
        ("PAYMENT_PAGE_URL", "https://pay.example?x=1"),
        ("GATE_URL", "gate"),
        ("DATA_API_URL", "data"),
        ("PROJECT_ID", "canary-of-the-id"),
        ("PROJECT_SECRET_FILE", "/nowhere/secret"),
    ];
    for command in ["serve", "cases", "doctor"] {
        let said = says(&Folder::new(), &wrong, &[command]);
        assert_eq!(said.code, 1, "{command}: {said:?}");
        for (name, _) in wrong {
            assert!(said.stderr.contains(name) || said.stdout.contains(name), "{command}: {name} is not named: {said:?}");
        }
    }
}

#[test]
fn a_live_platform_demands_a_project_of_ones_own() {
    for name in ["PAYMENT_PAGE_URL", "GATE_URL", "DATA_API_URL"] {
        let said = says(&Folder::new(), &[(name, "https://live.example")], &["serve"]);
        assert_eq!(said.code, 1, "{name}");
        for missing in ["PROJECT_ID", "PROJECT_SECRET"] {
            assert!(said.stderr.contains(missing), "{name}: {missing} is not named: {}", said.stderr);
        }
        let known =
            [(name, "https://live.example"), ("PROJECT_ID", "1"), ("PROJECT_SECRET", "sandbox-project-secret-known-to-everyone")];
        let said = says(&Folder::new(), &known, &["serve"]);
        assert!(said.code == 1 && said.stderr.contains("PROJECT_SECRET"), "{name}: the key everyone knows: {said:?}");
        let own = [(name, "https://live.example"), ("PROJECT_ID", "1"), ("PROJECT_SECRET", "own")];
        assert_eq!(says(&Folder::new(), &own, &["cases"]).code, 0, "{name}");
    }
}

#[test]
fn an_address_that_only_looks_like_this_computer_is_a_live_one() {
    for address in [
        "http://localhost.evil.example",
        "http://127.0.0.1.evil.example",
        "http://evil.example/localhost",
        "http://10.0.0.1",
        "http://[::2]",
    ] {
        assert_eq!(says(&Folder::new(), &[("GATE_URL", address)], &["cases"]).code, 1, "{address}");
    }
    for address in ["http://localhost:9", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]:3001"] {
        assert_eq!(says(&Folder::new(), &[("GATE_URL", address)], &["cases"]).code, 0, "{address}");
    }
}

const OWN: [(&str, &str); 2] = [("PROJECT_ID", "1"), ("PROJECT_SECRET", "own")];

#[test]
fn a_live_platform_is_reached_by_https_alone_and_its_address_says_nothing_else() {
    for name in ["PAYMENT_PAGE_URL", "GATE_URL", "DATA_API_URL"] {
        for wrong in [
            "http://live.example",
            "ftp://live.example",
            "file:///etc/passwd",
            "data:text/plain,x",
            "https://user@live.example",
            "https://user:password@live.example",
            "https://live.example?key=1",
            "https://live.example/?",
            "https://live.example#there",
            "http://user:password@localhost:3001",
            "http://localhost:3001#there",
            "file://localhost/etc/passwd",
            "https://",
        ] {
            for command in ["cases", "doctor"] {
                let said = says(&Folder::new(), &[&OWN[..], &[(name, wrong)]].concat(), &[command]);
                assert!(said.code == 1 && format!("{said:?}").contains(name), "{command} {name}={wrong}: {said:?}");
                assert!(!format!("{said:?}").contains("password@"), "{said:?}");
            }
        }
        for right in ["https://live.example", "https://live.example:8443/v2/", "http://[::1]:3001", "https://localhost"] {
            assert_eq!(says(&Folder::new(), &[&OWN[..], &[(name, right)]].concat(), &["cases"]).code, 0, "{name}={right}");
        }
    }
}

#[test]
fn the_shop_is_reached_by_https_unless_it_is_on_this_computer() {
    for wrong in [
        "http://shop.example",
        "http://192.0.2.1:3000",
        "ftp://localhost",
        "https://user@shop.example",
        "https://shop.example/shop",
        "https://shop.example?x",
        "https://shop.example#x",
    ] {
        let said = says(&Folder::new(), &[("PUBLIC_URL", wrong)], &["cases"]);
        assert!(said.code == 1 && said.stderr.contains("PUBLIC_URL"), "{wrong}: {said:?}");
    }
    for right in ["https://shop.example", "https://shop.example:8443/", "http://127.0.0.1:3000", "http://shop.localhost:3000"] {
        assert_eq!(says(&Folder::new(), &[("PUBLIC_URL", right)], &["cases"]).code, 0, "{right}");
    }
}

#[test]
fn no_payment_s_id_can_begin_as_a_formula_or_an_option_does() {
    for (prefix, is_taken) in [("harbour-", true), ("", true), ("7_a", true), ("-harbour", false), ("_a", false), ("=a", false)] {
        let said = says(&Folder::new(), &[("PAYMENT_ID_PREFIX", prefix)], &["cases"]);
        assert_eq!(said.code == 0, is_taken, "{prefix}: {said:?}");
        assert!(is_taken || said.stderr.contains("PAYMENT_ID_PREFIX"), "{said:?}");
    }
}

#[test]
fn no_message_holds_a_secret() {
    let canary = "canary-secret-88";
    for settings in [
        &[("PROJECT_SECRET", canary), ("PROJECT_ID", "x")][..],
        &[("PROJECT_SECRET", canary), ("PROJECT_SECRET_PREVIOUS", canary), ("SHOP_ADDR", "x")],
        &[("PROJECT_SECRET", canary), ("DATABASE_URL", "postgres://shop:canary-secret-88@localhost/shop")],
        &[("PROJECT_SECRET", canary), ("DATABASE_URL", "sqlite://canary.db")],
    ] {
        for arguments in [&["doctor"][..], &["cases"], &["sign"], &["verify"], &["payment-url"], &["--help"]] {
            let said = says(&Folder::new(), settings, arguments);
            assert!(!said.stdout.contains(canary) && !said.stderr.contains(canary), "{arguments:?}: {said:?}");
        }
    }
}

#[test]
fn a_secret_may_be_in_a_file() {
    let folder = Folder::new();
    let file = folder.holds("key", "from the file\n");
    assert!(signs_with(&folder, &[("PROJECT_SECRET_FILE", &file)], "from the file"));
    assert!(signs_with(&folder, &[("PROJECT_SECRET_FILE", &folder.holds("crlf", "from the file\r\n"))], "from the file"));
    assert!(signs_with(&folder, &[("PROJECT_SECRET_FILE", &folder.holds("spaces", " spaced "))], " spaced "));
    let empty = folder.holds("empty", "\n");
    let said = says(&folder, &[("PROJECT_SECRET_FILE", &empty)], &["sign"]);
    assert!(said.code == 2 && said.stderr.contains("PROJECT_SECRET"), "an empty one is refused: {said:?}");
    let previous = [("PROJECT_SECRET_PREVIOUS_FILE", file.as_str())];
    let body = signed(r#"{"payment":{"id":"a","status":"success"}}"#, "from the file");
    let previous: Settings = previous.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    assert_eq!(storefront(&folder, &previous, &["verify"], body).stdout, "accepted\n");
}

#[test]
fn an_env_file_fills_in_what_the_environment_does_not_say() {
    let folder = Folder::new();
    folder.holds(".env", "PROJECT_SECRET=\"from .env\"\nSHOP_ADDR=127.0.0.1:1\n# a remark\n");
    assert!(signs_with(&folder, &[], "from .env"));
    assert!(signs_with(&folder, &[("PROJECT_SECRET", "from outside")], "from outside"));
    // A line that cannot be read is not repeated: it may hold a secret.
    folder.holds(
        ".env",
        "PROJECT_SECRET='canary-77 without an end
",
    );
    for arguments in [&["sign"][..], &["cases"], &["doctor"]] {
        let said = says(&folder, &[], arguments);
        assert!(said.code != 0 && format!("{said:?}").contains(".env"), "{said:?}");
        assert!(!format!("{said:?}").contains("canary-77"), "{said:?}");
    }
}

#[test]
fn commands_that_only_sign_need_no_other_setting() {
    let others = [("SHOP_ADDR", "everywhere"), ("DATABASE_URL", "nowhere"), ("PUBLIC_URL", "x"), ("PROJECT_SECRET", "mine")];
    assert!(signs_with(&Folder::new(), &others, "mine"));
}

#[test]
fn an_empty_setting_counts_as_none() {
    let folder = Folder::new();
    assert!(signs_with(
        &folder,
        &[("PROJECT_SECRET", ""), ("PROJECT_ID", ""), ("PUBLIC_URL", "")],
        "sandbox-project-secret-known-to-everyone"
    ));
}
