//! What the end-to-end tests share: running the front door, a mirror that can be made to misbehave,
//! the harness, the builder's tools, a vendor's image, and a device that is up with what a person
//! sees of it.
//!
//! The tests get what they need from the environment, which `cargo xtask test` sets.

pub mod chromium;
pub mod figures;
pub mod front_door;
pub mod guest;
pub mod harness;
pub mod mirror;
pub mod notebook;
pub mod patience;
pub mod tab;
pub mod vendor;
pub mod viewer;

use std::path::{Path, PathBuf};

use image::archive::Mirrors;
use image::lock;
use image::progress::Progress;
use image::tools::{self, ToolSet, Tools};

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

/// The builder's own tools, as a build gets them. In a [`harness::trial_in_sandbox`] only.
pub fn tools() -> Tools {
    tool_set(tools::BUILD, &Progress::new(true))
}

/// A set of tools, as [`tools()`].
pub fn tool_set(set: ToolSet, progress: &Progress) -> Tools {
    let cache = setting("E2E_CACHE");
    let mirror = Mirrors::new(&[])
        .of(tools::ARCHIVE, None)
        .expect("this machine's apt has a mirror");
    let _lock = lock::take(&cache, progress).expect("the cache can be locked");
    Tools::acquire(&cache, set, &mirror, false, progress).expect("the tools can be had")
}
