//! The wizard's pages: the frame that all of them have, with the way through them at the top, what is
//! wrong above the form, and the buttons below it.
//!
//! Each page's fields are in a file of their own, what fields look like in `parts`, the pages of the
//! work that follows in `outcome`. A page is a function of [`Page`] or [`Outcome`] alone; secrets are
//! in neither.

mod language;
mod network;
mod note;
mod notebook;
mod outcome;
mod owner;
mod parts;
mod place;
mod runtime;
mod summary;
mod tunnel;

pub use note::Note;
pub use outcome::{Outcome, outcome};

use super::Frame;
use crate::wizard::form::ON;
use crate::wizard::{View, flow};
use crate::words::{pick, wizard as words};
use config::{Language, Text as _};
use maud::{Markup, html};
use setup::{Fault, Field, Purpose, Step};

/// What a page of the wizard is made of.
#[derive(Debug, Clone, Copy)]
pub struct Page<'a> {
    /// What the wizard is for.
    pub purpose: Purpose,
    /// Which page.
    pub step: Step,
    /// All that there is to show.
    pub view: &'a View,
    /// What is wrong.
    pub faults: &'a [Fault],
    /// What has happened.
    pub note: Option<&'a Note>,
    /// The user of GitHub that was typed.
    pub github: &'a str,
    /// Who approves, as it was typed: it is kept with the secrets, and is none.
    pub approver: &'a str,
    /// What the form sends, so that no other page can.
    pub token: &'a str,
}

impl Page<'_> {
    fn language(&self) -> Language {
        language(self.view)
    }

    fn pick(&self, english: &'static str, japanese: &'static str) -> &'static str {
        pick(self.language(), english, japanese)
    }

    fn fault(&self, field: Field) -> Option<&Fault> {
        self.faults.iter().find(|fault| fault.field == field)
    }

    fn text(&self, field: Field) -> &str {
        let answer = self.view.draft.get(field);
        let typed = (field == Field::Approver).then_some(self.approver);
        answer.or(typed).unwrap_or_default()
    }

    fn is_on(&self, field: Field) -> bool {
        self.view.draft.get(field) == Some(ON)
    }

    fn is_kept(&self, field: Field) -> bool {
        self.view.kept.contains(&field)
    }

    /// Whether the form need not have it again: it is kept, and nothing is wrong with it.
    fn is_settled(&self, field: Field) -> bool {
        let of_both = [Field::Password, Field::Again];
        let wrong = |fault: &Fault| {
            fault.field == field || (of_both.contains(&field) && of_both.contains(&fault.field))
        };
        self.is_kept(field) && !self.faults.iter().any(wrong)
    }

    /// Whether a link leads there already.
    fn is_open(&self, step: Step) -> bool {
        let been = |step: Step| self.view.visited.contains(&step);
        match (self.purpose, step) {
            (Purpose::Settings, _) => true,
            // There is nothing to answer there; what counts is whether all the rest is.
            (purpose, Step::Summary) => Step::of(purpose).all(|one| one == step || been(one)),
            _ => been(step),
        }
    }

    /// Whether all others have their answers, so that the last page may follow this one; where it does so anyway, nobody
    /// needs a second button.
    fn is_last_to_answer(&self) -> bool {
        let others = |one: Step| one == self.step || one == Step::Summary || self.is_open(one);
        self.step != Step::Summary
            && (self.is_open(Step::Summary)
                || flow::next(self.purpose, self.step) != Step::Summary
                    && Step::of(self.purpose).all(others))
    }
}

/// The language that has been chosen so far.
pub(crate) fn language(view: &View) -> Language {
    Language::parse(&view.draft.language).unwrap_or(Language::En)
}

/// The page of a step.
pub fn step(page: &Page<'_>) -> Markup {
    let title = words::title(page.step, page.language());
    let frame = Frame {
        language: page.language(),
        title,
        refresh: None,
    };
    let stops = page.step == Step::Summary && page.view.stale;
    frame.below(
        way(page),
        html! {
            (heading(page, title))
            @if let Some(note) = page.note { (note.show(page.language())) }
            (what_is_wrong(page))
            @if page.view.stale { (stale(page)) }
            @if !stops { (form(page)) }
        },
    )
}

/// For an address that there is not.
pub(crate) fn not_found(purpose: Purpose, language: Language) -> Markup {
    let title = pick(language, "There is no such page", "このページはありません");
    let frame = Frame {
        language,
        title,
        refresh: None,
    };
    frame.around(html! {
        h1 { (title) }
        p.lead { (pick(language, "Nothing you have entered is lost.", "入力した内容は失われていません。")) }
        p { a.button.primary href=(flow::base(purpose)) { (pick(language, "Continue", "続ける")) } }
    })
}

