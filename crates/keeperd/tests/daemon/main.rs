//! The real keeperd under a stand-in for systemd.

mod browser;
mod harness;
mod life;
mod pages;
mod peers;
