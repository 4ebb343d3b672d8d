//! What becomes of the answers: the work while it goes on, how to log in when it is done, and what went
//! wrong.

use super::{Frame, Note, flow, parts};
use crate::wizard::{Applying, HowToLogIn};
use crate::words::{pick, wizard as words};
use config::Language;
use maud::{Markup, html};
use setup::{Progress, Purpose, Step, Work};
use std::time::Duration;

/// After how long the work is looked at again.
const AGAIN: Duration = Duration::from_secs(2);
/// The same where nobody knows how far it is.
const UNKNOWN_AGAIN: Duration = Duration::from_secs(3);
/// The same while a network waits for confirmation: a page that is not pressed in time says so.
const WAITING_AGAIN: Duration = Duration::from_secs(5);

/// What these pages are made of.
#[derive(Debug, Clone, Copy)]
pub struct Outcome<'a> {
    /// What the wizard is for.
    pub purpose: Purpose,
    /// The language.
    pub language: Language,
    /// How far it is.
    pub applying: &'a Applying,
    /// What has happened.
    pub note: Option<&'a Note>,
    /// What the form sends, so that no other page can.
    pub token: &'a str,
}

impl Outcome<'_> {
    fn pick(&self, english: &'static str, japanese: &'static str) -> &'static str {
        pick(self.language, english, japanese)
    }

    fn page(&self, title: &'static str, refresh: Option<Duration>, content: Markup) -> Markup {
        let frame = Frame {
            language: self.language,
            title,
            refresh,
        };
        frame.around(html! {
            h1 { (title) }
            @if let Some(note) = self.note { (note.show(self.language)) }
            (content)
        })
    }
}

/// The page; none when nobody has asked for anything.
pub fn outcome(outcome: &Outcome<'_>) -> Option<Markup> {
    match (outcome.applying, outcome.purpose) {
        (Applying::Not, _) => None,
        (Applying::Working(parts), _) => Some(working(outcome, parts)),
        (Applying::Done { confirm, how }, Purpose::FirstBoot) => {
            Some(set_up(outcome, *confirm, how))
        }
        (Applying::Done { confirm, .. }, Purpose::Settings) => Some(changed(outcome, *confirm)),
        (Applying::Failed(what), _) => Some(failed(outcome, what)),
        (Applying::Unknown(what), _) => Some(unknown(outcome, what)),
    }
}

fn working(outcome: &Outcome<'_>, parts: &[(Work, Progress)]) -> Markup {
    let title = match outcome.purpose {
        Purpose::FirstBoot => outcome.pick("The device is being set up", "設定しています"),
        Purpose::Settings => outcome.pick("The settings are being applied", "設定を適用しています"),
    };
    let has_owner = |work: &Work| *work != Work::Owner || outcome.purpose == Purpose::FirstBoot;
    outcome.page(
        title,
        Some(AGAIN),
        html! {
            p.lead {
                (outcome.pick(
                    "This takes up to a minute. Should the power fail now, the device ends up as it was or as it will be, never in between.",
                    "1 分ほどかかります。途中で電源が切れても、変更前か変更後のどちらかの状態になり、中途半端にはなりません。",
                ))
            }
            ol.steps aria-label=(outcome.pick("Progress", "進行状況")) {
                @for work in Work::ALL.into_iter().filter(has_owner) {
                    @let told = parts.iter().rev().find(|(part, _)| *part == work);
                    @let progress = told.map(|(_, progress)| *progress);
                    @let (class, mark) = mark(progress);
                    li class=(class) {
                        span.mark aria-hidden="true" { (mark) }
                        h2 { (words::work(work, outcome.language)) }
                        span.verdict { (words::state(progress, outcome.language)) }
                    }
                }
            }
        },
    )
}

fn mark(progress: Option<Progress>) -> (&'static str, &'static str) {
    match progress {
        None => ("not-tried", "·"),
        Some(Progress::Begun) => ("begun", "…"),
        Some(Progress::Done | Progress::Unchanged) => ("ok", "✓"),
    }
}

fn set_up(outcome: &Outcome<'_>, confirm: Option<u32>, how: &HowToLogIn) -> Markup {
    let local = format!("{}.local", how.hostname);
    outcome.page(
        outcome.pick("The device is set up", "設定が完了しました"),
        refresh(confirm),
        html! {
            (confirmation(outcome, confirm))
            p.lead {
                (outcome.pick(
                    "The setup code is no longer valid. From now on, log in like this:",
                    "設定コードは無効になりました。今後は次のようにログインしてください。",
                ))
            }
            p {
                (outcome.pick(
                    "This window closes by itself after a minute. keeper-setup.txt on the card says the same.",
                    "この画面は 1 分後に自動的に閉じます。同じ内容はカードの keeper-setup.txt でも確認できます。",
                ))
            }
            section.answers {
                h2 { (outcome.pick("Remote desktop", "リモートデスクトップ")) }
                dl {
                    div { dt { (outcome.pick("Computer", "コンピューター")) } dd { code { (local) } } }
                    @if !how.addresses.is_empty() {
                        div {
                            dt { (outcome.pick("Or its address", "またはアドレス")) }
                            dd { @for address in &how.addresses { code { (address) } " " } }
                        }
                    }
                    div { dt { (outcome.pick("User name", "ユーザー名")) } dd { code { (how.owner) } } }
                    div { dt { (outcome.pick("Password", "パスワード")) } dd { (outcome.pick("the one you have chosen", "設定したパスワード")) } }
                }
            }
            section.answers {
                h2 { "SSH" }
                @if how.ssh {
                    p { code { "ssh " (how.owner) "@" (local) } }
                } @else {
                    p {
                        (outcome.pick(
                            "Nobody can log in over SSH yet: there is no key, and passwords are not allowed.",
                            "鍵がなく、パスワードも許可されていないため、SSH ではまだログインできません。",
                        ))
                    }
                }
            }
        },
    )
}

