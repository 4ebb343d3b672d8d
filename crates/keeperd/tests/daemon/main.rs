//! The real keeperd under a stand-in for systemd.

mod harness;
mod life;
mod peers;
