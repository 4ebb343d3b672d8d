//! An owner's preset: the `keeper.toml` that a personal image has on its boot partition, so that the device sets itself up.
//! What may stand in it is the `setup` crate's business; that it is on no other image is the gate's.

use std::io::Read as _;
use std::path::Path;

use anyhow::{Context, Result};
use camino::Utf8Path;

use crate::digest;
use crate::hint::Hint;

/// Its name on the boot partition.
pub const FILE: &str = "keeper.toml";

/// A preset that is in order. It holds secrets, so nothing prints it.
pub struct Preset {
    bytes: Vec<u8>,
}

impl Preset {
    /// Reads and checks a preset.
    ///
    /// # Errors
    /// It cannot be read, or has problems: each with line and key, and without the value of a secret.
    pub fn read(file: &Path) -> Result<Self> {
        let mut text = String::new();
        // A byte more than it may have, so that the check can tell that it is too long.
        fs_err::File::open(file)?
            .take(config::MAX_BYTES as u64 + 1)
            .read_to_string(&mut text)
            .with_context(|| format!("reading the preset {}", file.display()))?;
        let name = Utf8Path::from_path(file).unwrap_or(Utf8Path::new(FILE));
        setup::parse_preset(&text)
            .map_err(|problems| problems.in_file(name))
            .context("checking the preset")
            .hint(
                "keeper.toml.example on the image's boot partition has all that a preset may say",
            )?;
        Ok(Self {
            bytes: text.into_bytes(),
        })
    }

    /// All of it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Part of the key of what is made with it.
    pub(crate) fn digest(&self) -> String {
        digest::of_bytes(&self.bytes)
    }

    /// Puts it onto a boot partition that has none.
    pub(crate) fn lay(&self, boot: &Path) -> Result<()> {
        let to = boot.join(FILE);
        anyhow::ensure!(!to.exists(), "the boot partition has a {FILE} already");
        Ok(fs_err::write(to, &self.bytes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Preset> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("mine.toml");
        fs_err::write(&file, text).unwrap();
        Preset::read(&file)
    }

    #[test]
    fn an_owner_with_a_key_alone_is_refused_before_an_image_is_made() {
        let text = "[owner]\nname = \"hanako\"\n[ssh]\nauthorized_keys = [\"ssh-ed25519 \
                    AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\"]\n";
        let error = format!("{:#}", read(text).err().unwrap());
        for part in ["mine.toml:1", "owner.password", "owner.password_hash"] {
            assert!(error.contains(part), "{part}: {error}");
        }
    }

    /// All that the boot partition's example proposes, with the "#" in front of its settings taken away.
    fn example() -> String {
        let file = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../overlay/setup/boot/keeper.toml.example"
        );
        let setting = |line: &str| {
            let setting = line.strip_prefix('#').filter(|rest| !rest.starts_with(' '));
            setting.unwrap_or(line).to_owned() + "\n"
        };
        let text = fs_err::read_to_string(file).unwrap();
        text.lines().map(setting).collect()
    }

    #[test]
    fn a_preset_is_laid_as_it_was_written() {
        let text = "[device]\nhostname = \"pi\" # mine\n\n[owner]\nname = \"hanako\"\npassword = \"korekara hajimaru\"\n";
        let preset = read(text).unwrap();
        let boot = tempfile::tempdir().unwrap();
        preset.lay(boot.path()).unwrap();
        assert_eq!(
            fs_err::read_to_string(boot.path().join(FILE)).unwrap(),
            text
        );
        assert!(preset.lay(boot.path()).is_err(), "never over another");
    }

    #[test]
    fn what_is_wrong_is_said_with_file_line_and_key_and_without_secrets() {
        let text = "[owner]\nname = \"root\"\npassword = \"korekara hajimaru\"\n[device]\nhostname = \"-\"\n";
        let error = format!("{:#}", read(text).err().unwrap());
        for part in ["mine.toml", "2", "owner.name", "5", "device.hostname"] {
            assert!(error.contains(part), "{part}: {error}");
        }
        assert!(!error.contains("korekara"), "{error}");
    }

    #[test]
    fn the_example_is_in_order_when_it_is_filled_in() {
        let key = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";
        let text = example()
            .replacen("password = \"\"", "password = \"korekara hajimaru\"", 1)
            .replace("AAAA…", key);
        for section in ["[owner]", "[wifi]", "[device]", "[browser]", "[ssh]"] {
            assert!(
                text.contains(&format!("\n{section}\n")),
                "{section}:\n{text}"
            );
        }
        if let Err(error) = read(&text) {
            panic!("{error:#}\n{text}");
        }
    }

    /// Otherwise its password and its key would be those of many devices.
    #[test]
    fn the_example_is_refused_while_it_is_not_filled_in() {
        let error = format!("{:#}", read(&example()).err().unwrap());
        for key in ["owner.password", "ssh.authorized_keys"] {
            assert!(error.contains(key), "{key}: {error}");
        }
    }
}
