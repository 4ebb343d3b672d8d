//! A picture with few colours: text on paper needs no more, and the guide's pictures are in everybody's clone.

use std::collections::HashMap;
use std::io::Cursor;
use std::path::Path;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder};

/// So many stay: the commonest. The rest are shades at the edges of letters.
const COLOURS: usize = 32;

type Colour = [u8; 3];

/// Replaces a PNG by one with few colours.
///
/// # Panics
/// It is none that Chromium makes.
pub fn reduce(file: &Path) {
    let bytes = fs_err::read(file).expect("a picture");
    let mut reader = Decoder::new(Cursor::new(bytes)).read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("its pixels");
    let info = reader.info();
    let channels = info.color_type.samples();
    assert!(
        channels >= 3 && info.bit_depth == BitDepth::Eight,
        "{info:?}"
    );
    let (width, height) = info.size();
    let colours = pixels
        .chunks_exact(channels)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]]);
    let palette = commonest(colours.clone());
    let mut known: HashMap<Colour, u8> = HashMap::new();
    let indices: Vec<u8> = colours
        .map(|colour| {
            *known
                .entry(colour)
                .or_insert_with(|| nearest(&palette, colour))
        })
        .collect();

    let mut small = Vec::new();
    let mut encoder = Encoder::new(&mut small, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    encoder.set_palette(palette.as_flattened().to_vec());
    let mut writer = encoder.write_header().expect("a PNG");
    writer.write_image_data(&indices).expect("its pixels");
    writer.finish().expect("its end");
    fs_err::write(file, small).expect("the picture can be kept");
}

fn commonest(colours: impl Iterator<Item = Colour>) -> Vec<Colour> {
    let mut counts: HashMap<Colour, u32> = HashMap::new();
    for colour in colours {
        *counts.entry(colour).or_default() += 1;
    }
    let mut all: Vec<(Colour, u32)> = counts.into_iter().collect();
    // The colour decides between equals, so that one page gives one file.
    all.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    all.truncate(COLOURS);
    all.into_iter().map(|(colour, _)| colour).collect()
}

fn nearest(palette: &[Colour], colour: Colour) -> u8 {
    let distance = |other: &Colour| -> u32 {
        let parts = colour.iter().zip(other);
        parts
            .map(|(one, other)| u32::from(one.abs_diff(*other)).pow(2))
            .sum()
    };
    let best = (0..palette.len()).min_by_key(|at| distance(&palette[*at]));
    best.and_then(|at| u8::try_from(at).ok())
        .expect("a palette")
}
