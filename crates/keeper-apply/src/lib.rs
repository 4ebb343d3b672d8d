//! Turns `keeper.toml` into the files that the device's services read, and puts them in force.
//!
//! Data flow: `keeper.toml` and the device's accounts → [`render()`] → a generation, a directory
//! that is never changed again → the candidate is checked by the programs that will read it → the
//! symbolic link [`APPLIED`] is switched to it by one rename → the services that are concerned are
//! told. When one of them fails, the link goes back, and they are told again.
//!
//! What is not here: what a `keeper.toml` may say (the `config` crate), and what is installed
//! where (the overlay: everything in /etc that depends on `keeper.toml` is a link into
//! [`APPLIED`]).

mod accounts;
mod apply;
mod concerned;
mod device;
mod enrol;
mod generation;
mod hint;
mod lock;
mod render;
mod system;

pub use accounts::{Facts, Machine, Person};
pub use apply::{Apply, Outcome, Shown};
pub use concerned::Service;
pub use device::Device;
pub use enrol::Wanted;
pub use generation::{APPLIED, DEFAULTS, STORE, Store};
pub use hint::{hint_of, hinted};
pub use render::{Files, render};
pub use system::{Elsewhere, NewKeys, Pair, System};
