//! What goes on when the page that began it may be gone: the mark that is waited for, and the network that is kept.

use crate::harness::Daemon;
use crate::root::{Root, part, say};
use crate::web::{assert_has, get, post};
use crate::wizard::{answer_all, new_device, outcome, wait};
use std::path::Path;
use std::time::Duration;

const CONFIRM: &str = "{\"ask\":\"confirm\"}\n";

#[test]
fn a_device_whose_mark_appears_is_set_up_though_nobody_said_so() {
    let daemon = new_device("");
    let mark = daemon.dir.path().join("mark");
    let _root = Root::start(daemon.dir.path(), |_, stream| part(stream, "check"));
    answer_all(&daemon);
    post(&daemon, "/setup/apply", &[]);
    wait(|| {
        get(&daemon, "/setup/progress")
            .contains("not known")
            .then_some(())
    });
    std::fs::write(&mark, "").expect("writing the mark");
    wait(|| {
        get(&daemon, "/setup/progress")
            .contains("The device is set up")
            .then_some(())
    });
    assert_has(&get(&daemon, "/settings/progress"), "303", &[]);
}

#[test]
fn a_new_network_is_confirmed_by_keeperd_once_there_is_a_way_out_and_by_no_page() {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let (mark, system) = (dir.path().join("mark"), dir.path().join("root"));
    std::fs::write(dir.path().join("keeper.toml"), "").expect("writing the configuration");
    let adapter = system.join("sys/class/net/wlan0");
    for below in ["device", "wireless"] {
        std::fs::create_dir_all(adapter.join(below)).expect("a directory");
    }
    std::fs::create_dir_all(system.join("proc/net")).expect("a directory");
    std::fs::write(adapter.join("carrier"), "1\n").expect("writing");
    let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let daemon = Daemon::start_with(dir, &["--set-up", &path(&mark), "--system", &path(&system)]);
    let root = Root::start(daemon.dir.path(), move |ask, stream| {
        if ask == CONFIRM {
            return say(stream, r#"{"answer":"done"}"#);
        }
        std::fs::write(&mark, "").expect("writing the mark");
        say(stream, r#"{"answer":"done","confirm":600}"#);
    });
    answer_all(&daemon);
    let begun = post(&daemon, "/setup/apply", &[]);
    assert_has(&begun, "303", &["location: /setup/progress\r\n"]);
    root.asked();
    // Two looks' time, and pages on the way.
    for _ in 0..20 {
        get(&daemon, "/setup/progress");
        std::thread::sleep(Duration::from_millis(250));
    }
    assert!(root.was_left_alone());
    let route = "Iface\nwlan0 00000000 0101A8C0 0003 0 0 600 00000000 0 0 0\n";
    std::fs::write(system.join("proc/net/route"), route).expect("writing");
    assert_eq!(root.asked(), CONFIRM);
    let page = outcome(&daemon, "/setup");
    assert!(
        page.contains("The device is set up") && !page.contains("<form"),
        "{page}"
    );
}
