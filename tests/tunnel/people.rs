//! The one session, seen from the desktop and from a laptop, and what becomes of it when the line is
//! broken.

use std::time::Duration;

use e2e::harness::trial_in_sandbox;
use libtest_mimic::Trial;

use crate::colab::{ALL, Colab};
use crate::machine::{Machine, wait, wait_for};
use crate::world::{Ground, enrol, laptop};

pub fn trials() -> Vec<Trial> {
    vec![trial_in_sandbox(
        "one_session_for_all_outlives_a_broken_line",
        scenario,
    )]
}

/// A terminal that somebody looks at.
struct Terminal<'a> {
    machine: &'a Machine<'a>,
    user: &'a str,
    name: &'a str,
}

impl Terminal<'_> {
    fn tmux(&self, arguments: &str) -> (i32, String) {
        let Self {
            machine,
            user,
            name,
        } = self;
        machine.attempt(&format!(
            "exec setpriv --reuid={user} --regid={user} --init-groups env HOME=/home/{user} TERM=xterm \
             tmux -f /dev/null -L {name} {arguments}"
        ))
    }

    fn open(&self, command: &str) {
        let (code, said) = self.tmux(&format!("new-session -d -x 100 -y 30 '{command}'"));
        assert_eq!(code, 0, "{said}");
    }

    fn write(&self, line: &str) {
        let (code, said) = self.tmux(&format!("send-keys '{line}' Enter"));
        assert_eq!(code, 0, "{said}");
    }

    fn shows(&self) -> String {
        self.tmux("capture-pane -p").1
    }

    #[track_caller]
    fn sees(&self, text: &str, limit: u64) -> Duration {
        let mut last = String::new();
        let seen = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            wait_for(text, Duration::from_secs(limit), || {
                last = self.shows();
                last.contains(text)
            })
        }));
        seen.unwrap_or_else(|_| panic!("expected {text:?} on the terminal; seen:\n{last}"))
    }
}

const ATTACH: &str = "keeper shell";

fn scenario() {
    let ground = Ground::new();
    let (router, device) = ground.home();
    let laptop = laptop(&ground, &router, &device);
    let vm = ground.machine("vm", &router, 1);
    let desktop = Terminal {
        machine: &device,
        user: "hanako",
        name: "desktop",
    };
    let far = Terminal {
        machine: &laptop,
        user: "root",
        name: "laptop",
    };

    // Nobody is there, and it says so; then somebody is.
    desktop.open(ATTACH);
    desktop.sees("No Colab machine is connected.", 90);
    let mut colab = Colab::execute(&vm, &enrol(&device, ""), ALL);
    assert!(colab.said("connect").starts_with("✔ connected"));
    desktop.sees("\"vm\"", 90);

    // The same one from the laptop.
    laptop.sh("ssh colab-keeper keeper ssh-config --known-hosts >/root/.ssh/known_hosts_colab");
    far.open(&format!("ssh -t colab-keeper {ATTACH}"));
    far.sees("\"vm\"", 90);
    desktop.write("echo from-the-desktop; sleep 1000 & ");
    far.sees("from-the-desktop", 90);
    far.write("export WHERE=laptop; echo $((6*7))-from-the-laptop");
    desktop.sees("42-from-the-laptop", 90);

    // tmux's keys are the machine's tmux's: on the device one is bound, and nothing but this runs.
    let _ = desktop.tmux("send-keys C-b c");
    desktop.sees("1:bash", 90);
    desktop.write("exit");
    let keys = device.sh(
        "setpriv --reuid=keeper-shell --regid=keeper-shell --clear-groups \
         tmux -S /run/keeper-shell/tmux list-keys | grep -v '^bind-key *-T copy-mode'",
    );
    let keys: Vec<&str> = keys.split_whitespace().collect();
    assert_eq!(keys, ["bind-key", "-T", "root", "F12", "detach-client"]);
    assert_eq!(device.sh("pgrep -c -u keeper-shell -x ssh"), "1\n");

    // Laptops copy files straight to the machine.
    laptop.sh("echo content >/root/file; scp -q /root/file colab:/root/copied; rsync -a colab:/root/copied /root/back");
    assert_eq!(laptop.sh("cat /root/back"), "content\n");
    assert_eq!(laptop.sh("ssh colab cat /root/copied"), "content\n");

    // The line breaks without a word for longer than either end waits.
    router.sh("nft add element ip cut machines '{ 198.51.1.2 }'");
    let noticed = desktop.sees("The Colab machine does not answer", 60);
    std::thread::sleep(Duration::from_secs(90).saturating_sub(noticed));
    router.sh("nft delete element ip cut machines '{ 198.51.1.2 }'");
    let back = wait_for("the machine is back", Duration::from_secs(90), || {
        let _ = desktop.tmux("send-keys 'echo back-$((6*7))' Enter");
        desktop.shows().contains("back-42")
    });
    eprintln!(
        "    noticed after {} s, back {} s after the line was",
        noticed.as_secs(),
        back.as_secs()
    );
    desktop.write("clear; echo it-is-$WHERE; jobs");
    far.sees("it-is-laptop", 90);
    far.sees("sleep 1000", 90);

    // Leaving ends nothing.
    let _ = far.tmux("send-keys F12");
    wait("the laptop has left", || far.tmux("has-session").0 != 0);
    far.open(&format!("ssh -t colab-keeper {ATTACH}"));
    far.sees("it-is-laptop", 90);
}
