//! What each part of the tests is: a command, and what has to be there before it. When they run is the verb's.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use ::image::hint::Hint;
use ::image::progress::Progress;
use anyhow::{Context, Result};
use clap::ValueEnum;
use cmd::Cmd;

use crate::cli::{TestOptions, TestPart};
use crate::setup::{self, Needs};
use crate::{device, repository};

/// What the part "twin" tries, of what the part "desktop" does.
const ON_THE_TWIN: [&str; 10] = [
    "the_device_finds_itself_well",
    "a_new_device_shows_the_way_in",
    "a_new_device_becomes_taros_by_the_wizard",
    "the_setup_code_is_void",
    "the_kiosk_opens_the_notebook_by_itself",
    "hanako_sees_the_kiosk_and_can_use_it",
    "a_wrong_password_is_refused",
    "ssh_audit_finds_no_fault",
    "root_cannot_log_in_with_a_right_key",
    "the_colab_machine_can_open_its_entrance_and_nothing_else",
];

/// The programs that some parts start on this machine.
const PROGRAMS: [&str; 4] = ["keeper", "keeperd", "keeper-apply", "keeper-tunnel"];

impl TestPart {
    /// As it is typed, and as its directory is called.
    pub(super) fn name(self) -> String {
        let value = self.to_possible_value().expect("no part is hidden");
        value.get_name().to_owned()
    }

    /// Whether it looks at the image, or takes from it.
    pub(super) fn needs_image(self) -> bool {
        use TestPart::{Builder, Desktop, FirstBoot, Inspect, Vendor};
        matches!(self, Builder | Desktop | FirstBoot | Inspect | Vendor)
    }

    /// Whether it starts our programs on this machine.
    pub(super) fn needs_programs(self) -> bool {
        matches!(self, Self::Tunnel | Self::Browser | Self::Wizard)
    }
}

/// What all parts are given.
pub(super) struct Tests<'a> {
    pub(super) options: &'a TestOptions,
    pub(super) cache: PathBuf,
    pub(super) progress: Progress,
}

impl<'a> Tests<'a> {
    /// Sees to what the tests need of this machine.
    ///
    /// # Errors
    /// It lacks something that cannot be had.
    pub(super) fn prepare(options: &'a TestOptions) -> Result<Self> {
        let progress = Progress::new(options.common.quiet);
        let needs = if options.fast {
            Needs::Build
        } else {
            Needs::Test
        };
        setup::ensure(needs, &options.common, &progress)?;
        let cache = repository::cache(&options.common)?;
        Ok(Self {
            options,
            cache,
            progress,
        })
    }

    /// Where the tested image is made: not in dist/, which is the user's.
    fn dist(&self) -> PathBuf {
        self.cache.join("test-dist")
    }

    /// Where the part "vendor" makes an image on the vendor's twin.
    fn twin_dist(&self) -> PathBuf {
        self.cache.join("test-twin")
    }

    fn programs(&self) -> PathBuf {
        self.cache.join("test-programs")
    }

    /// Where the parts leave what they have seen, each in a directory of its name.
    pub(super) fn artefacts(&self) -> PathBuf {
        self.cache.join("test-artefacts")
    }

    /// Compiles the programs and makes the image that all further tests share.
    ///
    /// # Errors
    /// One of the two fails.
    pub(super) fn image(&self) -> Result<()> {
        device::collect(&self.programs(), &self.progress)?;
        let (programs, dist) = (text(&self.programs()), text(&self.dist()));
        visible(self.verb(&[
            "image",
            "--profile",
            "debian-12",
            "--compress",
            "fast",
            "--programs",
            &programs,
            "--out-dir",
            &dist,
        ])?)
    }

    /// Compiles [`PROGRAMS`] for this machine.
    pub(super) fn build_programs(&self) -> Cmd {
        let packages = PROGRAMS.map(|name| ["--package", name]).concat();
        self.cargo("build", &packages, &[])
    }

    /// The command that `part` is.
    ///
    /// # Errors
    /// What it looks at is not there.
    pub(super) fn command(&self, part: TestPart) -> Result<Cmd> {
        match part {
            TestPart::Check => self.verb(&["check"]),
            TestPart::Unit => Ok(self.cargo("test", &["--workspace", "--exclude", "e2e"], &[])),
            TestPart::Inspect => self.verb(&["inspect", &text(&image_in(&self.dist())?)]),
            TestPart::Twin => {
                image_in(&self.twin_dist())
                    .hint("it is the part vendor that makes it: cargo xtask test vendor twin")?;
                let settings = [
                    ("E2E_DIST", self.twin_dist().into_os_string()),
                    ("E2E_NAME", part.name().into()),
                    ("E2E_ONLY", ON_THE_TWIN.join(" ").into()),
                ];
                self.end_to_end(TestPart::Desktop, &settings)
            }
            part => self.end_to_end(part, &[]),
        }
    }

