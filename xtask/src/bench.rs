//! `cargo xtask bench`: the stages base and packages against stock mmdebstrap under QEMU, on the
//! same packages, from cached .debs, in one run; whole builds, as a user starts them; and how soon what
//! they made can be reached. Or keeperd.

mod import;
mod keeper;
mod theirs;
mod usage;
mod whole;

use std::ffi::OsString;
use std::process::ExitCode;

use ::image::build;
use ::image::context::{Build, Places, Workshop};
use ::image::plan::Plan;
use ::image::progress::Progress;
use ::image::{lock, log, sandbox};
use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::cli::BenchOptions;
use crate::setup::{self, Needs};
use crate::{device, image, repository, toolbox};
use import::Imported;
use usage::{Spent, Usage};
use whole::Whole;

/// The profile whose archives and native tools are used.
const PROFILE: &str = "debian-12";
/// What is installed: a kernel with its initramfs, much shell, much Perl. The kernel is the one with
/// few modules, so that the emulated mkinitramfs does not alone decide the outcome.
const PACKAGES: [&str; 7] = [
    "linux-image-cloud-arm64",
    "initramfs-tools",
    "zstd",
    "systemd-sysv",
    "console-setup",
    "xml-core",
    "openssh-server",
];
const PLAN: &str = "COLAB_KEEPER_PLAN";
const DISPATCH: &str = "COLAB_KEEPER_DISPATCH";
/// Where the inner step puts what it measured.
const RESULT: &str = "COLAB_KEEPER_RESULT";
const PAGE: &str = "docs/reference/performance.md";

/// Runs the verb, in the outer step and again in the inner one.
///
/// # Errors
/// One of the two builders failed.
pub fn run(options: &BenchOptions, args: &[OsString]) -> Result<ExitCode> {
    let progress = Progress::new(options.common.quiet);
    if sandbox::inside() {
        log::go_on(options.common.verbose)?;
        let compared = compare(options, &progress)
            .with_context(|| format!("measuring (log: {})", log::path()))?;
        fs_err::write(std::env::var(RESULT)?, serde_json::to_vec(&compared)?)?;
        return Ok(ExitCode::SUCCESS);
    }
    if options.keeper {
        return keeper::run(options);
    }
    setup::ensure(Needs::Build, &options.common, &progress)?;
    let cache = repository::cache(&options.common)?;
    let log = log::start(&cache, "bench", options.common.verbose)?;
    let mut plan = image::plan_of(PROFILE, &options.common)?;
    plan.profile.features.clear();
    plan.profile.packages.install = PACKAGES.map(str::to_owned).to_vec();
    let dispatch = device::compile_dispatcher(&progress)?;
    let result = tempfile::NamedTempFile::new_in(&cache)?;
    let environment = [
        (PLAN, serde_json::to_string(&plan)?.into()),
        (DISPATCH, dispatch.into_os_string()),
        (RESULT, result.path().as_os_str().to_owned()),
        (log::FILE, log.into_os_string()),
    ];
    let code = sandbox::enter(args, &environment)?;
    if code != ExitCode::SUCCESS {
        return Ok(code);
    }
    let compared: Compared = serde_json::from_slice(&fs_err::read(result.path())?)?;
    let whole = whole::measure(PROFILE, options, &progress)?;
    let page = page(&compared, &whole);
    print!("{page}");
    if options.write {
        fs_err::write(repository::root().join(PAGE), page)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The two builders on the same packages.
#[derive(Serialize, Deserialize)]
struct Compared {
    packages: usize,
    ours: Spent,
    theirs: Spent,
    imported: Imported,
}

fn compare(options: &BenchOptions, progress: &Progress) -> Result<Compared> {
    let cache = repository::cache(&options.common)?;
    let plan: Plan = serde_json::from_str(&std::env::var(PLAN)?)?;
    let tools = toolbox::acquire(theirs::TOOLS, &options.common, progress)?;
    let _lock = lock::take(&cache, progress)?;
    let places = Places {
        repository: repository::root(),
        out_dir: cache.join("bench"),
        device_programs: cache.clone(),
        dispatch: std::env::var(DISPATCH)?.into(),
        revision: String::new(),
        cache: cache.clone(),
    };
    let store = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(&cache)?;
    let shop = Workshop::open(&plan, &cache, store.path(), progress)?;
    let build = Build::prepare(shop, &plan, &places, None)?;
    let (apt, packages) = (build.apt()?, build.packages());
    apt.download(packages, progress)?;
    let before = Usage::now()?;
    let root = build::make_root(&build)?;
    let ours = Usage::now()?.since(&before);
    let room = tempfile::Builder::new()
        .prefix("bench-")
        .tempdir_in(store.path())?;
    let imported = import::measure(build.shop(), &plan, &places, &root, room.path(), progress)?;
    let ratio = imported.ours / imported.reference;
    progress.note(&format!(
        "importing took {ratio:.2} × as long as xz -dc and a copy"
    ));
    let before = Usage::now()?;
    theirs::run(&plan, &apt, packages, &tools, store.path(), progress)?;
    let theirs = Usage::now()?.since(&before);
    let ratio = theirs.cpu / ours.cpu;
    progress.note(&format!(
        "{:.0} and {:.0} seconds of CPU: 1/{ratio:.1}",
        ours.cpu, theirs.cpu
    ));
    Ok(Compared {
        packages: packages.len(),
        ours,
        theirs,
        imported,
    })
}

fn page(compared: &Compared, whole: &Whole) -> String {
    let Compared {
        packages,
        ours,
        theirs,
        imported,
    } = compared;
    let mut page = format!(
        "# Performance\n\n\
         Written by `cargo xtask bench --write`. Absolute figures belong to the machine below; what counts is the ratio,\n\
         measured in one run.\n\n\
         Machine: {}.\n\n\
         ## Base and packages, from cached .debs\n\n\
         {packages} packages of Debian 12 arm64: the essential ones, apt, {} and what they depend on.\n\n\
         | | CPU seconds | wall seconds |\n|---|---:|---:|\n\
         | stages base and packages | {:.0} | {:.0} |\n\
         | mmdebstrap, all programs under qemu-user | {:.0} | {:.0} |\n\
         | ratio | 1/{:.1} | 1/{:.1} |\n\n\
         ## Importing an image of {:.1} GiB, packed by xz in one block\n\n\
         | | wall seconds |\n|---|---:|\n\
         | stage import | {:.1} |\n\
         | `xz -dc`, and a copy of the result | {:.1} |\n\
         | ratio | {:.2} |\n\n\
         ## Whole builds of {PROFILE} with `--compress fast`, packages downloaded before\n\n\
         | | wall seconds |\n|---|---:|\n",
        usage::machine(),
        PACKAGES.join(", "),
        ours.cpu,
        ours.wall,
        theirs.cpu,
        theirs.wall,
        theirs.cpu / ours.cpu,
        theirs.wall / ours.wall,
        imported.size as f64 / f64::from(1 << 30),
        imported.ours,
        imported.reference,
        imported.ours / imported.reference,
    );
    for timed in &whole.builds {
        page += &format!("| {} | {:.1} |\n", timed.what, timed.seconds);
    }
    page += "\n## Second boot of that image in software emulation, from power-on\n\n\
             | | wall seconds |\n|---|---:|\n";
    for (until, seconds) in &whole.boot {
        page += &format!("| {until} | {seconds:.1} |\n");
    }
    page += "\n`rdp`: until the remote desktop answers. `bare-prompt`: until the login prompt of the same image with the\n\
             desktop, its browser and xrdp masked.\n";
    page
}
