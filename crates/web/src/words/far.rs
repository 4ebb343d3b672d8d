//! The name of the page's server, and the server itself.

use super::{Step, duration, failed, not_tried, pick, well};
use crate::data::{Diagnosis, Lookup, Server};
use config::Language;
use std::time::Duration;

pub(super) fn lookup(diagnosis: &Diagnosis, language: Language) -> Step {
    let title = pick(language, "Name lookup (DNS)", "名前解決(DNS)");
    let host = &diagnosis.host;
    let seen = match (&diagnosis.lookup, language) {
        (None, _) => return not_tried(title),
        (Some(Lookup::NotNeeded), Language::En) => {
            return well(title, format!("{host} needs no lookup."));
        }
        (Some(Lookup::NotNeeded), Language::Ja) => {
            return well(title, format!("{host} は名前解決が不要です。"));
        }
        (Some(Lookup::Found(address)), Language::En) => {
            return well(title, format!("{host} is {address}."));
        }
        (Some(Lookup::Found(address)), Language::Ja) => {
            return well(title, format!("{host} のアドレスは {address} です。"));
        }
        (Some(Lookup::Failed(error)), Language::En) => format!("{host} was not found ({error})."),
        (Some(Lookup::Failed(error)), Language::Ja) => {
            format!("{host} が見つかりません({error})。")
        }
        (Some(Lookup::TimedOut(limit)), _) => silence(host, *limit, language),
    };
    failed(
        title,
        seen,
        pick(
            language,
            "Check the router's connection to the internet, and the notebook's address in /etc/keeper/keeper.toml.",
            "ルーターのインターネット接続と、/etc/keeper/keeper.toml のノートブックの URL を確認してください。",
        ),
    )
}

fn silence(who: &str, limit: Duration, language: Language) -> String {
    let limit = duration(limit, language);
    match language {
        Language::En => format!("No answer about {who} within {limit}."),
        Language::Ja => format!("{who} について {limit}以内に応答がありません。"),
    }
}

pub(super) fn server(diagnosis: &Diagnosis, language: Language) -> Step {
    let title = pick(language, "The page's server", "ページのサーバー");
    let (host, port) = (&diagnosis.host, diagnosis.port);
    let Some(server) = &diagnosis.server else {
        return not_tried(title);
    };
    let (seen, cure) = match (server, language) {
        (Server::Answers, Language::En) => {
            return well(title, format!("{host} answers on port {port}."));
        }
        (Server::Answers, Language::Ja) => {
            return well(title, format!("{host} はポート {port} で応答しています。"));
        }
        (Server::Refused, Language::En) => (
            format!("{host} refuses connections on port {port}."),
            "If the server is yours, start it, or check the port in /etc/keeper/keeper.toml; otherwise wait.",
        ),
        (Server::Refused, Language::Ja) => (
            format!("{host} はポート {port} への接続を拒否しています。"),
            "ご自身のサーバーなら、起動するか /etc/keeper/keeper.toml のポートを確認してください。それ以外はお待ちください。",
        ),
        (Server::TimedOut(limit), Language::En) => (
            format!(
                "No answer from {host} on port {port} within {}.",
                duration(*limit, language)
            ),
            WAIT.0,
        ),
        (Server::TimedOut(limit), Language::Ja) => (
            format!(
                "{host} のポート {port} から {}以内に応答がありません。",
                duration(*limit, language)
            ),
            WAIT.1,
        ),
        (Server::Unreachable(error), Language::En) => (
            format!("{host} cannot be reached on port {port} ({error})."),
            WAIT.0,
        ),
        (Server::Unreachable(error), Language::Ja) => (
            format!("{host} のポート {port} に到達できません({error})。"),
            WAIT.1,
        ),
        (Server::NotReady(status), Language::En) => (
            format!("A proxy answers for {host} with error {status}."),
            "The server behind the proxy is down or still starting: wait, or look at its log.",
        ),
        (Server::NotReady(status), Language::Ja) => (
            format!("{host} のプロキシがエラー {status} を返しています。"),
            "プロキシの先のサーバーが停止中か起動中です。しばらく待つか、サーバーのログを確認してください。",
        ),
        (Server::NotHttp(why), Language::En) => (
            format!("What answers on port {port} of {host} is no web server ({why})."),
            "Check port and beginning (http or https) of the notebook's address in /etc/keeper/keeper.toml.",
        ),
        (Server::NotHttp(why), Language::Ja) => (
            format!(
                "{host} のポート {port} で応答しているのは Web サーバーではありません({why})。"
            ),
            "/etc/keeper/keeper.toml の URL のポートと先頭(http または https)を確認してください。",
        ),
    };
    failed(title, seen, cure)
}

/// When the server or anything before it may be down.
const WAIT: (&str, &str) = (
    "Check the router's connection to the internet; if that is well, the server is down: wait, or start it if it is yours.",
    "ルーターのインターネット接続を確認してください。問題がなければサーバーが停止しています。待つか、ご自身のサーバーなら起動してください。",
);
