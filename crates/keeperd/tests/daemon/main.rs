//! The real keeperd under a stand-in for systemd.

mod browser;
mod github;
mod harness;
mod life;
mod notebooks;
mod pages;
mod peers;
mod people;
mod picture;
mod root;
mod settings;
mod web;
mod wizard;
mod work;
