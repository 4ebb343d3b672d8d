//! What can be asked of the notebooks.

use super::Notebooks;
use crate::journal;
use anyhow::{Context as _, Result, anyhow, bail};
use browser::policy::Hold;
use config::{NotebookUrl, Text as _};
use control::{Reply, Request};
use std::fs::{File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt as _;

/// The most notebooks that can be opened by request.
pub(super) const MOST: usize = 16;

impl Notebooks {
    /// Does what is asked; what is not about notebooks is refused.
    pub(crate) async fn act(&self, request: Request) -> Reply {
        let done = match request {
            Request::Reload { notebook } => self.reload(notebook),
            Request::Pause {} => self.pause(true),
            Request::Resume {} => self.pause(false),
            Request::Renew {} => self.renew(),
            Request::Open { url } => self.open(&url),
            Request::Close { url } => self.close(&url),
            Request::SignIn {} => self.sign_in(true),
            Request::SignedIn {} => self.sign_in(false),
            Request::Status {} | Request::Screenshot {} => Err(anyhow!("not about notebooks")),
        };
        match done {
            Ok(message) => {
                journal::info(format_args!("by request: {message}"));
                self.save();
                self.changed.notify_one();
                self.nudge();
                Reply::Done { message }
            }
            Err(error) => Reply::Error {
                message: format!("{error:#}"),
            },
        }
    }

    fn reload(&self, notebook: Option<usize>) -> Result<String> {
        match self.hold() {
            None => {}
            Some(Hold::Paused) => bail!("paused; `keeper resume` goes on"),
            Some(Hold::Capped(hours)) => {
                bail!("kept for {hours} h already; `keeper renew` goes on")
            }
            Some(Hold::SigningIn) => bail!("somebody signs in; `keeper signed-in` ends that"),
        }
        let entries = self.entries.borrow();
        if entries.is_empty() {
            bail!("there is no notebook; `keeper open URL` opens one");
        }
        let wanted = |number: usize| notebook.is_none_or(|notebook| notebook == number);
        let chosen: Vec<_> = entries
            .iter()
            .filter(|entry| wanted(entry.place.get().0))
            .collect();
        if chosen.is_empty() {
            bail!(
                "there is no notebook {}, only 1 to {}",
                notebook.unwrap_or_default(),
                entries.len()
            );
        }
        let now = self.clock.now();
        let waits = chosen.iter().map(|entry| entry.watch.borrow_mut().ask(now));
        Ok(match waits.max().unwrap_or_default().as_secs() {
            0 => "reloading".to_owned(),
            seconds => format!("reloading within {seconds} s: never more than once a minute"),
        })
    }

    fn pause(&self, paused: bool) -> Result<String> {
        self.count();
        let before = self.paused.replace(paused);
        Ok(match (before, paused) {
            (false, true) => "paused",
            (true, true) => "paused already",
            (true, false) => "going on",
            (false, false) => "not paused",
        }
        .to_owned())
    }

    fn renew(&self) -> Result<String> {
        let hours = self.hours();
        if hours == 0 {
            bail!("there is no configuration in force; `keeper config check` says why");
        }
        self.count();
        let mut keep = self.keep.get();
        keep.renew();
        self.keep.set(keep);
        Ok(format!("keeping the notebooks for {hours} h from now on"))
    }

    fn open(&self, url: &str) -> Result<String> {
        let url = NotebookUrl::parse(url).map_err(|why| match why {
            Some(why) => anyhow!("not an address of a notebook: {why}"),
            None => anyhow!(
                "not an address of a notebook: expected {}",
                NotebookUrl::expects()
            ),
        })?;
        if self.entries.borrow().iter().any(|entry| entry.url == url) {
            bail!("it is kept open already");
        }
        let mut opened = self.opened.borrow_mut();
        if opened.len() >= MOST {
            bail!("{MOST} notebooks are open by request already; `keeper close URL` closes one");
        }
        opened.push(url);
        Ok("opening it".to_owned())
    }

    fn close(&self, url: &str) -> Result<String> {
        let mut opened = self.opened.borrow_mut();
        let Some(at) = opened.iter().position(|known| known.as_str() == url) else {
            bail!("it was not opened by request; what keeper.toml names is closed there");
        };
        opened.remove(at);
        Ok("keeping it no longer; its tab is left as it is".to_owned())
    }

    fn sign_in(&self, begin: bool) -> Result<String> {
        let file = &self.ways.sign_in;
        if begin {
            let made = File::create(file)
                .and_then(|file| file.set_permissions(Permissions::from_mode(0o644)));
            made.with_context(|| format!("making {file}"))?;
        } else {
            match std::fs::remove_file(file) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                result => result.with_context(|| format!("removing {file}"))?,
            }
        }
        self.count();
        if self.signing_in.replace(begin) == begin {
            return Ok(if begin {
                "the browser is open for a sign-in already"
            } else {
                "nobody was signing in"
            }
            .to_owned());
        }
        let (reason, message) = if begin {
            (
                "for a person to sign in",
                "starting the browser for a sign-in; `keeper signed-in` ends it",
            )
        } else {
            (
                "the sign-in is done",
                "starting the browser again with the notebooks",
            )
        };
        self.parts.kiosk.rest(begin);
        self.parts.kiosk.request(reason);
        Ok(message.to_owned())
    }
}
