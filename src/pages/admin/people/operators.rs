//! `/admin/operators`: all operators, their roles and invitations.

use leptos::prelude::*;

use crate::{
    components::office::{ConfirmField, Facts, Fold, OfficeField, OfficeSelect, Problem, Refused, Section},
    domain::people::operator::{Operator, Role},
};

pub type OperatorsProblem = Problem<OperatorsPlace>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorsPlace {
    NewEmail,
    /// What confirms the new operator.
    Confirmation,
    /// The forms of this operator.
    Row(i64),
}

/// An operator as the list shows one.
#[derive(Debug, Clone)]
pub struct ColleagueView {
    pub operator: Operator,
    /// The state of the invitation, where there is no password yet.
    pub joining: Option<String>,
}

#[component]
pub fn OperatorsPage(
    all: Vec<ColleagueView>,
    me: Operator,
    /// What was typed.
    email: String,
    problem: Option<OperatorsProblem>,
) -> impl IntoView {
    let why = |at: OperatorsPlace| problem.as_ref().and_then(|problem| problem.of(at));
    let (email_error, confirm_error) = (why(OperatorsPlace::NewEmail), why(OperatorsPlace::Confirmation));
    let roles = Role::ALL.map(|role| (role.name(), role.name()));
    let meanings = Role::ALL.map(|role| (role.name(), role.meaning().to_owned()));
    let has_second_factor = me.has_second_factor;
    let rows = all.into_iter().map(|colleague| {
        let why = why(OperatorsPlace::Row(colleague.operator.id));
        operator_row(colleague, &me, why)
    });
    view! {
        <h1>"Operators"</h1>
        <p class="lead"><a href="/admin/acts">"What operators did"</a></p>
        <ul class="operators">{rows.collect_view()}</ul>
        <p><a href="/admin/tokens">"Tokens for programs"</a>" open "<code>"POST /api/operations"</code>"."</p>
        <Section id="add" title="Add an operator">
            <p>"You get an invitation to hand over, with which they set their own password. An operator whom you added, gave a role or reset cannot approve your batches."</p>
            <form method="post" action="/admin/operators" class="narrow">
                <OfficeField name="email" label="Email" kind="email" value=email error=email_error required=true/>
                <OfficeSelect name="role" label="Role" options=roles chosen=""/>
                <Facts known=meanings/>
                <ConfirmField has_second_factor=has_second_factor error=confirm_error/>
                <button>"Add operator"</button>
            </form>
        </Section>
    }
}

fn operator_row(colleague: ColleagueView, me: &Operator, why: Option<String>) -> impl IntoView + use<> {
    let ColleagueView { operator, joining } = colleague;
    let is_open = why.is_some();
    let invites = if joining.is_some() { "Make a new invitation" } else { "Remove the password and invite again" };
    let (id, is_me, has_second_factor) = (operator.id, operator.id == me.id, me.has_second_factor);
    let confirm = move |of: &str| {
        view! { <ConfirmField of=format!("{of}-{id}-") has_second_factor=has_second_factor has_hint=false/> }
    };
    let roles = Role::ALL.map(|role| (role.name(), role.name()));
    view! {
        <li>
            <p class="who">
                <strong>{operator.email.clone()}</strong>
                {is_me.then_some(" (you)")}
                <span class="role">{operator.role.name()}</span>
                <span class="hint">{if operator.has_second_factor { "with second factor" } else { "without second factor" }}</span>
                {joining.map(|joining| view! { <span class="hint">{joining}</span> })}
            </p>
            <Refused reason=why/>
            {(!is_me).then(|| view! {
                <Fold summary="Change" of=operator.email.clone() is_open=is_open>
                    <form method="post" action=format!("/admin/operators/{id}/role")>
                        <OfficeSelect of=format!("{id}-") name="role" label="Role" options=roles chosen=operator.role.name()/>
                        {confirm("confirm-role")}
                        <button class="quiet">"Give this role"</button>
                    </form>
                    {operator.has_second_factor.then(|| view! {
                        <form method="post" action=format!("/admin/operators/{id}/second-factor")>
                            {confirm("confirm-factor")}
                            <button class="quiet">"Take the second factor away"</button>
                        </form>
                    })}
                    <form method="post" action=format!("/admin/operators/{id}/invitation")>
                        {confirm("confirm-invitation")}
                        <button class="quiet">{invites}</button>
                    </form>
                    <form method="post" action=format!("/admin/operators/{id}/removal")>
                        {confirm("confirm-removal")}
                        <button class="quiet">"Remove operator"</button>
                    </form>
                </Fold>
            })}
        </li>
    }
}

#[component]
pub fn InvitedPage(
    title: &'static str,
    whom: Operator,
    /// Its address, shown this once.
    invitation: String,
    /// When it ends.
    until: String,
) -> impl IntoView {
    view! {
        <h1>{title}</h1>
        <p class="lead">
            "Hand this invitation to "{whom.email}" ("{whom.role.name()}"). The person who opens it sets the password, so give it to nobody else. "
            "It works once, until "{until}", and is not shown again."
        </p>
        <p class="key"><code>{invitation}</code></p>
        <p><a class="button" href="/admin/operators">"All operators"</a></p>
    }
}
