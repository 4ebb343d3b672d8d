//! The browser's start page for one notebook, as long as the notebook cannot be shown.
//!
//! It is never blank: whatever is the matter stands there with the cure, and the page asks again by
//! itself until the notebook answers.

use super::Frame;
use crate::data::{Start, Trouble};
use crate::words::{Step, Verdict, duration, pick, steps};
use config::Language;
use maud::{Markup, html};
use std::time::Duration;

/// After how long the page asks again.
pub const RETRY: Duration = Duration::from_secs(10);

/// The most problems of a configuration that are shown: what to do about them must stay in sight.
const PROBLEMS: usize = 3;

/// The page for notebook `number`; none when the browser is to be sent to the notebook itself.
pub fn start(number: usize, state: &Start, language: Language) -> Option<Markup> {
    Some(match state {
        Start::Open(_) => return None,
        Start::Trouble(trouble) => unreachable(number, trouble, language),
        Start::NotConfigured { count } => not_configured(number, *count, language),
        Start::Misconfigured { problems } => misconfigured(problems, language),
    })
}

fn page(title: &str, language: Language, content: Markup) -> Markup {
    let frame = Frame {
        language,
        title,
        refresh: Some(RETRY),
    };
    let after = duration(RETRY, language);
    frame.around(html! {
        h1 { (title) }
        (content)
        p.again role="status" {
            @match language {
                Language::En => { "Trying again in " (after) "." }
                Language::Ja => { (after) "後にもう一度試します。" }
            }
        }
    })
}

fn unreachable(number: usize, trouble: &Trouble, language: Language) -> Markup {
    let title = match language {
        Language::En => format!("Notebook {number} cannot be reached yet"),
        Language::Ja => format!("ノートブック {number} にまだ接続できません"),
    };
    let lasting = duration(trouble.lasting, language);
    page(
        &title,
        language,
        html! {
            p.lead {
                @match language {
                    Language::En => {
                        strong { (trouble.diagnosis.host) } " has not answered for " (lasting)
                        ". The notebook opens by itself as soon as it does."
                    }
                    Language::Ja => {
                        strong { (trouble.diagnosis.host) } " は " (lasting)
                        "前から応答していません。応答があれば、ノートブックは自動的に開きます。"
                    }
                }
            }
            ol.steps aria-label=(pick(language, "What was found", "確認の結果")) {
                @for one in steps(&trouble.diagnosis, language) { (step(&one, language)) }
            }
            p { a.button href="/" { (pick(language, "To the dashboard", "ダッシュボードへ")) } }
        },
    )
}

fn step(step: &Step, language: Language) -> Markup {
    let (class, mark) = match step.verdict {
        Verdict::Ok => ("ok", "✓"),
        Verdict::Failed => ("failed", "✕"),
        Verdict::NotTried => ("not-tried", "–"),
    };
    html! {
        li class=(class) {
            span.mark aria-hidden="true" { (mark) }
            h2 { (step.title) }
            span.verdict { (step.verdict.word(language)) }
            @if !step.seen.is_empty() { p.seen { (step.seen) } }
            @if let Some(cure) = step.cure { p.cure { (cure) } }
        }
    }
}

fn not_configured(number: usize, count: usize, language: Language) -> Markup {
    let title = match (language, count) {
        (Language::En, 0) => "No notebook is configured yet".to_owned(),
        (Language::Ja, 0) => "ノートブックがまだ設定されていません".to_owned(),
        (Language::En, _) => format!("There is no notebook {number}"),
        (Language::Ja, _) => format!("ノートブック {number} は設定されていません"),
    };
    page(
        &title,
        language,
        html! {
            p.lead {
                @match (language, count) {
                    (Language::En, 0) => "Tell the device which notebooks it shall keep open:",
                    (Language::Ja, 0) => "開いたままにするノートブックを設定してください。",
                    (Language::En, 1) => "Only 1 notebook is configured. To add one:",
                    (Language::En, _) => { "Only " (count) " notebooks are configured. To add one:" }
                    (Language::Ja, _) => { "設定されているノートブックは " (count) " 件です。追加するには:" }
                }
            }
            p { a.button href="/settings/notebook" { (pick(language, "Choose a notebook", "ノートブックを設定する")) } }
            p { (pick(language, "Or in a terminal:", "端末で設定する場合:")) }
            ol.todo {
                li {
                    p { (pick(language, "Log in to the device and open its settings:", "機器にログインして設定を開きます:")) }
                    code { "sudo nano /etc/keeper/keeper.toml" }
                }
                li {
                    p { (pick(language, "Write the notebook's address under [browser]:", "[browser] にノートブックの URL を書きます:")) }
                    code { "notebooks = [\"https://colab.research.google.com/drive/…\"]" }
                }
                li {
                    p { (pick(language, "Put the settings in force:", "設定を反映します:")) }
                    code { "sudo keeper apply" }
                }
            }
        },
    )
}

fn misconfigured(problems: &[String], language: Language) -> Markup {
    let title = pick(
        language,
        "The settings have a mistake",
        "設定に誤りがあります",
    );
    page(
        title,
        language,
        html! {
            p.lead {
                (pick(
                    language,
                    "Until it is mended, the device does not know which notebooks to keep open:",
                    "修正されるまで、どのノートブックを開くか分かりません:",
                ))
            }
            ul.problems {
                @for problem in problems.iter().take(PROBLEMS) { li { code { (problem) } } }
                @if problems.len() > PROBLEMS { li { "…" } }
            }
            p { (pick(language, "Mend it, and put the settings in force:", "修正して、設定を反映してください:")) }
            p { code { "sudo nano /etc/keeper/keeper.toml" } }
            p { code { "sudo keeper apply" } }
        },
    )
}
