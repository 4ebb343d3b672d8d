//! `cargo xtask test`: all that must hold. What fails soonest comes first; beside what mostly waits runs what computes.

mod aside;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command as Process, ExitCode};
use std::time::Instant;

use ::image::hint::Hint;
use ::image::progress::Progress;
use anyhow::{Context, Result};
use aside::Part;
use cmd::Cmd;

use crate::cli::{CommonOptions, TestOptions};
use crate::setup::{self, Needs};
use crate::{device, repository};

/// Where the guide's pictures are.
const PICTURES: &str = "docs/guide/pictures";
/// The guide's pictures: what the part "desktop" calls them, and what the guide does.
const GUIDE: [(&str, &str); 5] = [
    ("kiosk", "kiosk"),
    ("terminal", "terminal"),
    ("window-framed", "window"),
    ("without-page-diagnosis", "diagnosis"),
    ("sign-in-page", "sign-in"),
];
/// What the guide shows of the first boot, in each language; the part "wizard" calls them the same.
const FIRST_BOOT: [&str; 9] = [
    "language",
    "network",
    "owner",
    "notebook",
    "tunnel",
    "summary",
    "applying",
    "done",
    "dashboard",
];

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

/// What the part "desktop" is needed for when only keeperd is measured.
const MEASURING: [&str; 3] = [
    "a_new_device_becomes_taros_by_the_wizard",
    "keeper_status_says_that_the_notebook_is_open",
    "keeperd_is_small",
];

