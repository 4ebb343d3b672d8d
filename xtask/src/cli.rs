//! The command line, whole.

use std::path::PathBuf;

use ::image::level::Level;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Builds, boots and checks Colab Keeper images.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    version,
    arg_required_else_help = true
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub verb: Verb,
}

/// The verbs, in the order in which one meets them.
#[derive(Debug, Subcommand)]
pub enum Verb {
    /// Make a flashable image: cargo xtask image --profile debian-12
    Image(ImageOptions),
    /// Start an image in QEMU: cargo xtask boot
    Boot(BootOptions),
    /// Show what is in an image: cargo xtask inspect dist/colab-keeper-….img.xz
    Inspect(InspectOptions),
    /// Say what this machine lacks and how to get it: cargo xtask doctor
    Doctor(DoctorOptions),
    /// Run the tests, all or some: cargo xtask test --fast
    Test(TestOptions),
    /// Check formatting, lints and house rules: cargo xtask check
    Check(CheckOptions),
    /// Write the generated files anew: cargo xtask gen
    Gen(GenOptions),
    /// Measure the builder against mmdebstrap, or keeperd: cargo xtask bench
    Bench(BenchOptions),
}

/// What every verb that builds or boots takes.
#[derive(Debug, Clone, Args)]
pub struct CommonOptions {
    /// Where downloads and finished stages are kept [default: build/]
    #[arg(long, value_name = "DIR", env = "COLAB_KEEPER_CACHE")]
    pub cache_dir: Option<PathBuf>,
    /// Ask this mirror for the archive that its path ends in, such as …/debian; may be repeated
    #[arg(long, value_name = "URL")]
    pub mirror: Vec<String>,
    /// Install nothing on this machine; say what to type instead
    #[arg(long)]
    pub no_install: bool,
    /// Show warnings and errors only
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Show every command and what it says
    #[arg(short, long)]
    pub verbose: bool,
}

/// `cargo xtask image`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask image                            dist/colab-keeper-…-ubuntu-20.04.img.xz
  cargo xtask image --base ubuntu.img.xz       on an image that is there already
  cargo xtask image --profile debian-12        from Debian's packages alone
  cargo xtask image --preset mine.toml         for one person: the device sets itself up
  cargo xtask image --compress fast            larger and sooner
  cargo xtask image --plan                     what would be done
  cargo xtask image --update                   with the archive's newest packages")]
