//! Hands and services of a device in a scratch directory. Each single operation is counted, and one of them can fail,
//! or be the one at which the power fails: then nothing of us runs on.

use std::cell::{Cell, RefCell};

use anyhow::{Result, bail};
use camino::{Utf8Path, Utf8PathBuf};
use fs_err as fs;
use sha2::{Digest as _, Sha256};
use tunnel::Time;

use super::room::{PASSWORD, Room};
use crate::change::{DeviceHands, Hands, Kept, Said};
use crate::{NewKeys, Service, System};

/// What happens at an operation, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// It is not done, and says so.
    Fails,
    /// The power fails before it, or after it.
    CutBefore,
    /// See `CutBefore`.
    CutAfter,
}

/// How a test knows that the power has failed.
pub(super) struct PowerCut;

/// See the module.
pub(super) struct Machine {
    root: Utf8PathBuf,
    files: DeviceHands,
    /// Operations so far.
    pub(super) count: Cell<usize>,
    /// At which one something happens.
    pub(super) event: Cell<Option<(usize, Event)>>,
    /// Whether the radio has an address.
    pub(super) joined: Cell<bool>,
    /// Whether everybody's account has expired.
    pub(super) expired: Cell<bool>,
    /// A program that always fails.
    pub(super) broken: Cell<&'static str>,
    /// What was run, and with which stdin.
    pub(super) ran: RefCell<Vec<String>>,
    pub(super) fed: RefCell<Vec<String>>,
    pub(super) told: RefCell<Vec<Service>>,
    pub(super) clock: Cell<u64>,
    /// What `iw` says.
    pub(super) seen: RefCell<Vec<u8>>,
}

impl Machine {
    pub(super) fn new(room: &Room) -> Self {
        Self {
            root: room.root.clone(),
            files: DeviceHands::new(&room.root),
            count: Cell::new(0),
            event: Cell::new(None),
            joined: Cell::new(true),
            expired: Cell::new(false),
            broken: Cell::new(""),
            ran: RefCell::default(),
            fed: RefCell::default(),
            told: RefCell::default(),
            clock: Cell::new(1000),
            seen: RefCell::default(),
        }
    }

    pub(super) fn ran(&self, line: &str) -> usize {
        let ran = self.ran.borrow();
        ran.iter().filter(|one| one.starts_with(line)).count()
    }

    fn operation<T>(&self, what: impl FnOnce() -> Result<T>) -> Result<T> {
        let number = self.count.get();
        self.count.set(number + 1);
        let event = self.event.get().filter(|(at, _)| *at == number);
        match event.map(|(_, event)| event) {
            None => what(),
            Some(Event::Fails) => bail!("operation {number} fails"),
            // No panic hook: nothing is wrong with the test.
            Some(Event::CutBefore) => std::panic::resume_unwind(Box::new(PowerCut)),
            Some(Event::CutAfter) => {
                let _ = what();
                std::panic::resume_unwind(Box::new(PowerCut))
            }
        }
    }

    fn edit(&self, path: &str, with: impl FnOnce(Vec<String>) -> Vec<String>) -> Result<()> {
        self.operation(|| {
            let path = self.root.join(path);
            let lines = fs::read_to_string(&path)?
                .lines()
                .map(str::to_owned)
                .collect();
            Ok(fs::write(path, with(lines).join("\n") + "\n")?)
        })
    }

    fn append(&self, path: &str, line: String) -> Result<()> {
        self.edit(path, |mut lines| {
            lines.push(line);
            lines
        })
    }

    fn join_groups(&self, name: &str, groups: &str) -> Result<()> {
        self.edit("etc/group", |lines| {
            let join = |line: String| {
                let group = line.split(':').next().unwrap_or_default().to_owned();
                let members = line.rsplit(':').next().unwrap_or_default().to_owned();
                if !groups.split(',').any(|one| one == group)
                    || members.split(',').any(|one| one == name)
                {
                    line
                } else if members.is_empty() {
                    line + name
                } else {
                    line + "," + name
                }
            };
            lines.into_iter().map(join).collect()
        })
    }

    fn leave(&self, name: &str, of: Option<&str>) -> Result<()> {
        self.edit("etc/group", |lines| {
            let leave = |line: String| {
                let (start, members) = line.rsplit_once(':').unwrap_or((&line, ""));
                if of.is_some_and(|of| !start.starts_with(&format!("{of}:"))) {
                    return line;
                }
                let members: Vec<&str> = members.split(',').filter(|one| *one != name).collect();
                format!("{start}:{}", members.join(","))
            };
            lines.into_iter().map(leave).collect()
        })
    }

    fn drop_line(&self, path: &str, name: &str) -> Result<()> {
        let start = format!("{name}:");
        self.edit(path, |mut lines| {
            lines.retain(|line| !line.starts_with(&start));
            lines
        })
    }

    /// As the real ones do it: one file after the other.
    fn accounts(&self, program: &str, arguments: &[&str], stdin: &str) -> Result<()> {
        let name = arguments.last().copied().unwrap_or_default();
        let value = |key: &str| {
            let at = arguments.iter().position(|one| *one == key);
            at.map_or("", |at| arguments[at + 1])
        };
        match program {
            "useradd" => {
                self.append(
                    "etc/passwd",
                    format!("{name}:x:1001:1001::/home/{name}:/bin/bash"),
                )?;
                self.drop_line("etc/shadow", name)?;
                self.append("etc/shadow", format!("{name}:!:2::::::"))?;
                self.join_groups(name, value("--groups"))?;
                self.append("etc/group", format!("{name}:x:1001:"))
            }
            "usermod" => self.join_groups(name, value("--groups")),
            "userdel" => {
                self.drop_line("etc/passwd", name)?;
                self.drop_line("etc/shadow", name)?;
                self.leave(name, None)?;
                self.drop_line("etc/group", name)
            }
            "groupdel" => self.drop_line("etc/group", name),
            "gpasswd" => self.leave(arguments[1], Some(name)),
            _ => {
                let (name, hash) = stdin.trim_end().split_once(':').expect("name and hash");
                self.edit("etc/shadow", |lines| {
                    let set = |line: String| {
                        let mut fields: Vec<&str> = line.split(':').collect();
                        if fields[0] == name {
                            fields[1] = hash;
                        }
                        fields.join(":")
                    };
                    lines.into_iter().map(set).collect()
                })
            }
        }
    }

