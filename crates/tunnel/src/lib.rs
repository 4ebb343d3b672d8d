//! The tunnel from a Colab machine to the device, as plain data: what an enrolment is, which ones
//! the device remembers, and the notebook that uses one.
//!
//! Nothing here makes a key, opens a file or starts a program. keeper-apply enrols and revokes, and
//! renders what sshd and ssh read; `keeper` prints.

mod enrolment;
mod entrance;
mod key;
mod laptop;
mod notebook;
mod record;
mod time;

pub use enrolment::{Broken, Enrolment, PREFIX};
pub use entrance::{Listener, account, listener};
pub use key::{PublicKey, is_address};
pub use laptop::{Laptop, known_hosts, ssh_config};
pub use notebook::{Wishes, notebook};
pub use record::{Enrolled, RECORD, Record, is_name};
pub use time::Time;

/// The account of the device that a Colab machine logs in to.
pub const DIALS_AS: &str = "colab-tunnel";
/// The account of the device that alone has the key to Colab machines.
pub const SHELL_AS: &str = "keeper-shell";
/// Every Colab machine's name for ssh: its port is always the entrance, so an address says nothing.
pub const ALIAS: &str = "colab-vm";