/// Where one is, and where one has been.
fn way(page: &Page<'_>) -> Markup {
    let language = page.language();
    html! {
        nav.way aria-label=(words::purpose(page.purpose, language)) {
            ol {
                @for step in Step::of(page.purpose) {
                    @let name = words::name(step, language);
                    @if step == page.step {
                        li.here { span aria-current="step" { (name) } }
                    } @else if page.is_open(step) {
                        li.been { a href=(flow::address(page.purpose, step)) { (name) } }
                    } @else {
                        li { span { (name) } }
                    }
                }
            }
        }
    }
}

/// Before a language is chosen, the heading is in all of them.
fn heading(page: &Page<'_>, title: &str) -> Markup {
    let other = match page.language() {
        Language::En => Language::Ja,
        Language::Ja => Language::En,
    };
    html! {
        h1 {
            (title)
            @if page.step == Step::Language {
                span.besides lang=(other.as_str()) { (words::title(page.step, other)) }
            }
        }
    }
}

/// All that is wrong, each a link to its field: what a reader hears first.
fn what_is_wrong(page: &Page<'_>) -> Markup {
    let language = page.language();
    let here = |fault: &&Fault| flow::is_in_the_way(fault);
    let count = page.faults.iter().filter(here).count();
    html! {
        @if count > 0 {
            div.alert role="alert" tabindex="-1" autofocus {
                h2 {
                    @match (language, count) {
                        (Language::En, 1) => "One answer needs another look",
                        (Language::En, _) => { (count) " answers need another look" }
                        (Language::Ja, _) => { "確認が必要な項目が " (count) " 件あります" }
                    }
                }
                ul {
                    @for fault in page.faults.iter().filter(here) {
                        li {
                            a href=(place_of(page, fault)) { (words::label(fault.field, language)) }
                            ": " (words::sentence(fault, language))
                        }
                    }
                }
            }
        }
    }
}

fn place_of(page: &Page<'_>, fault: &Fault) -> String {
    let (step, name) = (fault.field.step(), parts::first_of(fault.field));
    if step == page.step {
        return format!("#{name}");
    }
    format!("{}?check#{name}", flow::address(page.purpose, step))
}

/// What was answered before somebody else changed the settings must not undo that.
fn stale(page: &Page<'_>) -> Markup {
    html! {
        section.alert role="alert" {
            h2 { (page.pick("The settings have been changed elsewhere", "設定がほかの場所で変更されました")) }
            p {
                (page.pick(
                    "The answers here were begun before that, so they cannot be applied any more. Note down what you \
                     want to keep, and begin again with the settings in force.",
                    "ここでの入力はその前に始められたため、適用できません。必要な内容を控えてから、現在の設定でやり直してください。",
                ))
            }
            form method="post" action=(flow::address(page.purpose, page.step)) {
                (parts::token(page.token))
                (parts::button("anew", page.pick("Begin again", "やり直す"), true))
            }
        }
    }
}

fn form(page: &Page<'_>) -> Markup {
    let action = match page.step {
        Step::Summary => format!("{}/apply", flow::base(page.purpose)),
        step => flow::address(page.purpose, step),
    };
    html! {
        form method="post" action=(action) autocomplete="off" {
            (parts::token(page.token))
            // The Enter key presses a form's first button.
            button.unseen type="submit" name="go" value="next" tabindex="-1" aria-hidden="true" {}
            @match page.step {
                Step::Language => (language::fields(page)),
                Step::Place => (place::fields(page)),
                Step::Network => (network::fields(page)),
                Step::Owner => (owner::fields(page)),
                Step::Runtime => (runtime::fields(page)),
                Step::Notebook => (notebook::fields(page)),
                Step::Tunnel => (tunnel::fields(page)),
                Step::Summary => (summary::fields(page)),
            }
            (buttons(page))
        }
    }
}

fn buttons(page: &Page<'_>) -> Markup {
    let next = match (page.step, page.purpose) {
        (Step::Summary, Purpose::FirstBoot) => page.pick("Set up the device", "設定を完了する"),
        (Step::Summary, Purpose::Settings) => page.pick("Apply", "適用する"),
        _ => page.pick("Next", "次へ"),
    };
    let back = flow::address(page.purpose, page.step);
    html! {
        div.actions {
            button.button.primary type="submit" name="go" value="next" {
                @if page.step == Step::Language {
                    span lang="en" { "Next" } " / " span lang="ja" { "次へ" }
                } @else { (next) }
            }
            @if page.is_last_to_answer() {
                (parts::button("review", page.pick("Go to the summary", "確認に進む"), false))
            }
            @if page.step != Step::Language {
                button.button.quiet type="submit" name="go" value="back" formaction=(back) formnovalidate {
                    (page.pick("Back", "戻る"))
                }
            }
        }
    }
}
