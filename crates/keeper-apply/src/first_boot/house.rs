//! What first boot and reset need of the device around them. A test has another; so has a root file system that is not
//! the running one.

mod device;
mod door;

use anyhow::Result;
use camino::Utf8Path;
use setup::Code;

pub use device::Running;

/// Accounts, sessions, and what the device knows of itself.
pub trait House {
    /// Its addresses on the local network, most useful first.
    fn addresses(&self) -> Vec<String>;

    /// The SHA-256 of a certificate, as `AB:CD:…`.
    fn fingerprint(&self, certificate: &Utf8Path) -> Option<String>;

    /// Lets the account `setup` in with this code, and with nothing else.
    ///
    /// # Errors
    /// There is no such account, or its password cannot be set.
    fn let_setup_in(&self, code: &Code) -> Result<()>;

    /// Locks the account `setup`; it need not exist.
    ///
    /// # Errors
    /// It can still log in.
    fn lock_setup(&self) -> Result<()>;

    /// Has [`end_setup`](super::end_setup) run in so many seconds.
    ///
    /// # Errors
    /// It will not.
    fn end_later(&self, seconds: u32) -> Result<()>;

    /// Ends the sessions of `setup`, the desktop with the wizard, and every connection over RDP.
    ///
    /// # Errors
    /// Something of it goes on.
    fn end_sessions(&self) -> Result<()>;

    /// Starts the desktop.
    ///
    /// # Errors
    /// It does not start.
    fn begin_desktop(&self) -> Result<()>;

    /// Stops what would write again what a reset removes.
    ///
    /// # Errors
    /// Something runs on.
    fn quieten(&self) -> Result<()>;

    /// Ends whatever runs for somebody.
    ///
    /// # Errors
    /// Something runs on.
    fn put_out(&self, name: &str) -> Result<()>;

    /// Starts the device anew.
    ///
    /// # Errors
    /// It goes on as it is.
    fn reboot(&self) -> Result<()>;
}

/// A root file system that is not the running one: it has no sessions, and whom `setup` lets in is left to its
/// own first boot.
#[derive(Debug)]
pub struct Away;

impl House for Away {
    fn addresses(&self) -> Vec<String> {
        Vec::new()
    }

    fn fingerprint(&self, _certificate: &Utf8Path) -> Option<String> {
        None
    }

    fn let_setup_in(&self, _code: &Code) -> Result<()> {
        Ok(())
    }

    fn lock_setup(&self) -> Result<()> {
        Ok(())
    }

    fn end_later(&self, _seconds: u32) -> Result<()> {
        Ok(())
    }

    fn end_sessions(&self) -> Result<()> {
        Ok(())
    }

    fn begin_desktop(&self) -> Result<()> {
        Ok(())
    }

    fn quieten(&self) -> Result<()> {
        Ok(())
    }

    fn put_out(&self, _name: &str) -> Result<()> {
        Ok(())
    }

    fn reboot(&self) -> Result<()> {
        Ok(())
    }
}

/// That of the root file system at `root`.
pub(crate) fn of(root: &Utf8Path) -> &'static dyn House {
    if root == "/" { &Running } else { &Away }
}
