//! Writes a PNG row by row, without ever holding the picture: the little of the format (RFC 2083,
//! ISO/IEC 15948) that a screenshot needs. Eight bits a channel, red, green and blue, not interlaced.
//!
//! What it needs is one row, one chunk of the file, and a compressor's window: about 400 KB, whatever
//! the size of the picture.

use std::io::{Error, ErrorKind, Result, Write};

use miniz_oxide::deflate::core::CompressorOxide;
use miniz_oxide::deflate::stream::deflate;
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits a channel, red, green and blue, the only compression and filters, not interlaced.
const FORMAT: [u8; 5] = [8, 2, 0, 0, 0];
/// Each byte is the difference from the one above: most of a desktop's rows are like the last.
const UP: u8 = 2;
/// Of 10: screenshots shrink to almost nothing anyway.
const LEVEL: u8 = 3;
/// Bytes of compressed data in one chunk of the file.
const CHUNK: usize = 16 << 10;

/// A PNG that is being written. Without [`Writer::finish`] the file has no end, and whoever reads it
/// can tell.
pub struct Writer<W: Write> {
    out: W,
    compressor: Box<CompressorOxide>,
    /// The last row, behind what says how rows are filtered.
    above: Vec<u8>,
    filtered: Vec<u8>,
    chunk: Vec<u8>,
    filled: usize,
    rows_left: u32,
}

impl<W: Write> Writer<W> {
    /// Begins a picture of `width` × `height` pixels.
    ///
    /// # Errors
    /// A picture without pixels, one too large for this machine, or that of `out`.
    pub fn new(mut out: W, width: u32, height: u32) -> Result<Self> {
        let row = usize::try_from(width)
            .ok()
            .and_then(|width| width.checked_mul(3));
        let row = row.filter(|_| width.min(height) > 0 && width.max(height) <= i32::MAX as u32);
        let Some(row) = row else {
            return Err(wrong(format!("a picture of {width} × {height} pixels")));
        };
        out.write_all(SIGNATURE)?;
        let sizes = [width.to_be_bytes(), height.to_be_bytes()].concat();
        write_chunk(&mut out, *b"IHDR", &[&sizes[..], &FORMAT].concat())?;
        let mut compressor = Box::<CompressorOxide>::default();
        compressor.set_format_and_level(DataFormat::Zlib, LEVEL);
        Ok(Self {
            out,
            compressor,
            above: vec![0; row],
            filtered: Vec::with_capacity(row + 1),
            chunk: vec![0; CHUNK],
            filled: 0,
            rows_left: height,
        })
    }

    /// Writes the next row: three bytes a pixel.
    ///
    /// # Errors
    /// A row of another length, one more than there should be, or that of the output.
    pub fn row(&mut self, row: &[u8]) -> Result<()> {
        if row.len() != self.above.len() || self.rows_left == 0 {
            let left = self.rows_left;
            return Err(wrong(format!("{} bytes with {left} rows left", row.len())));
        }
        self.rows_left -= 1;
        self.filtered.clear();
        self.filtered.push(UP);
        let differences = row
            .iter()
            .zip(&self.above)
            .map(|(b, up)| b.wrapping_sub(*up));
        self.filtered.extend(differences);
        self.above.copy_from_slice(row);
        let filtered = std::mem::take(&mut self.filtered);
        let compressed = self.compress(&filtered, MZFlush::None);
        self.filtered = filtered;
        compressed
    }

    /// Writes the end; gives the output back.
    ///
    /// # Errors
    /// Rows are missing, or that of the output.
    pub fn finish(mut self) -> Result<W> {
        if self.rows_left > 0 {
            return Err(wrong(format!("{} rows are missing", self.rows_left)));
        }
        self.compress(&[], MZFlush::Finish)?;
        write_chunk(&mut self.out, *b"IDAT", &self.chunk[..self.filled])?;
        write_chunk(&mut self.out, *b"IEND", &[])?;
        self.out.flush()?;
        Ok(self.out)
    }

    /// Compresses all of `input`; whole chunks are written.
    fn compress(&mut self, mut input: &[u8], flush: MZFlush) -> Result<()> {
        loop {
            let room = &mut self.chunk[self.filled..];
            let done = deflate(&mut self.compressor, input, room, flush);
            let ended = match done.status {
                Ok(status) => status == MZStatus::StreamEnd,
                Err(error) => return Err(wrong(format!("compressing: {error:?}"))),
            };
            input = &input[done.bytes_consumed..];
            self.filled += done.bytes_written;
            let full = self.filled == self.chunk.len();
            if full {
                write_chunk(&mut self.out, *b"IDAT", &self.chunk)?;
                self.filled = 0;
            }
            if ended || (flush == MZFlush::None && input.is_empty()) {
                return Ok(());
            }
        }
    }
}

fn wrong(what: String) -> Error {
    Error::new(ErrorKind::InvalidInput, what)
}

fn write_chunk(out: &mut impl Write, kind: [u8; 4], data: &[u8]) -> Result<()> {
    let length = u32::try_from(data.len()).map_err(|_| wrong("a chunk is too long".into()))?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(&kind)?;
    out.write_all(data)?;
    out.write_all(&crc32([&kind, data]).to_be_bytes())
}

/// The check value at the end of a chunk, over its kind and its data.
pub fn crc32<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1));
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), step);
    !parts.into_iter().flatten().fold(u32::MAX, byte)
}

#[cfg(test)]
mod tests;
