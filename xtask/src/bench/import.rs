//! Importing a vendor's image against the least that anybody must do with one: unpack it and copy
//! what was unpacked.

use std::path::Path;
use std::time::Instant;

use ::image::context::{Places, Workshop};
use ::image::plan::Plan;
use ::image::profile::Import;
use ::image::progress::Progress;
use ::image::rootfs::{self, Content, Writer};
use ::image::stage::{Made, assemble, import};
use anyhow::{Context, Result};
use cmd::Cmd;
use serde::{Deserialize, Serialize};

/// What the measured image's size should be: about that of Ubuntu's.
const SIZE: u64 = 3 << 30;

/// What was measured.
#[derive(Serialize, Deserialize)]
pub struct Imported {
    /// The raw size in bytes.
    pub size: u64,
    /// Seconds of `xz -dc` and of a copy of the result.
    pub reference: f64,
    /// Seconds of the stage.
    pub ours: f64,
}

/// Makes an image of several copies of `root` and imports it. Everything happens below `dir`, which
/// the tools of `shop` see.
///
/// # Errors
/// There is no room for three images of 3 GiB.
pub fn measure(
    shop: &Workshop,
    plan: &Plan,
    places: &Places,
    root: &Made,
    dir: &Path,
    progress: &Progress,
) -> Result<Imported> {
    let step = progress.step("making an image to import");
    let packed = make(shop, plan, root, dir)?;
    let size = dir.join("disk.img").metadata()?.len();
    fs_err::remove_file(dir.join("disk.img"))?;
    step.done("");
    let step = progress.step("xz -dc and a copy");
    let start = Instant::now();
    let raw = dir.join("raw");
    let tools = shop.tools();
    tools
        .cmd("xz")
        .args(["--decompress", "--stdout"])
        .arg(&packed)
        .stream(|mut out| -> Result<u64> {
            Ok(std::io::copy(&mut out, &mut fs_err::File::create(&raw)?)?)
        })?;
    Cmd::new("cp").arg(&raw).arg(dir.join("copy")).run()?;
    let reference = start.elapsed().as_secs_f64();
    step.done("");
    fs_err::remove_file(&raw)?;
    fs_err::remove_file(dir.join("copy"))?;
    let mut plan = plan.clone();
    plan.profile.bootstrap = None;
    plan.profile.import = Some(Import {
        url: "https://images.example".into(),
        image: "*".into(),
        keyring: plan.profile.archive.keyring.clone(),
        signed_by: vec![],
    });
    plan.base_file = Some(packed);
    let start = Instant::now();
    import::make(shop, &plan, places)?;
    let ours = start.elapsed().as_secs_f64();
    Ok(Imported {
        size,
        reference,
        ours,
    })
}

/// An image as a vendor would publish it, packed by one thread and so in one block.
fn make(shop: &Workshop, plan: &Plan, root: &Made, dir: &Path) -> Result<std::path::PathBuf> {
    let tar = root.file("root.tar");
    let length = tar.metadata()?.len();
    let copies = SIZE * 3 / 4 / length;
    let out =
        std::io::BufWriter::with_capacity(1 << 20, fs_err::File::create(dir.join("root.tar"))?);
    let mut writer = Writer::new(out);
    for copy in 0..copies.max(1) {
        let file = std::io::BufReader::with_capacity(1 << 20, fs_err::File::open(&tar)?);
        let below = match copy {
            0 => String::new(),
            _ => format!("copy-{copy}"),
        };
        rootfs::read(file, &mut |mut entry, data| {
            entry.path = Path::new(&below).join(&entry.path);
            if let Content::HardLink(first) = &mut entry.content {
                *first = Path::new(&below).join(&first);
            }
            writer.add(&entry, data)
        })?;
    }
    std::io::Write::flush(&mut writer.finish()?)?;
    fs_err::create_dir(dir.join("boot"))?;
    fs_err::write(dir.join("boot/config.txt"), "arm_64bit=1\n")?;
    let sealed = Made {
        key: root.key.clone(),
        dir: dir.to_owned(),
    };
    let mut disk = plan.profile.disk.clone();
    disk.root.free_mib = (SIZE - length * copies.max(1)) >> 21;
    let made = assemble::make(shop, &disk, None, &sealed, 1_700_000_000)?;
    fs_err::rename(made.file("disk.img"), dir.join("disk.img"))?;
    fs_err::remove_file(dir.join("root.tar"))?;
    shop.tools()
        .cmd("xz")
        .args(["--keep", "--threads=1", "-1"])
        .arg(dir.join("disk.img"))
        .run()
        .context("packing the image")?;
    Ok(dir.join("disk.img.xz"))
}
