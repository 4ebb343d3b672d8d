//! Disks: an image made ready to boot, and copy-on-write layers on it. The shipped file is read
//! and never written.

use std::fs::File;
use std::io::Read;

use anyhow::{Context, Result, bail, ensure};
use camino::{Utf8Path, Utf8PathBuf};
use image::disk::{Mbr, Partition};
use image::hint::Hint;
use image::progress::Progress;
use image::tools::Tools;
use image::unpack::unpack_xz;
use image::{digest, files};

use crate::boot_files::BootFiles;
use crate::{cache, cmdline};

/// Bytes in a MiB.
pub const MIB: u64 = 1 << 20;
/// What names of unpacked images start with in the cache.
const PREFIX: &str = "image-";
/// How many of them stay when another is unpacked: they are large and quickly made again.
const KEPT: usize = 1;

/// An image, ready to boot: raw, with its own kernel and initrd beside it.
#[derive(Debug)]
pub struct Image {
    /// The raw image; never to be written.
    pub disk: Disk,
    /// Its size in bytes.
    pub size: u64,
    /// The kernel from its boot partition.
    pub kernel: Utf8PathBuf,
    /// The initrd from its boot partition.
    pub initrd: Utf8PathBuf,
    /// The kernel command line for QEMU.
    pub append: String,
    _held: File,
}

impl Image {
    /// Unpacks `file` (.img.xz, or a raw .img that is used where it is) into the cache, unless it
    /// is there, and takes kernel and initrd from its boot partition: those that `boot` names, or
    /// else those that config.txt names.
    ///
    /// # Errors
    /// The image is damaged or has no bootable FAT partition, or the cache cannot be written.
    pub fn prepare(
        cache: &Utf8Path,
        file: &Utf8Path,
        boot: Option<&BootFiles>,
        tools: &Tools,
        progress: &Progress,
    ) -> Result<Self> {
        let file = file
            .canonicalize_utf8()
            .with_context(|| format!("looking for the image {file}"))
            .hint("`cargo xtask image` makes one")?;
        let home = cache::home(cache)?;
        tools.show(home.as_std_path())?;
        let packed = file.extension() == Some("xz");
        if !packed {
            let dir = file.parent().context("an image in a directory")?;
            if dir == "/" {
                let error = anyhow::anyhow!("{file} lies in the root directory");
                return Err(error).hint("move it into a directory of its own");
            }
            tools.show(dir.as_std_path())?;
        }
        let _alone = cache::exclusive(&home)?;
        files::remove_leftovers(home.as_std_path())?;
        let key =
            &digest::of_file(file.as_std_path()).with_context(|| format!("reading {file}"))?[..16];
        let dir = home.join(format!("{PREFIX}{key}"));
        if !dir.exists() {
            cache::sweep(&home, PREFIX, KEPT)?;
            files::make_dir_whole(dir.as_std_path(), |scratch| {
                let scratch = Utf8Path::from_path(scratch).context("a path in UTF-8")?;
                let raw = if packed {
                    let raw = scratch.join("disk.img");
                    unpack_xz(file.as_std_path(), raw.as_std_path(), progress)?;
                    raw
                } else {
                    file.clone()
                };
                take_boot_files(&raw, boot, scratch, tools)
                    .with_context(|| format!("reading the boot partition of {file}"))
            })?;
        }
        let held = cache::shared(&dir)?;
        let raw = if packed { dir.join("disk.img") } else { file };
        Ok(Self {
            size: fs_err::metadata(&raw)?.len(),
            disk: Disk {
                path: raw,
                format: Format::Raw,
            },
            kernel: dir.join("kernel"),
            initrd: dir.join("initrd"),
            append: cmdline::adjusted(&fs_err::read_to_string(dir.join("cmdline.txt"))?),
            _held: held,
        })
    }
}

/// What is in a disk's file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// The disk's bytes.
    Raw,
    /// QEMU's copy-on-write format.
    Qcow2,
}

impl Format {
    /// QEMU's name of it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Raw => "raw",
            Self::Qcow2 => "qcow2",
        }
    }
}

/// A disk, or one layer of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disk {
    /// Its file, absolute.
    pub path: Utf8PathBuf,
    /// What is in it.
    pub format: Format,
}

impl Disk {
    /// Makes a copy-on-write layer on this one, which must not be written from now on. `size` is
    /// in bytes; without it, the layer is as large as what it lies on.
    ///
    /// # Errors
    /// There is no room, or `path` is nowhere that the tools can see.
    pub fn fork(&self, path: &Utf8Path, size: Option<u64>, tools: &Tools) -> Result<Self> {
        tools
            .cmd("qemu-img")
            .args([
                "create",
                "-q",
                "-f",
                "qcow2",
                "-F",
                self.format.name(),
                "-b",
            ])
            .arg(&self.path)
            .arg(path)
            .args(size.map(|size| size.to_string()))
            .run()
            .with_context(|| format!("making a copy-on-write layer on {}", self.path))?;
        Ok(Self {
            path: path.to_owned(),
            format: Format::Qcow2,
        })
    }
}

/// Copies kernel, initrd and cmdline.txt out of the boot partition of `raw`.
fn take_boot_files(
    raw: &Utf8Path,
    boot: Option<&BootFiles>,
    to: &Utf8Path,
    tools: &Tools,
) -> Result<()> {
    let place = boot_partition(raw)?;
    let fat = Fat {
        drive: format!("{raw}@@{}", place.start),
        tools,
    };
    let found = match boot {
        Some(boot) => boot.clone(),
        None => BootFiles::find(|name| fat.text(name))?,
    };
    fat.copy(&found.kernel, &to.join("kernel"))?;
    fat.copy(&found.initrd, &to.join("initrd"))?;
    let cmdline = fat.text("cmdline.txt")?.unwrap_or_default();
    fs_err::write(to.join("cmdline.txt"), cmdline)?;
    Ok(())
}

/// Where the boot partition of `raw` is.
pub(crate) fn boot_partition(raw: &Utf8Path) -> Result<Partition> {
    let mut sector = [0; 512];
    let mut file = fs_err::File::open(raw)?;
    let size = file.metadata()?.len();
    file.read_exact(&mut sector)
        .context("it is shorter than a sector")?;
    let mbr = Mbr::parse(&sector)?;
    let Some(place) = mbr.partitions.into_iter().find(is_fat) else {
        bail!("it has no FAT partition")
    };
    let end = place.start + place.size;
    ensure!(
        end <= size,
        "its FAT partition ends at byte {end}, the image at {size}"
    );
    Ok(place)
}

/// Whether a partition's type is one of the FAT ones.
fn is_fat(partition: &Partition) -> bool {
    matches!(partition.kind, 0x01 | 0x04 | 0x06 | 0x0b | 0x0c | 0x0e)
}

/// A FAT partition inside an image, read with mtools.
struct Fat<'a> {
    drive: String,
    tools: &'a Tools,
}

impl Fat<'_> {
    /// A file's text, nothing when there is no such file.
    fn text(&self, name: &str) -> Result<Option<String>> {
        let output = self.mtool("mcopy", name).arg("-").output()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok(output.status.success().then_some(text))
    }

    fn copy(&self, name: &str, to: &Utf8Path) -> Result<()> {
        let copied = self.mtool("mcopy", name).arg(to).run();
        copied.with_context(|| format!("copying {name}"))
    }

    fn mtool(&self, tool: &str, name: &str) -> cmd::Cmd {
        self.tools
            .cmd(tool)
            .args(["-n", "-i", &self.drive])
            .arg(format!("::/{name}"))
    }
}
