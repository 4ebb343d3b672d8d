//! The crates of others: licences, sources, doublets, and no C on the device.
//!
//! cargo-deny does the first three better and is run too where it is installed; it takes minutes
//! to compile, so the build does not depend on it. The last is ours alone.

use std::collections::BTreeSet;

use ::image::hint::Hint;
use ::image::overlay::Feature;
use anyhow::{Context, Result};
use cmd::Cmd;
use serde::Deserialize;

use super::cargo::cargo;
use super::licence;
use super::policy::{self, Policy};
use super::{Complaint, Outcome};
use crate::{device, repository};

/// Crates that compile or look for C code when they are built.
const C_BUILDERS: [&str; 5] = ["cc", "cmake", "pkg-config", "bindgen", "vcpkg"];

/// What `cargo metadata` says, as far as it is used here.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
    links: Option<String>,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
}

/// # Errors
/// Cargo.lock is not up to date, or a file cannot be read.
pub fn check() -> Outcome {
    let metadata = cargo()
        .args(["metadata", "--format-version", "1", "--locked"])
        .read();
    let metadata = metadata
        .context("reading the dependencies")
        .hint("if Cargo.lock is behind Cargo.toml, `cargo check` brings it up to date")?;
    let metadata: Metadata = serde_json::from_str(&metadata)?;
    let mut complaints = against_policy(&metadata.packages, &policy::load()?)?;
    let programs = device_programs()?;
    let tree = device_tree(&programs)?;
    complaints.extend(with_c(&metadata.packages, &tree, &programs));
    complaints.extend(cargo_deny());
    Ok(complaints)
}

fn against_policy(packages: &[Package], policy: &Policy) -> Outcome {
    let mut complaints = Vec::new();
    let foreign = || packages.iter().filter(|package| package.source.is_some());
    for package in foreign() {
        let Package { name, version, .. } = package;
        let mut complain = |what: String, mend: &str| {
            complaints.push(Complaint::new(format!("{name} {version}"), what, mend));
        };
        let licence = package.license.as_deref().unwrap_or_default();
        if licence.is_empty() || !licence::is_accepted(licence, &policy.licenses.allow)? {
            let mend = "take another crate, or add the licence to deny.toml if it suits us";
            complain(format!("its licence {licence:?} is not accepted"), mend);
        }
        let source = package.source.as_deref().unwrap_or_default();
        if !source.starts_with("registry+") {
            complain(format!("it comes from {source}"), "take a released version");
        }
        let denied = policy
            .bans
            .deny
            .iter()
            .find(|denied| denied.means(name, version));
        if let Some(denied) = denied {
            let why = denied.reason.as_deref().unwrap_or("deny.toml says so");
            complain(
                format!("it is banned: {why}"),
                &format!("cargo tree --invert {name}"),
            );
        }
        let skipped = |one: &Package| {
            policy
                .bans
                .skip
                .iter()
                .any(|skip| skip.means(name, &one.version))
        };
        let mut others = foreign().filter(|other| other.name == *name && other.version != *version);
        if !skipped(package) && others.any(|other| !skipped(other)) {
            let mend = "cargo update, or list the older one under [bans] skip in deny.toml";
            complain("it is there in several versions".into(), mend);
        }
    }
    Ok(complaints)
}

/// The crates of the programs that any feature lays into an image.
fn device_programs() -> Result<Vec<String>> {
    let overlay = repository::root().join("overlay");
    let mut names = BTreeSet::new();
    for entry in fs_err::read_dir(&overlay)? {
        let entry = entry?;
        if entry.path().join("feature.toml").exists() {
            let feature = Feature::load(&overlay, &entry.file_name().to_string_lossy())?;
            names.extend(
                feature
                    .manifest
                    .binary
                    .into_iter()
                    .map(|binary| binary.name),
            );
        }
    }
    Ok(names.into_iter().collect())
}

/// `name version` of everything that is compiled for the device.
fn device_tree(programs: &[String]) -> Result<BTreeSet<(String, String)>> {
    let tree = cargo()
        .args([
            "tree",
            "--locked",
            "--target",
            device::TARGETS[0],
            "--edges",
            "normal,build",
        ])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(programs.iter().flat_map(|program| ["--package", program]))
        .read()?;
    Ok(tree.lines().filter_map(name_and_version).collect())
}

/// From `serde v1.0.1 (*)` or `keeper v0.1.0 (/some/where)`.
fn name_and_version(line: &str) -> Option<(String, String)> {
    let mut words = line.split_whitespace();
    Some((
        words.next()?.to_owned(),
        words.next()?.strip_prefix('v')?.to_owned(),
    ))
}

fn with_c(
    packages: &[Package],
    tree: &BTreeSet<(String, String)>,
    programs: &[String],
) -> Vec<Complaint> {
    let on_device = packages
        .iter()
        .filter(|one| tree.contains(&(one.name.clone(), one.version.clone())));
    let reason = |package: &Package| {
        let builder = package.dependencies.iter().find(|dependency| {
            let builds = dependency.kind.as_deref() == Some("build");
            // An optional one that is not switched on is not in the tree.
            let there = tree.iter().any(|(name, _)| *name == dependency.name);
            builds && there && C_BUILDERS.contains(&&*dependency.name)
        });
        match (&package.links, builder) {
            (Some(library), _) => Some(format!("it links the C library {library}")),
            (None, Some(builder)) => Some(format!("it is built with {}", builder.name)),
            (None, None) => None,
        }
    };
    let complain = |package: &Package| {
        let Package { name, version, .. } = package;
        let what = format!(
            "{}; the device's programs have no C in them",
            reason(package)?
        );
        let roots = programs.iter().flat_map(|program| ["--package", program]);
        let mend = ["cargo", "tree", "--invert", name].into_iter().chain(roots);
        let mend = mend.collect::<Vec<_>>().join(" ");
        Some(Complaint::new(format!("{name} {version}"), what, mend))
    };
    on_device.filter_map(complain).collect()
}

fn cargo_deny() -> Option<Complaint> {
    let there = Cmd::new("cargo-deny").arg("--version").output().is_ok();
    let deny = cargo().args(["deny", "--offline", "check", "licenses", "bans", "sources"]);
    let command = deny.to_string();
    let error = there.then(|| deny.run().err()).flatten()?;
    Some(Complaint::new("deny.toml", error.to_string(), command))
}

#[cfg(test)]
#[path = "dependencies_tests.rs"]
mod tests;