    fn on_files(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let path = |path: &str| self.root.join(path.trim_start_matches('/'));
        let paths: Vec<Utf8PathBuf> = arguments
            .iter()
            .filter(|one| one.starts_with('/'))
            .map(|one| path(one))
            .collect();
        match program {
            "rm" => {
                for path in paths {
                    self.operation(|| {
                        let _ = fs::remove_dir_all(path);
                        Ok(())
                    })?;
                }
            }
            "cp" => {
                self.operation(|| Ok(fs::create_dir(&paths[1])?))?;
                self.operation(|| {
                    fs::copy(paths[0].join(".profile"), paths[1].join(".profile"))?;
                    Ok(())
                })?;
            }
            "mv" => self.operation(|| Ok(fs::rename(&paths[0], &paths[1])?))?,
            _ => self.operation(|| Ok(()))?,
        }
        Ok(())
    }

    fn live(&self, program: &str, arguments: &[&str]) -> Result<()> {
        let live = |name: &str| self.root.join("live").join(name);
        self.operation(|| {
            match program {
                "hostnamectl" | "hostname" => {
                    let name = arguments.last().copied().unwrap_or_default();
                    fs::write(live("hostname"), name)?;
                }
                "netplan" => {
                    let text = fs::read(self.root.join("etc/netplan/60-keeper-wifi.yaml"));
                    match text {
                        Ok(text) => fs::write(live("wifi"), text)?,
                        Err(_) => drop(fs::remove_file(live("wifi"))),
                    }
                }
                _ => {}
            }
            Ok(())
        })
    }
}

impl Hands for Machine {
    fn run(&self, program: &str, arguments: &[&str], stdin: &[u8]) -> Result<Said> {
        let line = format!("{program} {}", arguments.join(" "));
        self.ran.borrow_mut().push(line);
        let stdin = String::from_utf8(stdin.to_vec()).expect("text");
        self.fed.borrow_mut().push(format!("{program}: {stdin}"));
        let failed = |error: String| Said {
            error,
            ..Said::default()
        };
        if self.broken.get() == program {
            return Ok(failed(format!("{program} is broken")));
        }
        let mut stdout = Vec::new();
        let done = match program {
            "useradd" | "usermod" | "userdel" | "groupdel" | "gpasswd" | "chpasswd" => {
                self.accounts(program, arguments, &stdin)
            }
            "rm" | "cp" | "mv" | "chown" | "chmod" | "mkdir" => self.on_files(program, arguments),
            "openssl" => self.operation(|| {
                let digest = Sha256::digest(stdin.trim_end_matches('\n'));
                let digits: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                // As long as a real one.
                stdout = format!("$6$salt${digits:0>86}\n").into();
                Ok(())
            }),
            "unix_chkpwd" => self.operation(|| {
                let right = stdin == format!("{PASSWORD}\0") && arguments == ["taro", "nonull"];
                let expires = stdin.is_empty() && arguments == ["taro", "chkexpiry"];
                anyhow::ensure!(right || (expires && !self.expired.get()), "wrong");
                Ok(())
            }),
            "ip" if arguments[0] == "-json" => {
                let info = if self.joined.get() {
                    r#"{"local":"192.168.7.2"}"#
                } else {
                    ""
                };
                stdout = format!(r#"[{{"ifname":"wlan7","addr_info":[{info}]}}]"#).into();
                Ok(())
            }
            "iw" if arguments.contains(&"scan") => {
                stdout.clone_from(&self.seen.borrow());
                Ok(())
            }
            _ => self.live(program, arguments),
        };
        Ok(match done {
            Ok(()) => Said {
                success: true,
                stdout,
                error: String::new(),
            },
            Err(error) => failed(error.to_string()),
        })
    }

    fn write(&self, path: &Utf8Path, bytes: &[u8], kept: Kept) -> Result<()> {
        let me = (rustix::process::geteuid(), rustix::process::getegid());
        let kept = Kept {
            uid: me.0.as_raw(),
            gid: me.1.as_raw(),
            ..kept
        };
        self.operation(|| self.files.write(path, bytes, kept))
    }

    fn link(&self, path: &Utf8Path, target: &str) -> Result<()> {
        self.operation(|| self.files.link(path, target))
    }

    fn remove(&self, path: &Utf8Path) -> Result<()> {
        self.operation(|| self.files.remove(path))
    }

    fn sync(&self) {}

    fn uptime(&self) -> u64 {
        self.clock.get()
    }
}

impl System for Machine {
    fn check(&self, _candidate: &Utf8Path) -> Result<()> {
        self.operation(|| Ok(()))
    }

    fn tell(&self, service: Service) -> Result<()> {
        self.told.borrow_mut().push(service);
        self.operation(|| Ok(()))
    }

    fn openssh(&self) -> Option<(u32, u32)> {
        Some((9, 2))
    }

    fn local_minute(&self, time: Time) -> Result<String> {
        Ok(format!("local {time}"))
    }

    fn new_keys(&self) -> Result<NewKeys> {
        bail!("no keys here")
    }

    fn end_tunnels(&self) -> Result<()> {
        Ok(())
    }
}
