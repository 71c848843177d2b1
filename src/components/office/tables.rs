//! Tables. On a narrow screen each row is a small stack of facts, each under its column's name. What is still wider than the
//! screen scrolls by itself, also with the keyboard.

use std::borrow::Cow;

use leptos::{
    attr::any_attribute::AnyAttribute, attr::any_attribute::IntoAnyAttribute, attr::custom::custom_attribute, prelude::*,
};

/// A column: its name, and how its cells look.
#[derive(Debug, Clone)]
pub struct Column {
    name: Cow<'static, str>,
    class: Option<&'static str>,
    names_row: bool,
}

pub fn text(name: impl Into<Cow<'static, str>>) -> Column {
    Column { name: name.into(), class: None, names_row: false }
}

pub fn number(name: impl Into<Cow<'static, str>>) -> Column {
    Column { class: Some("number"), ..text(name) }
}

/// Sentences, and what people typed: its lines may break.
pub fn prose(name: impl Into<Cow<'static, str>>) -> Column {
    Column { class: Some("prose"), ..text(name) }
}

/// Long ids and addresses, which may break anywhere.
pub fn id(name: impl Into<Cow<'static, str>>) -> Column {
    Column { class: Some("id"), ..text(name) }
}

impl Column {
    /// Its cells say what their rows are about.
    pub fn naming_rows(self) -> Self {
        Self { names_row: true, ..self }
    }
}

/// What the cells of a row hold, in the columns' order; [`cells!`] makes one.
pub struct Row {
    marks: Vec<AnyAttribute>,
    cells: Vec<AnyView>,
}

impl Row {
    pub fn of(cells: Vec<AnyView>) -> Self {
        Self { marks: Vec::new(), cells }
    }

    /// With an attribute for those who look for the row.
    pub fn marked(mut self, name: &'static str, value: impl ToString) -> Self {
        self.marks.push(custom_attribute(name, value.to_string()).into_any_attr());
        self
    }

    fn draw(self, columns: &[Column]) -> impl IntoView + use<> {
        let Self { marks, cells } = self;
        let cells = columns.iter().zip(cells).map(|(column, cell)| {
            let Column { name, class, names_row } = column.clone();
            match names_row {
                true => view! { <th scope="row" role="rowheader" data-label=name class=class>{cell}</th> }.into_any(),
                false => view! { <td role="cell" data-label=name class=class>{cell}</td> }.into_any(),
            }
        });
        let cells: Vec<_> = cells.collect();
        view! { <tr {..marks} role="row">{cells}</tr> }
    }
}

/// A [`Row`] of these.
macro_rules! cells {
    ($($cell:expr),* $(,)?) => {
        $crate::components::office::Row::of(vec![$(::leptos::prelude::IntoAny::into_any($cell)),*])
    };
}
pub(crate) use cells;

// The roles are those that the elements have anyway: some browsers forget them where styles make something else of a table.
#[component]
pub fn Table(
    /// What it lists, for those who do not see it.
    #[prop(into)]
    label: String,
    /// The label stands above the table, to be seen.
    #[prop(default = false)]
    is_captioned: bool,
    #[prop(into)] columns: Vec<Column>,
    rows: Vec<Row>,
    /// Said instead of a table without rows.
    #[prop(into, default = None)]
    none: Option<&'static str>,
) -> impl IntoView {
    if let Some(none) = none.filter(|_| rows.is_empty()) {
        return view! { <p>{none}</p> }.into_any();
    }
    let rows: Vec<_> = rows.into_iter().map(|row| row.draw(&columns)).collect();
    let heads = columns.into_iter().map(|Column { name, class, .. }| {
        view! { <th scope="col" role="columnheader" class=class.filter(|class| *class == "number")>{name}</th> }
    });
    let heads = heads.collect_view();
    let caption = is_captioned.then(|| label.clone());
    let hidden_name = (!is_captioned).then(|| label.clone());
    view! {
        <div class="table-region" role="region" aria-label=label tabindex="0">
            <table role="table" aria-label=hidden_name>
                {caption.map(|caption| view! { <caption>{caption}</caption> })}
                <thead role="rowgroup"><tr role="row">{heads}</tr></thead>
                <tbody role="rowgroup">{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
