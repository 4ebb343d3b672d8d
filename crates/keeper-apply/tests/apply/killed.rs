//! keeper-apply killed at any moment: one whole generation is in force, before and after.

use std::time::{Duration, Instant};

use keeper_apply::{Facts, Files, render};

use crate::room::{Room, command, run};

const TOMLS: [&str; 2] = ["device.language = \"en\"", "device.language = \"ja\""];

#[test]
fn whenever_it_is_killed_a_whole_generation_is_in_force() {
    let room = Room::new();
    let facts = Facts::read(&room.root, false).expect("accounts");
    let whole = TOMLS.map(|toml| render(&config::parse(toml).expect("a good one"), &facts));
    room.toml(TOMLS[0]);
    let start = Instant::now();
    assert!(run(&room.root, &["apply"]).status.success());
    let usual = start.elapsed();
    let tries = 60;
    let mut finished = 0;
    for number in 0..tries {
        room.toml(TOMLS[(number as usize + 1) % 2]);
        let mut child = command(&room.root, &["apply"])
            .stderr(std::process::Stdio::null())
            .spawn()
            .expect("starting keeper-apply");
        std::thread::sleep(usual.min(Duration::from_millis(200)) * number / tries);
        let _ = child.kill();
        finished += u32::from(child.wait().expect("its end").success());
        assert!(
            whole.iter().any(|files| is_in_force(&room, files)),
            "try {number}: what is in force is neither the one nor the other"
        );
    }
    assert!(finished < tries, "none was killed in time");
    room.toml(TOMLS[1]);
    assert!(run(&room.root, &["apply"]).status.success());
    assert!(is_in_force(&room, &whole[1]));
    assert!(room.generations() <= 2, "what the killed ones left is gone");
}

fn is_in_force(room: &Room, files: &Files) -> bool {
    files.iter().all(|(name, text)| room.applied(name) == *text)
}
