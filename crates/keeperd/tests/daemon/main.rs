//! The real keeperd under a stand-in for systemd.

mod browser;
mod harness;
mod life;
mod notebooks;
mod pages;
mod peers;
mod people;
mod picture;
