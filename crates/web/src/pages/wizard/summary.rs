//! All answers once more, and what they leave out; no secret is among them.

use super::parts::{self, Typed};
use super::{Page, flow};
use crate::wizard::form;
use crate::words::wizard::{self as words, Place};
use config::Language;
use maud::{Markup, html};
use setup::{Field, Purpose, Step};

pub(super) fn fields(page: &Page<'_>) -> Markup {
    let steps = Step::of(page.purpose).filter(|step| *step != Step::Summary);
    html! {
        p.lead {
            (match page.purpose {
                Purpose::FirstBoot => page.pick(
                    "Nothing has been changed yet. The device is set up when you press the button.",
                    "まだ何も変更されていません。ボタンを押すと設定が反映されます。",
                ),
                Purpose::Settings => page.pick(
                    "Nothing has been changed yet. The settings are in force when an administrator approves of them.",
                    "まだ何も変更されていません。管理者が承認すると設定が反映されます。",
                ),
            })
        }
        @for warning in warnings(page) { p.warning { (warning) } }
        @for step in steps { (section(page, step)) }
        @if page.purpose == Purpose::Settings { (approval(page)) }
        p { (parts::button("anew", page.pick("Forget these answers", "入力内容を破棄する"), true)) }
    }
}

fn section(page: &Page<'_>, step: Step) -> Markup {
    let name = words::name(step, page.language());
    html! {
        section.answers {
            h2 { (name) }
            a href=(flow::address(page.purpose, step)) {
                (page.pick("Change", "変更")) span.unseen { (page.pick(": ", ": ")) (name) }
            }
            dl {
                @for field in Field::ALL.into_iter().filter(|field| field.step() == step && is_shown(page, *field)) {
                    div {
                        dt { (words::label(field, page.language())) }
                        dd { (value(page, field)) }
                    }
                }
            }
        }
    }
}

/// What nobody has asked for is not listed.
fn is_shown(page: &Page<'_>, field: Field) -> bool {
    let provider = page.text(Field::DdnsProvider);
    match field {
        Field::Again => false,
        Field::WifiCountry => !page.text(Field::WifiName).is_empty(),
        Field::Wifi => !page.text(Field::WifiName).is_empty() && !page.is_on(Field::WifiOpen),
        Field::WifiOpen => !page.text(Field::WifiName).is_empty() && page.is_on(field),
        Field::PaidPlan | Field::Entrance | Field::PublicPort | Field::Address | Field::Router => {
            page.is_on(Field::Tunnel)
        }
        Field::DdnsName => !(provider.is_empty() && page.text(field).is_empty()),
        Field::Ddns => !provider.is_empty(),
        Field::DdnsServer | Field::DdnsZone | Field::DdnsUser => form::wants(provider, field),
        _ => true,
    }
}

fn value(page: &Page<'_>, field: Field) -> Markup {
    let text = page.text(field);
    // What a device at work has and nobody has typed anew.
    let stays = page.purpose == Purpose::Settings && matches!(field, Field::WifiName | Field::Ddns);
    let empty = if stays {
        page.pick("As it is", "変更なし")
    } else {
        page.pick("None", "なし")
    };
    html! {
        @if field.is_secret() {
            @if page.is_kept(field) { (page.pick("Set, not shown", "設定済み(表示されません)")) } @else { (empty) }
        } @else if field.is_switch() {
            @if page.is_on(field) { (page.pick("Yes", "はい")) } @else { (page.pick("No", "いいえ")) }
        } @else if text.trim().is_empty() {
            (empty)
        } @else if field == Field::Keys {
            (keys(text, page.language()))
        } @else if field == Field::Notebooks {
            @for line in lines(text) { (without_secrets(line)) br; }
        } @else { (named(page, field, text)) }
    }
}

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn keys(text: &str, language: Language) -> String {
    let count = lines(text).count();
    match (language, count) {
        (Language::En, 1) => "1 key".to_owned(),
        (Language::En, _) => format!("{count} keys"),
        (Language::Ja, _) => format!("{count} 個"),
    }
}

/// What stands behind the path of an address may be a password to it.
fn without_secrets(address: &str) -> String {
    match address.split_once(['?', '#']) {
        Some((visible, _)) => format!("{visible}?…"),
        None => address.to_owned(),
    }
}

/// What is chosen from a list is called as it is there.
fn named<'a>(page: &Page<'_>, field: Field, text: &'a str) -> &'a str {
    let places: &[Place] = match (field, text) {
        (Field::Language, "en") => return "English",
        (Field::Language, "ja") => return "日本語",
        (Field::Runtime, "colab") => return "Google Colab",
        (Field::Keyboard, _) => &words::KEYBOARDS,
        (Field::WifiCountry, _) => &words::COUNTRIES,
        (Field::DdnsProvider, _) => &words::PROVIDERS,
        _ => return text,
    };
    let known = places
        .iter()
        .find(|(value, ..)| value.eq_ignore_ascii_case(text));
    known.map_or(text, |(_, english, japanese)| page.pick(english, japanese))
}

fn warnings(page: &Page<'_>) -> Vec<String> {
    let nowhere = page.text(Field::Address).is_empty() && page.text(Field::DdnsName).is_empty();
    let open = !page.text(Field::WifiName).is_empty() && page.is_on(Field::WifiOpen);
    let mut warnings = Vec::new();
    for (warned, text) in [
        (
            page.text(Field::Notebooks).trim().is_empty(),
            page.pick(
                "No notebook is kept open yet. You can add one in the settings later.",
                "開いておくノートブックがまだありません。あとで設定から追加できます。",
            ),
        ),
        (
            open,
            page.pick(
                "The Wi-Fi network has no password: everybody nearby can listen.",
                "この Wi-Fi にはパスワードがないため、通信が保護されません。",
            ),
        ),
        (
            page.is_on(Field::Tunnel) && nowhere,
            page.pick(
                "The tunnel is on, but the Colab machine cannot find the device: it has no public name.",
                "トンネルは有効ですが、公開名がないため、Colab マシンから接続できません。",
            ),
        ),
    ] {
        if warned {
            warnings.push(text.to_owned());
        }
    }
    let faults = setup::warnings(&page.view.draft, page.purpose);
    warnings.extend(
        faults
            .iter()
            .map(|fault| words::sentence(fault, page.language())),
    );
    warnings
}

fn approval(page: &Page<'_>) -> Markup {
    html! {
        fieldset {
            legend { (page.pick("Approval", "承認")) }
            (parts::line(page, Field::Approver, Typed {
                required: true,
                autocomplete: "username",
                most: Some(64),
                ..Typed::default()
            }))
            (parts::secret(page, Field::Approval, Typed {
                required: true,
                autocomplete: "current-password",
                most: Some(512),
                ..Typed::default()
            }))
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_address_shows_no_secret() {
        for (address, shown) in [
            ("https://a.example/lab?token=b", "https://a.example/lab?…"),
            ("https://a.example/lab#b", "https://a.example/lab?…"),
            ("https://a.example/lab", "https://a.example/lab"),
        ] {
            assert_eq!(super::without_secrets(address), shown);
        }
    }
}
