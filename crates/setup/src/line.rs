//! Messages as lines: one of JSON each, no longer than [`MAX_LINE`]. A message may hold secrets, so what is said of one
//! that is not understood has nothing of it.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fmt;

use crate::message::MAX_LINE;

/// Why a line is no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineError {
    /// It is longer than [`MAX_LINE`].
    TooLong,
    /// It is no JSON, or not of the kind that is expected.
    Unknown {
        /// The byte of it at which that is seen, counted from 1; 0 when it is seen at the end only.
        column: usize,
    },
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLong => write!(f, "the message is longer than {MAX_LINE} bytes"),
            Self::Unknown { column } => {
                write!(f, "the message is not understood, at byte {column} of it")
            }
        }
    }
}

impl std::error::Error for LineError {}

/// A message from its line, with or without the line's end. Whoever reads one stops after [`MAX_LINE`] bytes and one more,
/// so that a line that is too long is seen to be.
///
/// # Errors
/// It is too long, or not understood.
pub fn parse_line<T: DeserializeOwned>(line: &[u8]) -> Result<T, LineError> {
    if line.len() > MAX_LINE {
        return Err(LineError::TooLong);
    }
    serde_json::from_slice(line).map_err(|error| LineError::Unknown {
        column: error.column(),
    })
}

/// A message as a line, its end included.
///
/// # Errors
/// It is too long for whoever reads it.
pub fn to_line<T: Serialize>(message: &T) -> Result<Vec<u8>, LineError> {
    let line = serde_json::to_vec(message);
    let mut line = line.map_err(|_| LineError::Unknown { column: 0 })?;
    line.push(b'\n');
    if line.len() > MAX_LINE {
        return Err(LineError::TooLong);
    }
    Ok(line)
}

#[cfg(test)]
#[path = "line_tests.rs"]
mod tests;
