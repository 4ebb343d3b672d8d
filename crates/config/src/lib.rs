//! `keeper.toml`: types, defaults and validation, the one schema of builder, wizard and daemons.
//!
//! Data flow: text → TOML with spans → [`Config`]. [`parse`] does no I/O and reports *every*
//! problem, not the first one; serde stops at the first, so the document is walked by hand
//! (`reader`). A [`Config`] that exists is valid: its fields are enums and newtypes that cannot
//! hold anything else.
//!
//! What is not here: whether a value is true on this device (does the time zone exist, is the port
//! free?). That is for whoever applies it.

mod checks;
mod extra;
mod keys;
mod problem;
mod reader;
mod sections;
mod setting;
mod text;
mod url;
mod values;
mod write;

use camino::Utf8Path;
use std::io::Read as _;

pub use extra::{Extra, ExtraKey, ExtraSection};
pub use problem::{Problem, Problems};
pub use sections::{Browser, Config, Ddns, Device, Notify, Router, Ssh, Tunnel};
pub use setting::{Refusal, Text};
pub use values::{
    Address, AuthorizedKey, DdnsProvider, DdnsUser, Display, DomainName, EnrolDays, Entrance,
    Hostname, KeepHours, Keyboard, Language, Mode, NotebookUrl, NotifyCommand, NotifyUrl,
    PublicPort, ReloadMinutes, TimeZone, TunnelSwitch,
};

/// Where the device keeps its configuration.
pub const DEFAULT_PATH: &str = "/etc/keeper/keeper.toml";

/// The longest `keeper.toml` that is read, in bytes. A real one has a few hundred.
pub const MAX_BYTES: usize = 64 * 1024;

/// Reads the text of a `keeper.toml`; an empty text is the default configuration.
///
/// # Errors
/// Every problem found, in the order of its lines. The file's name is [`Problems::in_file`]'s to
/// add.
pub fn parse(text: &str) -> Result<Config, Problems> {
    parse_with(text, |_, _| ()).map(|(config, ())| config)
}

/// As [`parse`], for a file that holds more than a `keeper.toml`: `read` fetches the rest, and may compare it with the
/// configuration. What neither asks for is an unknown key.
///
/// # Errors
/// As [`parse`], and what `read` has reported.
pub fn parse_with<T>(
    text: &str,
    read: impl FnOnce(&Config, &mut Extra<'_, '_>) -> T,
) -> Result<(Config, T), Problems> {
    if text.len() > MAX_BYTES {
        return Err(Problem::new(format!("the file is longer than {MAX_BYTES} bytes")).into());
    }
    reader::document(text, |reader| {
        let config = Config::read(reader);
        let rest = read(&config, &mut Extra(reader));
        (config, rest)
    })
}

/// Reads the `keeper.toml` at `path`.
///
/// # Errors
/// As [`parse`], with the file's name; a file that cannot be read is a problem too.
pub fn load(path: &Utf8Path) -> Result<Config, Problems> {
    let text = read_bounded(path)
        .map_err(|error| Problem::new(format!("reading the file: {error}")).into());
    text.and_then(|text| parse(&text))
        .map_err(|problems: Problems| problems.in_file(path))
}

/// At most one byte more than [`MAX_BYTES`], so that [`parse`] can tell a file that is too long.
fn read_bounded(path: &Utf8Path) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)?;
    String::from_utf8(bytes).map_err(|_| std::io::Error::other("it is not UTF-8 text"))
}
