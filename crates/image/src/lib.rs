//! The builder: from a profile and a distribution's packages to a flashable image.
//!
//! ```text
//! profile → plan → build: base or import → packages → overlay → seal → assemble → compress → publish
//! ```
//!
//! What runs where: [`sandbox`] makes the namespaces in which all of it happens, [`tools`] holds
//! the programs that the builder uses, [`foreign`] runs the image's own. The verbs of `xtask` are
//! thin over this crate; starting an image is the business of `crates/vm`.

mod apt_sources;
pub mod archive;
pub mod build;
pub mod context;
pub mod date;
pub mod digest;
pub mod disk;
mod dpkg;
pub mod files;
pub mod foreign;
mod gate;
pub mod glob;
pub mod hint;
pub mod level;
pub mod lock;
pub mod log;
pub mod overlay;
pub mod plan;
pub mod preset;
pub mod profile;
pub mod progress;
pub mod resolution;
pub mod rootfs;
pub mod sandbox;
pub mod scratch;
pub mod snap_seed;
pub mod stage;
pub mod store;
pub mod tools;
pub mod unpack;
pub mod vendor;