fn changed(outcome: &Outcome<'_>, confirm: Option<u32>) -> Markup {
    outcome.page(
        outcome.pick("The settings are in force", "設定を適用しました"),
        refresh(confirm),
        html! {
            (confirmation(outcome, confirm))
            p { a.button.primary[!waits(confirm)] href="/" { (outcome.pick("To the overview", "概要に戻る")) } }
        },
    )
}

/// Whether the network still waits for somebody to confirm it.
fn waits(confirm: Option<u32>) -> bool {
    confirm.is_some_and(|seconds| seconds > 0)
}

fn refresh(confirm: Option<u32>) -> Option<Duration> {
    waits(confirm).then_some(WAITING_AGAIN)
}

fn confirmation(outcome: &Outcome<'_>, confirm: Option<u32>) -> Markup {
    html! {
        @match confirm {
            None => {}
            Some(0) => (taken_back(outcome)),
            Some(seconds) => (waiting(outcome, seconds)),
        }
    }
}

fn waiting(outcome: &Outcome<'_>, seconds: u32) -> Markup {
    html! {
        section.warning role="alert" {
            h2 { (outcome.pick("Can you still see the device?", "この画面が表示されていますか?")) }
            p {
                @match outcome.language {
                    Language::En => {
                        "The network was changed. Unless it is confirmed within " (seconds)
                        " seconds, the device goes back to the one before."
                    }
                    Language::Ja => {
                        "ネットワークを変更しました。あと " (seconds) " 秒以内に確定しないと、変更前の設定に戻ります。"
                    }
                }
            }
            @if outcome.purpose == Purpose::FirstBoot {
                p {
                    (outcome.pick(
                        "The device confirms it by itself as soon as it has a way out over it.",
                        "このネットワークから外部への接続が確認できると、機器が自動で確定します。",
                    ))
                }
            }
            form method="post" action=(format!("{}/confirm", flow::base(outcome.purpose))) {
                (parts::token(outcome.token))
                button.button.primary type="submit" { (outcome.pick("Keep this network", "この設定で確定する")) }
            }
        }
    }
}

fn taken_back(outcome: &Outcome<'_>) -> Markup {
    html! {
        section.warning role="alert" {
            h2 { (outcome.pick("The network was taken back", "ネットワークの変更を取り消しました")) }
            p {
                (outcome.pick(
                    "Nobody confirmed the new one in time: the device has gone back to the one before. Everything else is as you wanted it.",
                    "時間内に確定されなかったため、ネットワークだけ変更前の設定に戻しました。ほかの設定は適用されています。",
                ))
            }
        }
    }
}

fn failed(outcome: &Outcome<'_>, what: &str) -> Markup {
    let title = outcome.pick("That did not work", "設定できませんでした");
    outcome.page(
        title,
        None,
        html! {
            div.alert role="alert" { p { code { (what) } } }
            p.lead {
                (outcome.pick(
                    "All that had been changed was taken back: the device is as it was. Your answers are still here.",
                    "途中までの変更はすべて元に戻しました。機器は変更前の状態です。入力した内容は残っています。",
                ))
            }
            p {
                a.button.primary href=(flow::address(outcome.purpose, Step::Summary)) {
                    (outcome.pick("Look through the answers and try again", "内容を確認してもう一度試す"))
                }
            }
        },
    )
}

fn unknown(outcome: &Outcome<'_>, what: &str) -> Markup {
    let title = outcome.pick(
        "It is not known yet how it ended",
        "結果をまだ確認できません",
    );
    outcome.page(
        title,
        Some(UNKNOWN_AGAIN),
        html! {
            div.alert role="alert" { p { code { (what) } } }
            p.lead {
                (outcome.pick(
                    "The program that makes the change is no longer heard of. It may be done, or still under way.",
                    "設定を変更するプログラムと通信できなくなりました。変更は完了しているか、まだ続いている可能性があります。",
                ))
            }
            p { (unknown_next(outcome)) }
        },
    )
}

fn unknown_next(outcome: &Outcome<'_>) -> &'static str {
    match outcome.purpose {
        Purpose::FirstBoot => outcome.pick(
            "This page looks for it by itself. If nothing has changed after 15 minutes, switch the device off and on again: it finishes what was begun.",
            "この画面は自動的に結果を確認します。15 分たっても変わらない場合は、電源を入れ直してください。途中の変更は最後まで反映されます。",
        ),
        Purpose::Settings => outcome.pick(
            "Look at the settings in a few minutes. If they are not what you expect, restart the device: it finishes what was begun.",
            "数分後に設定を確認してください。想定と異なる場合は、再起動してください。途中の変更は最後まで反映されます。",
        ),
    }
}
