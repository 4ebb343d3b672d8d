//! Pixels to a PNG and back. What is read may come from a device under test.

use std::io::Cursor;

use ::png::{BitDepth, ColorType, Decoder, Encoder, Limits};
use anyhow::{Context as _, Result, ensure};

use crate::picture::Colour;

/// No screenshot of ours is larger, in bytes of its rows.
const LARGEST: usize = 256 << 20;
/// What the decoder may take for itself: a row or two, and whatever else a file claims to have.
const LIMITS: Limits = Limits { bytes: 16 << 20 };

/// The file of a picture.
///
/// # Errors
/// It has no pixels, or not as many as its size says.
pub(crate) fn encode(width: usize, height: usize, pixels: &[Colour]) -> Result<Vec<u8>> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width.try_into()?, height.try_into()?);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels.as_flattened())?;
    writer.finish()?;
    Ok(file)
}

/// Width and pixels of a picture with eight bits a channel, without transparency.
///
/// # Errors
/// It is no such PNG, is damaged, or is cut off.
pub(crate) fn decode(file: &[u8]) -> Result<(usize, Vec<Colour>)> {
    let mut rest = Cursor::new(file);
    let mut reader = Decoder::new_with_limits(&mut rest, LIMITS).read_info()?;
    let info = reader.info();
    let (width, height) = info.size();
    let kind = (info.color_type, info.bit_depth, info.interlaced);
    ensure!(
        kind == (ColorType::Rgb, BitDepth::Eight, false),
        "another kind: {kind:?}"
    );
    let bytes = reader.output_buffer_size();
    let bytes = bytes.filter(|bytes| *bytes <= LARGEST);
    let bytes = bytes.with_context(|| format!("{width} × {height}"))?;
    let mut pixels = vec![Colour::default(); bytes / size_of::<Colour>()];
    reader.next_frame(pixels.as_flattened_mut())?;
    reader.finish()?;
    let behind = file.len() as u64 - rest.position();
    ensure!(behind == 0, "{behind} bytes behind the end");
    Ok((width.try_into()?, pixels))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXELS: [Colour; 4] = [[200, 0, 0], [0, 200, 0], [0, 0, 200], [198, 0, 3]];

    fn file() -> Vec<u8> {
        encode(2, 2, &PIXELS).unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(decode(&file()).unwrap(), (2, PIXELS.to_vec()));
    }

    #[test]
    fn a_wrong_number_of_pixels_is_refused() {
        for (width, height) in [(0, 4), (4, 0), (2, 1), (2, 3), (usize::MAX, 1)] {
            encode(width, height, &PIXELS).unwrap_err();
        }
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file();
        for length in 0..whole.len() {
            decode(&whole[..length]).unwrap_err();
        }
        for at in [0, 19, 26, 43, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            decode(&damaged).unwrap_err();
        }
        decode(&[&whole[..], b"x"].concat()).unwrap_err();
    }

    #[test]
    fn other_kinds_are_refused() {
        for (colour, depth) in [
            (ColorType::Rgba, BitDepth::Eight),
            (ColorType::Grayscale, BitDepth::Eight),
            (ColorType::Rgb, BitDepth::Sixteen),
        ] {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, 1, 1);
            encoder.set_color(colour);
            encoder.set_depth(depth);
            let mut writer = encoder.write_header().unwrap();
            let pixel = vec![0; colour.samples() * usize::from(depth as u8 / 8)];
            writer.write_image_data(&pixel).unwrap();
            writer.finish().unwrap();
            let error = decode(&file).unwrap_err().to_string();
            assert!(error.starts_with("another kind"), "{error}");
        }
    }

    #[test]
    fn sizes_beyond_all_memory_are_refused() {
        for (width, height, said) in [
            (i32::MAX as u32, 1, "limits are exceeded"),
            (1 << 20, 1 << 20, "1048576 × 1048576"),
            (1, i32::MAX as u32, "1 × 2147483647"),
        ] {
            let mut file = Vec::new();
            let mut encoder = Encoder::new(&mut file, width, height);
            encoder.set_color(ColorType::Rgb);
            let mut writer = encoder.write_header().unwrap();
            writer.write_chunk(::png::chunk::IDAT, &[0]).unwrap();
            writer.finish().unwrap();
            let error = decode(&file).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
