//! Reading a PNG: the little of the format (RFC 2083, ISO/IEC 15948) that a screenshot has. Writing
//! one is the `png-stream` crate's.

use anyhow::{Result, anyhow, ensure};

use crate::picture::Colour;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits a channel, red, green and blue, the only compression and filters, not interlaced.
const FORMAT: [u8; 5] = [8, 2, 0, 0, 0];
/// No screenshot of ours is larger, in bytes of its rows.
const LARGEST: usize = 256 << 20;

/// Width and pixels of a picture with eight bits a channel, without transparency.
///
/// # Errors
/// It is no such PNG, is damaged, or is cut off.
pub(crate) fn decode(file: &[u8]) -> Result<(usize, Vec<Colour>)> {
    ensure!(file.starts_with(SIGNATURE), "no PNG");
    let mut rest = &file[SIGNATURE.len()..];
    let (mut header, mut data) = (Vec::new(), Vec::new());
    loop {
        let (kind, body) = next_chunk(&mut rest)?;
        match kind {
            b"IHDR" => header = body.to_vec(),
            b"IDAT" => data.extend(body),
            b"IEND" => break,
            _ => {}
        }
    }
    ensure!(rest.is_empty(), "{} bytes behind the end", rest.len());
    ensure!(header.len() == 13 && header[8..] == FORMAT, "another kind");
    let size =
        |at: usize| u32::from_be_bytes(header[at..at + 4].try_into().expect("four")) as usize;
    let (width, height) = (size(0), size(4));
    let line = width.saturating_mul(3).saturating_add(1);
    let all = line.saturating_mul(height);
    ensure!(
        width > 0 && height > 0 && all <= LARGEST,
        "{width} × {height}"
    );
    let rows = miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(&data, all);
    let rows = rows.map_err(|error| anyhow!("its rows: {error}"))?;
    ensure!(rows.len() == all, "{} bytes of {all}", rows.len());
    let mut above = vec![0; width * 3];
    let mut pixels = Vec::with_capacity(width * height);
    for row in rows.chunks_exact(line) {
        above = unfiltered(row[0], &row[1..], &above)?;
        pixels.extend_from_slice(above.as_chunks::<3>().0);
    }
    Ok((width, pixels))
}

fn next_chunk<'a>(rest: &mut &'a [u8]) -> Result<(&'a [u8], &'a [u8])> {
    ensure!(rest.len() >= 12, "cut off: there is no IEND");
    let length = u32::from_be_bytes(rest[..4].try_into().expect("four")) as usize;
    ensure!(rest.len() - 12 >= length, "cut off within a chunk");
    let (chunk, behind) = rest.split_at(length + 12);
    let (body, check) = chunk[4..].split_at(length + 4);
    ensure!(
        png_stream::crc32([body]).to_be_bytes() == check,
        "a damaged chunk"
    );
    *rest = behind;
    Ok(body.split_at(4))
}

fn unfiltered(filter: u8, row: &[u8], above: &[u8]) -> Result<Vec<u8>> {
    ensure!(filter <= 4, "filter {filter}");
    let mut plain: Vec<u8> = Vec::with_capacity(row.len());
    for (at, byte) in row.iter().enumerate() {
        let before = |bytes: &[u8]| at.checked_sub(3).map_or(0, |at| bytes[at]);
        let (left, up, corner) = (before(&plain), above[at], before(above));
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => up,
            3 => u8::midpoint(left, up),
            _ => nearest(left, up, corner),
        };
        plain.push(byte.wrapping_add(guess));
    }
    Ok(plain)
}

/// Whichever neighbour is nearest to left + up - corner (filter 4, "Paeth").
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let estimate = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |neighbour: u8| (estimate - i16::from(neighbour)).abs();
    let (to_left, to_up, to_corner) = (distance(left), distance(up), distance(corner));
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXELS: [Colour; 4] = [[200, 0, 0], [0, 200, 0], [0, 0, 200], [198, 0, 3]];

    fn file() -> Vec<u8> {
        let mut writer = png_stream::Writer::new(Vec::new(), 2, 2).unwrap();
        for row in PIXELS.chunks(2) {
            writer.row(row.as_flattened()).unwrap();
        }
        writer.finish().unwrap()
    }

    #[test]
    fn what_was_written_is_read() {
        assert_eq!(decode(&file()).unwrap(), (2, PIXELS.to_vec()));
    }

    #[test]
    fn every_filter_is_undone() {
        let above = [10, 20, 30, 40, 50, 60];
        for (filter, row, expected) in [
            (0, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]),
            (1, [1, 2, 3, 4, 5, 6], [1, 2, 3, 5, 7, 9]),
            (2, [1, 2, 3, 4, 5, 255], [11, 22, 33, 44, 55, 59]),
            (3, [1, 2, 3, 4, 5, 6], [6, 12, 18, 27, 36, 45]),
            (4, [1, 2, 3, 4, 5, 6], [11, 22, 33, 44, 55, 66]),
        ] {
            assert_eq!(unfiltered(filter, &row, &above).unwrap(), expected);
        }
        for (left, up, corner, expected) in [(3, 7, 7, 3), (7, 3, 7, 3), (7, 3, 5, 5)] {
            assert_eq!(nearest(left, up, corner), expected);
        }
        unfiltered(5, &[], &[]).unwrap_err();
    }

    #[test]
    fn damaged_files_are_refused() {
        let whole = file();
        for length in [0, 7, 20, 40, whole.len() - 12, whole.len() - 1] {
            decode(&whole[..length]).unwrap_err();
        }
        for at in [0, 19, 26, 43, whole.len() - 1] {
            let mut damaged = whole.clone();
            damaged[at] ^= 1;
            decode(&damaged).unwrap_err();
        }
        decode(&[&whole[..], b"x"].concat()).unwrap_err();
    }
}
