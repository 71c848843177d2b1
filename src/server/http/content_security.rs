//! What a browser may load and do on a page: the headers Content-Security-Policy and Permissions-Policy.

use leptos::nonce::Nonce;

/// Other origins that a page needs. All come from the settings, none from a request.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Its forms may lead there. Browsers apply this rule to redirects after a form, too.
    pub leads_to: Option<String>,
    /// Scripts, styles and frames may come from there.
    pub embeds: Option<String>,
    /// May frame this page, as the shop itself may.
    pub framed_by: Option<String>,
}

/// For everything that is no page.
pub const STRICTEST: &str = "default-src 'none'; frame-ancestors 'none'";

/// For pages that embed nothing.
pub const NO_PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

impl Policy {
    /// The Content-Security-Policy. A page with scripts has a nonce; what a script with this nonce loads may run, too.
    pub fn content_security(&self, nonce: Option<&Nonce>) -> String {
        let and = |origin: &Option<String>| origin.as_ref().map(|origin| format!(" {origin}")).unwrap_or_default();
        let (form_target, embedded) = (and(&self.leads_to), and(&self.embeds));
        let scripts = match nonce {
            Some(nonce) => {
                format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; connect-src 'self'{embedded}; ")
            }
            None => String::new(),
        };
        // The shop itself, too: the Payment Page may lead its frame to the order's page.
        let frames = if self.embeds.is_some() { format!("frame-src 'self'{embedded}; ") } else { String::new() };
        let ancestors = if self.framed_by.is_some() { format!("'self'{}", and(&self.framed_by)) } else { "'none'".to_owned() };
        format!(
            "default-src 'none'; {scripts}{frames}style-src 'self'{embedded}; img-src 'self'{embedded}; font-src 'self'; \
             form-action 'self'{form_target}; base-uri 'none'; frame-ancestors {ancestors}"
        )
    }

    /// The Permissions-Policy: only a Payment Page in a frame may ask the browser to pay.
    pub fn permissions(&self) -> String {
        match &self.embeds {
            Some(origin) => NO_PERMISSIONS.replace("payment=()", &format!("payment=(self \"{origin}\")")),
            None => NO_PERMISSIONS.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://pay.example";

    #[test]
    fn a_page_that_embeds_nothing_names_no_other_origin() {
        let policy = Policy::default();
        assert!(!policy.content_security(None).contains("https://"));
        assert_eq!(policy.permissions(), NO_PERMISSIONS);
    }

    #[test]
    fn the_payment_page_may_be_framed_and_asked_only_where_it_is_embedded() {
        let policy = Policy { embeds: Some(PAGE.to_owned()), ..Policy::default() };
        let header = policy.content_security(Some(&Nonce::new()));
        for rule in ["frame-src 'self' https://pay.example;", "connect-src 'self' https://pay.example;", "frame-ancestors 'none'"] {
            assert!(header.contains(rule), "{header}");
        }
        assert!(policy.permissions().contains("payment=(self \"https://pay.example\")"));
    }

    #[test]
    fn only_the_named_page_may_be_framed() {
        let policy = Policy { framed_by: Some(PAGE.to_owned()), ..Policy::default() };
        assert!(policy.content_security(None).ends_with("frame-ancestors 'self' https://pay.example"));
    }
}
