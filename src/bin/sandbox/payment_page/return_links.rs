//! Ways back to the shop: links the customer presses, and the automatic redirect.
//! Only http and https addresses are ever offered.

use leptos::prelude::*;
use url::Url;

use crate::{
    payments::{fields::Fields, frame_mode::FrameMode},
    running::settings::http_address,
};

/// A link back to the shop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnLink {
    url: Url,
    target: &'static str,
}

named! {
    /// What a result leads to, as the names of parameters have it.
    pub enum Outcome {
        Success = "success",
        Decline = "fail",
    }
}

/// An automatic redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutomaticRedirect {
    /// Of the page itself.
    Here(Url),
    /// Of the shop's page around the frame.
    Parent(Url),
}

/// The link shown before there is a result.
pub fn before_result(fields: &Fields) -> Option<ReturnLink> {
    link(fields, "merchant_return")
}

/// The link on the result page: the merchant's for this outcome, else where the automatic redirect goes, else the general one.
pub fn after_result(fields: &Fields, outcome: Outcome) -> Option<ReturnLink> {
    let name = outcome.name();
    let mode = fields.filled(&format!("redirect_{name}_mode"));
    let redirect = || Some(ReturnLink { url: redirect_address(fields, name)?, target: target(mode) });
    link(fields, &format!("merchant_{name}")).or_else(redirect).or_else(|| before_result(fields))
}

/// Where the result page leads by itself. Browsers open no new tab without a click: in a frame that is left to the link.
pub fn automatic(fields: &Fields, outcome: Outcome) -> Option<AutomaticRedirect> {
    let name = outcome.name();
    let url = redirect_address(fields, name)?;
    let framed = FrameMode::of(fields).is_some();
    match target(fields.filled(&format!("redirect_{name}_mode"))) {
        _ if !framed => Some(AutomaticRedirect::Here(url)),
        "_self" => Some(AutomaticRedirect::Here(url)),
        "_parent" => Some(AutomaticRedirect::Parent(url)),
        _ => None,
    }
}

/// Where the provider sends a customer who came through Gate. PayMaya has an address for success only, Bancontact for
/// neither outcome.
pub fn from_provider(fields: &Fields, succeeded: bool) -> Option<Url> {
    let addresses: &[_] = match succeeded {
        true => &["redirect_success_url", "merchant_return_url"],
        false => &["redirect_fail_url", "merchant_return_url", "redirect_success_url"],
    };
    addresses.iter().find_map(|name| fields.filled(name).and_then(http_address))
}

/// The origins of the addresses to which the provider may send a customer.
pub fn origins(fields: &Fields) -> Vec<String> {
    let known = [true, false].into_iter().filter_map(|succeeded| from_provider(fields, succeeded));
    let mut origins: Vec<_> = known.map(|url| url.origin().ascii_serialization()).collect();
    origins.dedup();
    origins
}

fn link(fields: &Fields, family: &str) -> Option<ReturnLink> {
    let url = address(fields, &format!("{family}_url"), &format!("{family}_enabled"))?;
    Some(ReturnLink { url, target: target(fields.filled(&format!("{family}_redirect_mode"))) })
}

fn redirect_address(fields: &Fields, name: &str) -> Option<Url> {
    address(fields, &format!("redirect_{name}_url"), &format!("redirect_{name}_enabled"))
}

/// `…_enabled`: 0 never, 1 only when the page is not framed, 2 or absent always.
fn address(fields: &Fields, url: &str, enabled: &str) -> Option<Url> {
    let framed = FrameMode::of(fields).is_some();
    let enabled = match fields.filled(enabled) {
        Some("0") => false,
        Some("1") => !framed,
        _ => true,
    };
    fields.filled(url).filter(|_| enabled).and_then(http_address)
}

/// A framed page opens the shop around itself unless told otherwise.
fn target(redirect_mode: Option<&str>) -> &'static str {
    match redirect_mode {
        Some("iframe") => "_self",
        Some("blank_page") => "_blank",
        _ => "_parent",
    }
}

/// The link itself.
pub fn view(link: ReturnLink) -> impl IntoView {
    view! { <p class="return"><a href=link.url.to_string() target=link.target>"Return to shop"</a></p> }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        Fields(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    fn shown(pairs: &[(&str, &str)], outcome: Outcome) -> Option<String> {
        after_result(&fields(pairs), outcome).map(|link| link.url.to_string())
    }

    #[test]
    fn the_merchants_link_outweighs_the_redirect_and_that_the_general_link() {
        let all =
            [("merchant_return_url", "http://r/"), ("redirect_success_url", "http://a/"), ("merchant_success_url", "http://s/")];
        assert_eq!(shown(&all, Outcome::Success).as_deref(), Some("http://s/"));
        assert_eq!(shown(&all[..2], Outcome::Success).as_deref(), Some("http://a/"));
        assert_eq!(shown(&all, Outcome::Decline).as_deref(), Some("http://r/"));
        assert_eq!(shown(&[], Outcome::Decline), None);
    }

    #[test]
    fn a_link_that_is_not_enabled_is_not_shown() {
        let link = ("merchant_fail_url", "http://f/");
        assert_eq!(shown(&[link, ("merchant_fail_enabled", "0")], Outcome::Decline), None);
        assert_eq!(shown(&[link, ("merchant_fail_enabled", "1"), ("frame_mode", "iframe")], Outcome::Decline), None);
        assert!(shown(&[link, ("merchant_fail_enabled", "1")], Outcome::Decline).is_some());
    }

    #[test]
    fn from_a_frame_the_shop_is_led_unless_the_mode_says_otherwise() {
        let redirects = |mode: &str, framed: &str| {
            let pairs = [("redirect_fail_url", "http://f/"), ("redirect_fail_mode", mode), ("frame_mode", framed)];
            automatic(&fields(&pairs), Outcome::Decline)
        };
        let url = || Url::parse("http://f/").unwrap();
        assert_eq!(redirects("parent_page", ""), Some(AutomaticRedirect::Here(url())));
        assert_eq!(redirects("", "iframe"), Some(AutomaticRedirect::Parent(url())));
        assert_eq!(redirects("iframe", "popup"), Some(AutomaticRedirect::Here(url())));
        assert_eq!(redirects("blank_page", "popup"), None);
    }

    #[test]
    fn the_provider_sends_back_where_the_method_allows() {
        let sent = |pairs: &[(&str, &str)], succeeded| from_provider(&fields(pairs), succeeded).map(String::from);
        let payco =
            [("redirect_success_url", "http://s/"), ("redirect_fail_url", "http://f/"), ("merchant_return_url", "http://r/")];
        assert_eq!(sent(&payco, true).as_deref(), Some("http://s/"));
        assert_eq!(sent(&payco, false).as_deref(), Some("http://f/"));
        assert_eq!(sent(&payco[..1], false).as_deref(), Some("http://s/"));
        assert_eq!(sent(&payco[2..], true).as_deref(), Some("http://r/"));
        assert_eq!(origins(&fields(&payco)), ["http://s", "http://f"]);
    }

    #[test]
    fn only_web_addresses_are_offered() {
        assert_eq!(shown(&[("merchant_success_url", "javascript:alert(1)")], Outcome::Success), None);
    }
}
