//! Applying, from outside: with services that refuse, and as its user types it.

mod command_line;
mod killed;
mod room;
mod services;
