//! Fetching packages from mirrors that break, lie, or lack what they list; on the archive that
//! tests/fixtures/archive.sh made.

use std::path::{Path, PathBuf};

use e2e::harness::trial;
use e2e::mirror::{Fault, Mirror};
use image::archive::{Apt, Package, Request, Source};
use image::hint::{chain_of, hint_of};
use image::progress::Progress;
use image::resolution;
use libtest_mimic::Trial;
use tempfile::TempDir;

pub fn trials() -> Vec<Trial> {
    vec![
        trial(
            "a_package_comes_with_what_it_depends_on",
            comes_with_dependencies,
        ),
        trial(
            "a_known_answer_and_cached_packages_need_no_mirror",
            works_offline,
        ),
        trial("a_broken_connection_is_resumed_where_it_broke", resumes),
        trial(
            "a_package_that_the_mirror_lacks_is_named",
            names_what_the_mirror_lacks,
        ),
        trial("a_corrupt_package_is_refused", refuses_corruption),
        trial(
            "a_damaged_package_in_the_cache_is_fetched_again",
            mends_cache,
        ),
        trial("a_foreign_signature_is_refused", refuses_foreign_signature),
        trial("a_changed_package_list_is_refused", refuses_changed_list),
        trial("a_missing_package_names_the_nearest", names_the_nearest),
        trial(
            "a_package_that_cannot_be_installed_is_named",
            names_the_uninstallable,
        ),
        trial("a_mirror_that_is_not_there_is_named", names_the_mirror),
    ]
}

struct Case {
    cache: TempDir,
    mirror: Mirror,
    request: Request,
}

fn fixture() -> PathBuf {
    e2e::repository().join("tests/fixtures/archive")
}

fn case(packages: &[&str]) -> Case {
    case_of(&fixture(), packages)
}

fn case_of(archive: &Path, packages: &[&str]) -> Case {
    let mirror = Mirror::serve(archive);
    let source = Source {
        url: mirror.url(),
        suite: "test".into(),
        components: vec!["main".into()],
    };
    let request = Request {
        arch: "amd64".into(),
        sources: vec![source],
        keyring: archive.join("signer.gpg"),
        essential: false,
        packages: packages.iter().map(|name| (*name).to_owned()).collect(),
        installed: String::new(),
    };
    Case {
        cache: tempfile::tempdir().unwrap(),
        mirror,
        request,
    }
}

impl Case {
    fn resolve(&self) -> anyhow::Result<Vec<Package>> {
        resolution::resolve(self.cache.path(), &self.request, false, &quiet())
    }

    fn apt(&self) -> Apt {
        Apt::new(self.cache.path(), &self.request).unwrap()
    }
}

fn quiet() -> Progress {
    Progress::new(true)
}

fn comes_with_dependencies() {
    let case = case(&["keeper-large"]);
    let packages = case.resolve().unwrap();
    let names: Vec<&str> = packages.iter().map(|package| &*package.name).collect();
    assert_eq!(names, ["keeper-large", "keeper-small"]);
    let apt = case.apt();
    apt.download(&packages, &quiet()).unwrap();
    for package in &packages {
        assert_eq!(
            image::digest::of_file(&apt.file(package)).unwrap(),
            package.sha256
        );
        assert_eq!(
            image::archive::made_at(&apt.file(package)).unwrap(),
            1_700_000_000
        );
    }
}

fn works_offline() {
    let case = case(&["keeper-small"]);
    let packages = case.resolve().unwrap();
    case.apt().download(&packages, &quiet()).unwrap();
    let asked = case.mirror.requests("").len();
    assert_eq!(case.resolve().unwrap(), packages);
    case.apt().download(&packages, &quiet()).unwrap();
    assert_eq!(case.mirror.requests("").len(), asked);
}

fn resumes() {
    let case = case(&["keeper-large"]);
    case.mirror
        .fault("keeper-large_2.0_all.deb", Fault::BreaksOnceAfter(100_000));
    let packages = case.resolve().unwrap();
    case.apt().download(&packages, &quiet()).unwrap();
    let asked = case.mirror.requests("keeper-large_2.0_all.deb");
    assert_eq!(asked.first(), Some(&0));
    assert!(
        asked.last().is_some_and(|from| *from > 0),
        "it began anew: {asked:?}"
    );
}

