//! SHA-256, of files and of whatever decides what a stage makes.

use std::io::Read;
use std::path::Path;

use serde::Serialize;
use sha2::{Digest, Sha256};

/// Of a value, by its JSON: struct fields in their order, maps must be sorted ones.
pub fn of(value: &impl Serialize) -> String {
    let json = serde_json::to_vec(value).expect("keys are plain data and always serialise");
    hex(&Sha256::digest(json))
}

/// Of bytes.
pub fn of_bytes(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// For serde: bytes as their SHA-256, so that a value's JSON stays small.
///
/// # Errors
/// The serialiser's own.
pub fn as_digest<S: serde::Serializer>(
    bytes: &impl AsRef<[u8]>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&of_bytes(bytes.as_ref()))
}

/// Of a file's bytes.
///
/// # Errors
/// The file cannot be read.
pub fn of_file(path: &Path) -> anyhow::Result<String> {
    of_reader(fs_err::File::open(path)?)
}

/// Of everything that is left to read.
///
/// # Errors
/// Reading failed.
pub fn of_reader(mut reader: impl Read) -> anyhow::Result<String> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 17];
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok(hex(&hasher.finalize())),
            length => hasher.update(&buffer[..length]),
        }
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
