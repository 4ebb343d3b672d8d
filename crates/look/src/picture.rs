//! A picture, as the X server has it in memory, and what can be said of it. Words are read in
//! `words`.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::png;

/// Red, green, blue.
pub type Colour = [u8; 3];

/// No screen of ours is larger, in pixels.
const LARGEST: usize = 64 << 20;
/// An XWD file's header, without the window's name: 25 numbers.
const HEADER: usize = 100;
/// One entry of its colour map.
const MAP_ENTRY: usize = 12;
const VERSION: u32 = 7;
/// Whole pixels, one behind the other.
const Z_PIXMAP: u32 = 2;
/// The least significant byte of a pixel comes first.
const LSB_FIRST: u32 = 0;

/// What a screen showed at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Pixels in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    pixels: Vec<Colour>,
}

impl Picture {
    /// Reads an XWD file (X11's XWDFile.h) with 32 bits a pixel, which is what Xvfb keeps of a
    /// screen of depth 24.
    ///
    /// # Errors
    /// It is not one, or is cut off.
    pub fn from_xwd(bytes: &[u8]) -> Result<Self> {
        ensure!(
            bytes.len() >= HEADER,
            "an XWD file of {} bytes",
            bytes.len()
        );
        // Big-endian on every machine, which the pixels are not.
        let number = |index: usize| {
            let four = bytes[index * 4..][..4].try_into().expect("four bytes");
            u32::from_be_bytes(four)
        };
        let size = |index: usize| usize::try_from(number(index)).context("a number of an XWD file");
        let kind = (number(1), number(2), number(7), number(11));
        ensure!(
            kind == (VERSION, Z_PIXMAP, LSB_FIRST, 32),
            "an XWD file of another kind: {kind:?}"
        );
        let (width, height, line) = (size(4)?, size(5)?, size(12)?);
        ensure!(
            width > 0 && height > 0 && width.saturating_mul(height) <= LARGEST,
            "a picture of {width} × {height}"
        );
        ensure!(
            line >= width * 4,
            "lines of {line} bytes for {width} pixels"
        );
        let start = size(0)?.saturating_add(size(19)?.saturating_mul(MAP_ENTRY));
        let rows = bytes.get(start..).unwrap_or_default();
        ensure!(
            rows.len() >= line.saturating_mul(height),
            "{} bytes for {height} lines of {line}",
            rows.len()
        );
        let pixels = rows.chunks(line).take(height).flat_map(|row| {
            row[..width * 4]
                .chunks_exact(4)
                .map(|pixel| [pixel[2], pixel[1], pixel[0]])
        });
        Ok(Self {
            width,
            height,
            pixels: pixels.collect(),
        })
    }

    /// Reads a binary PPM (netpbm's `P6`) with eight bits a channel and no comment, which is what
    /// QEMU makes of a monitor.
    ///
    /// # Errors
    /// It is not one, or is cut off.
    pub fn from_ppm(bytes: &[u8]) -> Result<Self> {
        let mut rest = bytes;
        let mut words = Vec::new();
        while words.len() < 4 {
            let end = rest.iter().position(u8::is_ascii_whitespace);
            let end = end.context("a PPM file that ends in its header")?;
            words.push(std::str::from_utf8(&rest[..end]).unwrap_or_default());
            rest = &rest[end + 1..];
        }
        ensure!(
            (words[0], words[3]) == ("P6", "255"),
            "a PPM file of another kind: {words:?}"
        );
        let (width, height): (usize, usize) = (words[1].parse()?, words[2].parse()?);
        let count = width.saturating_mul(height);
        ensure!(
            (1..=LARGEST).contains(&count),
            "a picture of {width} × {height}"
        );
        let pixels = rest.as_chunks().0;
        ensure!(
            pixels.len() >= count,
            "{} pixels for {width} × {height}",
            pixels.len()
        );
        Ok(Self {
            width,
            height,
            pixels: pixels[..count].to_vec(),
        })
    }

