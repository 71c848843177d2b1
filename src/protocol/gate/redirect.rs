//! `redirect_data`: which page the customer of a direct sale is sent to, and with which fields.

use url::Url;

use crate::protocol::signed::json::Json;

/// Where the customer is sent. The address is absolute, http or https, and already holds the fields of a GET.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirection {
    pub by_post: bool,
    pub url: Url,
    pub fields: Vec<(String, String)>,
}

impl Redirection {
    /// Reads the object. `body` is `{}`, `[]` or an object of plain values, as in the samples. `None`: anything else; nobody is
    /// sent there.
    pub fn read(data: &Json) -> Option<Self> {
        let mut url = data.get("url").and_then(Json::as_text).and_then(|text| Url::parse(text).ok())?;
        if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
            return None;
        }
        let fields = match data.get("body") {
            None | Some(Json::Null) => Vec::new(),
            Some(Json::List(items)) if items.is_empty() => Vec::new(),
            Some(Json::Object(members)) => members.iter().map(field).collect::<Option<_>>()?,
            Some(_) => return None,
        };
        match data.get("method").and_then(Json::as_text)? {
            method if method.eq_ignore_ascii_case("post") => Some(Self { by_post: true, url, fields }),
            method if method.eq_ignore_ascii_case("get") => {
                if !fields.is_empty() {
                    url.query_pairs_mut().extend_pairs(&fields);
                }
                Some(Self { by_post: false, url, fields: Vec::new() })
            }
            _ => None,
        }
    }
}

fn field((name, value): &(String, Json)) -> Option<(String, String)> {
    let value = match value {
        Json::Text(text) => text.clone(),
        Json::Integer(number) => number.to_string(),
        Json::Bool(flag) => flag.to_string(),
        Json::Null => String::new(),
        Json::Unusual(_) | Json::List(_) | Json::Object(_) => return None,
    };
    Some((name.clone(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Redirection> {
        Redirection::read(&Json::parse_object(json.as_bytes()).unwrap())
    }

    #[test]
    fn the_samples_of_all_three_methods_are_understood() {
        let paymaya = read(r#"{"body":{},"method":"GET","url":"https://test.ph/Pay.aspx?tokenid=3f511c2d&procid=BITC"}"#).unwrap();
        assert_eq!((paymaya.by_post, paymaya.url.as_str()), (false, "https://test.ph/Pay.aspx?tokenid=3f511c2d&procid=BITC"));
        let bancontact = read(r#"{"body":[],"method":"GET","url":"https://bancontact.girogate.be/bi/t0bc?tx=example"}"#).unwrap();
        assert_eq!(bancontact.url.as_str(), "https://bancontact.girogate.be/bi/t0bc?tx=example");
        let payco =
            r#"{"body":{"MID":"ABC123","Amt":1000,"GoodsName":"Test sale"},"method":"GET","url":"https://payco.example/pay?a=1"}"#;
        assert_eq!(read(payco).unwrap().url.query(), Some("a=1&MID=ABC123&Amt=1000&GoodsName=Test+sale"));
        let post = read(&payco.replace("GET", "POST")).unwrap();
        assert!(post.by_post && post.url.query() == Some("a=1"));
        assert_eq!(post.fields[1], ("Amt".to_owned(), "1000".to_owned()));
    }

    #[test]
    fn nobody_is_sent_to_what_is_no_page() {
        for bad in [
            r#"{"method":"GET","url":"javascript:alert(1)"}"#,
            r#"{"method":"GET","url":"/relative"}"#,
            r#"{"method":"GET","url":"data:text/html,x"}"#,
            r#"{"method":"PUT","url":"https://a.example"}"#,
            r#"{"url":"https://a.example"}"#,
            r#"{"method":"GET"}"#,
            r#"{"method":"POST","url":"https://a.example","body":{"a":{"b":1}}}"#,
            r#"{"method":"POST","url":"https://a.example","body":"a=b"}"#,
            r#"{"method":"GET","url":7}"#,
        ] {
            assert_eq!(read(bad), None, "{bad}");
        }
    }
}
