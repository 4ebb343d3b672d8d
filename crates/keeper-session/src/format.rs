//! How a display keeps a pixel, and its red, green and blue.

use anyhow::{Context as _, Result, ensure};
use x11rb::protocol::xproto::{ImageOrder, Screen, Setup, VisualClass, Visualtype};

/// Bytes of a pixel.
pub(crate) const PIXEL: usize = 4;

/// Where red, green and blue stand in a pixel's four bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Format {
    bytes: [usize; 3],
}

impl Format {
    /// How `screen` keeps its pixels.
    ///
    /// # Errors
    /// In another way than with eight bits a channel in four bytes, as depths 24 and 32 have it.
    pub(crate) fn of(setup: &Setup, screen: &Screen) -> Result<Self> {
        let depth = screen.root_depth;
        ensure!(
            matches!(depth, 24 | 32),
            "a display of depth {depth}; 24 and 32 are known"
        );
        let mut formats = setup.pixmap_formats.iter();
        let format = formats.find(|format| format.depth == depth);
        let format = format.context("the display does not say how it keeps its pixels")?;
        let (bits, pad) = (format.bits_per_pixel, format.scanline_pad);
        ensure!(
            (bits, pad) == (32, 32),
            "a display with {bits} bits a pixel in lines of {pad}; 32 in 32 are known"
        );
        let depths = screen.allowed_depths.iter();
        let mut visuals = depths.flat_map(|depth| &depth.visuals);
        let visual = visuals.find(|visual| visual.visual_id == screen.root_visual);
        let visual = visual.context("the display does not say how it keeps colours")?;
        Self::of_visual(visual, setup.image_byte_order)
    }

    fn of_visual(visual: &Visualtype, order: ImageOrder) -> Result<Self> {
        let masks = [visual.red_mask, visual.green_mask, visual.blue_mask];
        let place = |mask: u32| -> Option<usize> {
            let shift = mask.trailing_zeros();
            let whole = mask.checked_shr(shift) == Some(0xff) && shift.is_multiple_of(8);
            let place = usize::try_from(shift / 8).ok().filter(|_| whole)?;
            match order {
                ImageOrder::LSB_FIRST => Some(place),
                ImageOrder::MSB_FIRST => Some(PIXEL - 1 - place),
                _ => None,
            }
        };
        let places = masks.map(place);
        match places {
            [Some(red), Some(green), Some(blue)] if visual.class == VisualClass::TRUE_COLOR => {
                let bytes = [red, green, blue];
                Ok(Self { bytes })
            }
            _ => anyhow::bail!(
                "a display with other colours than eight bits of red, green and blue: {masks:x?}"
            ),
        }
    }

    /// Adds the colours of `pixels` to `colours`, three bytes each.
    pub(crate) fn add_colours(self, pixels: &[u8], colours: &mut Vec<u8>) {
        let pixels = pixels.chunks_exact(PIXEL);
        colours.extend(pixels.flat_map(|pixel| self.bytes.map(|byte| pixel[byte])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visual(masks: [u32; 3]) -> Visualtype {
        Visualtype {
            visual_id: 7,
            class: VisualClass::TRUE_COLOR,
            bits_per_rgb_value: 8,
            red_mask: masks[0],
            green_mask: masks[1],
            blue_mask: masks[2],
            ..Visualtype::default()
        }
    }

    const USUAL: [u32; 3] = [0xff_0000, 0xff00, 0xff];

    fn colours(masks: [u32; 3], order: ImageOrder, pixels: &[u8]) -> Vec<u8> {
        let format = Format::of_visual(&visual(masks), order).unwrap();
        let mut colours = vec![9];
        format.add_colours(pixels, &mut colours);
        colours
    }

    #[test]
    fn colours_are_found_in_either_order() {
        let pixels = [1, 2, 3, 4, 5, 6, 7, 8];
        for (masks, order, expected) in [
            (USUAL, ImageOrder::LSB_FIRST, [9, 3, 2, 1, 7, 6, 5]),
            (USUAL, ImageOrder::MSB_FIRST, [9, 2, 3, 4, 6, 7, 8]),
            (
                [0xff, 0xff00, 0xff_0000],
                ImageOrder::LSB_FIRST,
                [9, 1, 2, 3, 5, 6, 7],
            ),
            (
                [0xff00_0000, 0xff_0000, 0xff00],
                ImageOrder::MSB_FIRST,
                [9, 1, 2, 3, 5, 6, 7],
            ),
        ] {
            assert_eq!(colours(masks, order, &pixels), expected);
        }
    }

    #[test]
    fn other_colours_are_refused() {
        let refused = |visual: &Visualtype, order| {
            let error = Format::of_visual(visual, order).unwrap_err().to_string();
            assert!(error.contains("other colours than eight bits"), "{error}");
        };
        for masks in [
            [0; 3],
            [0x3ff0_0000, 0xf_fc00, 0x3ff],
            [0xf800, 0x7e0, 0x1f],
            [0xff_0000, 0xff00, 0],
            [0xff0, 0xff00, 0xff],
            [u32::MAX, 0xff00, 0xff],
        ] {
            refused(&visual(masks), ImageOrder::LSB_FIRST);
        }
        refused(&visual(USUAL), ImageOrder::from(2));
        let mut indexed = visual(USUAL);
        indexed.class = VisualClass::PSEUDO_COLOR;
        refused(&indexed, ImageOrder::LSB_FIRST);
    }
}
