//! The program `keeper-session`; all of it is in the library, where the tests reach it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    keeper_session::start(std::env::args_os())
}
