//! Who may ask, by real accounts. Becoming another one takes root, which the tests are in CI; for
//! anybody else this shows that keeperd's own account may ask.

use crate::harness::{Daemon, assert_refused};
use control::{Reply, Request};
use rustix::process::geteuid;
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};
use rustix::{fs::Gid, fs::Uid};
use std::io::{BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

const PASSWD: &str = "keeper:x:54321:54321::/:/bin/sh\ntaro:x:54322:54322::/:/bin/sh\n\
                      anna:x:54323:54390::/:/bin/sh\nbob:x:54324:54324::/:/bin/sh\n";
const GROUP: &str = "keeper-people:x:54390:taro\n";

/// A keeperd that knows the accounts above, at a place that everybody reaches.
fn daemon() -> Daemon {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let open = std::fs::Permissions::from_mode(0o711);
    std::fs::set_permissions(dir.path(), open).expect("a mode");
    for (name, text) in [("keeper.toml", ""), ("passwd", PASSWD), ("group", GROUP)] {
        std::fs::write(dir.path().join(name), text).expect("writing");
    }
    Daemon::start_in(dir)
}

/// What keeperd answers to an account with this number and these groups, the first of which is its
/// own. Only the asking thread becomes somebody else.
fn ask_as(socket: PathBuf, uid: u32, gids: &'static [u32], request: Request) -> Reply {
    let asking = std::thread::spawn(move || {
        let groups: Vec<Gid> = gids.iter().copied().map(Gid::from_raw).collect();
        let (uid, gid) = (Uid::from_raw(uid), groups[0]);
        set_thread_groups(&groups).expect("other groups");
        set_thread_res_gid(gid, gid, gid).expect("another group");
        set_thread_res_uid(uid, uid, uid).expect("another account");
        let mut stream = UnixStream::connect(socket).expect("connecting to keeperd");
        // Whoever is turned away may find the connection closed already.
        let _ = stream.write_all(control::to_line(&request).expect("a request").as_bytes());
        crate::harness::reply(&mut BufReader::new(stream))
    });
    asking.join().expect("an answer")
}

#[test]
fn accounts_that_may_ask_and_those_that_may_not() {
    let daemon = daemon();
    daemon.status();
    if !geteuid().is_root() {
        return;
    }
    for (uid, gids) in [
        (54321, &[54321][..]),
        (54322, &[54322]),
        (54322, &[54322, 54390]),
        (54323, &[54390]),
        (54399, &[54390]),
    ] {
        let reply = ask_as(daemon.socket(), uid, gids, Request::Status {});
        assert!(
            matches!(reply, Reply::Status(_)),
            "{uid} {gids:?}: {reply:?}"
        );
        // They may have something done, too: this is the notebooks' refusal and not the socket's.
        let reply = ask_as(
            daemon.socket(),
            uid,
            gids,
            Request::Close { url: "x".into() },
        );
        assert!(
            !format!("{reply:?}").contains("may ask"),
            "{uid} {gids:?}: {reply:?}"
        );
    }
    for (uid, gids) in [
        (54324, &[54324][..]),
        (54324, &[54324, 1]),
        (54399, &[54399]),
        (65534, &[65534]),
    ] {
        for request in [
            Request::Status {},
            Request::Pause {},
            Request::Screenshot {},
        ] {
            let reply = ask_as(daemon.socket(), uid, gids, request);
            assert_refused(reply, "members of the group keeper-people may ask");
        }
    }
}

/// A new member needs no restart and no new login, a former one is sent away.
#[test]
fn accounts_are_read_at_each_connection() {
    let daemon = daemon();
    if !geteuid().is_root() {
        daemon.status();
        return;
    }
    let ask = || ask_as(daemon.socket(), 54324, &[54324], Request::Status {});
    assert_refused(ask(), "may ask");
    let file = daemon.dir.path().join("group");
    std::fs::write(&file, "keeper-people:x:54390:bob\n").expect("writing");
    assert!(matches!(ask(), Reply::Status(_)));
    std::fs::write(&file, GROUP).expect("writing");
    assert_refused(ask(), "may ask");
    std::fs::remove_file(&file).expect("removing");
    assert_refused(ask(), "No such file");
}

/// Strangers take no places from those who may ask.
#[test]
fn strangers_do_not_crowd_out_anybody() {
    let daemon = daemon();
    if !geteuid().is_root() {
        daemon.status();
        return;
    }
    let socket = daemon.socket();
    let crowd = std::thread::spawn(move || {
        let (uid, gid) = (Uid::from_raw(54324), Gid::from_raw(54324));
        set_thread_res_gid(gid, gid, gid).expect("another group");
        set_thread_groups(&[]).expect("no groups");
        set_thread_res_uid(uid, uid, uid).expect("another account");
        let connect = || UnixStream::connect(&socket).expect("connecting to keeperd");
        std::iter::repeat_with(connect).take(64).collect::<Vec<_>>()
    });
    let crowd = crowd.join().expect("a crowd");
    daemon.status();
    for mut stream in crowd {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an end");
        assert!(answer.contains("may ask"), "{answer}");
    }
}
