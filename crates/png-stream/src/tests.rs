//! Files taken apart again.

use super::*;

/// Kind and data of each chunk.
fn chunks(mut file: &[u8]) -> Vec<([u8; 4], Vec<u8>)> {
    file = file.strip_prefix(SIGNATURE).expect("a PNG");
    let mut chunks = Vec::new();
    while let Some((length, rest)) = file.split_first_chunk::<4>() {
        let length = u32::from_be_bytes(*length) as usize;
        let (body, rest) = rest.split_at(4 + length);
        let (check, rest) = rest.split_first_chunk::<4>().expect("a check value");
        assert_eq!(crc32([body]), u32::from_be_bytes(*check));
        chunks.push((body[..4].try_into().unwrap(), body[4..].to_vec()));
        file = rest;
    }
    chunks
}

fn rows_of(file: &[u8], width: usize) -> Vec<Vec<u8>> {
    let data = chunks(file).into_iter().filter(|(kind, _)| kind == b"IDAT");
    let data: Vec<u8> = data.flat_map(|(_, data)| data).collect();
    let filtered = miniz_oxide::inflate::decompress_to_vec_zlib(&data).unwrap();
    let mut above = vec![0; width * 3];
    let rows = filtered.chunks_exact(width * 3 + 1).map(|row| {
        assert_eq!(row[0], UP);
        let add = |(byte, up): (&u8, &u8)| byte.wrapping_add(*up);
        above = row[1..].iter().zip(&above).map(add).collect();
        above.clone()
    });
    rows.collect()
}

fn written(width: u32, rows: &[Vec<u8>]) -> Vec<u8> {
    let height = u32::try_from(rows.len()).unwrap();
    let mut writer = Writer::new(Vec::new(), width, height).unwrap();
    rows.iter().for_each(|row| writer.row(row).unwrap());
    writer.finish().unwrap()
}

#[test]
fn the_check_value_is_the_one_of_every_png() {
    // The last chunk of every file, and the check value that catalogues of CRCs give.
    assert_eq!(crc32([&b"IEND"[..]]), 0xae42_6082);
    assert_eq!(crc32([&b"1234"[..], b"56789"]), 0xcbf4_3926);
}

#[test]
fn a_picture_comes_back() {
    let rows = vec![vec![200, 0, 0, 0, 200, 0], vec![0, 0, 200, 198, 0, 3]];
    let file = written(2, &rows);
    assert_eq!(file[..16], *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR");
    assert_eq!(file[16..29], [0, 0, 0, 2, 0, 0, 0, 2, 8, 2, 0, 0, 0]);
    assert_eq!(file[file.len() - 12..], *b"\0\0\0\0IEND\xaeB\x60\x82");
    assert_eq!(rows_of(&file, 2), rows);
}

#[test]
fn what_does_not_compress_comes_in_several_chunks() {
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let mut row = || (0..300 * 3).map(|_| noise()).collect();
    let rows: Vec<Vec<u8>> = (0..100).map(|_| row()).collect();
    let file = written(300, &rows);
    assert!(chunks(&file).len() > 4);
    assert_eq!(rows_of(&file, 300), rows);
}

#[test]
fn a_plain_picture_is_small() {
    let rows = vec![vec![9; 1600 * 3]; 900];
    let file = written(1600, &rows);
    assert!(file.len() < 10_000, "{} bytes", file.len());
    assert_eq!(rows_of(&file, 1600), rows);
}

#[test]
fn a_wrong_number_of_rows_or_bytes_is_refused() {
    for (width, height) in [(0, 1), (1, 0), (u32::MAX, 1), (1, u32::MAX)] {
        assert!(Writer::new(Vec::new(), width, height).is_err());
    }
    let mut writer = Writer::new(Vec::new(), 1, 2).unwrap();
    writer.row(&[1, 2]).unwrap_err();
    writer.row(&[1, 2, 3, 4]).unwrap_err();
    writer.row(&[1, 2, 3]).unwrap();
    writer.row(&[1, 2, 3]).unwrap();
    writer.row(&[1, 2, 3]).unwrap_err();
    writer.finish().unwrap();
    let mut writer = Writer::new(Vec::new(), 1, 2).unwrap();
    writer.row(&[1, 2, 3]).unwrap();
    writer.finish().unwrap_err();
}

#[test]
fn an_output_that_breaks_is_said_so() {
    /// Room for so many bytes.
    struct Room(usize);
    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> Result<usize> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            Ok(taken)
        }
        fn flush(&mut self) -> Result<()> {
            Ok(())
        }
    }
    for room in [0, 7, 20, 40, 60] {
        let written = Writer::new(Room(room), 1, 1).and_then(|mut writer| {
            writer.row(&[1, 2, 3])?;
            writer.finish()
        });
        assert!(written.is_err(), "{room}");
    }
}
