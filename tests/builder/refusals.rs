//! What the builder refuses: each a clear error with a hint, exit status 1, nothing on stdout.

use std::path::Path;

use e2e::front_door::{edit, program, run, stand_in};
use e2e::harness::{in_sandbox, trial};
use e2e::setting;
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![
        trial("an_unknown_profile_names_the_known_ones", unknown_profile),
        trial(
            "a_mistake_in_a_profile_is_shown_where_it_is",
            mistaken_profile,
        ),
        trial(
            "a_mistake_in_a_feature_is_shown_where_it_is",
            mistaken_feature,
        ),
        trial(
            "an_output_directory_that_cannot_be_written_is_refused_at_once",
            unwritable_output,
        ),
        trial("the_plan_is_data_and_touches_nothing", plan_is_data),
        trial(
            "without_user_namespaces_the_cure_is_named",
            no_user_namespaces,
        ),
        trial(
            "without_subordinate_ids_the_cure_is_named",
            no_subordinate_ids,
        ),
    ]
}

/// Those that need the image and the cache of a finished build.
pub fn trials_after_a_build() -> Vec<Trial> {
    vec![
        trial("an_unchanged_image_is_up_to_date", up_to_date),
        trial("a_missing_package_of_a_profile_is_named", missing_package),
        trial("an_owner_whom_the_image_lacks_is_named", dangling_owner),
        trial("what_must_not_ship_is_refused_all_at_once", must_not_ship),
        trial("a_full_disk_leaves_the_earlier_image", full_disk),
        trial("a_full_cache_leaves_nothing_unfinished", full_cache),
        trial("a_second_build_waits_for_the_first", second_build_waits),
    ]
}

fn unknown_profile() {
    let said = run(&e2e::repository(), &["image", "--profile", "debian-99"]);
    said.refused(&[
        "there is no profile \"debian-99\"",
        "hint: the profiles are debian-12",
    ]);
}

fn mistaken_profile() {
    let dir = stand_in();
    let profile = dir.path().join("image/debian-12.toml");
    edit(&profile, "size-mib = 512", "size-mb = 512");
    let said = run(dir.path(), &["image", "--profile", "debian-12", "--plan"]);
    said.refused(&[
        "image/debian-12.toml",
        "line ",
        "unknown field `size-mb`",
        "`size-mib`",
    ]);
}

fn mistaken_feature() {
    let dir = stand_in();
    edit(
        &dir.path().join("overlay/keeper/feature.toml"),
        "mode = \"0640\"",
        "mode = \"rw\"",
    );
    let said = run(
        dir.path(),
        &["image", "--profile", "debian-12", "--cache-dir", "cache"],
    );
    said.refused(&["overlay/keeper/feature.toml", "mode = \"rw\" is not octal"]);
}

fn unwritable_output() {
    let dir = stand_in();
    fs_err::write(dir.path().join("file"), "").unwrap();
    let args = [
        "image",
        "--profile",
        "debian-12",
        "--out-dir",
        "file/dist",
        "--cache-dir",
        "cache",
    ];
    run(dir.path(), &args).refused(&[
        "file/dist cannot be written to",
        "hint: name another directory with --out-dir",
    ]);
    assert!(
        !dir.path().join("cache/store").exists(),
        "it should not have begun"
    );
}

fn plan_is_data() {
    let dir = stand_in();
    let mirrors = [
        "--mirror",
        "http://m.example/debian",
        "--mirror",
        "http://m.example/debian-security",
    ];
    let args = [
        "image",
        "--profile",
        "debian-12",
        "--plan",
        "--format",
        "json",
    ];
    let said = run(dir.path(), &[&args[..], &mirrors].concat());
    assert_eq!(said.code, Some(0), "{said:#?}");
    let plan: serde_json::Value = serde_json::from_str(&said.stdout).unwrap();
    assert_eq!(plan["profile_name"], "debian-12");
    assert_eq!(plan["sources"][0]["url"], "http://m.example/debian");
    let entries: Vec<_> = fs_err::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(
        entries.len(),
        3,
        "a plan leaves nothing behind: {entries:?}"
    );
}

