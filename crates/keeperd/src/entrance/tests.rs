//! The watch with files in the kernel's place, and another account that writes what it likes.

use super::*;
use control::Machine;
use tempfile::TempDir;

const SOCKETS: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n\
    0: 0100007F:4E36 00000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 71 1 0\n";

struct Case {
    dir: TempDir,
    entrance: Entrance,
}

impl Case {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let file = |name| Utf8PathBuf::try_from(dir.path().join(name)).expect("a UTF-8 path");
        let entrance = Entrance::new(Ways {
            sockets: file("sockets"),
            passwd: file("passwd"),
            question: file("question"),
            answer: file("answer"),
        });
        let case = Self { dir, entrance };
        case.write("passwd", "colab-tunnel:x:999:999::/:/bin/false\n");
        case
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.dir.path().join(name), text).expect("writing");
    }

    fn question(&self) -> Option<Question> {
        let line = std::fs::read(self.dir.path().join("question")).ok()?;
        Some(control::from_line(&line).expect("a question"))
    }

    fn state(&self) -> Option<TunnelState> {
        self.entrance.status().map(|status| status.state)
    }
}

#[test]
fn while_the_tunnel_is_off_nothing_is_looked_at() {
    let case = Case::new();
    case.write("sockets", SOCKETS);
    assert_eq!(case.entrance.look(None), OFF);
    assert_eq!((case.state(), case.question()), (None, None));
    case.entrance.look(Some(20022));
    assert_eq!(case.state(), Some(TunnelState::Connected));
    case.entrance.look(None);
    assert_eq!(case.state(), None);
}

#[test]
fn a_machine_is_seen_asked_and_heard() {
    let case = Case::new();
    assert_eq!(case.entrance.look(Some(20022)), PERIOD);
    assert_eq!(case.state(), Some(TunnelState::Waiting));
    case.write("sockets", SOCKETS);
    assert_eq!(case.entrance.look(Some(20022)), SOON);
    let Question { number } = case.question().expect("a question");
    let mode = case.dir.path().join("question").metadata();
    let mode = mode.expect("the question").permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    let machine = Machine::Up {
        round_trip_us: 7,
        gpu: None,
    };
    let answer = control::to_line(&Answer { number, machine }).expect("an answer");
    case.write("answer", &answer);
    assert_eq!(case.entrance.look(Some(20022)), PERIOD);
    assert_eq!(case.state(), Some(TunnelState::Up));
    case.write("passwd", "colab-tunnel:x:7:7::/:/bin/false\n");
    case.entrance.look(Some(20022));
    assert_eq!(case.state(), Some(TunnelState::Taken));
}

#[test]
fn what_is_no_answer_is_passed_over() {
    let case = Case::new();
    case.write("sockets", SOCKETS);
    let path = case.entrance.ways.answer.clone();
    case.entrance.look(Some(20022));
    let number = case.question().expect("a question").number;
    let long = format!(
        "{{\"number\":{number},\"machine\":{{\"state\":\"unknown\",\"why\":\"{}\"}}}}",
        "x".repeat(5000)
    );
    for text in [
        "",
        "{",
        "\0",
        &long,
        "{\"number\":1,\"machine\":{\"state\":\"silent\"}}",
    ] {
        case.write("answer", text);
        assert_eq!(case.entrance.look(Some(20022)), SOON, "{text:.20}");
        assert_eq!(case.state(), Some(TunnelState::Connected));
    }
    // Neither a link nor a pipe that nobody writes to.
    case.write(
        "secret",
        &format!("{{\"number\":{number},\"machine\":{{\"state\":\"silent\"}}}}"),
    );
    std::fs::remove_file(&path).expect("removing");
    std::os::unix::fs::symlink("secret", &path).expect("a link");
    assert_eq!(answer(&path), None);
    std::fs::remove_file(&path).expect("removing");
    let mode = rustix::fs::Mode::RUSR;
    let here = rustix::fs::CWD;
    rustix::fs::mknodat(
        here,
        path.as_std_path(),
        rustix::fs::FileType::Fifo,
        mode,
        0,
    )
    .expect("a pipe");
    assert_eq!(answer(&path), None);
}
