//! Boots an image in QEMU, unchanged, on a throw-away copy-on-write copy, and decides whether it
//! is well.
//!
//! ```text
//! Image    the .img(.xz), unpacked in the cache, with the kernel and initrd from its own FAT
//! Disk     a copy-on-write layer on it, or on another layer; its boot partition may be written
//! Machine  plain data: one QEMU command line
//! Running  that QEMU at work: QMP, power off, power cut, save
//! check    a guest unit put beside the image, never into it, that says how the boot went
//! boot     a machine for a person to look at
//! second_boot   how long one takes until it can be reached
//! Session  image, card, ports and machine of one run, as a verb or a test wants them
//! ```
//!
//! All of it works inside `image::sandbox`, where QEMU and mtools come from a tools root. How an
//! image is made is the `image` crate's; what must hold in the guest is in `tests/guest/`.

mod boot;
mod boot_files;
mod cache;
mod card;
pub mod check;
mod cmdline;
mod console;
mod cpio;
mod disk;
mod inject;
mod machine;
mod monitor;
mod protocol;
mod qmp;
mod running;
pub mod second_boot;
mod session;

pub use boot::boot;
pub use boot_files::BootFiles;
pub use cache::Run;
pub use disk::{Disk, Format, Image, MIB};
pub use machine::{Accel, Console, Forward, Machine, Ports};
pub use qmp::Qmp;
pub use running::Running;
pub use session::{Options, Session};
