//! Whether callbacks can be stored now: many may ask at once, and share one answer.

use std::{
    future::Future,
    sync::{Mutex, PoisonError},
};

use futures::{
    FutureExt,
    future::{BoxFuture, Shared},
};

use crate::server::running::limits;

/// A callback could not be stored now. The log has the reason.
#[derive(Debug, Clone, Copy)]
pub struct NotStorable;

type Answer = Shared<BoxFuture<'static, Result<(), NotStorable>>>;

/// The newest answer to whether callbacks can be stored, and when it was asked for (seconds of this run). All who ask at once
/// share it, and a good one counts for a while: anybody may ask, so asking has to cost nothing.
#[derive(Default)]
pub struct Readiness(Mutex<Option<(i64, Answer)>>);

impl Readiness {
    /// `elapsed`: seconds of this run. `find_out` is called when there is no answer that still counts.
    pub async fn ask<F>(&self, elapsed: i64, find_out: impl FnOnce() -> F) -> Result<(), NotStorable>
    where
        F: Future<Output = Result<(), NotStorable>> + Send + 'static,
    {
        let answer = {
            let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let still_counts = newest.as_ref().filter(|(since, answer)| match answer.peek() {
                None => true,
                Some(Ok(())) => elapsed < since.saturating_add(limits::READY_FOR_S),
                Some(Err(NotStorable)) => false,
            });
            match still_counts {
                Some((_, answer)) => answer.clone(),
                None => newest.insert((elapsed, answer(find_out()))).1.clone(),
            }
        };
        answer.await
    }
}

/// In a task of its own, because the request may be cancelled. A panic counts as no.
fn answer(found: impl Future<Output = Result<(), NotStorable>> + Send + 'static) -> Answer {
    let asked = tokio::spawn(found);
    async { asked.await.unwrap_or(Err(NotStorable)) }.boxed().shared()
}
