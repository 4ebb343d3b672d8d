//! A PNG that goes out while its rows come in. What it holds is a row or two and one chunk of the
//! file, whatever the size of the picture.

use std::cell::RefCell;
use std::io::{Result as IoResult, Write};
use std::rc::Rc;

use anyhow::{Context as _, Result, ensure};
use png::{BitDepth, ColorType, Compression, Encoder, StreamWriter};

/// Bytes of compressed data in one chunk of the file.
const CHUNK: usize = 16 << 10;

/// Bytes of a pixel: red, green and blue.
const PIXEL: usize = 3;

/// A PNG that is being written. Without [`Png::finish`] the file has no end, and whoever reads it
/// can tell.
pub(crate) struct Png<W> {
    out: W,
    encoder: StreamWriter<'static, Kept>,
    kept: Kept,
    /// Bytes of the rows that are still to come.
    left: usize,
}

impl<W: Write> Png<W> {
    /// Begins a picture of so many columns and rows.
    ///
    /// # Errors
    /// It has no pixels.
    pub(crate) fn begin(out: W, (width, height): (u16, u16)) -> Result<Self> {
        let what = || format!("a picture of {width} × {height} pixels");
        let kept = Kept::default();
        let mut encoder = Encoder::new(kept.clone(), width.into(), height.into());
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(Compression::Fast);
        let encoder = encoder.write_header().with_context(what)?;
        Ok(Self {
            out,
            encoder: encoder.into_stream_writer_with_size(CHUNK)?,
            kept,
            left: usize::from(width) * usize::from(height) * PIXEL,
        })
    }

    /// Writes what comes next of the rows.
    ///
    /// # Errors
    /// It is more than the picture has, or that of the output.
    pub(crate) fn add(&mut self, colours: &[u8]) -> Result<()> {
        // The encoder would begin a second picture in the same file.
        let left = self.left.checked_sub(colours.len());
        self.left = left.with_context(|| format!("{} bytes of {}", colours.len(), self.left))?;
        self.encoder.write_all(colours)?;
        self.kept.hand_to(&mut self.out)?;
        Ok(())
    }

    /// Writes the end.
    ///
    /// # Errors
    /// Rows are missing, or that of the output.
    pub(crate) fn finish(mut self) -> Result<()> {
        ensure!(self.left == 0, "{} bytes are missing", self.left);
        self.encoder.finish()?;
        self.kept.hand_to(&mut self.out)?;
        self.out.flush()?;
        Ok(())
    }
}

/// What the encoder has written, until it is handed on.
///
/// The encoder does not get the output itself. It ends a file even when it is dropped, so a picture
/// that broke off would look whole; on its last bytes it forgets an error or panics.
#[derive(Clone, Default)]
struct Kept(Rc<RefCell<Vec<u8>>>);

impl Kept {
    fn hand_to(&self, out: &mut impl Write) -> IoResult<()> {
        let mut bytes = self.0.borrow_mut();
        out.write_all(&bytes)?;
        bytes.clear();
        Ok(())
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> IoResult<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use png::{Decoder, OutputInfo};

    use super::*;

    const END: &[u8] = b"\0\0\0\0IEND\xaeB\x60\x82";

    fn written(size: (u16, u16), colours: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut png = Png::begin(&mut file, size).unwrap();
        let line = usize::from(size.0) * PIXEL;
        colours.chunks(line).for_each(|row| png.add(row).unwrap());
        png.finish().unwrap();
        file
    }

    fn read(file: &[u8]) -> (OutputInfo, Vec<u8>) {
        let mut reader = Decoder::new(Cursor::new(file)).read_info().unwrap();
        let mut colours = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut colours).unwrap();
        reader.finish().unwrap();
        (info, colours)
    }

    fn noise(length: usize) -> Vec<u8> {
        let mut state = 7_u32;
        let mut byte = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..length).map(|_| byte()).collect()
    }

    #[test]
    fn a_picture_comes_back() {
        let colours = [200, 0, 0, 0, 200, 0, 0, 0, 200, 198, 0, 3];
        let file = written((2, 2), &colours);
        assert_eq!(file[..16], *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        assert_eq!(file[16..29], [0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
        assert!(file.ends_with(END));
        let (info, read) = read(&file);
        assert_eq!((info.width, info.height), (2, 2));
        assert_eq!(
            (info.color_type, info.bit_depth),
            (ColorType::Rgb, BitDepth::Eight)
        );
        assert_eq!(read, colours);
    }

    #[test]
    fn what_does_not_compress_goes_out_while_it_comes_in() {
        let colours = noise(300 * 100 * PIXEL);
        let mut file = Vec::new();
        let mut png = Png::begin(&mut file, (300, 100)).unwrap();
        let mut came = 0;
        for row in colours.chunks(300 * PIXEL) {
            png.add(row).unwrap();
            came += row.len();
            // A byte of it takes no less than one in the file, and none waits but a chunk's.
            assert!(png.out.len() + CHUNK >= came, "{} of {came}", png.out.len());
            assert_eq!(png.kept.0.borrow().len(), 0);
        }
        assert!(png.kept.0.borrow().capacity() < 3 * CHUNK);
        png.finish().unwrap();
        assert_eq!(read(&file).1, colours);
    }

    #[test]
    fn a_plain_picture_is_small() {
        let colours = vec![9; 1600 * 900 * PIXEL];
        let file = written((1600, 900), &colours);
        assert!(file.len() < 30_000, "{} bytes", file.len());
        assert_eq!(read(&file).1, colours);
    }

    #[test]
    fn a_wrong_number_of_bytes_is_refused() {
        for size in [(0, 1), (1, 0), (0, 0)] {
            assert!(Png::begin(Vec::new(), size).is_err());
        }
        let mut png = Png::begin(Vec::new(), (1, 2)).unwrap();
        png.add(&[1; 7]).unwrap_err();
        png.add(&[1; 3]).unwrap();
        png.add(&[1; 4]).unwrap_err();
        png.add(&[1; 3]).unwrap();
        png.add(&[1]).unwrap_err();
        png.finish().unwrap();
    }

    #[test]
    fn a_picture_that_broke_off_has_no_end() {
        let colours = noise(300 * 99 * PIXEL);
        for finished in [false, true] {
            let mut file = Vec::new();
            let mut png = Png::begin(&mut file, (300, 100)).unwrap();
            png.add(&colours).unwrap();
            if finished {
                png.finish().unwrap_err();
            } else {
                drop(png);
            }
            assert!(file.len() > 2 * CHUNK);
            assert!(!file.windows(4).any(|kind| kind == b"IEND"));
        }
    }

    /// Room for so many bytes.
    struct Room(usize);

    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> IoResult<usize> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }

        fn flush(&mut self) -> IoResult<()> {
            Ok(())
        }
    }

    #[test]
    fn an_output_that_breaks_is_said_so() {
        let colours = noise(100 * 100 * PIXEL);
        let whole = written((100, 100), &colours).len();
        let fits = |room: usize| {
            let mut png = Png::begin(Room(room), (100, 100))?;
            png.add(&colours)?;
            png.finish()
        };
        // In the beginning, at the end of a chunk, and in all that is written last.
        let last = whole - 40..whole;
        for room in [0, 7, 20, 40, 60, CHUNK, 2 * CHUNK].into_iter().chain(last) {
            assert!(fits(room).is_err(), "{room} of {whole}");
        }
        fits(whole).unwrap();
    }
}
