//! What keeperd and the helper in the desktop's session say to each other over [`crate::SESSION`].
//!
//! The protocol: keeperd connects, sends one [`SessionRequest`] as a line, gets one [`SessionReply`]
//! as a line, and the helper closes the connection. Behind [`SessionReply::Picture`]'s line come the
//! bytes of a PNG. A picture that breaks off has no IEND chunk: the display went away under it.
//!
//! ```text
//! → {"ask":"idle"}
//! ← {"reply":"idle","seconds":312}
//! → {"ask":"notify","about":"notebook-1","title":"Notebook 1","text":"Sign in again.","urgent":true}
//! ← {"reply":"done"}
//! → {"ask":"picture"}
//! ← {"reply":"picture"}
//! ← the PNG
//! → {"ask":"moon"}
//! ← {"reply":"error","message":"unknown variant `moon`, expected one of `idle`, …"}
//! ```
//!
//! A request is not longer than [`crate::MAX_REQUEST`]; one with a [`Notice::new`] never is.

use serde::{Deserialize, Serialize};

/// The longest name of what a notice is about, in characters.
pub const MAX_ABOUT: usize = 40;

/// The longest title of a notice, in characters.
pub const MAX_TITLE: usize = 100;

/// The longest text of a notice, in characters.
pub const MAX_TEXT: usize = 600;

/// What can be asked of the desktop's session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case", deny_unknown_fields)]
pub enum SessionRequest {
    /// How long has nobody touched keyboard and mouse? Answered by [`SessionReply::Idle`].
    Idle {},
    /// Show a person this. Answered by [`SessionReply::Done`].
    Notify(Notice),
    /// What does the desktop look like? Answered by [`SessionReply::Picture`] and a PNG.
    Picture {},
}

/// What a person is to be shown. Better made with [`Notice::new`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Notice {
    /// What it is about, in a word. It takes the place of an earlier one about the same.
    pub about: String,
    /// One line.
    pub title: String,
    /// May have several lines.
    pub text: String,
    /// Whether it stays until somebody clicks it away.
    pub urgent: bool,
}

/// What the desktop's session answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub enum SessionReply {
    /// To [`SessionRequest::Idle`].
    Idle {
        /// Since the last key, click or movement; at first, since the display is there.
        seconds: u64,
    },
    /// It is done.
    Done {},
    /// A PNG follows until the end of the connection.
    Picture {},
    /// The request was refused or failed.
    Error {
        /// Why, in words.
        message: String,
    },
}

impl Notice {
    /// A notice whose title and text are shown as they are: cut to what may be sent, and with a space
    /// in place of everything that is not there to be seen.
    pub fn new(about: &str, title: &str, text: &str, urgent: bool) -> Self {
        let word = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        Self {
            about: about.chars().filter(word).take(MAX_ABOUT).collect(),
            title: plain(title, MAX_TITLE, false),
            text: plain(text, MAX_TEXT, true),
            urgent,
        }
    }
}

/// At most `most` characters, the last of them "…" where something was cut off.
fn plain(text: &str, most: usize, lines: bool) -> String {
    let shown = |c: char| match c {
        '\n' if lines => c,
        _ if c.is_control() || turns_writing(c) => ' ',
        _ => c,
    };
    let mut plain: String = text.trim().chars().take(most).map(shown).collect();
    if text.trim().chars().nth(most).is_some() {
        plain.pop();
        plain.push('…');
    }
    plain
}

/// Whether a character does nothing but change the direction or the order of others, by which a text
/// can be made to read as another one; or breaks the line.
fn turns_writing(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{MAX_REQUEST, from_line, to_line};

    #[test]
    fn each_message_is_what_the_protocol_says() {
        let notice = SessionRequest::Notify(Notice::new("n-1", "A", "b\nc", true));
        for (request, line) in [
            (SessionRequest::Idle {}, r#"{"ask":"idle"}"#),
            (
                notice,
                r#"{"ask":"notify","about":"n-1","title":"A","text":"b\nc","urgent":true}"#,
            ),
            (SessionRequest::Picture {}, r#"{"ask":"picture"}"#),
        ] {
            assert_eq!(to_line(&request).unwrap(), format!("{line}\n"));
            assert_eq!(
                from_line::<SessionRequest>(line.as_bytes()).unwrap(),
                request
            );
        }
        let message = "no".to_owned();
        for (reply, line) in [
            (
                SessionReply::Idle { seconds: 312 },
                r#"{"reply":"idle","seconds":312}"#,
            ),
            (SessionReply::Done {}, r#"{"reply":"done"}"#),
            (SessionReply::Picture {}, r#"{"reply":"picture"}"#),
            (
                SessionReply::Error { message },
                r#"{"reply":"error","message":"no"}"#,
            ),
        ] {
            assert_eq!(to_line(&reply).unwrap(), format!("{line}\n"));
            assert_eq!(from_line::<SessionReply>(line.as_bytes()).unwrap(), reply);
        }
    }

    #[test]
    fn what_is_no_request_is_refused_in_words() {
        for (line, reason) in [
            (r#"{"ask":"moon"}"#, "unknown variant `moon`"),
            (r#"{"ask":"idle","x":1}"#, "unknown field `x`"),
            (
                r#"{"ask":"notify","about":"n","title":"a","urgent":true}"#,
                "missing field `text`",
            ),
            (
                r#"{"ask":"notify","about":"n","title":7,"text":"a","urgent":true}"#,
                "invalid type",
            ),
            ("{}", "missing field `ask`"),
            ("", "EOF while parsing"),
        ] {
            let error = from_line::<SessionRequest>(line.as_bytes()).expect_err(line);
            assert!(error.to_string().contains(reason), "{line}: {error}");
        }
    }

    #[test]
    fn a_notice_is_plain_and_short() {
        for (title, text, shown) in [
            (
                " a\tb\r\nc ",
                "one\ntwo\u{1b}[1m",
                ("a b  c", "one\ntwo [1m"),
            ),
            (
                "a\u{202e}b",
                "ノート\u{2067}x\u{2028}y",
                ("a b", "ノート x y"),
            ),
            ("", "\0\0", ("", "  ")),
        ] {
            let notice = Notice::new("n", title, text, false);
            assert_eq!((&*notice.title, &*notice.text), shown);
        }
        let long = Notice::new(
            "a b:\n--c",
            &"あ".repeat(MAX_TITLE),
            &"x".repeat(MAX_TEXT + 1),
            false,
        );
        assert_eq!(long.about, "ab--c");
        assert_eq!(long.title, "あ".repeat(MAX_TITLE));
        assert_eq!(long.text, "x".repeat(MAX_TEXT - 1) + "…");
    }

    #[test]
    fn the_longest_notice_fits_into_a_request() {
        // Characters of four bytes, and those that JSON writes as two.
        for character in ["𠮷", "\"", "\\", "\n"] {
            let whole = character.repeat(MAX_TITLE + MAX_TEXT);
            let about = "n".repeat(MAX_ABOUT);
            let notice = Notice::new(&about, &whole, &format!("x{whole}x"), false);
            let line = to_line(&SessionRequest::Notify(notice)).unwrap();
            assert!(line.len() <= MAX_REQUEST, "{} bytes", line.len());
        }
    }
}
