//! From what ssh and the machine have said to how the machine is: pure.

use control::{Gpu, Machine};

/// The most characters of a stranger's text that go on.
const SHOWN: usize = 100;

/// From the last line that ssh has said, for it never came to a shell.
pub(crate) fn complaint(line: Option<&str>) -> Machine {
    let Some(line) = line else {
        return unknown("ssh ended without a word");
    };
    let says = |words: &[&str]| words.iter().any(|words| line.contains(words));
    match () {
        () if says(&["Host key verification failed", "key is known"]) => Machine::OtherKey,
        () if says(&["Permission denied"]) => Machine::Refused,
        () if says(&["timed out", "not responding", "Broken pipe"]) => Machine::Silent,
        () if says(&["refused", "closed", "reset"]) => Machine::NoSshd,
        () => unknown(line),
    }
}

/// A word for what nobody has foreseen.
pub(crate) fn unknown(why: &str) -> Machine {
    Machine::Unknown { why: shown(why) }
}

/// From nvidia-smi's line: the name, and the memory in MiB. A machine may have several, all alike.
pub(crate) fn gpu(line: &str) -> Option<Gpu> {
    let (name, memory) = line.rsplit_once(", ")?;
    let memory_mib = memory.trim().parse().ok()?;
    let name = shown(name);
    (!name.is_empty()).then_some(Gpu { name, memory_mib })
}

fn shown(text: &str) -> String {
    let text = text.trim().chars().filter(|c| !c.is_control());
    text.take(SHOWN).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ssh_complains_of_has_a_meaning() {
        for (line, machine) in [
            ("Host key verification failed.", Machine::OtherKey),
            (
                "No ED25519 host key is known for colab-vm and you have requested strict checking.",
                Machine::OtherKey,
            ),
            (
                "root@127.0.0.1: Permission denied (publickey).",
                Machine::Refused,
            ),
            (
                "Connection timed out during banner exchange",
                Machine::Silent,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 20022: Connection timed out",
                Machine::Silent,
            ),
            ("Timeout, server 127.0.0.1 not responding.", Machine::Silent),
            (
                "kex_exchange_identification: Connection closed by remote host",
                Machine::NoSshd,
            ),
            ("Connection closed by 127.0.0.1 port 20022", Machine::NoSshd),
            (
                "kex_exchange_identification: read: Connection reset by peer",
                Machine::NoSshd,
            ),
            (
                "ssh: connect to host 127.0.0.1 port 20022: Connection refused",
                Machine::NoSshd,
            ),
        ] {
            assert_eq!(complaint(Some(line)), machine, "{line}");
        }
        let odd = complaint(Some(&format!("\x1b]0;x\x07{}", "家".repeat(200))));
        let Machine::Unknown { why } = odd else {
            panic!("{odd:?}");
        };
        assert_eq!((why.chars().count(), why.contains('\x1b')), (SHOWN, false));
        assert!(matches!(complaint(None), Machine::Unknown { .. }));
    }

    #[test]
    fn a_gpu_has_a_name_and_memory() {
        let t4 = Gpu {
            name: "Tesla T4".into(),
            memory_mib: 15360,
        };
        assert_eq!(gpu("Tesla T4, 15360"), Some(t4));
        let odd = gpu("A, B\x1b[2J, 40960").expect("a GPU");
        assert_eq!((&*odd.name, odd.memory_mib), ("A, B[2J", 40960));
        for none in [
            "",
            "Tesla T4",
            ", 7",
            "No devices were found",
            "T4, [N/A]",
            "T4, -1",
        ] {
            assert_eq!(gpu(none), None, "{none:?}");
        }
    }
}
