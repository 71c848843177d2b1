//! `/admin/resume`: a form that was sent after its session had ended, with what was typed.

use leptos::prelude::*;

#[component]
pub fn ResumePage(address: String, fields: Vec<(String, String)>) -> impl IntoView {
    let hidden =
        fields.iter().map(|(name, value)| view! { <input type="hidden" name=name.clone() value=value.clone()/> }).collect_view();
    let shown = fields.into_iter().filter(|(_, value)| !value.is_empty());
    let shown = shown.map(|(name, value)| view! { <div><dt>{name.replace('_', " ")}</dt><dd>{value}</dd></div> }).collect_view();
    view! {
        <div class="sign-in">
            <h1>"You are back"</h1>
            <p>"This was typed before you were signed out. Nothing of it was done yet."</p>
            <dl class="facts">{shown}</dl>
            <form method="post" action=address>
                {hidden}
                <button>"Go on with it"</button>
            </form>
            <p><a href="/admin">"Leave it"</a></p>
        </div>
    }
}
