//! The form of a password's hash, as /etc/shadow has it.

/// What a crypt's salt and hash are written with.
fn letters(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'/')
}

/// Whether `text` is a hash of yescrypt, SHA-512 or SHA-256. All else is refused: a password in clear, the `*` and `!` of
/// locked accounts, and methods that are too fast.
pub fn is_hash(text: &str) -> bool {
    let parts: Vec<&str> = text.split('$').take(7).collect();
    match *parts.as_slice() {
        ["", "y", parameters, salt, hash] => {
            part(parameters, 1..=16) && part(salt, 1..=86) && part(hash, 43..=43)
        }
        ["", method @ ("5" | "6"), ref rest @ ..] => {
            let length = if method == "6" { 86 } else { 43 };
            let (rounds, rest) = match rest {
                [rounds, rest @ ..] if rounds.starts_with("rounds=") => (Some(*rounds), rest),
                _ => (None, rest),
            };
            rounds.is_none_or(are_rounds)
                && matches!(rest, [salt, hash] if part(salt, 1..=16) && part(hash, length..=length))
        }
        _ => false,
    }
}

fn part(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && letters(text)
}

/// `rounds=N`, as crypt takes it: 1000 to 999999999.
fn are_rounds(text: &str) -> bool {
    let number = text.strip_prefix("rounds=").unwrap_or_default();
    let digits = !number.starts_with('0') && number.bytes().all(|byte| byte.is_ascii_digit());
    digits && (4..=9).contains(&number.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_of_three_methods_and_nothing_else() {
        let (h43, h86) = ("x".repeat(43), "./Z9".repeat(22)[..86].to_owned());
        for good in [
            format!("$6$salt${h86}"),
            format!("$6$rounds=656000$0123456789abcdef${h86}"),
            format!("$5$a${h43}"),
            format!("$5$rounds=1000$a${h43}"),
            format!("$y$j9T$qhgLkQvsZ1XwtkgPiBqMb.${h43}"),
        ] {
            assert!(is_hash(&good), "{good}");
        }
        for bad in [
            String::new(),
            "*".into(),
            "!".into(),
            "!!".into(),
            "hunter2hunter2".into(),
            "$".into(),
            "$6$".into(),
            "$6$salt$short".into(),
            format!("$6$salt${h43}"),
            format!("$6$${h86}"),
            format!("$6$12345678901234567${h86}"),
            format!("$6$rounds=x$salt${h86}"),
            format!("$6$rounds=0999$salt${h86}"),
            format!("$6$salt${h86}$"),
            format!("$6$sa:t${h86}"),
            format!("$6$salt${h86}\n"),
            format!("!$6$salt${h86}"),
            format!("$1$salt${}", "x".repeat(22)),
            format!("$2b$10${}", "x".repeat(53)),
            format!("$y$j9T${h43}"),
            format!("$y$j9T$sa lt${h43}"),
            "$".repeat(1000),
        ] {
            assert!(!is_hash(&bad), "{bad}");
        }
    }
}
