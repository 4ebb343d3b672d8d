//! Stage *compress*: the image as .xz, in independent blocks made by several threads. The bytes
//! depend on the level and the block size, not on the number of threads.

use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use xz2::stream::{Check, MtStreamBuilder};
use xz2::write::XzEncoder;

use super::Made;
use crate::context::Build;
use crate::digest;
use crate::level::Level;
use crate::progress::Step;

/// Uncompressed bytes of a block: what a decoder can do in parallel.
const BLOCK: u64 = 16 << 20;

/// Sizes and sums of both forms of the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// The .img.xz.
    pub compressed: Sum,
    /// The image itself.
    pub raw: Sum,
}

/// One file's size and sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sum {
    /// In bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Makes the compressed image; its entry holds `disk.img.xz` and `sums.json`.
///
/// # Errors
/// There is no room.
pub fn make(build: &Build, assembled: &Made, level: Level) -> Result<Made> {
    let key = digest::of(&(
        "compress",
        &assembled.key,
        include_str!("compress.rs"),
        level,
    ));
    super::make(&build.shop, "compress", key, |out| {
        let image = assembled.file("disk.img");
        let size = fs_err::metadata(&image)?.len();
        let step = build
            .shop
            .progress
            .bytes(format!("compressing (xz -{})", level.number()), size);
        let sums = compress(&image, &out.join("disk.img.xz"), level, &step)?;
        fs_err::write(out.join("sums.json"), serde_json::to_vec_pretty(&sums)?)?;
        step.done(&format!(
            "{} MiB to {} MiB",
            sums.raw.size >> 20,
            sums.compressed.size >> 20
        ));
        Ok(())
    })
}

fn compress(from: &Path, to: &Path, level: Level, step: &Step) -> Result<Sums> {
    let threads =
        std::thread::available_parallelism().map_or(1, |n| u32::try_from(n.get()).unwrap_or(1));
    let stream = MtStreamBuilder::new()
        .threads(threads)
        .block_size(BLOCK)
        .preset(level.number())
        .check(Check::Crc64)
        .encoder()
        .context("setting up xz")?;
    let mut raw = Sha256::new();
    let mut size = 0;
    let output = Summing {
        inner: fs_err::File::create(to)?,
        hasher: Sha256::new(),
        size: 0,
    };
    let mut encoder = XzEncoder::new_stream(output, stream);
    let mut input = fs_err::File::open(from)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        let length = input.read(&mut buffer)?;
        if length == 0 {
            break;
        }
        raw.update(&buffer[..length]);
        encoder.write_all(&buffer[..length])?;
        size += length as u64;
        step.advance(length as u64);
    }
    let output = encoder.finish()?;
    Ok(Sums {
        compressed: Sum {
            size: output.size,
            sha256: digest::hex(&output.hasher.finalize()),
        },
        raw: Sum {
            size,
            sha256: digest::hex(&raw.finalize()),
        },
    })
}

/// Writes through and sums up what it writes.
struct Summing<W> {
    inner: W,
    hasher: Sha256,
    size: u64,
}

impl<W: Write> Write for Summing<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let length = self.inner.write(bytes)?;
        self.hasher.update(&bytes[..length]);
        self.size += length as u64;
        Ok(length)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.inner.flush()
    }
}
