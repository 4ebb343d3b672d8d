//! Keeps the pages of a browser alive, over its debugging port.
//!
//! ```text
//! cdp        the Chrome DevTools Protocol: which tabs there are, a session with one of them
//! page       what is done in a tab: looking, saving, reloading, going somewhere
//! recognise  what a page is and what it wants, from what a look at it has brought
//! policy     when to do what: state machines without I/O
//! http       one bounded HTTP request
//! ```
//!
//! Whoever listens on the debugging port is not trusted: what comes from there is bounded in size,
//! number and time, and shown only as one short line of text. What a page asks a person is
//! recognised and reported; nothing in a page is ever clicked.
//!
//! Who drives this, from which settings, and who is told, is keeperd's.

pub mod cdp;
pub mod http;
pub mod page;
pub mod policy;
pub mod recognise;
mod text;

pub use text::line;