fn refuses_corruption() {
    let case = case(&["keeper-small"]);
    case.mirror
        .fault("keeper-small_1.0_all.deb", Fault::Corrupt);
    let packages = case.resolve().unwrap();
    let error = case.apt().download(&packages, &quiet()).unwrap_err();
    let said = chain_of(&error).join("\n");
    assert!(said.contains("Hash Sum mismatch"), "{said}");
    assert!(said.contains(&case.mirror.url()), "{said}");
    assert!(!case.apt().file(&packages[0]).exists());
}

fn names_what_the_mirror_lacks() {
    let case = case(&["keeper-small"]);
    case.mirror
        .fault("keeper-small_1.0_all.deb", Fault::Missing);
    let packages = case.resolve().unwrap();
    let error = case.apt().download(&packages, &quiet()).unwrap_err();
    let said = chain_of(&error).join("\n");
    let url = format!("{}/pool/keeper-small_1.0_all.deb", case.mirror.url());
    assert!(said.contains(&url) && said.contains("404"), "{said}");
}

fn mends_cache() {
    let case = case(&["keeper-small"]);
    let packages = case.resolve().unwrap();
    let apt = case.apt();
    apt.download(&packages, &quiet()).unwrap();
    let file = apt.file(&packages[0]);
    let mut bytes = fs_err::read(&file).unwrap();
    bytes[500] ^= 1;
    fs_err::write(&file, bytes).unwrap();
    apt.download(&packages, &quiet()).unwrap();
    assert_eq!(image::digest::of_file(&file).unwrap(), packages[0].sha256);
}

fn refuses_foreign_signature() {
    let archive = changed_archive(|dir| {
        fs_err::rename(
            dir.join("dists/test/InRelease.by-stranger"),
            dir.join("dists/test/InRelease"),
        )
        .unwrap();
    });
    let error = case_of(archive.path(), &["keeper-small"])
        .resolve()
        .unwrap_err();
    let said = chain_of(&error).join("\n");
    assert!(
        said.contains("NO_PUBKEY") || said.contains("not signed") || said.contains("Missing key"),
        "{said}"
    );
}

fn refuses_changed_list() {
    let archive = changed_archive(|dir| {
        let list = dir.join("dists/test/main/binary-amd64/Packages");
        let text = fs_err::read_to_string(&list)
            .unwrap()
            .replace("Version: 1.0", "Version: 1.1");
        fs_err::write(list, text).unwrap();
    });
    let error = case_of(archive.path(), &["keeper-small"])
        .resolve()
        .unwrap_err();
    let said = chain_of(&error).join("\n");
    assert!(
        said.contains("unexpected size") || said.contains("Hash Sum mismatch"),
        "{said}"
    );
}

fn names_the_nearest() {
    let error = case(&["keeper-smal"]).resolve().unwrap_err();
    assert!(
        error
            .to_string()
            .ends_with("has no package named keeper-smal"),
        "{error}"
    );
    assert!(
        hint_of(&error)
            .unwrap()
            .starts_with("the nearest names are keeper-small,"),
        "{:?}",
        hint_of(&error)
    );
}

fn names_the_uninstallable() {
    let error = case(&["keeper-broken"]).resolve().unwrap_err();
    let said = chain_of(&error).join("\n");
    assert!(
        said.contains("keeper-broken : Depends: no-such-package"),
        "{said}"
    );
}

fn names_the_mirror() {
    let mut case = case(&["keeper-small"]);
    // Port 1 of loopback: nobody listens there.
    case.request.sources[0].url = "http://127.0.0.1:1/debian".into();
    let error = case.resolve().unwrap_err();
    let said = chain_of(&error).join("\n");
    assert!(
        said.contains("fetching the package lists of http://127.0.0.1:1/debian"),
        "{said}"
    );
    assert!(hint_of(&error).unwrap().contains("--mirror URL"));
}

fn changed_archive(change: impl FnOnce(&Path)) -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    for file in [
        "dists/test/InRelease",
        "dists/test/InRelease.by-stranger",
        "dists/test/main/binary-amd64/Packages",
        "signer.gpg",
    ] {
        let there = dir.path().join(file);
        fs_err::create_dir_all(there.parent().unwrap()).unwrap();
        fs_err::copy(fixture().join(file), there).unwrap();
    }
    change(dir.path());
    dir
}
