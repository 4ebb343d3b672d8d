//! One run of one image, from what a verb was told to a machine that can be started. Paths come in
//! as they were typed; from here on they are absolute and UTF-8, as QEMU's options must be.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use camino::Utf8PathBuf;
use image::hint::Hint;
use image::progress::Progress;
use image::tools::Tools;

use crate::boot_files::BootFiles;
use crate::cache::Run;
use crate::disk::{Image, MIB};
use crate::machine::{Accel, Console, Machine, Ports};

/// What a run is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The image, .img.xz or .img.
    pub image: PathBuf,
    /// The builder's cache.
    pub cache: PathBuf,
    /// The file that the console is written to; its directory is made.
    pub console_log: PathBuf,
    /// Kernel and initrd on the boot partition; those of config.txt when there are none here.
    pub boot: Option<BootFiles>,
    /// The size of the card, in bytes.
    pub card: u64,
    /// The machine's memory, in MiB.
    pub memory_mib: u32,
    /// Who executes its instructions.
    pub accel: Accel,
    /// Where its console goes besides the log.
    pub console: Console,
    /// The port that leads to sshd; a free one when there is none here.
    pub ssh: Option<u16>,
    /// The port that leads to the remote desktop; a free one when there is none here.
    pub rdp: Option<u16>,
}

impl Options {
    /// The usual machine: a card of 8 GiB, 2 GiB of memory, software emulation, free ports.
    pub fn new(image: &Path, cache: &Path, console_log: &Path) -> Self {
        Self {
            image: image.to_owned(),
            cache: cache.to_owned(),
            console_log: console_log.to_owned(),
            boot: None,
            card: 8192 * MIB,
            memory_mib: 2048,
            accel: Accel::default(),
            console: Console::Log,
            ssh: None,
            rdp: None,
        }
    }
}

/// A machine with all that belongs to it. Dropped, its card and whatever else lies in its run's
/// directory are gone.
#[derive(Debug)]
pub struct Session {
    /// What boots.
    pub image: Image,
    /// The directory for layers and sockets.
    pub run: Run,
    /// How it is reached.
    pub ports: Ports,
    /// The machine.
    pub machine: Machine,
}

impl Session {
    /// Unpacks the image unless that has been done, and makes a card with it.
    ///
    /// # Errors
    /// The image is damaged or larger than the card, or the cache cannot be written.
    pub fn prepare(options: &Options, tools: &Tools, progress: &Progress) -> Result<Self> {
        let cache = absolute(&options.cache)?;
        let file = absolute(&options.image)?;
        let image = Image::prepare(&cache, &file, options.boot.as_ref(), tools, progress)?;
        let (card, needed) = (options.card / MIB, image.size.div_ceil(MIB));
        if options.card < image.size {
            let error = anyhow::anyhow!("a card of {card} MiB has no room for {file}");
            return Err(error).hint(format!("it needs at least {needed} MiB"));
        }
        ensure!(
            options.card.is_multiple_of(512),
            "a card is made of sectors of 512 bytes"
        );
        let run = Run::new(&cache)?;
        let ports = Ports::choose(options.ssh, options.rdp)?;
        let card = image
            .disk
            .fork(&run.dir().join("card.qcow2"), Some(options.card), tools)?;
        let log = absolute(&options.console_log)?;
        let mut machine = Machine::new(&image, card, run.dir(), &log, ports);
        machine.memory_mib = options.memory_mib;
        machine.accel = options.accel;
        machine.console = options.console;
        Ok(Self {
            image,
            run,
            ports,
            machine,
        })
    }
}

fn absolute(path: &Path) -> Result<Utf8PathBuf> {
    let path = std::path::absolute(path)?;
    let text = path
        .to_str()
        .with_context(|| format!("{} is no UTF-8", path.display()))?;
    Ok(text.into())
}
