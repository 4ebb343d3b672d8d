//! A device in a scratch directory, changed by hands that can fail or stop at each single operation.

mod hostile;
mod machine;
mod power;
mod room;
mod socket;
mod whole;
