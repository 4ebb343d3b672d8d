//! A connection on which nothing lasts longer than it may, however slowly the other side goes.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// A stream whose reads and writes all end before one moment. Other than a time limit for each of
/// them, it holds for a peer that sends a byte now and then.
#[derive(Debug)]
pub(crate) struct Timely {
    stream: UnixStream,
    until: Instant,
}

impl Timely {
    /// A stream with `limit` to go.
    pub(crate) fn new(stream: UnixStream, limit: Duration) -> Self {
        let until = Instant::now() + limit;
        Self { stream, until }
    }

    /// Gives it `limit` from now on.
    pub(crate) fn allow(&mut self, limit: Duration) {
        self.until = Instant::now() + limit;
    }

    fn left(&self) -> Result<Option<Duration>> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(too_late());
        }
        Ok(Some(left))
    }
}

impl Read for Timely {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        self.stream.set_read_timeout(self.left()?)?;
        self.stream.read(buffer).map_err(in_words)
    }
}

impl Write for Timely {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.stream.set_write_timeout(self.left()?)?;
        self.stream.write(bytes).map_err(in_words)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}

/// The kernel calls a time limit of a socket "try again".
fn in_words(error: Error) -> Error {
    match error.kind() {
        ErrorKind::WouldBlock => too_late(),
        _ => error,
    }
}

fn too_late() -> Error {
    Error::new(ErrorKind::TimedOut, "the other side is too slow")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_millis(200);

    #[test]
    fn drops_do_not_hold_it() {
        let (near, mut far) = UnixStream::pair().unwrap();
        let drips = std::thread::spawn(move || {
            while far.write_all(b"x").is_ok() {
                std::thread::sleep(LIMIT / 10);
            }
        });
        let error = Timely::new(near, LIMIT).read_to_end(&mut Vec::new());
        assert_eq!(error.unwrap_err().kind(), ErrorKind::TimedOut);
        drips.join().unwrap();
    }

    #[test]
    fn nobody_who_reads_does_not_hold_it() {
        let (near, _far) = UnixStream::pair().unwrap();
        let mut near = Timely::new(near, LIMIT);
        let error = near.write_all(&vec![0; 16 << 20]).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        near.allow(LIMIT);
        near.left().unwrap();
    }
}
