//! Stores and applies what the platform signed: a callback, or the answer to a question.

use metrics::counter;
use sha2::{Digest, Sha256};

use crate::{
    domain::{
        case::CaseKind,
        orders::{
            history::{Callback, Source},
            order::Statement,
        },
    },
    protocol::{
        callback::{Content, DocumentRefused, VerifiedCallback},
        signed::document::{NamedProject, reads_alike},
    },
    server::{
        platform::callbacks::statement::statement,
        running::chance,
        state::AppState,
        store::{Incoming, Reading, Recorded, StoreError},
    },
};

/// The only way to do so. The store decides in one transaction what it changes: see `server/store/told/callbacks.rs`.
pub async fn take_in(state: &AppState, body: Vec<u8>, told: &[VerifiedCallback], source: Source) -> Result<(), StoreError> {
    let Some(first) = told.first() else { return Ok(()) };
    let incoming = Incoming {
        digest: digest(first, source),
        body,
        payment_id: first.payment_id().unwrap_or_default().to_owned(),
        source,
        leaves_out: (source == Source::Status && first.lists_all_clearly()).then(|| state.elapsed()),
        readings: readings(state, told, state.now()).await?,
        received_at: state.now(),
        next_order_key: chance::token(),
        prefix: state.config.payment_id_prefix.clone(),
        reads_alike,
    };
    let recorded = state.store.record_callback(incoming, &state.catalog).await?;
    told.iter().for_each(|told| tell(told, source, recorded));
    Ok(())
}

/// Equal for callbacks with the same signed content, however it is spelled. A callback and an answer differ even then: a callback
/// is about one operation, an answer about all of them.
fn digest(told: &VerifiedCallback, source: Source) -> [u8; 32] {
    Sha256::new().chain_update(source.name()).chain_update(told.digest()).finalize().into()
}

/// Why a stored callback was not applied again.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The keys were changed since then.
    #[error("the callback does not verify any more: {0}")]
    Unverified(#[from] DocumentRefused),
}

/// Verifies a stored callback again with the present keys and applies it by the same rules.
pub async fn apply_again(state: &AppState, operator: &str, callback: &Callback) -> Result<Recorded, ApplyError> {
    let told = VerifiedCallback::all(&callback.body, &state.config.keys)?;
    let readings = readings(state, &told, callback.received_at).await?;
    let next_order_key = chance::token();
    Ok(state.store.apply_again(operator, callback, &readings, &state.catalog, &next_order_key, state.now()).await?)
}

/// What verified callbacks say, as far as the shop acts on it or a person has to look at it.
async fn readings(state: &AppState, told: &[VerifiedCallback], now: i64) -> Result<Vec<Reading>, StoreError> {
    let mut readings = Vec::new();
    for told in told {
        match (statement(told, now), told.content()) {
            (Some(statement), _) => readings.push(read(told, statement, state.config.project_id)),
            (None, Content::NotUsed { payment_id: Some(id), may_be_about_money: true }) if is_ours(state, id).await? => {
                readings.push(Reading::Doubtful(CaseKind::NotUsed, None));
            }
            (None, _) => {}
        }
    }
    Ok(readings)
}

async fn is_ours(state: &AppState, payment_id: &str) -> Result<bool, StoreError> {
    if state.store.number_of_payment(payment_id).await?.is_some() {
        return Ok(true);
    }
    match state.store.payout(payment_id).await {
        // A payout that cannot be read exists.
        Err(StoreError::Inconsistent(_)) => Ok(true),
        payout => Ok(payout?.is_some()),
    }
}

/// A statement, or why it must not be applied yet.
fn read(callback: &VerifiedCallback, statement: Statement, project_id: u64) -> Reading {
    let doubtful = |kind| Reading::Doubtful(kind, statement.event.kind());
    // The project is checked first: accepting an unclear wording must not accept another project's payment.
    match callback.project() {
        NamedProject::NotNamed => doubtful(CaseKind::Incomplete),
        NamedProject::One(id) if id == project_id => match callback.ambiguity() {
            Some(_) => doubtful(CaseKind::Unconfirmed),
            None => Reading::Clear(Box::new(statement)),
        },
        NamedProject::One(_) | NamedProject::Unclear => doubtful(CaseKind::OtherProject),
    }
}

fn tell(callback: &VerifiedCallback, source: Source, recorded: Recorded) {
    let outcome = match recorded {
        Recorded::NotUsed => "not used",
        Recorded::Applied => "applied",
        Recorded::Repeated => "repeated",
        Recorded::OfAnotherShop => "another shop's",
        Recorded::Case(_) => "case",
    };
    if source == Source::Callback {
        counter!("callbacks_total", "outcome" => outcome).increment(1);
    }
    let (payment_id, status) = (callback.payment_id(), callback.payment_status());
    match recorded {
        Recorded::Case(kind) => {
            tracing::warn!(payment_id, status, case = kind.name(), "a callback waits for a person: `storefront cases`");
        }
        _ => tracing::info!(payment_id, status, outcome, ?source, "the platform told"),
    }
}