    /// Reads a PNG as [`Picture::save`] writes it.
    ///
    /// # Errors
    /// It is none, is damaged, or is cut off.
    pub fn from_png(bytes: &[u8]) -> Result<Self> {
        let (width, pixels) = png::decode(bytes).context("reading a PNG")?;
        let height = pixels.len() / width;
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// How much of it has `colour`, of 1. A remote desktop's picture is compressed with losses, so
    /// each channel may be off by `tolerance`.
    pub fn share(&self, colour: Colour, tolerance: u8) -> f64 {
        let near = |pixel: &&Colour| {
            pixel
                .iter()
                .zip(colour)
                .all(|(have, want)| have.abs_diff(want) <= tolerance)
        };
        self.part(self.pixels.iter().filter(near).count())
    }

    /// How much of it is other than in `before`, of 1: pixels of which a channel differs by more than `tolerance`. All of it,
    /// if the sizes differ.
    pub fn difference(&self, before: &Self, tolerance: u8) -> f64 {
        if self.pixels.len() != before.pixels.len() {
            return 1.0;
        }
        let differ = |(one, other): &(&Colour, &Colour)| {
            let mut channels = one.iter().zip(*other);
            channels.any(|(one, other)| one.abs_diff(*other) > tolerance)
        };
        let pairs = self.pixels.iter().zip(&before.pixels);
        self.part(pairs.filter(differ).count())
    }

    /// The colour that it has most of, and how much, of 1. A blank screen has almost nothing else.
    pub fn commonest(&self) -> (Colour, f64) {
        let mut counts: HashMap<Colour, usize> = HashMap::new();
        for pixel in &self.pixels {
            *counts.entry(*pixel).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .max_by_key(|(colour, count)| (*count, *colour));
        let (colour, count) = most.unwrap_or_default();
        (colour, self.part(count))
    }

    /// Keeps it as a PNG.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn save(&self, file: &Path) -> Result<()> {
        let png = png::encode(self.width, self.height, &self.pixels)?;
        image::files::write_whole(file, &png)?;
        Ok(())
    }

    fn part(&self, count: usize) -> f64 {
        count as f64 / self.pixels.len().max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two pixels in two rows each, with a colour map of one entry and four bytes behind each row.
    fn xwd() -> Vec<u8> {
        let mut header = [0_u32; 25];
        let set = [
            (0, 108),
            (1, 7),
            (2, 2),
            (3, 24),
            (4, 2),
            (5, 2),
            (11, 32),
            (12, 12),
            (19, 1),
        ];
        for (index, value) in set {
            header[index] = value;
        }
        let mut bytes: Vec<u8> = header.iter().flat_map(|n| n.to_be_bytes()).collect();
        bytes.extend([0; 8 + MAP_ENTRY]);
        bytes.extend([0, 0, 200, 0, 0, 200, 0, 0, 9, 9, 9, 9]);
        bytes.extend([200, 0, 0, 0, 3, 0, 198, 255, 9, 9, 9, 9]);
        bytes
    }

    #[test]
    fn pixels_are_where_and_what_they_were() {
        let picture = Picture::from_xwd(&xwd()).unwrap();
        assert_eq!((picture.width, picture.height), (2, 2));
        let expected = [[200, 0, 0], [0, 200, 0], [0, 0, 200], [198, 0, 3]];
        assert_eq!(picture.pixels, expected);
        assert_eq!(picture.share([200, 0, 0], 0), 0.25);
        assert_eq!(picture.share([200, 0, 0], 3), 0.5);
        assert_eq!(picture.share([200, 0, 0], 2), 0.25);
    }

    #[test]
    fn what_qemu_makes_of_a_monitor_is_read() {
        let picture = Picture::from_ppm(b"P6\n2 1\n255\n\xc8\0\0\0\xc8\0").unwrap();
        assert_eq!((picture.width, picture.height), (2, 1));
        assert_eq!(picture.pixels, [[200, 0, 0], [0, 200, 0]]);
        for damaged in [
            &b""[..],
            b"P6\n2 1\n255",
            b"P6\n2 1\n255\n\xc8\0\0\0\xc8",
            b"P5\n1 1\n255\n123",
            b"P6\n1 1\n65535\n123456",
            b"P6\n0 1\n255\n",
            b"P6\n-1 1\n255\n123",
            b"P6\n99999999999 99999999999\n255\n123",
        ] {
            Picture::from_ppm(damaged).unwrap_err();
        }
    }

    #[test]
    fn a_blank_picture_has_one_colour() {
        let blank = Picture {
            width: 2,
            height: 2,
            pixels: vec![[1, 2, 3]; 4],
        };
        assert_eq!(blank.commonest(), ([1, 2, 3], 1.0));
        assert_eq!(Picture::from_xwd(&xwd()).unwrap().commonest().1, 0.25);
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = xwd();
        for length in [0, 99, 108, 120, whole.len() - 1] {
            Picture::from_xwd(&whole[..length]).unwrap_err();
        }
        // Version, size of 0, a line shorter than its pixels, sizes beyond all memory.
        for (index, value) in [
            (1, 6),
            (4, 0),
            (12, 4),
            (5, u32::MAX),
            (0, u32::MAX),
            (19, u32::MAX),
        ] {
            let mut bytes = whole.clone();
            bytes[index * 4..][..4].copy_from_slice(&value.to_be_bytes());
            Picture::from_xwd(&bytes).unwrap_err();
        }
    }
}
