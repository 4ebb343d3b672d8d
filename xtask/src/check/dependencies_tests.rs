//! Crates of all kinds, and what is said of them.

use super::policy::{Bans, Licenses, Named};
use super::*;

fn package(name: &str, version: &str) -> Package {
    Package {
        name: name.into(),
        version: version.into(),
        license: Some("MIT".into()),
        source: Some("registry+https://r.example".into()),
        links: None,
        dependencies: vec![],
    }
}

fn policy() -> Policy {
    let named = |name: &str| Named {
        name: name.into(),
        reason: Some("asleep".into()),
    };
    Policy {
        licenses: Licenses {
            allow: ["MIT".to_owned()].into(),
        },
        bans: Bans {
            deny: vec![named("atty")],
            skip: vec![named("syn@1")],
        },
    }
}

fn said(packages: &[Package]) -> Vec<String> {
    let complaints = against_policy(packages, &policy()).unwrap();
    complaints
        .into_iter()
        .map(|one| format!("{}: {}", one.place, one.what))
        .collect()
}

#[test]
fn a_crate_must_be_free_released_wanted_and_there_once() {
    assert_eq!(
        said(&[package("a", "1.0.0"), package("b", "1.0.0")]),
        [""; 0]
    );
    let ours = Package {
        source: None,
        license: None,
        ..package("ours", "0.1.0")
    };
    assert_eq!(said(&[ours]), [""; 0]);
    let odd = Package {
        license: Some("GPL-3.0".into()),
        ..package("a", "1.0.0")
    };
    assert_eq!(
        said(&[odd]),
        ["a 1.0.0: its licence \"GPL-3.0\" is not accepted"]
    );
    let none = Package {
        license: None,
        ..package("a", "1.0.0")
    };
    assert_eq!(said(&[none]), ["a 1.0.0: its licence \"\" is not accepted"]);
    let git = Package {
        source: Some("git+https://g.example".into()),
        ..package("a", "1.0.0")
    };
    assert_eq!(
        said(&[git]),
        ["a 1.0.0: it comes from git+https://g.example"]
    );
    assert_eq!(
        said(&[package("atty", "0.2.0")]),
        ["atty 0.2.0: it is banned: asleep"]
    );
    assert_eq!(
        said(&[package("a", "1.0.0"), package("a", "2.0.0")]).len(),
        2
    );
    assert_eq!(
        said(&[package("syn", "1.0.0"), package("syn", "2.0.0")]),
        [""; 0]
    );
}

#[test]
fn c_is_found_only_where_the_device_has_it() {
    let lzma = Package {
        links: Some("lzma".into()),
        ..package("lzma-sys", "1.0.0")
    };
    let build = |name: &str| Dependency {
        name: name.into(),
        kind: Some("build".into()),
    };
    let ring = Package {
        dependencies: vec![build("cc")],
        ..package("ring", "1.0.0")
    };
    let plain = Package {
        dependencies: vec![Dependency {
            name: "cc".into(),
            kind: None,
        }],
        ..package("plain", "1.0.0")
    };
    let packages = [lzma, ring, plain, package("cc", "1.0.0")];
    let tree = |names: &[&str]| {
        names
            .iter()
            .map(|name| ((*name).to_owned(), "1.0.0".to_owned()))
            .collect()
    };
    let places = |names: &[&str]| -> Vec<String> {
        let found = with_c(&packages, &tree(names), &["keeperd".into()]);
        found.into_iter().map(|one| one.place).collect()
    };
    assert_eq!(
        places(&["lzma-sys", "ring", "plain", "cc"]),
        ["lzma-sys 1.0.0", "ring 1.0.0"]
    );
    assert_eq!(places(&["ring", "plain"]), [""; 0]);
    assert_eq!(places(&[]), [""; 0]);
    let found = with_c(&packages, &tree(&["lzma-sys"]), &["keeperd".into()]);
    assert_eq!(
        found[0].mend,
        "cargo tree --invert lzma-sys --package keeperd"
    );
}

#[test]
fn a_trees_line_has_name_and_version() {
    let pair = |name: &str, version: &str| Some((name.to_owned(), version.to_owned()));
    assert_eq!(name_and_version("serde v1.0.1 (*)"), pair("serde", "1.0.1"));
    assert_eq!(
        name_and_version("keeper v0.1.0 (/a b)"),
        pair("keeper", "0.1.0")
    );
    assert_eq!(name_and_version(""), None);
}
