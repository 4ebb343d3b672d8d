//! The merged seed of snaps, judged by snapd itself: hand-made snaps, packed and validated with
//! Debian's `snap`, which needs no network for either. The Store is out of a test's reach.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use e2e::harness::trial_in_sandbox;
use e2e::setting;
use image::archive::Mirrors;
use image::lock;
use image::progress::Progress;
use image::snap_seed::{self, SEED, Source};
use image::tools::{self, ToolSet, Tools};
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox("snapd_accepts_a_merged_seed", || {
        judged_by_snapd().unwrap();
    })]
}

const SNAP: ToolSet = ToolSet {
    name: "snap",
    packages: &["snapd", "squashfs-tools"],
};

fn judged_by_snapd() -> Result<()> {
    let (cache, progress) = (setting("E2E_CACHE"), Progress::new(true));
    let given = std::env::var("E2E_MIRRORS").unwrap_or_default();
    let given: Vec<String> = given.split_whitespace().map(str::to_owned).collect();
    let mirror = Mirrors::new(&given).of(tools::ARCHIVE, None)?;
    let lock = lock::take(&cache, &progress)?;
    let tools = Tools::acquire(&cache, SNAP, &mirror, false, &progress)?;
    drop(lock);

    // /tmp is the same for the tools.
    let dir = tempfile::tempdir()?;
    let (vendor, prepared) = (dir.path().join("vendor"), dir.path().join("prepared"));
    let vendor_seed = vendor.join(SEED);
    write_assertions(&tools, &vendor_seed)?;
    write_assertions(&tools, &prepared)?;
    seed(
        &tools,
        &vendor_seed,
        &[("snapd", "type: snapd\n"), ("core20", "type: base\n")],
    )?;
    seed(&tools, &prepared, &[("chromium", "base: core20\n")])?;
    validate(&tools, &vendor_seed)?;

    let read = |path: &Path| fs_err::read(vendor.join(path)).ok();
    let laid = snap_seed::lay(&prepared, &read)?;
    ensure!(laid.notes.is_empty(), "{:?}", laid.notes);
    for (path, source) in &laid.files {
        let to = vendor.join(path);
        match source {
            Source::File(file) => drop(fs_err::copy(file, to)?),
            Source::Bytes(bytes) => fs_err::write(to, bytes)?,
        }
    }
    let text = fs_err::read_to_string(vendor_seed.join("seed.yaml"))?;
    ensure!(text.matches("- name: ").count() == 3, "{text}");
    validate(&tools, &vendor_seed).context("validating the merged seed")?;

    // What it would say if it were not right.
    fs_err::write(
        vendor_seed.join("seed.yaml"),
        text.replace("core20", "core22"),
    )?;
    let refusal = validate(&tools, &vendor_seed).expect_err("there is no core22");
    ensure!(format!("{refusal:#}").contains("core22"), "{refusal:#}");
    Ok(())
}

fn validate(tools: &Tools, seed: &Path) -> Result<()> {
    let validate = tools.cmd("snap").args(["debug", "validate-seed"]);
    Ok(validate.arg(seed.join("seed.yaml")).run()?)
}

/// Packs snaps of one file each into a seed and lists them in its seed.yaml.
fn seed(tools: &Tools, seed: &Path, snaps: &[(&str, &str)]) -> Result<()> {
    let mut text = "snaps:\n".to_owned();
    for (name, keys) in snaps {
        let source = seed.join("source").join(name);
        fs_err::create_dir_all(source.join("meta"))?;
        let meta = format!("name: {name}\nversion: '1'\nsummary: s\ndescription: d\n{keys}");
        fs_err::write(source.join("meta/snap.yaml"), meta)?;
        let pack = tools.cmd("snap").arg("pack").arg(&source);
        pack.arg(seed.join("snaps")).run()?;
        text += &format!("- name: {name}\n  unasserted: true\n  file: {name}_1_all.snap\n");
    }
    fs_err::remove_dir_all(seed.join("source"))?;
    Ok(fs_err::write(seed.join("seed.yaml"), text)?)
}

/// The model of every classic system, and who vouches for it: snapd's program has them within.
fn write_assertions(tools: &Tools, seed: &Path) -> Result<()> {
    let program = fs_err::read(tools.file("usr/bin/snap"))?;
    let dir = seed.join("assertions");
    fs_err::create_dir_all(&dir)?;
    for (file, kind, authority, about) in [
        ("model", "model", "generic", "model: generic-classic"),
        (
            "generic.account",
            "account",
            "canonical",
            "account-id: generic",
        ),
        (
            "models.account-key",
            "account-key",
            "canonical",
            "account-id: generic",
        ),
    ] {
        let start = format!("type: {kind}\nauthority-id: {authority}\n");
        let assertion = assertion(&program, &start, about);
        fs_err::write(dir.join(file), assertion.with_context(|| file.to_owned())?)?;
    }
    Ok(())
}

/// An assertion: headers, an empty line, a body if the headers give it a length, an empty line, and
/// a signature in lines of 64 characters, of which the last is shorter.
fn assertion<'a>(program: &'a [u8], start: &str, about: &str) -> Option<&'a [u8]> {
    let find = |text: &str, from: usize| {
        let window = |at: &usize| program[*at..].starts_with(text.as_bytes());
        (from..program.len()).find(window)
    };
    let mut from = 0;
    loop {
        let begin = find(start, from)?;
        let headers = std::str::from_utf8(&program[begin..find("\n\n", begin)?]).ok()?;
        from = begin + 1;
        if !headers.lines().any(|line| line == about) {
            continue;
        }
        let length = headers
            .lines()
            .find_map(|line| line.strip_prefix("body-length: "));
        let body = length.map_or(Some(0), |length| Some(length.parse::<usize>().ok()? + 2))?;
        let mut end = begin + headers.len() + 2 + body;
        loop {
            let line = find("\n", end)? - end;
            end += line + 1;
            if line < 64 {
                return program.get(begin..end);
            }
        }
    }
}
