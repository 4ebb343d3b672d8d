//! From a base image, however it is packed, to a raw file with holes for zeros.

use std::fs::File;
use std::path::Path;

use anyhow::{Context, Result};

use super::local::Packing;
use crate::hint::Hint;
use crate::progress::{Progress, Step};
use crate::tools::Tools;
use crate::unpack::{self, Counted, Sparse, unpack_xz};

/// Unpacks `from` into the new file `to`, and returns the raw size in bytes. Inside the sandbox
/// only.
///
/// # Errors
/// `from` is damaged, cut off or no image, or there is no room.
pub fn unpack(from: &Path, to: &Path, tools: &Tools, progress: &Progress) -> Result<u64> {
    let packing = Packing::of(from)?;
    if packing == Packing::Xz {
        return unpack_xz(from, to, progress);
    }
    let step = unpack::start(from, progress)?;
    let mut out = Sparse::create(to)?;
    let file = fs_err::File::open(from)?;
    if packing == Packing::Raw {
        out.copy(&mut Counted { file, step: &step })
            .with_context(|| format!("copying {}", from.display()))?;
    } else {
        pipe(&file.into_file(), &mut out, tools, &step)
            .with_context(|| format!("unpacking {}", from.display()))
            .hint(format!(
                "is it whole? `zstd --test {}` tells",
                from.display()
            ))?;
    }
    let size = out.finish(from)?;
    unpack::done(step, size);
    Ok(size)
}

/// Through zstd, which reads .gz too. It and we share the place in the file, which so tells how
/// far it is.
fn pipe(file: &File, out: &mut Sparse, tools: &Tools, step: &Step) -> Result<()> {
    let zstd = tools
        .cmd("zstd")
        .args(["--decompress", "--stdout", "--quiet"])
        .stdin_file(file.try_clone()?);
    step.watch(
        || rustix::fs::tell(file).unwrap_or(0),
        || zstd.stream(|mut pipe| out.copy(&mut pipe)),
    )
}
