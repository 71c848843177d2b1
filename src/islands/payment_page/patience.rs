//! How long each step of opening the Payment Page may take before the payment goes on by redirect.

use js_sys::{Array, Promise};

use crate::islands::dom::window;

pub const PATIENCE_MS: i32 = 5_000;

/// The promise, or nothing once patience has ended.
pub fn within_patience(promise: &Promise) -> Promise {
    let end = Promise::new(&mut |resolve, _| {
        if let Some(window) = window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PATIENCE_MS);
        }
    });
    Promise::race(&[promise, &end].into_iter().collect::<Array>())
}
