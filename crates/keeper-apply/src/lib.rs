//! Turns `keeper.toml` into the files that the device's services read, and puts them in force.
//!
//! Data flow: `keeper.toml` and the device's accounts → [`render()`] → a generation, a directory
//! that is never changed again → the candidate is checked by the programs that will read it → the
//! symbolic link [`APPLIED`] is switched to it by one rename → the services that are concerned are
//! told. When one of them fails, the link goes back, and they are told again.
//!
//! Besides, it gives the device its owner: a whole [change](carry_out), asked for by the wizard or by a preset, at
//! [first boot](first_boot()) and later; and takes them away again ([reset](reset())).
//!
//! What is not here: what a `keeper.toml` may say (the `config` crate), and what is installed
//! where (the overlay: everything in /etc that depends on `keeper.toml` is a link into
//! [`APPLIED`]).

mod accounts;
mod apply;
mod change;
mod concerned;
mod device;
mod disk;
mod enrol;
mod first_boot;
mod generation;
mod hint;
mod lock;
mod render;
mod reset;
mod system;

pub use accounts::{Facts, Machine, Person};
pub use apply::{Apply, Outcome, Shown};
pub use change::{
    By, DeviceHands, Hands, Kept, Refused, SET_UP, Said, Tell, answer, carry_out, is_set_up,
    network_back, recover,
};
pub use concerned::Service;
pub use device::Device;
pub use enrol::Wanted;
pub use first_boot::{
    Away, Changes, House, Ours, Place, Running, end_setup, first_boot, show as show_notice,
};
pub use generation::{APPLIED, DEFAULTS, STORE, Store};
pub use hint::{hint_of, hinted};
pub use render::{Files, render};
pub use reset::{Consent, reset};
pub use system::{Elsewhere, NewKeys, Pair, System};
