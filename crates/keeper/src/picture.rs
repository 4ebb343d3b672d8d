//! A picture as it comes: copied piece by piece, and judged by its beginning and its end. What is
//! between them is for whoever looks at it.

use crate::client::silent;
use crate::words::say;
use std::io::{self, Read, Write};
use std::time::{Duration, Instant};

/// The bytes that are held at a time.
const PIECE: usize = 16 * 1024;

/// The most bytes of a picture.
const MOST: u64 = 64 * 1024 * 1024;

/// How long it may take; keeperd gives up earlier.
const LONGEST: Duration = Duration::from_secs(90);

/// How a PNG begins.
const START: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Its last chunk: no content, `IEND`, and their checksum.
const END: [u8; 12] = *b"\0\0\0\0IEND\xae\x42\x60\x82";

/// Why there is no picture.
#[derive(Debug)]
pub(crate) enum Error {
    /// stdout is a terminal.
    Terminal,
    /// There is something at its place that is no file.
    NoFile { path: String },
    /// It does not begin as a PNG.
    NotPng,
    /// It does not end as one.
    Half { bytes: u64 },
    /// It does not end at all.
    Endless,
    /// It could not be written.
    Unwritten { path: String, source: io::Error },
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match self {
            Self::Terminal => say("a picture is nothing for a terminal", &[]),
            Self::NoFile { path } => say("{} is there and is no file", &[path]),
            Self::NotPng => say("what keeperd sent is no PNG", &[]),
            Self::Half { bytes } => say("the picture broke off after {} bytes", &[bytes]),
            Self::Endless => say("the picture does not end", &[]),
            Self::Unwritten { path, .. } => say("writing {}", &[path]),
        };
        f.write_str(&text)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Unwritten { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl Error {
    /// What to type next.
    pub(crate) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::Terminal | Self::NoFile { .. } => "`keeper screenshot FILE.png` writes a file",
            Self::NotPng | Self::Half { .. } | Self::Endless => {
                "try again; `keeper logs -n 20` may say more"
            }
            Self::Unwritten { .. } => return None,
        };
        Some(say(hint, &[]))
    }
}

/// Copies a picture from `from` to `to`, which is called `path` in errors.
///
/// # Errors
/// It is not a whole PNG, or cannot be written. Part of it may have been.
pub(crate) fn copy(from: &mut impl Read, to: &mut impl Write, path: &str) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut piece = vec![0; PIECE];
    let (mut bytes, mut start, mut end) = (0_u64, Vec::new(), Vec::new());
    loop {
        let length = match from.read(&mut piece) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => break,
            Err(error) => return Err(silent(error).into()),
        };
        bytes += length as u64;
        if bytes > MOST || began.elapsed() > LONGEST {
            return Err(Error::Endless.into());
        }
        let piece = &piece[..length];
        start.extend(piece.iter().take(START.len() - start.len()));
        if !START.starts_with(&start) {
            return Err(Error::NotPng.into());
        }
        end.extend_from_slice(&piece[length.saturating_sub(END.len())..]);
        end.drain(..end.len().saturating_sub(END.len()));
        to.write_all(piece)
            .map_err(|source| unwritten(path, source))?;
    }
    if bytes < (START.len() + END.len()) as u64 || end != END {
        return Err(Error::Half { bytes }.into());
    }
    to.flush().map_err(|source| unwritten(path, source))?;
    Ok(())
}

fn unwritten(path: &str, source: io::Error) -> Error {
    let path = path.to_owned();
    Error::Unwritten { path, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn png(middle: usize) -> Vec<u8> {
        [&START[..], &vec![7; middle], &END].concat()
    }

    /// Hands out so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(length);
            buffer[..length].copy_from_slice(now);
            self.0 = later;
            Ok(length)
        }
    }

    #[test]
    fn a_picture_is_whole_however_it_comes() {
        let whole = png(40_000);
        for step in [1, 7, 8, 9, 12, 13, PIECE, PIECE + 1] {
            let mut got = Vec::new();
            copy(&mut Drops(&whole, step), &mut got, "x").expect("a picture");
            assert!(got == whole, "{step}");
        }
        copy(&mut &*png(0), &mut Vec::new(), "x").expect("the smallest");
    }

    #[test]
    fn what_is_half_or_none_is_refused() {
        let whole = png(100);
        let overlapping = [&START[..], &END[8..]].concat();
        for (bytes, message) in [
            (
                &whole[..whole.len() - 1],
                "the picture broke off after 119 bytes",
            ),
            (&whole[..8], "the picture broke off after 8 bytes"),
            (&whole[..3], "the picture broke off after 3 bytes"),
            (&overlapping, "the picture broke off after 12 bytes"),
            (b"", "the picture broke off after 0 bytes"),
            (b"GIF89a", "what keeperd sent is no PNG"),
            (b"\x89PNG\n", "what keeperd sent is no PNG"),
            (
                &[&*whole, b"\n"].concat(),
                "the picture broke off after 121 bytes",
            ),
        ] {
            for step in [1, PIECE] {
                let error = copy(&mut Drops(bytes, step), &mut Vec::new(), "x");
                assert_eq!(error.expect_err(message).to_string(), message);
            }
        }
        let endless = START.chain(io::repeat(7));
        let error = copy(&mut { endless }, &mut io::sink(), "x").expect_err("an end");
        assert_eq!(error.to_string(), "the picture does not end");
    }
}
