//! From an .xz file to a raw one, and any stream to a file with holes where there is nothing but
//! zeros.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use xz2::bufread::XzDecoder;
use xz2::stream::{MtStreamBuilder, Stream};

use crate::hint::Hint;
use crate::progress::{Progress, Step};

/// What is looked at for being all zeros, in bytes.
const CHUNK: usize = 64 << 10;
/// What decoding in parallel may take, in bytes.
const MEMORY: u64 = 1 << 30;
/// No image for a card is larger, in bytes; a few KiB of .xz can claim to be anything.
const LARGEST: u64 = 64 << 30;

/// Unpacks `from`, an .xz file of one or more streams, into the new file `to`. Returns the raw
/// size in bytes.
///
/// # Errors
/// The file is damaged or cut off, or there is no room.
pub fn unpack_xz(from: &Path, to: &Path, progress: &Progress) -> Result<u64> {
    let file = fs_err::File::open(from)?;
    let step = start(from, progress)?;
    let mut counted = BufReader::with_capacity(1 << 20, Counted { file, step: &step });
    let mut out = Sparse::create(to)?;
    while !counted.fill_buf()?.is_empty() {
        let mut decoder = XzDecoder::new_stream(&mut counted, decoder()?);
        out.copy(&mut decoder)
            .with_context(|| format!("unpacking {}", from.display()))
            .hint(format!("is it whole? `xz -t {}` tells", from.display()))?;
    }
    drop(counted);
    let size = out.finish(from)?;
    done(step, size);
    Ok(size)
}

/// The step of unpacking a file, by the bytes of it that were read.
pub(crate) fn start(from: &Path, progress: &Progress) -> Result<Step> {
    let name = from
        .file_name()
        .map_or("the image".into(), |name| name.to_string_lossy());
    let length = fs_err::metadata(from)?.len();
    Ok(progress.bytes(format!("unpacking {name}"), length))
}

/// Ends it.
pub(crate) fn done(step: Step, size: u64) {
    step.done(&format!("{} MiB", size >> 20));
}

/// One stream's decoder, with a thread for each processor: images have many blocks.
fn decoder() -> Result<Stream> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let stream = MtStreamBuilder::new()
        .threads(u32::try_from(threads)?)
        // Without this limit liblzma uses one thread; with it, fewer where blocks are large.
        .memlimit_threading(MEMORY)
        .memlimit_stop(u64::MAX)
        .decoder()?;
    Ok(stream)
}

/// A file under construction that gets holes for zeros.
pub(crate) struct Sparse {
    file: File,
}

impl Sparse {
    pub(crate) fn create(path: &Path) -> Result<Self> {
        let file = fs_err::File::create(path)?.into_file();
        Ok(Self { file })
    }

    /// Appends all that is left to read.
    pub(crate) fn copy(&mut self, from: &mut impl Read) -> Result<()> {
        copy_sparsely(from, &mut self.file, LARGEST)
    }

    /// Ends the file, made from `from`, and returns its size in bytes.
    pub(crate) fn finish(mut self, from: &Path) -> Result<u64> {
        let size = self.file.stream_position()?;
        ensure!(size > 0, "{} is empty", from.display());
        self.file.set_len(size)?;
        Ok(size)
    }
}

fn copy_sparsely(from: &mut impl Read, to: &mut (impl Write + Seek), largest: u64) -> Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = read_full(from, &mut chunk)?;
        let data = &chunk[..length];
        if data.iter().all(|byte| *byte == 0) {
            to.seek(SeekFrom::Current(i64::try_from(length)?))?;
        } else {
            to.write_all(data)?;
        }
        ensure!(
            to.stream_position()? <= largest,
            "there is more than {} GiB in it",
            largest >> 30
        );
        if length < CHUNK {
            return Ok(());
        }
    }
}

/// Reads until `buffer` is full or nothing is left.
fn read_full(from: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut length = 0;
    while length < buffer.len() {
        match from.read(&mut buffer[length..])? {
            0 => break,
            more => length += more,
        }
    }
    Ok(length)
}

/// A file whose reading is shown.
pub(crate) struct Counted<'a> {
    pub(crate) file: fs_err::File,
    pub(crate) step: &'a Step,
}

impl Read for Counted<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.file.read(buffer)?;
        self.step.advance(length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip(xz: &[u8]) -> Result<Vec<u8>> {
        let dir = tempfile::tempdir()?;
        let (packed, raw) = (dir.path().join("x.xz"), dir.path().join("x"));
        fs_err::write(&packed, xz)?;
        let size = unpack_xz(&packed, &raw, &Progress::new(true))?;
        let raw = fs_err::read(raw)?;
        assert_eq!(raw.len() as u64, size);
        Ok(raw)
    }

    fn packed(raw: &[u8]) -> Vec<u8> {
        let mut xz = Vec::new();
        xz2::read::XzEncoder::new(raw, 0)
            .read_to_end(&mut xz)
            .unwrap();
        xz
    }

    #[test]
    fn zeros_come_back_at_the_end_and_between_and_streams_follow_each_other() {
        let mut raw = vec![0; 5 * CHUNK + 7];
        raw[3 * CHUNK] = 1;
        assert_eq!(round_trip(&packed(&raw)).unwrap(), raw);
        let two = [packed(&raw), packed(b"more")].concat();
        assert_eq!(round_trip(&two).unwrap(), [&raw[..], b"more"].concat());
    }

    #[test]
    fn a_cut_or_damaged_file_is_an_error() {
        let whole = packed(&[7; 100_000]);
        round_trip(&whole[..whole.len() - 5]).unwrap_err();
        round_trip(b"no xz at all").unwrap_err();
        round_trip(b"").unwrap_err();
    }

    #[test]
    fn zeros_without_end_are_not_unpacked() {
        let mut out = std::io::Cursor::new(Vec::new());
        let error = copy_sparsely(&mut std::io::repeat(0), &mut out, 1 << 30).unwrap_err();
        assert_eq!(error.to_string(), "there is more than 1 GiB in it");
    }
}
