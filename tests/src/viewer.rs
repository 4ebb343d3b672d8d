//! Somebody in front of a remote desktop: a screen, a client, and what they see.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use look::{Client, Hands, Login, Picture, Screen, Security, has_words};

use crate::guest::Guest;
use crate::notebook::FIELDS;

/// What the device's desktop measures.
pub const SIZE: (u32, u32) = (1600, 900);
/// From the connection to a whole picture, in emulation.
const PICTURE: Duration = Duration::from_secs(120);
/// Each colour field is an eighth of the page; a frame may take a little of it.
const LEAST: f64 = 0.11;
/// What compression with losses may do to a channel.
const TOLERANCE: u8 = 24;
/// A screen of which more than this has one colour shows nothing.
const BLANK: f64 = 0.995;

/// How a connection came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The desktop is there.
    LetIn,
    /// The client was sent away, with this status.
    SentAway(Option<i32>),
    /// The client is connected, and the desktop is not there.
    Held,
}

/// A person with a client.
pub struct Viewer<'a> {
    guest: &'a Guest,
    name: String,
    /// What they see.
    pub screen: Screen,
    client: Client,
}

impl<'a> Viewer<'a> {
    /// Connects as `user`. `name` is what the pictures are called by.
    ///
    /// # Panics
    /// The tools do not start.
    pub fn connect(
        guest: &'a Guest,
        name: &str,
        (user, password): (&str, &str),
        security: Security,
    ) -> Self {
        Self::connect_with(guest, name, (user, password), security, SIZE)
    }

    /// As [`Viewer::connect`], with a screen of `size`.
    ///
    /// # Panics
    /// The tools do not start.
    pub fn connect_with(
        guest: &'a Guest,
        name: &str,
        (user, password): (&str, &str),
        security: Security,
        size: (u32, u32),
    ) -> Self {
        let tools = &guest.tools;
        let fingerprint = guest.rdp_fingerprint().expect("xrdp has a certificate");
        let dir = guest.dir.join(format!("screen-{name}"));
        let screen = Screen::start(tools, &dir, size).expect("Xvfb starts");
        let login = Login {
            port: guest.rdp_port(),
            user,
            password,
            fingerprint: &fingerprint,
            security,
        };
        let client = Client::start(tools, &screen, &login).expect("the client starts");
        Self {
            guest,
            name: name.to_owned(),
            screen,
            client,
        }
    }

    /// Looks until the notebook's page is there: its colours, its word, and that it is load `load`.
    /// Keeps the picture as `NAME.png`.
    ///
    /// # Panics
    /// It does not come.
    pub fn sees_page(&mut self, load: u32) -> Picture {
        let word = &self.guest.notebook.word;
        let (word, load) = (format!("WORD {word}"), format!("LOAD {load}"));
        self.sees("the notebook's page", "", has_fields, &[&word, &load])
    }

    /// Looks until these words are there, on a page that is not blank. Keeps the picture, with
    /// `suffix` behind its name.
    ///
    /// # Panics
    /// They do not come.
    pub fn sees_words(&mut self, what: &str, suffix: &str, words: &[&str]) -> Picture {
        self.sees(what, suffix, |picture| !is_blank(picture), words)
    }

    /// What they have in front of them now, kept under their name with `suffix`.
    ///
    /// # Panics
    /// The screen is gone.
    pub fn keep(&self, suffix: &str) -> PathBuf {
        let file = self
            .guest
            .artefacts
            .join(format!("{}{suffix}.png", self.name));
        let picture = self.screen.picture().expect("the screen is there");
        picture.save(&file).expect("the artefacts can be written");
        file
    }

    /// Waits until it is clear how the connection came out. For a client that is held, that takes
    /// all of `limit`.
    ///
    /// # Panics
    /// The screen is gone.
    pub fn outcome(&mut self, limit: Duration) -> Outcome {
        let started = Instant::now();
        loop {
            if has_fields(&self.screen.picture().expect("the screen is there")) {
                return Outcome::LetIn;
            }
            if let Some(status) = self.client.ended().expect("it is our child") {
                return Outcome::SentAway(status.code());
            }
            if started.elapsed() > limit {
                return Outcome::Held;
            }
            std::thread::sleep(Duration::from_millis(500));
        }
    }

    /// Their hands.
    pub fn hands(&self) -> Hands<'_> {
        Hands {
            tools: &self.guest.tools,
            screen: &self.screen,
        }
    }

    /// The words that they see now.
    ///
    /// # Panics
    /// The screen is gone.
    pub fn words(&self) -> String {
        self.screen
            .words(&self.guest.tools)
            .expect("the screen is there")
    }

    /// What their client has said.
    pub fn said(&self) -> String {
        self.client.said()
    }

    /// Closes the window.
    ///
    /// # Panics
    /// The client does not go.
    pub fn leave(self) {
        self.client.disconnect().expect("the client goes");
    }

    fn sees(
        &mut self,
        what: &str,
        suffix: &str,
        looks: fn(&Picture) -> bool,
        words: &[&str],
    ) -> Picture {
        let (started, mut read) = (Instant::now(), String::new());
        let (screen, client, tools) = (&self.screen, &mut self.client, &self.guest.tools);
        let mut last = None;
        let seen = screen.wait_for(PICTURE, |picture| {
            if let Some(status) = client.ended()? {
                anyhow::bail!("the client ended with {status}");
            }
            // Reading takes seconds, so only what looks right is read, and once.
            if !looks(picture) || last.as_ref() == Some(picture) {
                return Ok(false);
            }
            read = screen.words(tools)?;
            last = Some(picture.clone());
            Ok(has_words(&read, words))
        });
        let file = self.keep(suffix);
        let seconds = started.elapsed().as_secs_f64();
        let wrong = match seen {
            Ok(Ok(picture)) => {
                eprintln!("    {} sees {what}: after {seconds:.0} s", self.name);
                return picture;
            }
            Ok(Err(picture)) => format!("{}; words read: {read:?}", of_colours(&picture)),
            Err(error) => format!("{error:#}"),
        };
        panic!(
            "expected {what} with the words {words:?} on the remote desktop; seen within \
             {seconds:.0} s: {wrong}\npicture: {}\nthe client said:\n{}",
            file.display(),
            self.client.said()
        )
    }
}

/// Whether all four fields of the notebook's page are there.
pub fn has_fields(picture: &Picture) -> bool {
    let there = |colour| picture.share(colour, TOLERANCE) >= LEAST;
    FIELDS.into_iter().all(there)
}

fn is_blank(picture: &Picture) -> bool {
    picture.commonest().1 > BLANK
}

/// In words, what a picture has of what was expected.
fn of_colours(picture: &Picture) -> String {
    let shares = FIELDS.map(|colour| {
        let percent = picture.share(colour, TOLERANCE) * 100.0;
        format!("{colour:?} {percent:.1} %")
    });
    let (colour, share) = picture.commonest();
    let percent = share * 100.0;
    format!(
        "of the page's colours {}; most of all {colour:?} with {percent:.1} %",
        shares.join(", ")
    )
}
