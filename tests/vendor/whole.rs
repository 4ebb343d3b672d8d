//! The profile ubuntu-20.04 from end to end, on the twin: fetched over HTTP, verified, built on. The
//! image stays where the part "twin" finds it, which starts it and looks it over.

use std::path::{Path, PathBuf};

use e2e::front_door::{Said, run, stand_in};
use e2e::harness::trial;
use e2e::mirror::Mirror;
use e2e::vendor::{self, DISK_ID, ROOT_UUID, Twin};
use image::profile;
use libtest_mimic::Trial;
use serde_json::Value;
use tempfile::TempDir;

pub fn trials() -> Vec<Trial> {
    vec![trial("the_default_profile_builds_on_the_twin", builds)]
}

fn builds() {
    let twin = vendor::twin().unwrap();
    let server = Mirror::serve(&twin.dir);
    let repository = heir(&twin, &server.url());
    differs_in_names_alone(repository.path());
    let out = e2e::setting("E2E_TWIN");
    if out.exists() {
        fs_err::remove_dir_all(&out).unwrap();
    }
    let image = build(repository.path(), &out);
    assert_eq!(server.requests("SHA256SUMS.gpg").len(), 1);
    check_manifest(&image, &twin);

    let inspected = xtask(repository.path(), &["inspect", "--format", "json"], &image);
    assert_eq!(inspected.code, Some(0), "{inspected:#?}");
}

/// A stand-in for the repository in which the profile `twin` inherits from ubuntu-20.04.
fn heir(twin: &Twin, url: &str) -> TempDir {
    let dir = stand_in();
    let keyring = twin.keyring.display().to_string();
    let text = fs_err::read_to_string(e2e::repository().join("tests/fixtures/vendor/heir.toml"))
        .unwrap()
        .replace("@URL@", url)
        .replace("@KEYRING@", &keyring)
        .replace("@FINGERPRINT@", &twin.fingerprint);
    fs_err::write(dir.path().join("image/twin.toml"), text).unwrap();
    dir
}

/// The test is worth what the two profiles have in common.
fn differs_in_names_alone(repository: &Path) {
    let read = |name: &str| {
        let profile = profile::load(&repository.join("image"), name).unwrap();
        let mut value = serde_json::to_value(profile).unwrap();
        for path in [
            "/import",
            "/archive/keyring",
            "/archive/sources",
            "/packages/install",
            "/native/packages",
            // The Store is out of reach, so the twin has the browser as a package.
            "/browser",
        ] {
            *value.pointer_mut(path).unwrap() = Value::Null;
        }
        value
    };
    assert_eq!(read("twin"), read("ubuntu-20.04"));
}

fn build(repository: &Path, out: &Path) -> PathBuf {
    let programs = e2e::setting("E2E_PROGRAMS");
    let said = run(
        repository,
        &[
            "image",
            "--profile",
            "twin",
            "--compress",
            "fast",
            "--cache-dir",
            &e2e::setting("E2E_CACHE").display().to_string(),
            "--programs",
            &programs.display().to_string(),
            "--out-dir",
            &out.display().to_string(),
        ],
    );
    assert_eq!(said.code, Some(0), "{said:#?}");
    PathBuf::from(said.stdout.trim_end())
}

fn xtask(repository: &Path, args: &[&str], image: &Path) -> Said {
    let (cache, image) = (e2e::setting("E2E_CACHE"), image.display().to_string());
    let cache = cache.display().to_string();
    run(
        repository,
        &[args, &[&*image, "--cache-dir", &cache]].concat(),
    )
}

fn check_manifest(image: &Path, twin: &Twin) {
    let file = image
        .display()
        .to_string()
        .replace(".img.xz", ".manifest.json");
    let manifest: Value = serde_json::from_slice(&fs_err::read(file).unwrap()).unwrap();
    let at = |path: &str| manifest.pointer(path).unwrap_or(&Value::Null);
    assert_eq!(at("/base/signed_by"), &*twin.fingerprint);
    assert_eq!(at("/layout/root_uuid"), ROOT_UUID);
    assert_eq!(at("/layout/mbr/disk_id"), DISK_ID);
    let packages = at("/packages").as_array().unwrap();
    let named = |name: &str| packages.iter().find(|package| package["name"] == name);
    // One that came with the vendor's image, and one of ours.
    assert!(named("netbase").unwrap()["sha256"].is_null());
    assert!(named("xrdp").unwrap()["sha256"].is_string());
}
