//! What a tab tells by itself. What we do not know, there is no event for.

use serde_json::Value;

/// The longest text of a dialog that is passed on, in characters.
const TEXT: usize = 300;

/// Something that has happened in a tab.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// It shows another document, or the same one again.
    Navigated {
        /// Whether it is the browser's own page in place of one that it could not have.
        failed: bool,
    },
    /// Its document has another address now, and is still the same.
    Moved,
    /// Its document is there with all that belongs to it.
    Loaded,
    /// It waits for the answer to a dialog of the browser's.
    Asked(Dialog),
    /// The dialog is gone.
    Answered,
    /// The process behind it has died.
    Crashed,
    /// The tab is gone.
    Closed,
}

/// A dialog that the browser shows for a page: alert, confirm, prompt, or the question before leaving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialog {
    /// Whether it asks if the page may be left.
    pub leaving: bool,
    /// What it says, on one line.
    pub text: String,
}

impl Event {
    /// Whether a tab to which this has happened may answer no more.
    pub(super) fn silences(&self) -> bool {
        matches!(self, Self::Asked(_) | Self::Crashed | Self::Closed)
    }

    /// From an event's name and its parameters.
    pub(super) fn of(method: &str, params: &str) -> Option<Self> {
        // Most events are of no interest, and then their parameters are not even read.
        Some(match method {
            "Page.frameNavigated" => {
                let params = read(params)?;
                let frame = params.get("frame")?;
                if frame.get("parentId").is_some() {
                    return None;
                }
                Self::Navigated {
                    failed: frame.get("unreachableUrl").is_some(),
                }
            }
            "Page.navigatedWithinDocument" => Self::Moved,
            "Page.loadEventFired" => Self::Loaded,
            "Page.javascriptDialogOpening" => {
                let params = read(params)?;
                let text = |key: &str| params.get(key).and_then(Value::as_str);
                Self::Asked(Dialog {
                    leaving: text("type") == Some("beforeunload"),
                    text: crate::line(text("message").unwrap_or_default(), TEXT),
                })
            }
            "Page.javascriptDialogClosed" => Self::Answered,
            "Inspector.targetCrashed" => Self::Crashed,
            "Inspector.detached" => Self::Closed,
            _ => return None,
        })
    }
}

fn read(params: &str) -> Option<Value> {
    serde_json::from_str(params).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_what_chromium_calls_them() {
        let asked = |leaving, text: &str| {
            let text = text.to_owned();
            Some(Event::Asked(Dialog { leaving, text }))
        };
        for (method, params, expected) in [
            (
                "Page.loadEventFired",
                r#"{"timestamp":1}"#,
                Some(Event::Loaded),
            ),
            (
                "Page.frameNavigated",
                r#"{"frame":{"id":"a","url":"b"}}"#,
                Some(Event::Navigated { failed: false }),
            ),
            (
                "Page.frameNavigated",
                r#"{"frame":{"id":"a","unreachableUrl":"http://x/"}}"#,
                Some(Event::Navigated { failed: true }),
            ),
            (
                "Page.frameNavigated",
                r#"{"frame":{"id":"a","parentId":"b"}}"#,
                None,
            ),
            ("Page.frameNavigated", "{}", None),
            ("Page.frameNavigated", "[", None),
            ("Page.navigatedWithinDocument", "{}", Some(Event::Moved)),
            (
                "Page.javascriptDialogOpening",
                r#"{"type":"beforeunload","message":""}"#,
                asked(true, ""),
            ),
            (
                "Page.javascriptDialogOpening",
                r#"{"type":"alert","message":"a\nb"}"#,
                asked(false, "a b"),
            ),
            (
                "Page.javascriptDialogOpening",
                r#"{"type":7,"message":7}"#,
                asked(false, ""),
            ),
            ("Page.javascriptDialogClosed", "{}", Some(Event::Answered)),
            ("Inspector.targetCrashed", "{}", Some(Event::Crashed)),
            (
                "Inspector.detached",
                r#"{"reason":"target_closed"}"#,
                Some(Event::Closed),
            ),
            ("Page.moonRisen", "{}", None),
            ("", "", None),
        ] {
            assert_eq!(Event::of(method, params), expected, "{method} {params}");
        }
    }
}
