//! From a compressed image to a raw one, with holes where there is nothing but zeros.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};

use anyhow::{Context, Result, ensure};
use camino::Utf8Path;
use image::hint::Hint;
use image::progress::{Progress, Step};
use xz2::bufread::XzDecoder;
use xz2::stream::{MtStreamBuilder, Stream};

/// What is looked at for being all zeros, in bytes.
const CHUNK: usize = 64 << 10;
/// What decoding in parallel may take, in bytes.
const MEMORY: u64 = 1 << 30;

/// Unpacks `from`, an .xz file of one or more streams, into the new file `to`. Returns the raw
/// size in bytes.
///
/// # Errors
/// The file is damaged or cut off, or there is no room.
pub(crate) fn unpack(from: &Utf8Path, to: &Utf8Path, progress: &Progress) -> Result<u64> {
    let file = fs_err::File::open(from)?;
    let length = file.metadata()?.len();
    let step = progress.bytes(
        format!("unpacking {}", from.file_name().unwrap_or("the image")),
        length,
    );
    let mut counted = BufReader::with_capacity(1 << 20, Counted { file, step: &step });
    let mut out = File::from(fs_err::File::create(to)?);
    while !counted.fill_buf()?.is_empty() {
        let mut decoder = XzDecoder::new_stream(&mut counted, decoder()?);
        copy_sparsely(&mut decoder, &mut out)
            .with_context(|| format!("unpacking {from}"))
            .hint(format!("is it whole? `xz -t {from}` tells"))?;
    }
    let size = out.stream_position()?;
    ensure!(size > 0, "{from} is empty");
    out.set_len(size)?;
    drop(counted);
    step.done(&format!("{} MiB", size >> 20));
    Ok(size)
}

/// One stream's decoder, with a thread for each processor: our images have many blocks.
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

fn copy_sparsely(from: &mut impl Read, to: &mut (impl Write + Seek)) -> Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = read_full(from, &mut chunk)?;
        let data = &chunk[..length];
        if data.iter().all(|byte| *byte == 0) {
            to.seek(SeekFrom::Current(i64::try_from(length)?))?;
        } else {
            to.write_all(data)?;
        }
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
struct Counted<'a> {
    file: fs_err::File,
    step: &'a Step,
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
        let dir = Utf8Path::from_path(dir.path()).unwrap();
        fs_err::write(dir.join("x.xz"), xz)?;
        let size = unpack(&dir.join("x.xz"), &dir.join("x"), &Progress::new(true))?;
        let raw = fs_err::read(dir.join("x"))?;
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
}