/// Runs the verb.
///
/// # Errors
/// The first part that failed.
pub fn run(options: &TestOptions) -> Result<ExitCode> {
    let tests = Tests::prepare(options)?;
    if options.fast {
        for part in tests.of_the_code()? {
            tests.part(part.name, || visible(part.command))?;
        }
        tests.part("builder", || tests.end_to_end("builder"))?;
        return Ok(ExitCode::SUCCESS);
    }
    tests.part("image and devices, and the rest beside them", || {
        tests.in_two_lanes()
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What the scenarios measure of keeperd, as the tests write it down: `e2e::figures`.
///
/// # Errors
/// One of the scenarios failed.
pub fn measure(common: &CommonOptions) -> Result<String> {
    let options = TestOptions {
        fast: false,
        long: false,
        pictures: false,
        common: common.clone(),
    };
    let tests = Tests::prepare(&options)?;
    let file = tempfile::NamedTempFile::new_in(&tests.cache)?;
    let figures = ("E2E_FIGURES", file.path().as_os_str().to_owned());
    tests.image()?;
    tests.browser(std::slice::from_ref(&figures))?;
    let only = ("E2E_ONLY", MEASURING.join(" ").into());
    tests.end_to_end_with("desktop", &[figures, only])?;
    Ok(fs_err::read_to_string(file.path())?)
}

struct Tests<'a> {
    options: &'a TestOptions,
    cache: PathBuf,
    progress: Progress,
}

impl<'a> Tests<'a> {
    /// Sees to what the tests need of this machine.
    fn prepare(options: &'a TestOptions) -> Result<Self> {
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

    /// One part, with a heading and its time.
    fn part(&self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.progress.note(&format!("\n── {name}"));
        let start = Instant::now();
        let again = if self.options.fast {
            "cargo xtask test --fast"
        } else {
            "cargo xtask test"
        };
        work()
            .with_context(|| format!("the part {name:?} of the tests"))
            .hint(format!("when it is mended: {again}"))?;
        self.progress.note(&format!(
            "── {name}: well, after {:.0} s",
            start.elapsed().as_secs_f64()
        ));
        Ok(())
    }

    /// Where the tested image is made: not in dist/, which is the user's.
    fn dist(&self) -> PathBuf {
        self.cache.join("test-dist")
    }

    /// Where the image that is built on the vendor's twin is made.
    fn twin_dist(&self) -> PathBuf {
        self.cache.join("test-twin")
    }

    fn programs(&self) -> PathBuf {
        self.cache.join("test-programs")
    }

    /// Compiles the programs and makes the image that all further tests share.
    fn image(&self) -> Result<()> {
        device::collect(&self.programs(), &self.progress)?;
        let (programs, dist) = (text(&self.programs()), text(&self.dist()));
        self.verb(&[
            "image",
            "--profile",
            "debian-12",
            "--compress",
            "fast",
            "--programs",
            &programs,
            "--out-dir",
            &dist,
        ])
    }

    fn built_image(&self) -> Result<String> {
        let entries =
            std::fs::read_dir(self.dist()).context("looking for the image that was made")?;
        let mut images = entries.flatten().map(|entry| text(&entry.path()));
        images
            .find(|path| path.ends_with(".img.xz"))
            .context("the image that was made is gone")
    }

    /// The image of the part "vendor": does it do the same on an older system?
    fn twin(&self) -> Result<()> {
        let settings = [
            ("E2E_DIST", self.twin_dist().into_os_string()),
            ("E2E_NAME", "twin".into()),
            ("E2E_ONLY", ON_THE_TWIN.join(" ").into()),
        ];
        self.end_to_end_with("desktop", &settings)
    }

    /// keeperd on this machine, with a real browser.
    fn browser(&self, more: &[(&str, OsString)]) -> Result<()> {
        visible(self.cargo("build", &["--package", "keeperd"], &[]))?;
        self.end_to_end_with("browser", more)
    }

    /// What needs no image: it fails soonest.
    fn of_the_code(&self) -> Result<Vec<Part>> {
        let part = |name, command| Part {
            name,
            command,
            waits: false,
        };
        Ok(vec![
            part("check", self.verb_command(&["check"])?),
            part(
                "unit tests",
                self.cargo("test", &["--workspace", "--exclude", "e2e"], &[]),
            ),
            part("device", self.end_to_end_command("device", &[])?),
        ])
    }

    /// What needs the image, but no device.
    fn of_the_image(&self) -> Result<Vec<Part>> {
        let programs = ["keeper", "keeperd", "keeper-apply", "keeper-tunnel"];
        let packages = programs.map(|name| ["--package", name]).concat();
        let mut parts = vec![Part {
            name: "programs of this machine",
            command: self.cargo("build", &packages, &[]),
            waits: true,
        }];
        // "vendor" holds the cache for minutes, which the device needs when it starts.
        for name in [
            "builder",
            "vendor",
            "tunnel",
            "browser",
            "wizard",
            "first_boot",
        ] {
            parts.push(Part {
                name,
                command: self.end_to_end_command(name, &[])?,
                waits: false,
            });
        }
        Ok(parts)
    }

    /// The image, most of which is one process after the other, and the devices, which mostly wait; beside them what
    /// computes.
    fn in_two_lanes(&self) -> Result<()> {
        let mut aside = self.of_the_code()?;
        aside.extend(self.of_the_image()?);
        aside::beside(aside, &self.cache, &self.progress, |lane| {
            self.part("image", || self.image())?;
            self.part("inspect", || self.verb(&["inspect", &self.built_image()?]))?;
            lane.go_on();
            self.part("desktop", || self.end_to_end("desktop"))?;
            if self.options.pictures {
                self.keep_pictures()?;
            }
            // Its image is made by the part "vendor".
            if lane.wait("vendor") {
                self.part("twin", || self.twin())?;
            }
            if self.options.pictures && lane.wait("wizard") {
                self.keep_pictures_of_the_first_boot()?;
            }
            Ok(())
        })
    }

    fn end_to_end(&self, name: &str) -> Result<()> {
        self.end_to_end_with(name, &[])
    }

    fn end_to_end_with(&self, name: &str, more: &[(&str, OsString)]) -> Result<()> {
        visible(self.end_to_end_command(name, more)?)
    }

    /// A part of the crate `e2e`; `more` settings overrule the usual ones.
    fn end_to_end_command(&self, name: &str, more: &[(&str, OsString)]) -> Result<Cmd> {
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
            ("E2E_NAME", name.into()),
            ("E2E_MIRRORS", self.options.common.mirror.join(" ").into()),
        ];
        let mode = match (self.options.fast, self.options.long) {
            (true, _) => Some(("E2E_FAST", OsString::from("1"))),
            (_, true) => Some(("E2E_LONG", OsString::from("1"))),
            _ => None,
        };
        let settings = settings.into_iter().chain(mode);
        let settings: Vec<_> = settings.chain(more.iter().cloned()).collect();
        Ok(self.cargo("test", &["--package", "e2e", "--test", name], &settings))
    }

    /// What the guide shows is what the part "desktop" has seen.
    fn keep_pictures(&self) -> Result<()> {
        let (taken, kept) = (
            self.cache.join("test-artefacts/desktop"),
            repository::root().join(PICTURES),
        );
        fs_err::create_dir_all(&kept)?;
        for (scenario, name) in GUIDE {
            fs_err::copy(
                taken.join(format!("{scenario}.png")),
                kept.join(format!("{name}.png")),
            )?;
        }
        Ok(())
    }

    /// The same of the wizard, which the part of that name has seen.
    fn keep_pictures_of_the_first_boot(&self) -> Result<()> {
        let (taken, kept) = (
            self.cache.join("test-artefacts/wizard/guide"),
            repository::root().join(PICTURES).join("first-boot"),
        );
        fs_err::create_dir_all(&kept)?;
        for page in FIRST_BOOT {
            for name in [format!("{page}.png"), format!("{page}.ja.png")] {
                fs_err::copy(taken.join(&name), kept.join(&name))?;
            }
        }
        Ok(())
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

    /// A verb of this program, its output ours.
    fn verb(&self, args: &[&str]) -> Result<()> {
        visible(self.verb_command(args)?)
    }

    fn verb_command(&self, args: &[&str]) -> Result<Cmd> {
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

/// A program of ours as it is compiled for this machine: it lies beside this one.
fn beside(name: &str) -> Result<PathBuf> {
    Ok(std::env::current_exe()?.with_file_name(name))
}

/// Runs a command whose output is ours.
fn visible(command: Cmd) -> Result<()> {
    let shown = command.to_string();
    well(&shown, &mut command.command())
}

fn well(shown: &str, process: &mut Process) -> Result<()> {
    let status = process
        .status()
        .with_context(|| format!("starting `{shown}`"))?;
    anyhow::ensure!(status.success(), "`{shown}` ended with {status}");
    Ok(())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
