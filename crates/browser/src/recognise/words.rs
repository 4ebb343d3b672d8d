//! The tables: hosts of sign-in pages, addresses of CAPTCHAs, and what dialogs say in English and
//! Japanese.

use super::Wants;
use super::place::{authority, path};

/// Hosts, with or without a port, that only sign people in.
const SIGN_IN: [&str; 6] = [
    "accounts.google.com",
    "accounts.google.co.jp",
    "accounts.youtube.com",
    "login.microsoftonline.com",
    "login.live.com",
    "github.com/login",
];

/// Paths at which notebook servers of one's own ask for a password or a token.
const SIGN_IN_PATHS: [&str; 2] = ["/login", "/hub/login"];

/// Parts of the addresses at which CAPTCHAs are served.
const CAPTCHAS: [&str; 6] = [
    "google.com/recaptcha/",
    "recaptcha.net/recaptcha/",
    "google.com/sorry/",
    "hcaptcha.com/",
    "challenges.cloudflare.com/",
    "arkoselabs.com/",
];

/// What a dialog says, in small letters: all parts of a row, in any order, anywhere in it. The first
/// row that fits counts.
const DIALOGS: [(&[&str], Wants); 27] = [
    (&["not a robot"], Wants::Captcha),
    (&["captcha"], Wants::Captcha),
    (&["ロボットではありません"], Wants::Captcha),
    (&["私はロボットでは"], Wants::Captcha),
    (&["are you still there"], Wants::StillThere),
    (&["are you still here"], Wants::StillThere),
    (&["still using", "notebook"], Wants::StillThere),
    (&["confirm", "you are here"], Wants::StillThere),
    (&["まだ", "いますか"], Wants::StillThere),
    (&["まだ", "使用中ですか"], Wants::StillThere),
    (&["引き続き", "ご利用ですか"], Wants::StillThere),
    (&["too many", "sessions"], Wants::Sessions),
    (&["too many", "runtimes"], Wants::Sessions),
    (&["セッション", "多すぎ"], Wants::Sessions),
    (&["セッション", "上限"], Wants::Sessions),
    (&["runtime disconnected"], Wants::Runtime),
    (&["runtime", "has been disconnected"], Wants::Runtime),
    (&["runtime", "was disconnected"], Wants::Runtime),
    (&["session", "crashed"], Wants::Runtime),
    (&["cannot connect to", "backend"], Wants::Runtime),
    (&["unable to connect to the runtime"], Wants::Runtime),
    (&["ランタイム", "切断"], Wants::Runtime),
    (&["ランタイム", "接続が解除"], Wants::Runtime),
    (&["ランタイム", "接続できません"], Wants::Runtime),
    (&["バックエンド", "接続できません"], Wants::Runtime),
    (&["セッション", "クラッシュ"], Wants::Runtime),
    (&["kernel", "died"], Wants::Runtime),
];

/// The host at which `url` asks somebody to sign in.
pub(super) fn sign_in(url: &str, hosts: &[String]) -> Option<String> {
    let (authority, path) = (authority(url)?, path(url));
    let name = authority.split(':').next().unwrap_or(authority);
    let known = SIGN_IN.iter().any(|known| match known.split_once('/') {
        Some((host, rest)) => host == name && path.trim_start_matches('/').starts_with(rest),
        None => *known == name,
    });
    let own = hosts.iter().any(|host| host == authority || host == name);
    let asks = SIGN_IN_PATHS
        .iter()
        .any(|known| *known == path.trim_end_matches('/'));
    (known || own || asks).then(|| crate::line(authority, 80))
}

/// Whether a CAPTCHA is served at `url`.
pub(super) fn is_captcha(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return false;
    };
    let visible = rest.split(['?', '#']).next().unwrap_or_default();
    CAPTCHAS.iter().any(|known| {
        visible.match_indices(known).any(|(at, _)| {
            // At the end of the host's name, and not somewhere in the path.
            !visible[..at].contains('/') && (at == 0 || visible[..at].ends_with('.'))
        })
    })
}

/// What a dialog that says `text` wants, if that is known.
pub(super) fn dialog(text: &str) -> Option<Wants> {
    let text = text.to_lowercase().replace('\u{2019}', "'");
    let fits = |parts: &[&str]| parts.iter().all(|part| text.contains(part));
    DIALOGS
        .iter()
        .find(|(parts, _)| fits(parts))
        .map(|(_, wants)| wants.clone())
}
