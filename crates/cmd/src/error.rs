//! How running a program can fail.

use std::process::ExitStatus;

/// Why a program did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It never ran.
    #[error("starting `{command}`")]
    Start {
        /// The command line.
        command: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// It ran and ended with another status than 0.
    #[error("`{command}` ended with {status}{}", said_last(said))]
    Failed {
        /// The command line.
        command: String,
        /// How it ended.
        status: ExitStatus,
        /// The last lines that it printed.
        said: String,
    },
}

fn said_last(said: &str) -> String {
    if said.is_empty() {
        return String::new();
    }
    format!(", saying last:\n    {}", said.replace('\n', "\n    "))
}
