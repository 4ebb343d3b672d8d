//! Setting a device up, as plain data: what the wizard and a preset ask ([`Draft`], [`Secrets`]),
//! how that is checked field by field ([`check()`]), the code that lets its owner in ([`Code`]), and what
//! keeperd and keeper-apply say to each other ([`Ask`], [`Answer`]).
//!
//! What is not here: pages (the `web` crate), accounts and files (keeper-apply), and any I/O but
//! asking the kernel for random bytes.

mod answers;
mod change;
mod check;
mod code;
mod draft;
mod field;
mod line;
mod message;
mod network;
mod notice;
mod people;
mod preset;
mod secret;
mod step;
mod used;

pub use change::change;
pub use check::{Fault, Reason, check, warnings};
pub use code::Code;
pub use draft::{Draft, Secrets, holds_private_key};
pub use field::Field;
pub use line::{LineError, parse_line, to_line};
pub use message::{Answer, Approval, Ask, Change, MAX_LINE, Network, Owner, Progress, Wifi, Work};
pub use network::{ddns_secret, wifi_name, wifi_password};
pub use notice::{Notice, Words};
pub use people::{account_name, password};
pub use preset::{Preset, is_hash, parse_preset};
pub use secret::Secret;
pub use step::{Purpose, Step};
pub use used::without_secrets;
