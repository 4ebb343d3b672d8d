//! `cargo xtask test`: all that must hold. What fails soonest comes first; beside what mostly waits runs what computes.

mod aside;
mod parts;
mod pictures;

use std::process::ExitCode;
use std::time::Instant;

use ::image::hint::Hint;
use anyhow::{Context, Result};
use aside::Aside;
use parts::{Tests, visible};

use crate::cli::{CommonOptions, TestOptions, TestPart};

/// What needs neither image nor device, and fails soonest.
const OF_THE_CODE: [TestPart; 3] = [TestPart::Check, TestPart::Unit, TestPart::Device];
/// What computes. "vendor" holds the cache for minutes, which the device needs when it starts.
const BESIDE_THE_DEVICE: [TestPart; 6] = [
    TestPart::Builder,
    TestPart::Vendor,
    TestPart::Tunnel,
    TestPart::Browser,
    TestPart::Wizard,
    TestPart::FirstBoot,
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
    let ended = if options.fast {
        let mut parts = OF_THE_CODE.into_iter().chain([TestPart::Builder]);
        parts.try_for_each(|part| tests.part(part))
    } else if options.parts.is_empty() {
        tests.in_two_lanes()
    } else {
        tests.one_after_the_other(&options.parts)
    };
    ended.hint("when it is mended, that part alone is run by: cargo xtask test PART")?;
    Ok(ExitCode::SUCCESS)
}

/// What the scenarios measure of keeperd, as the tests write it down: `e2e::figures`.
///
/// # Errors
/// One of the scenarios failed.
pub fn measure(common: &CommonOptions) -> Result<String> {
    let options = TestOptions {
        parts: Vec::new(),
        fast: false,
        long: false,
        pictures: false,
        common: common.clone(),
    };
    let tests = Tests::prepare(&options)?;
    let file = tempfile::NamedTempFile::new_in(&tests.cache)?;
    let figures = ("E2E_FIGURES", file.path().as_os_str().to_owned());
    tests.image()?;
    visible(tests.build_programs())?;
    visible(tests.end_to_end(TestPart::Browser, std::slice::from_ref(&figures))?)?;
    let only = ("E2E_ONLY", MEASURING.join(" ").into());
    visible(tests.end_to_end(TestPart::Desktop, &[figures, only])?)?;
    Ok(fs_err::read_to_string(file.path())?)
}

impl Tests<'_> {
    /// Those parts alone, with what they need.
    fn one_after_the_other(&self, parts: &[TestPart]) -> Result<()> {
        if parts.iter().any(|part| part.needs_image()) {
            self.headed("image", || self.image())?;
        }
        if parts.iter().any(|part| part.needs_programs()) {
            visible(self.build_programs())?;
        }
        for part in parts {
            self.part(*part)?;
        }
        self.keep_pictures(parts)
    }

    /// The image, most of which is one process after the other, and the devices, which mostly wait; beside them what
    /// computes.
    fn in_two_lanes(&self) -> Result<()> {
        self.progress
            .note("image and devices, and the rest beside them");
        let mut aside = Vec::new();
        for part in OF_THE_CODE {
            aside.push(Aside::new(part.name(), self.command(part)?));
        }
        aside.push(Aside::later(
            "programs of this machine".to_owned(),
            self.build_programs(),
        ));
        for part in BESIDE_THE_DEVICE {
            aside.push(Aside::new(part.name(), self.command(part)?));
        }
        aside::beside(aside, &self.cache, &self.progress, |lane| {
            self.headed("image", || self.image())?;
            self.part(TestPart::Inspect)?;
            lane.go_on();
            self.part(TestPart::Desktop)?;
            // It makes the twin's image.
            if lane.wait(&TestPart::Vendor.name()) {
                self.part(TestPart::Twin)?;
            }
            Ok(())
        })?;
        self.keep_pictures(&[TestPart::Desktop, TestPart::Wizard])
    }

    fn part(&self, part: TestPart) -> Result<()> {
        self.headed(&part.name(), || visible(self.command(part)?))
    }

    /// Work of some time, with a heading and its time.
    fn headed(&self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.progress.note(&format!("\n── {name}"));
        let start = Instant::now();
        work().with_context(|| format!("the part {name:?} of the tests"))?;
        self.progress.note(&format!(
            "── {name}: well, after {:.0} s",
            start.elapsed().as_secs_f64()
        ));
        Ok(())
    }

    fn keep_pictures(&self, parts: &[TestPart]) -> Result<()> {
        if self.options.pictures {
            for part in parts {
                pictures::keep(*part, &self.artefacts())?;
            }
        }
        Ok(())
    }
}
