//! The page for signing in. The browser shows it when it was started plainly, without its debugging
//! port: sign-in pages refuse a browser that a program could steer.

use super::{Frame, SIGN_IN, SIGN_IN_DONE};
use crate::data::SignIn;
use crate::words::pick;
use config::{Language, NotebookUrl, Text as _};
use maud::{Markup, html};

/// The most notebooks that have a button: the "done" button must stay in sight.
const SHOWN: usize = 8;

/// The page for signing in.
pub fn sign_in(state: &SignIn, language: Language) -> Markup {
    match state {
        SignIn::UnderWay { notebooks, token } => under_way(notebooks, token, language),
        SignIn::NotUnderWay => not_under_way(language),
        SignIn::Done => done(language),
        SignIn::Stale => stale(language),
        SignIn::Failed(reason) => failed(reason, language),
    }
}

fn page(title: &str, language: Language, content: Markup) -> Markup {
    let frame = Frame {
        language,
        title,
        refresh: None,
    };
    frame.around(html! {
        h1 { (title) }
        (content)
    })
}

fn under_way(notebooks: &[NotebookUrl], token: &str, language: Language) -> Markup {
    let title = pick(
        language,
        "Sign in to the notebook",
        "ノートブックへのログイン",
    );
    page(
        title,
        language,
        html! {
            p.lead {
                (pick(
                    language,
                    "The browser has been started plainly, as on any computer, so that you can sign in. Until you are \
                     done, no notebook is reloaded.",
                    "ログインできるように、ブラウザーを普通のパソコンと同じ状態で起動しました。完了するまで、ノートブックは再読み込みされません。",
                ))
            }
            ol.todo {
                li {
                    p {
                        (pick(
                            language,
                            "Open the notebook to sign in. It opens in another tab, and your password goes to its site alone:",
                            "ノートブックを開いてログインします。別のタブで開き、パスワードはそのサイトにだけ送られます:",
                        ))
                    }
                    (links(notebooks, language))
                }
                li {
                    p {
                        (pick(
                            language,
                            "When the notebook is shown, come back to this tab:",
                            "ノートブックが表示されたら、このタブに戻ります:",
                        ))
                    }
                    form method="post" action=(SIGN_IN_DONE) {
                        input type="hidden" name="token" value=(token);
                        button.button type="submit" { (pick(language, "I have signed in", "ログインしました")) }
                    }
                    p { (pick(language, "The same in a terminal:", "ターミナルからの場合:")) " " code { "keeper signed-in" } }
                }
            }
        },
    )
}

fn links(notebooks: &[NotebookUrl], language: Language) -> Markup {
    let label = |number: usize| match (language, notebooks.len()) {
        (Language::En, 1) => "Open the notebook to sign in".to_owned(),
        (Language::Ja, 1) => "ノートブックを開いてログインする".to_owned(),
        (Language::En, _) => format!("Open notebook {number}"),
        (Language::Ja, _) => format!("ノートブック {number} を開く"),
    };
    html! {
        @if notebooks.is_empty() {
            p { (pick(language, "No notebook is configured yet.", "ノートブックがまだ設定されていません。")) }
        }
        @for (index, url) in notebooks.iter().take(SHOWN).enumerate() {
            a.button href=(url.as_str()) target="_blank" rel="noopener noreferrer" { (label(index + 1)) }
        }
    }
}

fn not_under_way(language: Language) -> Markup {
    let title = pick(
        language,
        "No sign-in is under way",
        "ログインの手続きは始まっていません",
    );
    page(
        title,
        language,
        html! {
            p.lead {
                (pick(
                    language,
                    "To sign in to a notebook, type in a terminal of the device:",
                    "ノートブックにログインするには、機器のターミナルで次のように入力します:",
                ))
            }
            p { code { "keeper sign-in" } }
            p { a.button href="/start/1" { (pick(language, "Open notebook 1", "ノートブック 1 を開く")) } }
        },
    )
}

fn done(language: Language) -> Markup {
    let title = pick(language, "The sign-in is done", "ログインが完了しました");
    page(
        title,
        language,
        html! {
            p.lead {
                (pick(
                    language,
                    "The browser starts anew and opens the notebook by itself.",
                    "ブラウザーが再起動し、ノートブックが自動的に開きます。",
                ))
            }
        },
    )
}

fn stale(language: Language) -> Markup {
    let title = pick(
        language,
        "This page has grown old",
        "このページは古くなりました",
    );
    page(
        title,
        language,
        html! {
            p.lead {
                (pick(
                    language,
                    "Nothing has been changed. Load the page anew and press the button there.",
                    "何も変更されていません。ページを読み込み直して、もう一度ボタンを押してください。",
                ))
            }
            (back(language))
        },
    )
}

fn failed(reason: &str, language: Language) -> Markup {
    let title = pick(language, "That did not work", "完了できませんでした");
    page(
        title,
        language,
        html! {
            p.lead {
                (pick(
                    language,
                    "The device could not end the sign-in:",
                    "ログインの手続きを終了できませんでした:",
                ))
            }
            p { code { (reason) } }
            (back(language))
        },
    )
}

fn back(language: Language) -> Markup {
    html! {
        p { a.button href=(SIGN_IN) { (pick(language, "Back to the sign-in", "ログインのページに戻る")) } }
    }
}
