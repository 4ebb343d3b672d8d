//! What applying needs of the system around it. A test, or a root file system that is not the
//! running one, has another.

use anyhow::{Result, bail};
use camino::Utf8Path;
use tunnel::{PublicKey, Time};

use crate::concerned::Service;

/// A new key.
pub struct Pair {
    /// The private half, as OpenSSH writes it.
    pub private: String,
    /// The public half.
    pub public: PublicKey,
}

/// What an enrolment is made of.
pub struct NewKeys {
    /// For the machine to dial with.
    pub dial: Pair,
    /// For the machine's own sshd.
    pub host: Pair,
    /// The device's own key to all its machines.
    pub shell: PublicKey,
    /// What the device's sshd shows.
    pub device: Vec<PublicKey>,
}

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

    /// The version of the OpenSSH that is installed, such as 9.2.
    fn openssh(&self) -> Option<(u32, u32)>;

    /// A moment by the device's own clock, as `YYYYMMDDHHMM`.
    ///
    /// # Errors
    /// It cannot be had.
    fn local_minute(&self, time: Time) -> Result<String>;

    /// Makes what an enrolment needs.
    ///
    /// # Errors
    /// It cannot be made.
    fn new_keys(&self) -> Result<NewKeys>;

    /// Ends every connection of a Colab machine; those that may will dial again.
    ///
    /// # Errors
    /// It is not known which there are.
    fn end_tunnels(&self) -> Result<()>;
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

    fn openssh(&self) -> Option<(u32, u32)> {
        None
    }

    fn local_minute(&self, time: Time) -> Result<String> {
        Ok(time.expiry().trim_end_matches('Z').to_owned())
    }

    fn new_keys(&self) -> Result<NewKeys> {
        bail!("a Colab machine is enrolled on the device itself")
    }

    fn end_tunnels(&self) -> Result<()> {
        Ok(())
    }
}
