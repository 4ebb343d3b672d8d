//! What is wrong with an answer, and what to do about it.

use super::hint;
use crate::words::pick;
use config::Language;
use setup::{Fault, Field, Reason};

/// The sentence beside the field.
pub(crate) fn sentence(fault: &Fault, language: Language) -> String {
    let (english, japanese) = match fault.reason {
        Reason::Missing => missing(fault.field),
        Reason::Form => return form(fault.field, language),
        Reason::Line(line) => return of_line(line, &form(fault.field, language), language),
        Reason::PrivateKey => (
            "This is a private key, which must never leave your computer. Paste the public one: the file whose name ends in .pub.",
            "これは秘密鍵です。秘密鍵はお使いのパソコンから持ち出さず、名前が .pub で終わるファイルの公開鍵を入力してください。",
        ),
        Reason::Taken => (
            "The system itself uses this name. Choose another one.",
            "この名前はシステムで使われています。別の名前にしてください。",
        ),
        Reason::Short => (
            "This is too short. Use at least 10 characters.",
            "短すぎます。10 文字以上にしてください。",
        ),
        Reason::Common => (
            "This is too easy to guess. Choose another one.",
            "推測されやすいパスワードです。別のものにしてください。",
        ),
        Reason::Characters => (
            "It holds a character that cannot be typed when logging in.",
            "ログイン時に入力できない文字が含まれています。",
        ),
        Reason::Differs => (
            "The two passwords differ. Type both again.",
            "2 つのパスワードが一致しません。両方とも入力し直してください。",
        ),
        Reason::PaidPlan => (
            "Confirm the paid plan, or leave the tunnel off.",
            "有料プランの項目にチェックを入れるか、トンネルを無効にしてください。",
        ),
        Reason::NoKey => (
            "Without a key, and without passwords allowed, nobody can log in over SSH. Remote desktop works all the same.",
            "鍵がなく、パスワードも許可されていないため、SSH ではログインできません。リモートデスクトップは使えます。",
        ),
        Reason::Provider => provider(fault.field),
        Reason::Name => (
            "The name does not fit: DuckDNS has names such as home.duckdns.org, and at Cloudflare it must be in the zone.",
            "名前が合っていません。DuckDNS では home.duckdns.org のような名前、Cloudflare ではゾーンに属する名前にしてください。",
        ),
    };
    pick(language, english, japanese).to_owned()
}

fn missing(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::Language | Field::Keyboard | Field::WifiCountry | Field::Runtime => {
            ("Choose one.", "いずれかを選んでください。")
        }
        Field::DdnsProvider => ("Choose a provider.", "プロバイダーを選んでください。"),
        Field::Wifi => (
            "Type the network’s password, or tick below that it has none.",
            "パスワードを入力するか、下の「パスワードのないネットワーク」にチェックを入れてください。",
        ),
        Field::Again => (
            "Type the password a second time.",
            "パスワードをもう一度入力してください。",
        ),
        _ => ("This is needed.", "入力してください。"),
    }
}

/// What the field takes is its hint; the few without one are chosen, not typed.
fn form(field: Field, language: Language) -> String {
    let hint = hint(field, language);
    let (english, japanese) = match field {
        Field::Keyboard => ("Choose a keyboard.", "キーボードを選んでください。"),
        Field::Timezone => (
            "There is no such time zone. Choose one such as Asia/Tokyo.",
            "このタイムゾーンはありません。Asia/Tokyo のように指定してください。",
        ),
        Field::WifiName => (
            "A network’s name has 1 to 32 bytes.",
            "Wi-Fi の名前は 1~32 バイトです。",
        ),
        Field::Notebooks => (
            "Not an address that begins with https:// or http://.",
            "https:// または http:// で始まる URL ではありません。",
        ),
        Field::Keys => (
            "Not an SSH public key, such as “ssh-ed25519 AAAA… name”.",
            "「ssh-ed25519 AAAA… 名前」のような SSH 公開鍵ではありません。",
        ),
        Field::Address => (
            "Not a name such as home.example.org, and no IP address.",
            "home.example.org のような名前でも、IP アドレスでもありません。",
        ),
        Field::DdnsUser => (
            "An account has letters, digits and @ . _ + - : % only.",
            "アカウントに使えるのは、英数字と @ . _ + - : % だけです。",
        ),
        _ if hint.is_empty() => (
            "Choose one of those shown.",
            "表示されているものから選んでください。",
        ),
        _ => {
            return match language {
                Language::En => format!("This does not fit. {hint}"),
                Language::Ja => format!("正しくありません。{hint}"),
            };
        }
    };
    pick(language, english, japanese).to_owned()
}

