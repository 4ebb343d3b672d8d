//! The client against stand-ins for a browser: proper ones, and such as mean harm.

mod hostile;
mod list;
mod pages;
mod peer;
