//! A stand-in for keeper-apply that speaks its protocol (`setup`'s messages) and changes nothing. It
//! says one thing at a time, when the test wants it: each state can be seen. What keeper-apply really
//! does with a change is tried by its own tests, and on a device by the part "desktop": it runs programs
//! of a device, which this machine's are not. So the real one can only refuse here ([`real`]).

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Stdio;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use cmd::Cmd;
use setup::{Answer, Ask, Network, Progress, Work};

use crate::device::Device;

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(60);

/// The real keeper-apply where keeperd asks, one for each connection as by `keeper-ask.socket`. Its device is an empty
/// directory, whose keeperd is whoever runs this.
pub fn real(device: &Device) {
    let etc = device.path("root/etc");
    fs_err::create_dir_all(&etc).expect("a directory");
    let uid = rustix::process::getuid().as_raw();
    let passwd = format!("keeperd:x:{uid}:{uid}::/:/usr/sbin/nologin\n");
    fs_err::write(etc.join("passwd"), passwd).expect("accounts");
    fs_err::write(etc.join("group"), format!("keeperd:x:{uid}:\n")).expect("groups");
    let listener = UnixListener::bind(device.path("apply")).expect("a socket");
    let root = device.path("root");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let answers: OwnedFd = stream.try_clone().expect("the same connection").into();
            let mut answering = Cmd::new(e2e::setting("E2E_KEEPER_APPLY"))
                .arg("--root")
                .arg(&root)
                .arg("answer")
                .command();
            answering
                .stdin(Stdio::from(OwnedFd::from(stream)))
                .stdout(Stdio::from(answers))
                .stderr(Stdio::null());
            let ended = answering.spawn().and_then(|mut child| child.wait());
            ended.expect("keeper-apply starts");
        }
    });
}

/// Its socket, with a thread behind it.
pub struct Root {
    asked: Receiver<(Ask, UnixStream)>,
}

/// Somebody who waits for answers.
pub struct Asked {
    pub ask: Ask,
    stream: UnixStream,
}

impl Root {
    /// Listens where keeperd asks. The networks around are told at once.
    pub fn of(device: &Device) -> Self {
        let listener = UnixListener::bind(device.path("apply")).expect("a socket");
        let (send, asked) = channel();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let mut reader = BufReader::new(stream);
                let mut line = String::new();
                if (&mut reader)
                    .take(setup::MAX_LINE as u64)
                    .read_line(&mut line)
                    .is_err()
                {
                    continue;
                }
                let ask: Ask = serde_json::from_str(&line).expect("a question of the protocol");
                let mut stream = reader.into_inner();
                match ask {
                    Ask::Scan { .. } => say(
                        &mut stream,
                        &Answer::Networks {
                            networks: networks(),
                        },
                    ),
                    ask => {
                        if send.send((ask, stream)).is_err() {
                            break;
                        }
                    }
                }
            }
        });
        Self { asked }
    }

    /// The next question for a change.
    pub fn asked(&self) -> Asked {
        let (ask, stream) = self.asked.recv_timeout(SOON).expect("a question");
        Asked { ask, stream }
    }

    /// Whether nothing was asked so far.
    pub fn was_left_alone(&self) -> bool {
        self.asked.try_recv().is_err()
    }
}

impl Asked {
    pub fn say(&mut self, answer: &Answer) {
        say(&mut self.stream, answer);
    }

    pub fn tell(&mut self, work: Work, progress: Progress) {
        self.say(&Answer::Progress { work, progress });
    }

    /// A part from its beginning to its end.
    pub fn part(&mut self, work: Work) {
        self.tell(work, Progress::Begun);
        self.tell(work, Progress::Done);
    }
}

fn say(stream: &mut UnixStream, answer: &Answer) {
    let line = serde_json::to_string(answer).expect("JSON") + "\n";
    // Who has gone away is not told.
    let _ = stream.write_all(line.as_bytes());
}

fn networks() -> Vec<Network> {
    let seen = [
        ("Upstairs", 82, true),
        ("ねこカフェ", 55, true),
        ("Guests", 20, false),
    ];
    let network = |(name, signal, secured): (&str, u8, bool)| Network {
        name: name.to_owned(),
        signal,
        secured,
    };
    seen.map(network).to_vec()
}