pub struct ImageOptions {
    /// What the image is made of: a file of image/, without .toml
    #[arg(long, default_value = "ubuntu-20.04")]
    pub profile: String,
    /// Take this vendor's image instead of fetching it: .img, .img.xz, .img.zst or .img.gz
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    /// Put this keeper.toml, with an owner and their Wi-Fi, onto the image: the device then sets itself up. The image holds
    /// its secrets, is called …-personal.img.xz, and must not be published
    #[arg(long, value_name = "FILE")]
    pub preset: Option<PathBuf>,
    /// How hard to compress: fast, best, or xz's 0 to 9
    #[arg(long, value_name = "LEVEL", default_value = "best")]
    pub compress: Level,
    /// Where the image goes
    #[arg(long, value_name = "DIR", default_value = "dist")]
    pub out_dir: PathBuf,
    /// Ask the archive for its newest packages; otherwise its last answer stands
    #[arg(long)]
    pub update: bool,
    /// Use the programs in this directory instead of compiling ours
    #[arg(long, value_name = "DIR")]
    pub programs: Option<PathBuf>,
    /// Print what would be done, and do nothing
    #[arg(long)]
    pub plan: bool,
    /// How to print the plan
    #[arg(long, value_enum, default_value = "text", requires = "plan")]
    pub format: Format,
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// `cargo xtask boot`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask boot                       the image in dist/, with its console here
  cargo xtask boot --check               start it, look it over, stop it; exit status 0 when all is well
  cargo xtask boot --dry-run             the QEMU command line
  cargo xtask boot dist/x.img.xz --card 16")]
pub struct BootOptions {
    /// The image, .img or .img.xz [default: the newest in dist/]
    pub image: Option<PathBuf>,
    /// Print the QEMU command line, and start nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Look the started system over from inside, then stop it
    #[arg(long, conflicts_with = "dry_run")]
    pub check: bool,
    /// Print how many seconds a second boot takes: to RDP, and to a login prompt without the desktop
    #[arg(long, conflicts_with_all = ["dry_run", "check"])]
    pub measure: bool,
    /// Size of the card that the image is put on, in GiB
    #[arg(long, value_name = "GIB", default_value_t = 8)]
    pub card: u64,
    /// Memory of the machine, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 2048)]
    pub memory: u32,
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}

/// `cargo xtask inspect`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask inspect                    the newest image in dist/
  cargo xtask inspect card.img.xz --format json")]
pub struct InspectOptions {
    /// The image, .img or .img.xz [default: the newest in dist/]
    pub image: Option<PathBuf>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}

/// `cargo xtask doctor`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask doctor                     a table, and what to type about each lack
  cargo xtask doctor --format json       the same for programs")]
pub struct DoctorOptions {
    /// How to print it
    #[arg(long, value_enum, default_value = "text")]
    pub format: Format,
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}

/// `cargo xtask test`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask test                       everything; three quarters of an hour on two processors
  cargo xtask test --fast                what needs neither image nor device
  cargo xtask test wizard                one part, and first what it needs
  cargo xtask test first_boot --long     one part, with its sweeps in full
  cargo xtask test desktop wizard --pictures")]
pub struct TestOptions {
    /// Run these parts alone, in this order [default: all]
    #[arg(value_enum, value_name = "PART", conflicts_with = "fast")]
    pub parts: Vec<TestPart>,
    /// Leave out what builds or boots an image
    #[arg(long, conflicts_with = "long")]
    pub fast: bool,
    /// Run the sweeps in full that are otherwise sampled
    #[arg(long)]
    pub long: bool,
    /// Afterwards, put the pictures that were taken of the desktop and the wizard into docs/guide/pictures
    #[arg(long, conflicts_with = "fast")]
    pub pictures: bool,
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}

/// A part of the tests; what each looks at is in `ARCHITECTURE.md`. Its name is that of its directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub enum TestPart {
    /// What `cargo xtask check` checks
    Check,
    /// The tests beside the code
    Unit,
    /// The device's scripts and what keeper-apply renders, without an image
    Device,
    /// What `cargo xtask inspect` says of the image
    Inspect,
    /// The builder
    Builder,
    /// A vendor's image as the base
    Vendor,
    /// The tunnel and the notebook
    Tunnel,
    /// keeperd and a browser
    Browser,
    /// The wizard's pages in a browser
    Wizard,
    /// A device with a preset alone
    FirstBoot,
    /// A device at work
    Desktop,
    /// The same of the image that the part vendor has made
    Twin,
}

/// `cargo xtask check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask check                      everything; the first run fetches the tools
  cargo xtask check --no-install         on a machine that must stay as it is")]
pub struct CheckOptions {
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}

/// `cargo xtask gen`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask gen                        after a change of an option, of a profile's keys, or of what
                                         keeper-apply makes of keeper.toml
  cargo xtask gen --check                what `cargo xtask check` asks")]
pub struct GenOptions {
    /// Change nothing; fail when a document is not what it should be
    #[arg(long)]
    pub check: bool,
}

/// `cargo xtask bench`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  cargo xtask bench                      the builder, and how soon what it made can be reached; an hour
  cargo xtask bench --write              the same, into docs/reference/performance.md
  cargo xtask bench --keeper             keeperd, against what it may take; half an hour")]
pub struct BenchOptions {
    /// Measure keeperd instead: what it takes, and how soon a notebook is back
    #[arg(long)]
    pub keeper: bool,
    /// Write the tables into docs/reference/ too
    #[arg(long)]
    pub write: bool,
    /// What every verb takes.
    #[command(flatten)]
    pub common: CommonOptions,
}