fn no_user_namespaces() {
    let dir = stand_in();
    let script = format!(
        "echo 0 > /proc/sys/user/max_user_namespaces; cd {}; exec {} image --profile debian-12 --programs . --cache-dir cache",
        dir.path().display(),
        program().display(),
    );
    let output = in_sandbox(
        &script,
        &[("CARGO_MANIFEST_DIR", dir.path().join("xtask").into())],
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(
        said.contains("does not let us make a user namespace"),
        "{said}"
    );
    assert!(said.contains("hint: "), "{said}");
}

fn no_subordinate_ids() {
    let dir = stand_in();
    open_to_all(dir.path());
    // A user that no file knows; the program must be where that user may run it.
    fs_err::copy(program(), dir.path().join("xtask-copy")).unwrap();
    let script = format!(
        "cd {}; exec setpriv --reuid 4242 --regid 4242 --clear-groups ./xtask-copy image --profile debian-12 --programs . --cache-dir cache --out-dir out",
        dir.path().display(),
    );
    let output = in_sandbox(
        &script,
        &[
            ("CARGO_MANIFEST_DIR", dir.path().join("xtask").into()),
            ("USER", "nobody-known".into()),
        ],
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("no range of 65536 subordinate ids"), "{said}");
    assert!(
        said.contains("hint: ") && said.contains("usermod --add-subuids"),
        "{said}"
    );
}

fn open_to_all(dir: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs_err::set_permissions(dir, std::fs::Permissions::from_mode(0o777)).unwrap();
}

/// Arguments that use the finished build's cache and programs.
fn built<'a>(cache: &'a str, programs: &'a str, out: &'a str) -> Vec<&'a str> {
    vec![
        "image",
        "--profile",
        "debian-12",
        "--compress",
        "fast",
        "--programs",
        programs,
        "--cache-dir",
        cache,
        "--out-dir",
        out,
    ]
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn up_to_date() {
    let (cache, programs, out) = (
        setting("E2E_CACHE"),
        setting("E2E_PROGRAMS"),
        setting("E2E_DIST"),
    );
    let (cache, programs, out) = (text(&cache), text(&programs), text(&out));
    let said = run(&e2e::repository(), &built(&cache, &programs, &out));
    assert_eq!(said.code, Some(0), "{said:#?}");
    assert!(said.stderr.contains("is up to date"), "{}", said.stderr);
    assert_eq!(
        said.stdout.lines().count(),
        1,
        "stdout is the image's path alone"
    );
    assert!(Path::new(said.stdout.trim()).is_file());
}

fn missing_package() {
    let dir = stand_in();
    edit(
        &dir.path().join("image/debian-12.toml"),
        "\"nano\"",
        "\"nanno\"",
    );
    let (cache, programs) = (text(&setting("E2E_CACHE")), text(&setting("E2E_PROGRAMS")));
    let said = run(dir.path(), &built(&cache, &programs, "out"));
    said.refused(&[
        "has no package named nanno",
        "hint: the nearest names are",
        "(log: ",
    ]);
}

fn dangling_owner() {
    let dir = stand_in();
    edit(
        &dir.path().join("overlay/keeper/feature.toml"),
        "group = \"keeperd\"",
        "group = \"keeprd\"",
    );
    let (cache, programs) = (text(&setting("E2E_CACHE")), text(&setting("E2E_PROGRAMS")));
    let said = run(dir.path(), &built(&cache, &programs, "out"));
    said.refused(&[
        "the feature keeper",
        "/etc/keeper/keeper.toml",
        "the group \"keeprd\"",
        "hint: declare the group",
    ]);
    assert_eq!(
        fs_err::read_dir(dir.path().join("out")).unwrap().count(),
        0,
        "nothing unfinished is left"
    );
}

