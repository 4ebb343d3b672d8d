//! Which files of the boot partition are the kernel and the initrd: what config.txt says, as far
//! as Linux's part goes. Reading the partition is `disk`'s.

use anyhow::{Context, Result};

/// Includes within includes: the firmware's own limit is not documented, ours ends a circle.
const DEPTH: usize = 8;

/// Names of files on the boot partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BootFiles {
    /// The kernel, as QEMU takes it: an arm64 Image, compressed with gzip or not.
    pub kernel: String,
    /// The initramfs.
    pub initrd: String,
}

impl BootFiles {
    /// Follows config.txt and what it includes; `read` gives the text of a file of the partition,
    /// nothing when there is none. A boot loader in the kernel's place (U-Boot) is passed over for
    /// the names that it loads by.
    ///
    /// # Errors
    /// A file could not be read.
    pub fn find(read: impl Fn(&str) -> Result<Option<String>>) -> Result<Self> {
        let mut found = (None, None);
        follow("config.txt", &read, DEPTH, &mut found)?;
        let kernel = found.0.filter(|name| !name.starts_with("uboot"));
        Ok(Self {
            kernel: kernel.unwrap_or_else(|| "vmlinuz".into()),
            initrd: found.1.unwrap_or_else(|| "initrd.img".into()),
        })
    }
}

type Found = (Option<String>, Option<String>);

fn follow(
    name: &str,
    read: &impl Fn(&str) -> Result<Option<String>>,
    depth: usize,
    found: &mut Found,
) -> Result<()> {
    let text = read(name).with_context(|| format!("reading {name} of the boot partition"))?;
    for line in text.unwrap_or_default().lines().map(str::trim) {
        if let Some(kernel) = line.strip_prefix("kernel=") {
            found.0 = Some(kernel.trim().to_owned());
        } else if let Some(included) = word_behind(line, "include") {
            if depth > 0 {
                follow(included, read, depth - 1, found)?;
            }
        } else if let Some(initrd) = word_behind(line, "initramfs") {
            found.1 = Some(initrd.to_owned());
        }
    }
    Ok(())
}

fn word_behind<'a>(line: &'a str, directive: &str) -> Option<&'a str> {
    let mut words = line.split_ascii_whitespace();
    (words.next()? == directive).then(|| words.next())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(files: &[(&str, &str)]) -> BootFiles {
        BootFiles::find(|name| {
            let file = files.iter().find(|file| file.0 == name);
            Ok(file.map(|file| file.1.to_owned()))
        })
        .unwrap()
    }

    fn files(kernel: &str, initrd: &str) -> BootFiles {
        BootFiles {
            kernel: kernel.into(),
            initrd: initrd.into(),
        }
    }

    #[test]
    fn includes_are_followed_and_circles_end() {
        let found = find(&[
            (
                "config.txt",
                "[all]\n# kernel=no\narm_64bit=1\ninclude kernel.txt\ninclude usercfg.txt\n",
            ),
            (
                "kernel.txt",
                "kernel=vmlinuz-6.1\r\ninitramfs initrd.img-6.1 followkernel\r\n",
            ),
            ("usercfg.txt", "include config.txt"),
        ]);
        assert_eq!(found, files("vmlinuz-6.1", "initrd.img-6.1"));
    }

    #[test]
    fn a_boot_loader_is_passed_over() {
        let config = "[pi4]\nkernel=uboot_rpi_4.bin\n[pi3]\nkernel=uboot_rpi_3.bin\n";
        assert_eq!(
            find(&[("config.txt", config)]),
            files("vmlinuz", "initrd.img")
        );
        assert_eq!(find(&[]), files("vmlinuz", "initrd.img"));
    }
}
