//! The dashboard: what it says of every state, in both languages; who may press its buttons; who may
//! listen to it.

mod client;
mod content;
mod live;
mod overviews;
#[path = "../pages/owned.rs"]
#[allow(
    unused_macros,
    unused_imports,
    reason = "the dashboard's own stand-in knows more"
)]
mod owned;
#[path = "../pages/samples.rs"]
#[allow(dead_code, reason = "the other pages' states")]
mod samples;
mod server;
mod stand;
mod states;
