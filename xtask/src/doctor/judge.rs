//! What the facts mean: pure, so that every kind of machine can be tried on any.

use super::facts::{Facts, KEYRING};
use super::parse;

/// binfmt_misc is part of a user namespace from here on.
const OLDEST_KERNEL: (u32, u32) = (6, 7);
/// A cold build leaves about this much in the cache.
const ROOMY: u64 = 8 << 30;
/// A build that has less dies or swaps.
const MEMORY: u64 = 3 << 30;

/// One prerequisite.
#[derive(Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is about.
    pub name: &'static str,
    /// How it stands.
    pub state: State,
    /// What is there.
    pub found: String,
    /// What to do about it.
    pub cure: Option<Cure>,
}

/// How a prerequisite stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// All is well.
    Ok,
    /// It may do.
    Warning,
    /// It will not do.
    Missing,
}

/// What mends it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cure {
    /// Packages of the host; `setup` installs them.
    Install(&'static [&'static str]),
    /// A command for root that `setup` may run too.
    AsRoot(String),
    /// A command, or an advice, for the machine's owner alone: it changes what others rely on.
    Owner(String),
}

impl State {
    /// For people and programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Missing => "missing",
        }
    }
}

impl Cure {
    /// What to type.
    pub fn command(&self, root: bool) -> String {
        let sudo = if root { "" } else { "sudo " };
        match self {
            Self::Install(packages) => format!(
                "{sudo}apt-get install --yes --no-install-recommends {}",
                packages.join(" ")
            ),
            Self::AsRoot(command) => format!("{sudo}{command}"),
            Self::Owner(advice) => advice.clone(),
        }
    }
}

/// Everything, in the order in which one meets it.
pub fn all(facts: &Facts) -> Vec<Finding> {
    let mut findings = sandbox(facts);
    findings.push(namespaces(facts));
    findings.extend(compilers(facts));
    findings.push(targets(facts));
    findings.extend([disk(facts), memory(facts), rights(facts)]);
    findings
}

/// What every verb needs that works in the sandbox.
pub fn sandbox(facts: &Facts) -> Vec<Finding> {
    let mut findings = vec![arch(facts), kernel(facts), apt(facts), keyring(facts)];
    if !facts.is_root() {
        findings.extend([id_tools(facts), ids(facts)]);
    }
    findings
}

/// What compiling needs.
pub fn compilers(facts: &Facts) -> Vec<Finding> {
    vec![
        program(facts, "cc", "C compiler", &["gcc", "libc6-dev"]),
        program(facts, "git", "git", &["git"]),
    ]
}

fn arch(facts: &Facts) -> Finding {
    let cure = Cure::Owner("use a 64-bit PC or a virtual machine of that kind".into());
    let found = facts.arch.clone();
    decide("architecture", facts.arch == "x86_64", found, cure)
}

fn kernel(facts: &Facts) -> Finding {
    let (major, minor) = OLDEST_KERNEL;
    let cure = Cure::Owner(format!("boot Linux {major}.{minor} or newer"));
    let enough = parse::kernel_version(&facts.kernel).is_some_and(|found| found >= OLDEST_KERNEL);
    decide("kernel", enough, format!("Linux {}", facts.kernel), cure)
}

fn apt(facts: &Facts) -> Finding {
    let needed = ["apt-get", "apt-cache", "dpkg-deb", "tar"];
    let lacking: Vec<&str> = needed.into_iter().filter(|name| !facts.has(name)).collect();
    let cure = Cure::Owner("use Debian or Ubuntu, or a container of one".into());
    let found = if lacking.is_empty() {
        needed.join(", ")
    } else {
        format!("no {}", lacking.join(", no "))
    };
    decide("apt", lacking.is_empty(), found, cure)
}

fn keyring(facts: &Facts) -> Finding {
    let found = if facts.keyring {
        KEYRING.into()
    } else {
        format!("no {KEYRING}")
    };
    let cure = Cure::Install(&["debian-archive-keyring"]);
    decide("Debian's keys", facts.keyring, found, cure)
}

/// Whether the ids of a user namespace can be mapped by somebody who is not root.
pub fn id_tools(facts: &Facts) -> Finding {
    let there = facts.has("newuidmap") && facts.has("newgidmap");
    let found = if there {
        "newuidmap, newgidmap"
    } else {
        "no newuidmap or no newgidmap"
    };
    decide(
        "id mapping",
        there,
        found.into(),
        Cure::Install(&["uidmap"]),
    )
}

