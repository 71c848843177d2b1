//! x
pub mod platform;
pub mod domain {
    pub mod money;
}
#[cfg(feature = "ssr")]
pub mod protocol;