fn of_line(line: usize, sentence: &str, language: Language) -> String {
    match language {
        Language::En => format!("Line {line}: {sentence}"),
        Language::Ja => format!("{line} 行目: {sentence}"),
    }
}

fn provider(field: Field) -> (&'static str, &'static str) {
    match field {
        Field::DdnsName => (
            "The provider needs the name that it keeps.",
            "プロバイダーに登録した名前を入力してください。",
        ),
        Field::DdnsServer => (
            "A server is needed for dyndns2, and for nobody else.",
            "更新サーバーは dyndns2 の場合にだけ必要です。",
        ),
        Field::DdnsZone => (
            "A zone is needed for Cloudflare, and for nobody else.",
            "ゾーンは Cloudflare の場合にだけ必要です。",
        ),
        Field::DdnsUser => (
            "No-IP and dyndns2 need the account.",
            "No-IP と dyndns2 ではアカウントが必要です。",
        ),
        Field::Ddns => (
            "The provider needs its token or password.",
            "プロバイダーのトークンまたはパスワードが必要です。",
        ),
        _ => (
            "This does not fit the chosen provider.",
            "選んだプロバイダーでは使えません。",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::wizard::label;

    fn reasons() -> Vec<Reason> {
        // A new reason does not compile until it has a sentence; this list is for what the sentence is.
        vec![
            Reason::Missing,
            Reason::Form,
            Reason::Line(7),
            Reason::PrivateKey,
            Reason::Taken,
            Reason::Short,
            Reason::Common,
            Reason::Characters,
            Reason::Differs,
            Reason::PaidPlan,
            Reason::NoKey,
            Reason::Provider,
            Reason::Name,
        ]
    }

    #[test]
    fn every_reason_has_a_sentence_in_both_languages() {
        for field in Field::ALL {
            for reason in reasons() {
                let fault = Fault { field, reason };
                let english = sentence(&fault, Language::En);
                let japanese = sentence(&fault, Language::Ja);
                assert!(
                    english.is_ascii() || !english.contains(kana),
                    "{fault:?}: {english}"
                );
                assert!(english.ends_with('.'), "{fault:?}: {english}");
                assert!(japanese.contains(kana), "{fault:?}: {japanese}");
                assert!(japanese.ends_with(['。', ')']), "{fault:?}: {japanese}");
            }
        }
    }

    #[test]
    fn every_field_is_named_in_both_languages() {
        for field in Field::ALL {
            let english = (label(field, Language::En), hint(field, Language::En));
            let japanese = (label(field, Language::Ja), hint(field, Language::Ja));
            assert!(!english.0.is_empty() && !japanese.0.is_empty());
            assert_ne!(english.0, japanese.0);
            assert_eq!(english.1.is_empty(), japanese.1.is_empty(), "{field:?}");
            assert!(
                !english.0.contains(kana) && !english.1.contains(kana),
                "{field:?}"
            );
        }
    }

    #[test]
    fn a_line_is_named_by_its_number() {
        let fault = Fault {
            field: Field::Keys,
            reason: Reason::Line(3),
        };
        assert!(sentence(&fault, Language::En).starts_with("Line 3: Not an SSH public key"));
        assert!(sentence(&fault, Language::Ja).starts_with("3 行目: "));
    }

    fn kana(c: char) -> bool {
        ('\u{3040}'..='\u{30ff}').contains(&c)
    }
}
