//! What the end-to-end tests share: running the front door, a mirror that can be made to misbehave,
//! and the harness.
//!
//! The tests get what they need from the environment, which `cargo xtask test` sets.

pub mod front_door;
pub mod harness;
pub mod mirror;

use std::path::{Path, PathBuf};

/// The repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in it")
        .to_owned()
}

/// A variable that `cargo xtask test` sets.
pub fn setting(name: &str) -> PathBuf {
    match std::env::var_os(name) {
        Some(value) => value.into(),
        None => panic!("{name} is not set; start these tests with `cargo xtask test`"),
    }
}
