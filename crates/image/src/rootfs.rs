//! Root file systems as tar streams: from a directory, from an overlay, from one stage to the next.
//!
//! Between stages a root is one tar file, because that holds owners, device nodes, capabilities and
//! times whoever we are, and because its order is the layout of the ext4 made from it. Entries are
//! sorted by path, parents first; every header field is set by us.

mod accounts;
mod entry;
mod merge;
mod nodes;
mod pack;
mod read;

pub use accounts::Accounts;
pub use entry::{Content, Entry, Writer};
pub use merge::{Fate, merge};
pub use nodes::{device_nodes, tar_names};
pub use pack::pack;
pub use read::read;