fn ids(facts: &Facts) -> Finding {
    let range = &facts.free_range;
    let user = &facts.user;
    let found = facts
        .id_problem
        .clone()
        .unwrap_or_else(|| format!("{user} has a range"));
    let cure = Cure::AsRoot(format!(
        "usermod --add-subuids {range} --add-subgids {range} {user}"
    ));
    decide("subordinate ids", facts.id_problem.is_none(), found, cure)
}

/// The probe decides; the sysctls only tell why it failed.
fn namespaces(facts: &Facts) -> Finding {
    let name = "namespaces";
    let sysctl = |key: &str, value: &str| Cure::Owner(format!("sudo sysctl -w {key}={value}"));
    let Some(Err((said, hint))) = &facts.namespaces else {
        let found = if facts.namespaces.is_some() {
            "can be made"
        } else {
            "not tried"
        };
        return Finding {
            name,
            state: State::Ok,
            found: found.into(),
            cure: None,
        };
    };
    let cure = if facts.max_userns == Some(0) {
        sysctl("user.max_user_namespaces", "15000")
    } else if facts.is_root() {
        Cure::Owner(
            hint.clone()
                .unwrap_or_else(|| "run it outside this container".into()),
        )
    } else if facts.id_problem.is_some() || !facts.has("newuidmap") || !facts.has("newgidmap") {
        Cure::Owner("mend the lines above first".into())
    } else if facts.userns_clone == Some(0) {
        sysctl("kernel.unprivileged_userns_clone", "1")
    } else if facts.apparmor_restricts == Some(1) {
        sysctl("kernel.apparmor_restrict_unprivileged_userns", "0")
    } else {
        Cure::Owner(
            hint.clone()
                .unwrap_or_else(|| "mend the lines above first".into()),
        )
    };
    decide(name, false, said.clone(), cure)
}

fn targets(facts: &Facts) -> Finding {
    let name = "Rust targets";
    let missing = facts.missing_targets.as_deref().unwrap_or_default();
    let cure = format!("rustup target add {}", missing.join(" "));
    let found = format!("no {}", missing.join(", no "));
    if missing.is_empty() {
        Finding {
            name,
            state: State::Ok,
            found: "all there".into(),
            cure: None,
        }
    } else if facts.has("rustup") {
        let found = format!("{found}; added when needed");
        Finding {
            name,
            state: State::Ok,
            found,
            cure: None,
        }
    } else {
        let cure = Cure::Owner(format!("install rustup, then: {cure}"));
        decide(name, false, format!("{found}, and no rustup"), cure)
    }
}

fn disk(facts: &Facts) -> Finding {
    let cure = Cure::Owner("make room, or name another place with --cache-dir DIR".into());
    amount("disk for the cache", facts.free_disk, ROOMY, cure)
}

fn memory(facts: &Facts) -> Finding {
    amount(
        "memory",
        facts.free_memory,
        MEMORY,
        Cure::Owner("end other programs".into()),
    )
}

fn rights(facts: &Facts) -> Finding {
    let found = if facts.is_root() {
        "root: missing packages are installed when needed"
    } else if facts.sudo {
        "sudo without a password: missing packages are installed when needed"
    } else {
        "no root, no sudo without a password: nothing is installed by itself"
    };
    Finding {
        name: "rights",
        state: State::Ok,
        found: found.into(),
        cure: None,
    }
}

fn program(
    facts: &Facts,
    program: &str,
    name: &'static str,
    packages: &'static [&'static str],
) -> Finding {
    let found = match facts.programs.get(program) {
        Some(path) => path.display().to_string(),
        None => format!("no {program}"),
    };
    decide(name, facts.has(program), found, Cure::Install(packages))
}

fn amount(name: &'static str, found: Option<u64>, wanted: u64, cure: Cure) -> Finding {
    let gib = |bytes: u64| format!("{:.1} GiB", bytes as f64 / f64::from(1 << 30));
    match found {
        Some(bytes) if bytes < wanted => {
            let found = format!("{} free, a build may want {}", gib(bytes), gib(wanted));
            Finding {
                name,
                state: State::Warning,
                found,
                cure: Some(cure),
            }
        }
        Some(bytes) => Finding {
            name,
            state: State::Ok,
            found: format!("{} free", gib(bytes)),
            cure: None,
        },
        None => Finding {
            name,
            state: State::Ok,
            found: "unknown".into(),
            cure: None,
        },
    }
}

fn decide(name: &'static str, well: bool, found: String, cure: Cure) -> Finding {
    let state = if well { State::Ok } else { State::Missing };
    Finding {
        name,
        state,
        found,
        cure: (!well).then_some(cure),
    }
}

#[cfg(test)]
#[path = "judge_tests.rs"]
mod tests;
