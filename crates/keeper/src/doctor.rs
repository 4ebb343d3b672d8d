//! `keeper doctor`: looks at the way from the internet to the Colab machine, and says what to mend.
//!
//! What is judged, and how, is the `doctor` crate's.

use crate::output::{Paint, Tone, plain, print};
use crate::settings;
use crate::words::{say, width};
use anyhow::Result;
use camino::{Utf8Path, Utf8PathBuf};
use config::Config;
use doctor::look::Ways;
use doctor::{Finding, Sentence, Verdict, Wants};
use std::fmt::Write as _;

/// Answers with the address that it is asked from. ddclient asks it too.
pub(crate) const ECHO: &str = "https://api.ipify.org/";
/// What is asked for where there is no notebook yet.
const SERVER: (&str, u16) = ("colab.research.google.com", 443);

/// A step of the way is broken.
#[derive(Debug)]
pub(crate) struct Broken(usize);

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&say("steps that failed: {}", &[&self.0]))
    }
}

impl std::error::Error for Broken {}

impl Broken {
    /// What to type next.
    pub(crate) fn hint(&self) -> String {
        say(
            "mend the first one that failed, then `keeper doctor` again",
            &[],
        )
    }
}

/// Looks, and prints what there is to say.
pub(crate) fn run(file: &Utf8Path, json: bool, echo: &str) -> Result<()> {
    let wants = wants(&settings::load(file)?);
    let ways = Ways {
        root: Utf8PathBuf::from("/"),
        echo: echo.to_owned(),
        sshd: 22,
        keeper: "keeper".into(),
    };
    if !json {
        eprintln!(
            "{}",
            say("looking; this takes up to a minute and a half", &[])
        );
    }
    let findings = doctor::judge(&wants, &doctor::look::look(&wants, &ways));
    if json {
        print(&format!("{}\n", serde_json::to_string_pretty(&findings)?))?;
    } else {
        print(&table(&findings, Paint::for_stdout()))?;
    }
    let broken = findings.iter().filter(|one| one.verdict == Verdict::Failed);
    match broken.count() {
        0 => Ok(()),
        count => Err(Broken(count).into()),
    }
}

/// What keeper.toml says of the way.
fn wants(config: &Config) -> Wants {
    Wants {
        tunnel: config.tunnel.switch.enabled(),
        public_name: config.public_name().map(str::to_owned),
        public_port: config.tunnel.public_port.get(),
        ddns: config.ddns.provider.is_some(),
        map: config.router.map,
        entrance: config.tunnel.entrance.get(),
        gpu: config.tunnel.gpu,
        server: (SERVER.0.to_owned(), SERVER.1),
    }
}

fn table(findings: &[Finding], paint: Paint) -> String {
    let rows: Vec<(String, &Finding)> = findings
        .iter()
        .map(|finding| (words(&finding.step.title()), finding))
        .collect();
    let titles = rows.iter().map(|(title, _)| width(title));
    let wide = titles.max().unwrap_or_default();
    let verdicts = [Verdict::Ok, Verdict::Failed, Verdict::NotTested];
    let words_wide = verdicts.map(|verdict| width(&word(verdict).0));
    let word_wide = words_wide.into_iter().max().unwrap_or_default();
    let mut text = String::new();
    for (title, finding) in rows {
        let blank = " ".repeat(wide - width(&title));
        let (word, tone) = word(finding.verdict);
        let gap = " ".repeat(word_wide - width(&word));
        let word = paint.tint(tone, &word);
        let _ = writeln!(
            text,
            "{title}{blank}  {word}{gap}  {}",
            words(&finding.seen)
        );
        for cure in &finding.cures {
            let blank = " ".repeat(wide + word_wide + 4);
            let _ = writeln!(text, "{blank}→ {}", words(cure));
        }
    }
    text
}

fn word(verdict: Verdict) -> (String, Tone) {
    match verdict {
        Verdict::Ok => (say("ok", &[]), Tone::Good),
        Verdict::Failed => (say("failed", &[]), Tone::Bad),
        Verdict::NotTested => (say("not tested", &[]), Tone::Middling),
    }
}

fn words(sentence: &Sentence) -> String {
    sentence.in_words(&crate::words::template, &plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_is_shown_step_by_step_with_its_cures() {
        let config = config::parse("ddns = { provider = \"desec\", name = \"home.dedyn.io\" }");
        let wants = wants(&config.expect("a good configuration"));
        assert_eq!(wants.public_name.as_deref(), Some("home.dedyn.io"));
        assert!(wants.ddns && wants.gpu && !wants.tunnel && !wants.map);
        let findings = doctor::judge(&wants, &doctor::Seen::default());
        let text = table(&findings, Paint::none());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[..3],
            [
                "link           failed      no network adapter was found",
                "                           → plug a network cable into device and router",
                "DNS            not tested  first mend what stands above: link",
            ]
        );
        assert!(
            text.contains("\nenrolment      not tested  the tunnel is off\n"),
            "{text}"
        );
    }

    #[test]
    fn what_the_tunnel_wants_is_what_is_looked_for() {
        let text = "[tunnel]\naddress = \"203.0.113.7\"\ngpu = false\nentrance = 20099\n\
                    [ddns]\nprovider = \"desec\"\nname = \"home.dedyn.io\"\n";
        let wants = wants(&config::parse(text).expect("a good configuration"));
        assert_eq!(wants.public_name.as_deref(), Some("203.0.113.7"));
        assert_eq!((wants.gpu, wants.entrance), (false, 20099));
    }
}
