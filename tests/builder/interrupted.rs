//! Builds that are killed, as another user, in another directory: they go on where they were, and
//! what they make in the end is the first build's image, byte for byte.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use e2e::front_door::stand_in;
use e2e::harness::trial;
use e2e::setting;
use image::files::copy_tree;
use libtest_mimic::Trial;

pub fn trials() -> Vec<Trial> {
    vec![trial(
        "a_killed_build_of_an_unprivileged_user_makes_the_same_image",
        killed_builds,
    )]
}

/// A user that no system has; its subordinate ids are given for the length of the test.
const USER: u32 = 64_242;

fn killed_builds() {
    let dir = stand_in();
    let work = dir.path();
    for part in ["cache", "out"] {
        fs_err::create_dir(work.join(part)).unwrap();
    }
    link_downloads(&setting("E2E_CACHE"), &work.join("cache"));
    copy_programs(work);
    let kills: u64 = if std::env::var_os("E2E_LONG").is_some() {
        20
    } else {
        3
    };
    let mut random = Random(0x5eed);
    for round in 0..kills {
        let mut child = start(work);
        // A whole build takes about three minutes; most kills should fall into its busy part.
        std::thread::sleep(Duration::from_millis(random.below(60_000)));
        // A machine so fast that it has finished already has shown that it resumes.
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "round {round}: {}", said(child));
            break;
        }
        kill(&mut child);
        assert_eq!(
            finished_images(&work.join("out")),
            Vec::<PathBuf>::new(),
            "an unfinished build looks finished"
        );
        assert_nothing_left(work);
    }
    let mut child = start(work);
    assert!(child.wait().unwrap().success(), "{}", said(child));
    let made = finished_images(&work.join("out"));
    assert_eq!(made.len(), 1, "{made:?}");
    let expected = finished_images(&setting("E2E_DIST"));
    let sum = |image: &Path| image::digest::of_file(image).unwrap();
    assert_eq!(
        sum(&made[0]),
        sum(&expected[0]),
        "{} and {} differ",
        made[0].display(),
        expected[0].display()
    );
}

/// Starts a build: as root, under another user id with ids of its own; as anybody else, as we are.
#[allow(
    clippy::disallowed_methods,
    reason = "tests start programs as users do"
)]
fn start(work: &Path) -> Child {
    let build = "exec ./program image --profile debian-12 --compress fast --programs programs --cache-dir cache --out-dir out";
    let mut command = if rustix::process::getuid().is_root() {
        let script = format!(
            "chown -R {USER}:{USER} . && mount --bind subid /etc/subuid && mount --bind subid /etc/subgid && mount --bind passwd /etc/passwd && \
             exec setpriv --reuid {USER} --regid {USER} --clear-groups sh -c '{build}'"
        );
        // newuidmap asks for its caller's name.
        let mut users = fs_err::read_to_string("/etc/passwd").unwrap();
        users += &format!("builder:x:{USER}:{USER}::/:/bin/sh\n");
        fs_err::write(work.join("passwd"), users).unwrap();
        fs_err::write(work.join("subid"), format!("{USER}:300000:65536\n")).unwrap();
        let mut command = Command::new("unshare");
        command.args(["--mount", "sh", "-c", &script]);
        command
    } else {
        let mut command = Command::new("sh");
        command.args(["-c", build]);
        command
    };
    command
        .current_dir(work)
        .env("CARGO_MANIFEST_DIR", work.join("xtask"))
        .env("HOME", work)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the build starts")
}

/// What a build that has ended said on stderr.
fn said(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn kill(child: &mut Child) {
    child.kill().expect("SIGKILL");
    child.wait().expect("it was ours");
}

fn finished_images(dir: &Path) -> Vec<PathBuf> {
    let paths = fs_err::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    paths
        .filter(|path| path.to_string_lossy().ends_with(".img.xz"))
        .collect()
}

/// No process of the build lives on, and none of its mounts.
fn assert_nothing_left(work: &Path) {
    let text = work.to_string_lossy().into_owned();
    let alive = || {
        let processes = fs_err::read_dir("/proc").unwrap().flatten();
        processes
            .filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok())
            .any(|entry| {
                std::fs::read_link(entry.path().join("cwd")).is_ok_and(|cwd| cwd.starts_with(work))
                    || std::fs::read_link(entry.path().join("root"))
                        .is_ok_and(|root| root.starts_with(work))
            })
    };
    // The kernel takes a moment to end a process namespace.
    for _ in 0..100 {
        if !alive() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(!alive(), "a process of the killed build lives on");
    let mounts = fs_err::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(
        !mounts.contains(&text),
        "a mount of the killed build is left:\n{mounts}"
    );
}

/// What the first build downloaded and resolved, so that this one asks no mirror.
fn link_downloads(from: &Path, to: &Path) {
    for part in ["debs", "resolved", "apt"] {
        copy_tree(&from.join(part), &to.join(part)).unwrap();
    }
}

fn copy_programs(work: &Path) {
    fs_err::copy(e2e::front_door::program(), work.join("program")).unwrap();
    copy_tree(&setting("E2E_PROGRAMS"), &work.join("programs")).unwrap();
    use std::os::unix::fs::PermissionsExt;
    for dir in [work, Path::new(&work.join("programs"))] {
        fs_err::set_permissions(dir, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
}

/// A small generator with a fixed seed: the same moments in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}
