//! Leads from a frame to the shop's own window.

use leptos::prelude::*;

use super::dom::{element, window};

/// Stands on the order's page when it is framed, beside the link that does the same.
#[island]
pub fn WayOut() -> impl IntoView {
    Effect::new(|_| leave());
    view! { <span hidden=true></span> }
}

/// Another site's window follows only a click: the link is left to the customer there.
fn leave() -> Option<()> {
    let top = window()?.top().ok()??;
    let is_ours = top.location().origin().ok()? == window()?.location().origin().ok()?;
    let address = element("way-out")?.get_attribute("href")?;
    is_ours.then(|| top.location().replace(&address).ok())?
}
