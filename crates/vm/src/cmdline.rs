//! The kernel's command line in QEMU: the image's own, with what belongs to the Raspberry Pi's
//! hardware exchanged for what belongs to QEMU's.

/// Terms that are left out: consoles that QEMU has not, and what hides the boot.
const LEFT_OUT: [&str; 4] = ["console=", "earlycon", "quiet", "splash"];

/// The command line of an image whose cmdline.txt says `own`.
pub(crate) fn adjusted(own: &str) -> String {
    let mut terms: Vec<&str> = own
        .split_ascii_whitespace()
        .filter(|term| !LEFT_OUT.iter().any(|left_out| term.starts_with(left_out)))
        .collect();
    for (key, term) in [
        ("root=", "root=LABEL=writable"),
        // A panic must end the machine rather than hang until the time is up.
        ("panic=", "panic=10"),
        ("console=", "console=ttyAMA0"),
    ] {
        if !terms.iter().any(|there| there.starts_with(key)) {
            terms.push(term);
        }
    }
    terms.join(" ")
}

#[cfg(test)]
mod tests {
    use super::adjusted;

    #[test]
    fn only_what_is_the_hardwares_changes() {
        assert_eq!(
            adjusted(
                "console=ttyS1,115200 console=tty1 root=LABEL=writable rw net.ifnames=0 panic=5 rootwait quiet\n"
            ),
            "root=LABEL=writable rw net.ifnames=0 panic=5 rootwait console=ttyAMA0"
        );
        assert_eq!(adjusted(""), "root=LABEL=writable panic=10 console=ttyAMA0");
    }
}
