//! `keeper status`: keeperd's answer as a table for people or as JSON.

use crate::client;
use anyhow::{Context as _, Result, bail};
use camino::Utf8Path;
use control::{
    InForce, KioskState, KioskStatus, NetworkStatus, Reply, Request, State, Status, WebStatus,
};
use std::fmt::Write as _;
use std::io::Write as _;

/// Asks keeperd and prints what it says.
pub(crate) fn show(socket: &Utf8Path, json: bool) -> Result<()> {
    let Reply::Status(status) = client::ask(socket, &Request::Status {})? else {
        bail!("keeperd answered something else than its status");
    };
    let text = if json {
        serde_json::to_string_pretty(&status)? + "\n"
    } else {
        table(&status)
    };
    std::io::stdout()
        .write_all(text.as_bytes())
        .context("writing to stdout")
}

fn table(status: &Status) -> String {
    let state = match status.state {
        State::Idle => "idle",
        State::Waiting => "waiting",
        State::Misconfigured => "misconfigured",
    };
    let config = match (status.config.in_force, status.config.problems.len()) {
        (InForce::File, _) => "in force".to_owned(),
        (InForce::Earlier, count) => format!("{}; the earlier one stays in force", problems(count)),
        (InForce::Nothing, count) => format!("{}; none is in force", problems(count)),
    };
    let uptime = duration(status.uptime_seconds);
    let mut text = format!(
        "keeperd  {}, pid {}, up {uptime}\nstate    {state}: {}\nconfig   {}: {config}\n",
        status.version, status.pid, status.reason, status.config.path
    );
    for problem in &status.config.problems {
        let _ = writeln!(text, "         {problem}");
    }
    if let Some(browser) = &status.browser {
        let _ = writeln!(text, "browser  {browser}");
    }
    let lines = [
        ("kiosk", status.kiosk.as_ref().map(kiosk)),
        ("network", status.network.as_ref().map(network)),
        ("pages", status.web.as_ref().map(pages)),
    ];
    for (name, line) in lines {
        if let Some(line) = line {
            let _ = writeln!(text, "{name:<8} {line}");
        }
    }
    text
}

fn kiosk(kiosk: &KioskStatus) -> String {
    let state = match kiosk.state {
        KioskState::Starting => "the browser is starting",
        KioskState::Running => "the browser answers",
        KioskState::NotAnswering => "the browser does not answer",
        KioskState::Absent => "no browser has come up",
    };
    let mut line = format!("{state}, for {}", duration(kiosk.for_seconds));
    if kiosk.restarts > 0 {
        let _ = write!(line, ", restarts asked for: {}", kiosk.restarts);
    }
    if let Some(detail) = &kiosk.detail {
        let _ = write!(line, " ({detail})");
    }
    line
}

fn network(network: &NetworkStatus) -> String {
    match network.notebook {
        None => network.summary.clone(),
        Some(number) => {
            let span = duration(network.for_seconds);
            format!("notebook {number}: {}, for {span}", network.summary)
        }
    }
}

fn pages(web: &WebStatus) -> String {
    match &web.problem {
        None => format!("http://{}/", web.address),
        Some(problem) => format!("none: {problem}"),
    }
}

fn problems(count: usize) -> String {
    if count == 1 {
        "1 problem".to_owned()
    } else {
        format!("{count} problems")
    }
}

/// The two largest units.
fn duration(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{minutes} min"),
        3600..86400 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} d {} h", hours % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use control::ConfigStatus;

    #[test]
    fn durations() {
        let cases = [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3661, "1 h 1 min"),
            (90_000, "1 d 1 h"),
        ];
        for (seconds, text) in cases {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn browser_network_and_pages_are_a_line_each() {
        let mut status = KioskStatus {
            state: KioskState::Running,
            detail: Some("Chrome/120.0".into()),
            for_seconds: 61,
            restarts: 0,
        };
        assert_eq!(
            kiosk(&status),
            "the browser answers, for 1 min (Chrome/120.0)"
        );
        (status.state, status.restarts) = (KioskState::NotAnswering, 2);
        status.detail = Some("no reply".into());
        assert_eq!(
            kiosk(&status),
            "the browser does not answer, for 1 min, restarts asked for: 2 (no reply)"
        );
        let mut status = NetworkStatus {
            ok: true,
            notebook: None,
            summary: "192.0.2.7 on eth0".into(),
            for_seconds: 0,
        };
        assert_eq!(network(&status), "192.0.2.7 on eth0");
        (status.notebook, status.summary) = (Some(2), "a.example answers".into());
        assert_eq!(network(&status), "notebook 2: a.example answers, for 0 s");
        let mut status = WebStatus {
            address: "127.0.0.1:8470".into(),
            problem: None,
        };
        assert_eq!(pages(&status), "http://127.0.0.1:8470/");
        status.problem = Some("taken".into());
        assert_eq!(pages(&status), "none: taken");
    }

    #[test]
    fn a_broken_configuration_is_shown_in_full() {
        let status = Status {
            version: "0.1.0".into(),
            pid: 7,
            state: State::Misconfigured,
            reason: "/x has problems".into(),
            uptime_seconds: 61,
            config: ConfigStatus {
                path: "/x".into(),
                in_force: InForce::Nothing,
                problems: vec!["/x:1: one".into(), "/x:2: two".into()],
            },
            browser: Some("waiting-for-network".into()),
            kiosk: None,
            network: None,
            web: None,
        };
        let expected = "keeperd  0.1.0, pid 7, up 1 min\n\
                        state    misconfigured: /x has problems\n\
                        config   /x: 2 problems; none is in force\n         \
                        /x:1: one\n         /x:2: two\n\
                        browser  waiting-for-network\n";
        assert_eq!(table(&status), expected);
    }
}
