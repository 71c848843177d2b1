//! Tables. What is wider than the screen scrolls by itself, also with the keyboard.

use std::borrow::Cow;

use leptos::prelude::*;

/// The head of a column.
#[derive(Debug, Clone)]
pub struct Head {
    name: Cow<'static, str>,
    is_number: bool,
}

pub fn text(name: impl Into<Cow<'static, str>>) -> Head {
    Head { name: name.into(), is_number: false }
}

/// Its cells are `<td class="number">`.
pub fn number(name: impl Into<Cow<'static, str>>) -> Head {
    Head { name: name.into(), is_number: true }
}

#[component]
pub fn Table<Row: IntoView + 'static>(
    /// What it lists, for those who do not see it.
    #[prop(into)]
    label: String,
    /// The label stands above the table, to be seen.
    #[prop(default = false)]
    is_captioned: bool,
    #[prop(into)] heads: Vec<Head>,
    /// A `<tr>` each.
    rows: Vec<Row>,
    /// Said instead of a table without rows.
    #[prop(into, default = None)]
    none: Option<&'static str>,
) -> impl IntoView {
    if let Some(none) = none.filter(|_| rows.is_empty()) {
        return view! { <p>{none}</p> }.into_any();
    }
    let heads = heads.into_iter().map(|Head { name, is_number }| match name.is_empty() {
        true => view! { <td></td> }.into_any(),
        false => view! { <th scope="col" class=is_number.then_some("number")>{name}</th> }.into_any(),
    });
    let caption = is_captioned.then(|| label.clone());
    let hidden_name = (!is_captioned).then(|| label.clone());
    view! {
        <div class="table-region" role="region" aria-label=label tabindex="0">
            <table aria-label=hidden_name>
                {caption.map(|caption| view! { <caption>{caption}</caption> })}
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
