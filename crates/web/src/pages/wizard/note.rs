//! What has happened since the page was shown last: a line above its form.

use crate::wizard::{Errand, Failure};
use crate::words::{pick, wizard as words};
use config::Language;
use maud::{Markup, html};

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// An errand was done.
    Succeeded(Errand),
    /// An errand came to nothing.
    Failed(Errand, Failure),
    /// The page was looked at, and nothing is wrong with it.
    Fine,
    /// The form was of a page from before keeperd started.
    Expired,
}

impl Note {
    /// The note of an address; others than these cannot be made by an address.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let all = [
            Self::Succeeded(Errand::Scan),
            Self::Succeeded(Errand::GithubKeys(String::new())),
            Self::Succeeded(Errand::Router),
            Self::Fine,
        ];
        all.into_iter().find(|note| note.as_str() == text)
    }

    /// As an address has it.
    pub(crate) fn as_str(&self) -> &'static str {
        match self {
            Self::Succeeded(Errand::Scan) => "scanned",
            Self::Succeeded(Errand::GithubKeys(_)) => "keys",
            Self::Succeeded(Errand::Router) => "router",
            Self::Succeeded(Errand::Anew) => "anew",
            Self::Succeeded(Errand::Confirm) => "confirmed",
            Self::Failed(..) => "failed",
            Self::Fine => "fine",
            Self::Expired => "expired",
        }
    }

    pub(super) fn show(&self, language: Language) -> Markup {
        match self {
            Self::Succeeded(errand) => status(words::succeeded(errand, language)),
            Self::Fine => status(pick(
                language,
                "Nothing is wrong with this page.",
                "このページの内容に問題はありません。",
            )),
            Self::Failed(errand, failure) => html! {
                div.alert role="alert" { p { (words::failed(errand, failure, language)) } }
            },
            Self::Expired => html! {
                div.alert role="alert" {
                    h2 { (pick(language, "This page had grown old", "ページの有効期限が切れていました")) }
                    p {
                        (pick(
                            language,
                            "Nothing has been changed. What you typed is still here, except passwords: look it through, \
                             and press the button again.",
                            "何も変更されていません。パスワード以外の入力は残っています。内容を確認して、もう一度ボタンを押してください。",
                        ))
                    }
                }
            },
        }
    }
}

fn status(text: &str) -> Markup {
    html! { p.good role="status" { (text) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_can_claim_no_failure() {
        for text in ["scanned", "keys", "router", "fine"] {
            let note = Note::parse(text).expect("a note");
            assert_eq!(note.as_str(), text);
        }
        for text in ["", "failed", "expired", "confirmed", "<script>", "check"] {
            assert_eq!(Note::parse(text), None, "{text}");
        }
    }
}
