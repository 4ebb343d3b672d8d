//! Writing a PNG: the little of the format (RFC 2083, ISO/IEC 15948) that a screenshot needs.

use crate::picture::Colour;

const SIGNATURE: &[u8; 8] = b"\x89PNG\r\n\x1a\n";
/// Eight bits a channel, red, green and blue, the only compression and filters, not interlaced.
const FORMAT: [u8; 5] = [8, 2, 0, 0, 0];
/// Each byte is the difference from the one above: most of a desktop's rows are like the last.
const UP: u8 = 2;
/// Of 10: screenshots shrink to almost nothing anyway.
const LEVEL: u8 = 3;

/// A whole file with the picture whose rows of `width` pixels are in `pixels`.
pub(crate) fn encode(width: usize, pixels: &[Colour]) -> Vec<u8> {
    let height = pixels.len() / width.max(1);
    let mut header = Vec::from(be(width));
    header.extend(be(height));
    header.extend(FORMAT);
    let rows = miniz_oxide::deflate::compress_to_vec_zlib(&filtered(width, pixels), LEVEL);
    let mut file = Vec::from(SIGNATURE);
    for (kind, data) in [(b"IHDR", &header), (b"IDAT", &rows), (b"IEND", &Vec::new())] {
        let body = [&kind[..], data].concat();
        file.extend(be(data.len()));
        file.extend(&body);
        file.extend(crc32(&body).to_be_bytes());
    }
    file
}

fn filtered(width: usize, pixels: &[Colour]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pixels.len() * 4);
    let mut above = vec![0; width * 3];
    for row in pixels.chunks_exact(width.max(1)) {
        let row = row.as_flattened();
        bytes.push(UP);
        bytes.extend(
            row.iter()
                .zip(&above)
                .map(|(byte, up)| byte.wrapping_sub(*up)),
        );
        above.copy_from_slice(row);
    }
    bytes
}

/// Four bytes, big-endian. No screen of ours has a size that needs more.
fn be(number: usize) -> [u8; 4] {
    u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1));
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), step);
    !bytes.iter().fold(u32::MAX, byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crc_is_the_one_of_every_png() {
        // The last chunk of every file, and the check value that catalogues of CRCs give.
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    }

    #[test]
    fn a_picture_comes_back() {
        let pixels = [[200, 0, 0], [0, 200, 0], [0, 0, 200], [198, 0, 3]];
        let file = encode(2, &pixels);
        assert_eq!(file[..16], *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
        assert_eq!(file[16..29], [0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
        assert_eq!(file[file.len() - 12..], *b"\0\0\0\0IEND\xaeB\x60\x82");
        let length = u32::from_be_bytes(file[33..37].try_into().unwrap()) as usize;
        assert_eq!(file[37..41], *b"IDAT");
        let rows = miniz_oxide::inflate::decompress_to_vec_zlib(&file[41..41 + length]).unwrap();
        let mut above = [0; 6];
        for (row, pixels) in rows.chunks(7).zip(pixels.chunks(2)) {
            assert_eq!(row[0], UP);
            for (byte, up) in row[1..].iter().zip(&mut above) {
                *up = byte.wrapping_add(*up);
            }
            assert_eq!(above, pixels.as_flattened());
        }
    }
}