/// A host's program, a key and a password, each laid into the image by mistake.
fn must_not_ship() {
    let dir = stand_in();
    let base = dir.path().join("overlay/base");
    fs_err::create_dir_all(base.join("root/usr/bin")).unwrap();
    fs_err::copy(program(), base.join("root/usr/bin/stray")).unwrap();
    let key = "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ";
    let key =
        format!("-----BEGIN OPENSSH PRIVATE KEY-----\n{key}\n-----END OPENSSH PRIVATE KEY-----\n");
    fs_err::write(base.join("root/etc/stray-key"), key).unwrap();
    edit(
        &base.join("boot/user-data"),
        "ssh_pwauth: false",
        "chpasswd:\n  list:\n  - ubuntu:ubuntu",
    );
    let (cache, programs) = (text(&setting("E2E_CACHE")), text(&setting("E2E_PROGRAMS")));
    let said = run(dir.path(), &built(&cache, &programs, "out"));
    said.refused(&[
        "3 things must not ship",
        "/usr/bin/stray is a program for x86-64",
        "/etc/stray-key holds a private key",
        "the boot partition's /user-data gives a password in line",
    ]);
    assert_eq!(fs_err::read_dir(dir.path().join("out")).unwrap().count(), 0);
}

/// The output directory is a file system too small for the image, and holds an earlier one.
fn full_disk() {
    let dir = stand_in();
    let (cache, programs) = (text(&setting("E2E_CACHE")), text(&setting("E2E_PROGRAMS")));
    let script = format!(
        "cd {dir}; mkdir out; mount -t tmpfs -o size=20m tmpfs out
         echo earlier > out/colab-keeper-earlier.img.xz
         {xtask} {args} && exit 99
         ls -A out",
        dir = dir.path().display(),
        xtask = program().display(),
        args = built(&cache, &programs, "out").join(" "),
    );
    let output = in_sandbox(
        &script,
        &[("CARGO_MANIFEST_DIR", dir.path().join("xtask").into())],
    );
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(
        said.contains("No space left on device") && said.contains("hint: "),
        "{said}"
    );
    assert_eq!(
        String::from_utf8_lossy(&output.stdout).trim(),
        "colab-keeper-earlier.img.xz"
    );
}

/// The directory of finished stages is a file system too small for the first of them.
fn full_cache() {
    let dir = stand_in();
    let (cache, programs) = (text(&setting("E2E_CACHE")), text(&setting("E2E_PROGRAMS")));
    let script = format!(
        "cd {dir}; mount -t tmpfs -o size=40m tmpfs {cache}/store
         {xtask} {args} && exit 99
         ls -A out {cache}/store",
        dir = dir.path().display(),
        xtask = program().display(),
        args = built(&cache, &programs, "out").join(" "),
    );
    let environment = [("CARGO_MANIFEST_DIR", dir.path().join("xtask").into())];
    let output = in_sandbox(&script, &environment);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.contains("No space left on device"), "{said}");
    assert!(said.contains("hint: make room"), "{said}");
    let left = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        left.lines()
            .filter(|line| !line.is_empty() && !line.ends_with(':'))
            .count(),
        0,
        "{left}"
    );
}

fn second_build_waits() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;
    let (cache, programs) = (setting("E2E_CACHE"), text(&setting("E2E_PROGRAMS")));
    let out = text(&setting("E2E_DIST"));
    let lock = fs_err::File::open(cache.join("lock")).unwrap().into_file();
    rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
    let cache = text(&cache);
    let mut child = e2e::front_door::command(&e2e::repository(), &built(&cache, &programs, &out))
        .stderr(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap())
        .lines()
        .map_while(Result::ok);
    let waiting = said.find(|line| line.contains("waiting for another build"));
    assert!(
        waiting.is_some_and(|line| line.contains("process ")),
        "it says who holds the lock"
    );
    assert!(child.try_wait().unwrap().is_none(), "it waits");
    drop(lock);
    let rest: Vec<String> = said.collect();
    assert!(child.wait().unwrap().success(), "{rest:?}");
}
