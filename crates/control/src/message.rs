//! What can be asked of keeperd, and what it answers.

use crate::status::Status;
use serde::{Deserialize, Serialize};

/// What can be asked of keeperd. All but [`Request::Status`] and [`Request::Screenshot`] are answered
/// by [`Reply::Done`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum Request {
    /// How are you? Answered by [`Reply::Status`].
    Status {},
    /// Reload now.
    Reload {
        /// One notebook, counted from 1; without it, all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notebook: Option<usize>,
    },
    /// Reload nothing until [`Request::Resume`].
    Pause {},
    /// Go on keeping.
    Resume {},
    /// The hours begin anew.
    Renew {},
    /// Keep one more notebook open, until it is closed again.
    Open {
        /// Its address.
        url: String,
    },
    /// Keep no longer what [`Request::Open`] has opened.
    Close {
        /// Its address, as it was opened.
        url: String,
    },
    /// Start the browser plainly, for a person to sign in; [`Request::SignedIn`] ends it.
    SignIn {},
    /// The person has signed in: back to keeping.
    SignedIn {},
    /// A picture of the desktop. Answered by [`Reply::Picture`], and then the connection carries
    /// nothing but the picture.
    Screenshot {},
}

/// What keeperd answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
#[allow(
    clippy::large_enum_variant,
    reason = "there is one reply at a time, and mostly this one"
)]
pub enum Reply {
    /// To [`Request::Status`].
    Status(Status),
    /// It is done, or has begun.
    Done {
        /// What, in words, one line.
        message: String,
    },
    /// To [`Request::Screenshot`]: after this line come the bytes of a PNG, until the end of the
    /// connection. A picture that broke off does not end as a PNG does.
    Picture {},
    /// The request was refused or failed.
    Error {
        /// Why, in words.
        message: String,
    },
}
