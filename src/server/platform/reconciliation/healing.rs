//! Heals a difference: asks the platform about its payment if the answer may settle it, then compares this payment again. The
//! difference is healed if the second comparison does not find it.

use crate::{
    domain::reconciliation::{FoundDifference, Healing, Remedy},
    server::{
        platform::{
            questions::{self, PlatformAnswer},
            reconciliation::{ComparedBooks, Unknown},
        },
        state::AppState,
    },
};

/// Heals a difference for an operator. `None`: there is no such difference.
pub async fn heal(state: &AppState, by: &str, difference_id: i64) -> Result<Option<Healing>, Unknown> {
    let Some(found) = state.store.difference(difference_id).await? else { return Ok(None) };
    let Some(run) = state.store.reconciliation(found.run).await? else { return Ok(None) };
    if found.healed.is_some() {
        return Ok(Some(Healing::HealedBefore));
    }
    let FoundDifference { difference, .. } = found;
    let (payment_id, remedy) = (&difference.payment_id, difference.remedy());
    let act = match remedy {
        Remedy::Ask => "ask the platform about a difference",
        Remedy::CompareAgain => "compare a difference again",
    };
    let detail = format!("{} of reconciliation {}", difference.kind.name(), run.id);
    state.store.note_act(by, act, &format!("payment {payment_id}"), &detail, state.now()).await?;
    let asked = match remedy {
        Remedy::Ask => Some(questions::ask(state, payment_id).await?),
        Remedy::CompareAgain => None,
    };
    let differs = match ComparedBooks::of(&state.store, &state.config)?.differences_of(payment_id, run.interval, state.now()).await
    {
        Ok(differs) => differs,
        Err(Unknown::Store(error)) => return Err(error.into()),
        Err(_) => {
            tracing::warn!(payment_id, "a payment could not be compared again");
            return Ok(Some(Healing::Unread));
        }
    };
    let is_gone = state.store.compared_again(by, difference_id, differs, state.now()).await?;
    Ok(Some(match (is_gone, asked) {
        (true, _) => Healing::Healed,
        (false, Some(PlatformAnswer::Silence)) => Healing::Silence,
        (false, Some(PlatformAnswer::NotFound)) => Healing::NotFound,
        (false, Some(PlatformAnswer::Told) | None) => Healing::Stays,
    }))
}
