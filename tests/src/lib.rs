//! What the end-to-end tests share: running the front door, a mirror that can be made to misbehave,
//! the harness, the builder's tools, and a vendor's image.
//!
//! The tests get what they need from the environment, which `cargo xtask test` sets.

pub mod front_door;
pub mod harness;
pub mod mirror;
pub mod vendor;

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
    tools_of(tools::BUILD)
}

/// As [`tools()`], another set of them.
pub fn tools_of(set: ToolSet) -> Tools {
    let (cache, progress) = (setting("E2E_CACHE"), Progress::new(true));
    let mirror = Mirrors::new(&[])
        .of(tools::ARCHIVE, None)
        .expect("this machine's apt has a mirror");
    let _lock = lock::take(&cache, &progress).expect("the cache can be locked");
    Tools::acquire(&cache, set, &mirror, false, &progress).expect("the tools can be had")
}