    /// A part of the crate `e2e`; `more` settings overrule the usual ones.
    ///
    /// # Errors
    /// This program's own place is not known.
    pub(super) fn end_to_end(&self, part: TestPart, more: &[(&str, OsString)]) -> Result<Cmd> {
        let name = part.name();
        let settings = [
            ("E2E_XTASK", std::env::current_exe()?.into_os_string()),
            ("E2E_CACHE", self.cache.clone().into_os_string()),
            ("E2E_PROGRAMS", self.programs().into_os_string()),
            ("E2E_KEEPER", beside("keeper")?.into_os_string()),
            ("E2E_KEEPERD", beside("keeperd")?.into_os_string()),
            ("E2E_KEEPER_APPLY", beside("keeper-apply")?.into_os_string()),
            (
                "E2E_KEEPER_TUNNEL",
                beside("keeper-tunnel")?.into_os_string(),
            ),
            ("E2E_DIST", self.dist().into_os_string()),
            ("E2E_TWIN", self.twin_dist().into_os_string()),
            ("E2E_NAME", name.clone().into()),
            ("E2E_MIRRORS", self.options.common.mirror.join(" ").into()),
        ];
        let mode = match (self.options.fast, self.options.long) {
            (true, _) => Some(("E2E_FAST", OsString::from("1"))),
            (_, true) => Some(("E2E_LONG", OsString::from("1"))),
            _ => None,
        };
        let settings = settings.into_iter().chain(mode);
        let settings: Vec<_> = settings.chain(more.iter().cloned()).collect();
        Ok(self.cargo("test", &["--package", "e2e", "--test", &name], &settings))
    }

    fn cargo(&self, verb: &str, args: &[&str], settings: &[(&str, OsString)]) -> Cmd {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let command = Cmd::new(cargo)
            .args([verb, "--locked", "--quiet"])
            .args(args)
            .dir(repository::root());
        settings
            .iter()
            .fold(command, |command, (key, value)| command.env(key, value))
    }

    /// A verb of this program.
    fn verb(&self, args: &[&str]) -> Result<Cmd> {
        let common = &self.options.common;
        let mut command = Cmd::new(std::env::current_exe()?)
            .args(args)
            .arg("--cache-dir")
            .arg(&self.cache);
        command = common
            .mirror
            .iter()
            .fold(command, |command, url| command.arg("--mirror").arg(url));
        if common.no_install {
            command = command.arg("--no-install");
        }
        Ok(command)
    }
}

/// The image that was made in `dist`.
fn image_in(dist: &Path) -> Result<PathBuf> {
    let entries = std::fs::read_dir(dist).into_iter().flatten().flatten();
    let mut images = entries.map(|entry| entry.path());
    images
        .find(|path| text(path).ends_with(".img.xz"))
        .with_context(|| format!("there is no image in {}", dist.display()))
}

/// A program of ours as it is compiled for this machine: it lies beside this one.
fn beside(name: &str) -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}

/// Runs a command whose output is ours.
///
/// # Errors
/// It cannot be started, or ends badly.
pub(super) fn visible(command: Cmd) -> Result<()> {
    let shown = command.to_string();
    well(&shown, &mut command.command())
}

/// Runs a process that is shown as `shown`.
///
/// # Errors
/// It cannot be started, or ends badly.
pub(super) fn well(shown: &str, process: &mut Process) -> Result<()> {
    let status = process
        .status()
        .with_context(|| format!("starting `{shown}`"))?;
    anyhow::ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_adds_a_directory_of_tests_adds_a_part() {
        let tests = repository::root().join("tests");
        let entries = fs_err::read_dir(&tests).expect("the tests are there");
        let mut found: Vec<String> = entries
            .map(|entry| entry.expect("it can be read").path())
            .filter(|path| path.join("main.rs").exists())
            .map(|path| text(path.strip_prefix(&tests).expect("it is in there")))
            .collect();
        found.sort();
        use TestPart::{Check, Inspect, Twin, Unit};
        let elsewhere = [Check, Unit, Inspect, Twin];
        let parts = TestPart::value_variants().iter();
        let mut known: Vec<String> = parts
            .filter(|part| !elsewhere.contains(part))
            .map(|part| part.name())
            .collect();
        known.sort();
        assert_eq!(known, found);
    }
}
