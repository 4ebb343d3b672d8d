//! What /etc/shadow says of the account `setup`: whether anything of it is to be written anew. Pure.

use crate::accounts::SETUP;

/// How the account is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// It has a password, whichever, and never expires.
    Open,
    /// It has none, and has expired: exactly as locking it leaves it.
    Locked,
    /// Anything else.
    Other,
}

impl Door {
    /// In the text of /etc/shadow. The first line of a name counts, as for PAM.
    pub(super) fn of(shadow: &str) -> Self {
        let mut lines = shadow
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>());
        let fields = lines.find(|fields| fields[0] == SETUP).unwrap_or_default();
        match fields[..] {
            [_, hash, _, _, _, _, _, "", _] if hash.starts_with('$') => Self::Open,
            [_, "!", _, _, _, _, _, "1", _] => Self::Locked,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_exactly_so_is_not_written_anew() {
        for (line, door) in [
            ("setup:$6$salt$hash:20000:0:99999:7:::", Door::Open),
            ("setup:!:20000:0:99999:7::1:", Door::Locked),
            ("setup:$6$salt$hash:20000:0:99999:7::1:", Door::Other),
            ("setup:!:20000:0:99999:7:::", Door::Other),
            ("setup:!$6$salt$hash:20000:0:99999:7::1:", Door::Other),
            ("setup::20000:0:99999:7:::", Door::Other),
            ("setup:*:20000::::::", Door::Other),
            ("setup:$6$salt$hash", Door::Other),
            ("setups:!:20000:0:99999:7::1:", Door::Other),
            ("", Door::Other),
        ] {
            assert_eq!(
                Door::of(&format!("root:*:1::::::\n{line}\n")),
                door,
                "{line}"
            );
        }
        let twice = "setup:!:1:::::1:\nsetup:$6$a$b:1::::::\n";
        assert_eq!(Door::of(twice), Door::Locked);
    }
}
