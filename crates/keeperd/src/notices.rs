//! Telling the owner that a person is needed: on the desktop, by webhook, by ntfy, by a command of
//! theirs. Encryption is the distribution's curl's; what it is to do goes in at its stdin, since
//! every account of the device can read the arguments of every program.

use crate::journal;
use crate::session::Session;
use crate::settings::Settings;
use config::{NotifyUrl, Text as _};
use control::session::Notice;
use serde_json::json;
use std::process::Stdio;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The distribution's.
pub(crate) const CURL: &str = "/usr/bin/curl";

/// How long telling one of them may take.
const LIMIT: Duration = Duration::from_secs(30);

/// The most notices under way; a further one is only in the journal.
const AT_ONCE: usize = 4;

/// What stands above each.
const TITLE: &str = "Colab Keeper";

/// Whom to tell, and how.
pub(crate) struct Notices {
    settings: Arc<Settings>,
    session: Rc<Session>,
    places: Arc<Semaphore>,
}

impl Notices {
    pub(crate) fn new(settings: Arc<Settings>, session: Rc<Session>) -> Self {
        Self {
            settings,
            session,
            places: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Tells everybody, without waiting for it. On the desktop it takes the place of what was told
    /// last `about` the same.
    pub(crate) fn tell(&self, about: &str, text: &str, urgent: bool) {
        journal::warning(format_args!("telling the owner: {text}"));
        let Ok(place) = self.places.clone().try_acquire_owned() else {
            return journal::warning(format_args!("earlier notices are still under way"));
        };
        let notice = Notice::new(about, TITLE, text, urgent);
        let (ways, session, text) = (
            self.settings.notify(),
            self.session.clone(),
            text.to_owned(),
        );
        tokio::task::spawn_local(async move {
            session.notify(notice).await;
            if let Some(url) = &ways.webhook {
                report("the webhook", fetch(&webhook(url, &text, urgent)).await);
            }
            if let Some(url) = &ways.ntfy {
                report("ntfy", fetch(&ntfy(url, &text, urgent)).await);
            }
            if let Some([program, arguments @ ..]) = ways.command.argv() {
                let mut command = Command::new(program);
                command
                    .args(arguments)
                    .env("KEEPER_TITLE", TITLE)
                    .env("KEEPER_TEXT", &text);
                report("the command", run(command, &format!("{text}\n")).await);
            }
            drop(place);
        });
    }
}

/// The address itself may be a secret, and is not repeated.
fn report(whom: &str, result: Result<(), String>) {
    if let Err(why) = result {
        journal::error(format_args!("telling {whom} of [notify]: {why}"));
    }
}

/// curl's configuration for a webhook: a POST with JSON.
fn webhook(url: &NotifyUrl, text: &str, urgent: bool) -> String {
    let body = json!({"title": TITLE, "text": text, "urgent": urgent}).to_string();
    curl(url, "Content-Type: application/json", &body)
}

/// curl's configuration for a topic of an ntfy server.
fn ntfy(url: &NotifyUrl, text: &str, urgent: bool) -> String {
    let priority = if urgent {
        "Priority: high"
    } else {
        "Priority: default"
    };
    curl(url, priority, text) + &format!("header = {}\n", quoted(&format!("Title: {TITLE}")))
}

fn curl(url: &NotifyUrl, header: &str, body: &str) -> String {
    format!(
        "url = {}\nheader = {}\ndata-raw = {}\nproto = \"=http,https\"\nmax-time = {}\noutput = /dev/null\nsilent\nfail\n",
        quoted(url.as_str()),
        quoted(header),
        quoted(body),
        LIMIT.as_secs() - 5,
    )
}

/// As curl's configuration has it (curl(1), `--config`).
pub(crate) fn quoted(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

async fn fetch(configuration: &str) -> Result<(), String> {
    let mut command = Command::new(CURL);
    // --disable: nobody's .curlrc.
    command.args(["--disable", "--config", "-"]);
    run(command, configuration).await
}

/// Runs a program to its end, with `input` at its stdin.
async fn run(mut command: Command, input: &str) -> Result<(), String> {
    let command = command
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| format!("starting it: {error}"))?;
    let exchange = async {
        if let Some(mut stdin) = child.stdin.take() {
            // Who ends without reading all of it is judged by how it ends.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        child.wait().await
    };
    match timeout(LIMIT, exchange).await {
        Ok(Ok(status)) if status.success() => Ok(()),
        Ok(Ok(status)) => Err(format!("its program ended with {status}")),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err(format!("not done within {} s", LIMIT.as_secs())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_cannot_add_to_what_curl_is_told() {
        let url = NotifyUrl::parse("https://a.example/?x=y").expect("an address");
        let told = webhook(&url, "a \"b\" \\ c\nurl = \"http://evil/\"\u{0}", true);
        assert_eq!(
            told.lines().filter(|line| line.starts_with("url")).count(),
            1,
            "{told}"
        );
        assert!(
            told.starts_with("url = \"https://a.example/?x=y\"\n"),
            "{told}"
        );
        assert!(told.contains("\\\\\\\"b\\\\\\\""), "{told}");
        let told = ntfy(&url, "x", false);
        assert!(
            told.contains("\nheader = \"Priority: default\"\n"),
            "{told}"
        );
        assert!(
            told.ends_with("header = \"Title: Colab Keeper\"\n"),
            "{told}"
        );
    }

    #[tokio::test]
    async fn programs_get_their_input_and_their_failure_is_told() {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let file = dir.path().join("said");
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "cat > \"$0\""]).arg(&file);
        run(command, "hello").await.expect("written");
        assert_eq!(std::fs::read_to_string(&file).expect("the file"), "hello");
        let error = run(Command::new("/bin/false"), "")
            .await
            .expect_err("it fails");
        assert!(error.contains("exit status: 1"), "{error}");
        let error = run(Command::new("/nowhere"), "")
            .await
            .expect_err("it is not there");
        assert!(error.starts_with("starting it: "), "{error}");
    }
}
