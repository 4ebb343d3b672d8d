//! What applying needs of the system around it. A test, or a root file system that is not the
//! running one, has another.

use anyhow::Result;
use camino::Utf8Path;

use crate::concerned::Service;

/// The programs that read generations.
pub trait System {
    /// Has a candidate looked at by the programs that will read it.
    ///
    /// # Errors
    /// One of them refuses it.
    fn check(&self, candidate: &Utf8Path) -> Result<()>;

    /// Tells a service that other files are in force, unless it is not running.
    ///
    /// # Errors
    /// It did not take them.
    fn tell(&self, service: Service) -> Result<()>;

    /// Whether the OpenSSH that is installed has key exchanges that a quantum computer cannot undo.
    fn post_quantum(&self) -> bool;
}

/// A root file system that is not the running one: nobody to ask, nobody to tell.
#[derive(Debug)]
pub struct Elsewhere;

impl System for Elsewhere {
    fn check(&self, _candidate: &Utf8Path) -> Result<()> {
        Ok(())
    }

    fn tell(&self, _service: Service) -> Result<()> {
        Ok(())
    }

    fn post_quantum(&self) -> bool {
        false
    }
}
