//! Compiling our programs: the device's for aarch64, the packages stage's dispatcher for this
//! machine; both static, so that a linker of rustup's own is enough.

use std::path::{Path, PathBuf};

use ::image::hint::Hint;
use ::image::progress::Progress;
use anyhow::{Context, Result};
use cmd::Cmd;

use crate::repository;

/// What the device runs on.
const DEVICE: &str = "aarch64-unknown-linux-musl";
/// What this machine runs on.
const HOST: &str = "x86_64-unknown-linux-musl";
/// Both.
pub const TARGETS: [&str; 2] = [DEVICE, HOST];
/// The profile in the workspace's Cargo.toml.
const PROFILE: &str = "device";

/// Compiles the programs of the device; returns their directory.
///
/// # Errors
/// They do not compile, or the target cannot be added.
pub fn compile(programs: &[String], progress: &Progress) -> Result<PathBuf> {
    cargo_build(DEVICE, programs, progress)
}

/// Compiles the dispatcher; returns its path.
///
/// # Errors
/// As [`compile`].
pub fn compile_dispatcher(progress: &Progress) -> Result<PathBuf> {
    Ok(cargo_build(HOST, &["dispatch".to_owned()], progress)?.join("dispatch"))
}

/// Compiles the programs of the device and the dispatcher, and puts them all into `dir`.
///
/// # Errors
/// As [`compile`].
pub fn collect(dir: &Path, progress: &Progress) -> Result<()> {
    let names = [
        "keeper",
        "keeperd",
        "keeper-apply",
        "keeper-router",
        "keeper-session",
        "keeper-tunnel",
    ]
    .map(str::to_owned);
    let compiled = compile(&names, progress)?;
    let dispatch = compile_dispatcher(progress)?;
    fs_err::create_dir_all(dir)?;
    for file in names
        .iter()
        .map(|name| compiled.join(name))
        .chain([dispatch])
    {
        fs_err::copy(
            &file,
            dir.join(file.file_name().context("a program has a name")?),
        )?;
    }
    Ok(())
}

fn cargo_build(target: &str, packages: &[String], progress: &Progress) -> Result<PathBuf> {
    add_target(target, progress)?;
    let step = progress.step(format!("compiling {}", packages.join(", ")));
    let names = packages.iter().flat_map(|package| ["--package", package]);
    let variable = format!("CARGO_TARGET_{}_", target.to_uppercase().replace('-', "_"));
    Cmd::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--locked",
            "--profile",
            PROFILE,
            "--target",
            target,
        ])
        .args(names)
        .dir(repository::root())
        .env(format!("{variable}LINKER"), "rust-lld")
        .env(format!("{variable}RUSTFLAGS"), remapping())
        .run_with(|line| step.detail(line.trim()))
        .context("compiling our own programs")?;
    step.done("");
    let target_dir = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    let target_dir = target_dir.unwrap_or_else(|| repository::root().join("target"));
    Ok(repository::root()
        .join(target_dir)
        .join(target)
        .join(PROFILE))
}

/// The same bytes wherever the repository and cargo's home are.
fn remapping() -> String {
    let home = std::env::var("HOME").unwrap_or_default();
    let cargo_home = std::env::var("CARGO_HOME").unwrap_or_else(|_| format!("{home}/.cargo"));
    let rustup_home = std::env::var("RUSTUP_HOME").unwrap_or_else(|_| format!("{home}/.rustup"));
    let root = repository::root();
    format!(
        "--remap-path-prefix={}=/keeper --remap-path-prefix={cargo_home}=/cargo --remap-path-prefix={rustup_home}=/rustup",
        root.display(),
    )
}

/// Whether the compiler has a target's standard library.
pub fn has_target(target: &str) -> bool {
    let ask = Cmd::new("rustc").args(["--print", "target-libdir", "--target", target]);
    ask.read().is_ok_and(|dir| Path::new(dir.trim()).is_dir())
}

fn add_target(target: &str, progress: &Progress) -> Result<()> {
    if has_target(target) {
        return Ok(());
    }
    let step = progress.step(format!("adding the compiler's target {target}"));
    Cmd::new("rustup")
        .args(["target", "add", target])
        .run()
        .context("adding a compilation target")
        .hint(format!(
            "without rustup, install your distribution's Rust library for {target}"
        ))?;
    step.done("");
    Ok(())
}
