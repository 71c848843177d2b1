//! ACT: figures and movements as files to download. What cannot be read makes no file.

use axum::{
    extract::{RawQuery, State},
    http::Uri,
    response::Response,
};
use futures::stream;

use crate::{
    domain::people::operator::Operator,
    error::AppError,
    server::{
        admin::reports::{filter, rows::kinds},
        reports::{draw_up, export::Ending, exported},
        state::AppState,
        store::Movements,
    },
};

pub async fn figures_file(
    State(state): State<AppState>,
    _: Operator,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let (ending, zone) = (ending(&uri)?, &state.config.time_zone);
    let (filter, _) = filter::read(&mut filter::fields(query.as_deref()), &state).ok_or(AppError::BadRequest)?;
    let report = draw_up(&state.store, zone, filter, state.now()).await?;
    let rows = exported::figures(&report);
    Ok(exported::figures_export(filter, zone).send(ending, stream::iter([Ok(rows)])))
}

pub async fn movements_file(
    State(state): State<AppState>,
    _: Operator,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Result<Response, AppError> {
    let (ending, zone) = (ending(&uri)?, &state.config.time_zone);
    let mut fields = filter::fields(query.as_deref());
    let (filter, span) = filter::read(&mut fields, &state).ok_or(AppError::BadRequest)?;
    let kinds = kinds(fields.value("kind")).ok_or(AppError::BadRequest)?;
    let rows = exported::movements(state.store.clone(), Movements { kinds, span, part: filter.part });
    Ok(exported::movements_export(filter, zone).send(ending, rows))
}

/// Each ending is an address of its own in the list of routes.
fn ending(uri: &Uri) -> Result<Ending, AppError> {
    uri.path().rsplit_once('.').and_then(|(_, name)| Ending::from_name(name)).ok_or(AppError::NotFound)
}
