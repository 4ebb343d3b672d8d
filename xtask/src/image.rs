//! `cargo xtask image`: the plan is made and our programs are compiled outside the sandbox, the
//! image inside.

use std::ffi::OsString;
use std::process::ExitCode;

use ::image::build;
use ::image::context::Places;
use ::image::hint::Hint;
use ::image::plan::Plan;
use ::image::preset::Preset;
use ::image::progress::Progress;
use ::image::{archive, files, log, overlay, profile, sandbox};
use anyhow::{Context, Result};

use crate::cli::{CommonOptions, Format, ImageOptions};
use crate::setup::{self, Needs};
use crate::{device, repository};

/// Where the inner step finds what the outer one compiled.
const DEVICE_PROGRAMS: &str = "COLAB_KEEPER_DEVICE_PROGRAMS";
const DISPATCH: &str = "COLAB_KEEPER_DISPATCH";
const PLAN: &str = "COLAB_KEEPER_PLAN";

/// Runs the verb, in the outer step and again in the inner one.
///
/// # Errors
/// The image could not be made; nothing unfinished is left in its place.
pub fn run(options: &ImageOptions, args: &[OsString]) -> Result<ExitCode> {
    let progress = Progress::new(options.common.quiet);
    if sandbox::inside() {
        return inside(options, &progress)
            .with_context(|| format!("making the image (log: {})", log::path()));
    }
    let plan = plan(options)?;
    if options.plan {
        print(&plan, options.format)?;
        return Ok(ExitCode::SUCCESS);
    }
    files::check_writable(&std::path::absolute(&options.out_dir)?)
        .hint("name another directory with --out-dir DIR")?;
    let needs = if options.programs.is_some() {
        Needs::Sandbox
    } else {
        Needs::Build
    };
    setup::ensure(needs, &options.common, &progress)?;
    let cache = repository::cache(&options.common)?;
    let log = log::start(&cache, "image", options.common.verbose)?;
    let attempt = || -> Result<ExitCode> {
        let (programs, dispatch) = match &options.programs {
            Some(dir) => (
                std::path::absolute(dir)?,
                std::path::absolute(dir)?.join("dispatch"),
            ),
            None => (
                device::compile(&programs(&plan)?, &progress)?,
                device::compile_dispatcher(&progress)?,
            ),
        };
        let environment = [
            (DEVICE_PROGRAMS, programs.into_os_string()),
            (DISPATCH, dispatch.into_os_string()),
            (PLAN, serde_json::to_string(&plan)?.into()),
            (log::FILE, log.clone().into_os_string()),
        ];
        sandbox::enter(args, &environment)
    };
    attempt().with_context(|| format!("making the image (log: {})", log.display()))
}

fn inside(options: &ImageOptions, progress: &Progress) -> Result<ExitCode> {
    let cache = repository::cache(&options.common)?;
    log::go_on(options.common.verbose)?;
    let from_outside =
        |name: &str| std::env::var(name).with_context(|| format!("the outer step set no {name}"));
    let plan: Plan = serde_json::from_str(&from_outside(PLAN)?)?;
    let places = Places {
        repository: repository::root(),
        cache,
        out_dir: std::path::absolute(&options.out_dir)?,
        device_programs: from_outside(DEVICE_PROGRAMS)?.into(),
        dispatch: from_outside(DISPATCH)?.into(),
        revision: repository::revision(),
    };
    let image = build::run(&plan, &places, progress)?;
    println!("{}", image.display());
    if plan.preset_file.is_some() {
        progress.warn(
            "this image holds the preset's passwords and keys: it is for your own card alone, and must not be published",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The plan that the options ask for.
fn plan(options: &ImageOptions) -> Result<Plan> {
    let mut plan = plan_of(&options.profile, &options.common)?;
    (plan.level, plan.update) = (options.compress, options.update);
    plan.base_file = match &options.base {
        Some(file) => Some(std::path::absolute(file)?),
        None => None,
    };
    if let Some(file) = &options.preset {
        let file = std::path::absolute(file)?;
        // Before any work starts.
        Preset::read(&file)?;
        plan = plan.personal(file);
    }
    Ok(plan)
}

/// The usual plan of a profile. Reads the profile, and this machine's apt sources where no mirror
/// is given.
///
/// # Errors
/// There is no such profile, it is wrong, or an archive has no mirror.
pub fn plan_of(profile_name: &str, common: &CommonOptions) -> Result<Plan> {
    let profile = profile::load(&repository::root().join("image"), profile_name)?;
    let mirrors = archive::Mirrors::new(&common.mirror);
    Plan::new(profile_name, profile, &|name, usual| {
        mirrors.of(name, usual)
    })
}

fn print(plan: &Plan, format: Format) -> Result<()> {
    match format {
        Format::Text => print!("{plan}"),
        Format::Json => println!("{}", serde_json::to_string_pretty(plan)?),
    }
    Ok(())
}

/// The crates whose programs the profile's features lay into the image.
fn programs(plan: &Plan) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for feature in &plan.profile.features {
        let feature = overlay::Feature::load(&repository::root().join("overlay"), feature)?;
        names.extend(
            feature
                .manifest
                .binary
                .into_iter()
                .map(|binary| binary.name),
        );
    }
    Ok(names)
}
