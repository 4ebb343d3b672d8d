//! What is on the display, as a PNG that is written while it is read.

use std::io::Write;

use anyhow::{Context as _, Result, ensure};
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat, Window};

use crate::display::Display;
use crate::encode::Png;
use crate::format::{Format, PIXEL};

/// Pixels that are held at a time, in bytes: as many rows as go into it.
const STRIPE: usize = 128 << 10;

/// A picture that is being taken. The display is not stopped for it: what moves may be torn between
/// two stripes.
pub(crate) struct Picture {
    display: Display,
    root: Window,
    format: Format,
    size: (u16, u16),
    /// The first stripe. Once it is there, the rest can be expected.
    first: Vec<u8>,
}

impl Picture {
    /// Begins one.
    ///
    /// # Errors
    /// The display does not answer, or keeps its pixels in a way that is not known here.
    pub(crate) fn begin(display: Display) -> Result<Self> {
        let screen = display.screen()?;
        let format = Format::of(display.connection.setup(), screen)?;
        let root = screen.root;
        // Not the screen's own numbers, which are those of the display's start.
        let geometry = display.connection.get_geometry(root)?.reply();
        let geometry = geometry.context("asking for the display's size")?;
        let mut picture = Self {
            display,
            root,
            format,
            size: (geometry.width, geometry.height),
            first: Vec::new(),
        };
        picture.first = picture.stripe(0)?;
        Ok(picture)
    }

    /// Writes all of it.
    ///
    /// # Errors
    /// The display went away or changed its size, or that of `out`.
    pub(crate) fn write(mut self, out: &mut impl Write) -> Result<()> {
        let (width, height) = self.size;
        let mut png = Png::begin(out, self.size)?;
        let mut colours = Vec::with_capacity(usize::from(width) * 3);
        let mut pixels = std::mem::take(&mut self.first);
        let mut top = 0;
        loop {
            for row in pixels.chunks_exact(self.line()) {
                colours.clear();
                self.format.add_colours(row, &mut colours);
                png.add(&colours)?;
            }
            top += self.rows(top);
            if top == height {
                break;
            }
            pixels = self.stripe(top)?;
        }
        png.finish()
    }

    /// Bytes of a row.
    fn line(&self) -> usize {
        usize::from(self.size.0) * PIXEL
    }

    /// Rows of the stripe that begins at row `top`.
    fn rows(&self, top: u16) -> u16 {
        rows_at(self.line(), self.size.1, top)
    }

    /// The pixels of the stripe that begins at row `top`.
    fn stripe(&self, top: u16) -> Result<Vec<u8>> {
        let rows = self.rows(top);
        let y = i16::try_from(top).context("the display is too high")?;
        let asked = self.display.connection.get_image(
            ImageFormat::Z_PIXMAP,
            self.root,
            0,
            y,
            self.size.0,
            rows,
            u32::MAX,
        );
        let image = asked?.reply();
        let image = image.with_context(|| format!("reading the display at row {top}"))?;
        let expected = self.line() * usize::from(rows);
        ensure!(
            image.data.len() == expected,
            "reading the display at row {top}: {} bytes of {expected}",
            image.data.len()
        );
        Ok(image.data)
    }
}

fn rows_at(line: usize, height: u16, top: u16) -> u16 {
    let fit = u16::try_from(STRIPE / line.max(1)).unwrap_or(u16::MAX);
    fit.max(1).min(height - top)
}

#[cfg(test)]
mod tests {
    use super::rows_at;

    #[test]
    fn a_stripe_is_bounded_and_never_empty() {
        for (line, height, top, rows) in [
            (1600 * 4, 900, 0, 20),
            (1600 * 4, 900, 890, 10),
            (65535 * 4, 65535, 7, 1),
            (4, 1, 0, 1),
            (4, 65535, 0, 32768),
        ] {
            assert_eq!(rows_at(line, height, top), rows);
        }
    }
}
