//! A status as rows of a label and what there is to say, for people.

mod tunnel;

use crate::output::{Paint, Tone, plain};
use crate::words::{say, width};
use control::{
    ConfigStatus, InForce, KeepStatus, KioskState, KioskStatus, NetworkStatus, NotebookState,
    NotebookStatus, State, Status, WebStatus,
};
use std::fmt::Write as _;

/// The least width of the labels, in columns.
const LABEL: usize = 8;

/// A label and its lines.
struct Row(String, Vec<String>);

/// The whole table.
pub(super) fn table(status: &Status, paint: Paint) -> String {
    let rows = rows(status, paint);
    let labels = rows.iter().map(|Row(label, _)| width(label));
    let wide = labels.max().unwrap_or_default().max(LABEL);
    let mut text = String::new();
    for Row(label, lines) in &rows {
        let mut label = label.as_str();
        for line in lines {
            let blank = " ".repeat(wide - width(label));
            let _ = writeln!(text, "{label}{blank} {line}");
            label = "";
        }
    }
    text
}

fn rows(status: &Status, paint: Paint) -> Vec<Row> {
    let row = |label: &str, line: String| Row(say(label, &[]), vec![line]);
    let uptime = duration(status.uptime_seconds);
    let program = say(
        "{}, pid {}, up {}",
        &[&plain(&status.version), &status.pid, &uptime],
    );
    let (word, tone) = state(status.state);
    let word = paint.tint(tone, &say(word, &[]));
    let mut rows = vec![
        row("keeperd", program),
        row("state", format!("{word}: {}", plain(&status.reason))),
        Row(say("config", &[]), config(&status.config)),
    ];
    if let Some(browser) = &status.browser {
        rows.push(row("browser", plain(browser)));
    }
    if let Some(status) = &status.kiosk {
        rows.push(row("kiosk", kiosk(status, paint)));
    }
    if let Some(status) = &status.network {
        rows.push(row("network", network(status)));
    }
    if let Some(status) = &status.web {
        rows.push(row("pages", pages(status)));
    }
    for status in &status.notebooks {
        let label = say("notebook {}", &[&status.number]);
        rows.push(Row(label, notebook(status, paint)));
    }
    if let Some(status) = &status.keep {
        rows.push(Row(say("keeping", &[]), keeping(status, paint)));
    }
    if let Some(status) = &status.tunnel {
        rows.push(Row(say("tunnel", &[]), tunnel::lines(status, paint)));
    }
    rows
}

fn state(state: State) -> (&'static str, Tone) {
    match state {
        State::Idle => ("idle", Tone::Plain),
        State::Waiting => ("waiting", Tone::Middling),
        State::Keeping => ("keeping the notebooks open", Tone::Good),
        State::NeedsPerson => ("a person is needed", Tone::Bad),
        State::Paused => ("paused", Tone::Middling),
        State::Misconfigured => ("misconfigured", Tone::Bad),
    }
}

fn config(config: &ConfigStatus) -> Vec<String> {
    let path = plain(&config.path);
    let problems = match config.problems.len() {
        1 => say("1 problem", &[]),
        count => say("{} problems", &[&count]),
    };
    let first = match config.in_force {
        InForce::File => say("{}: in force", &[&path]),
        InForce::Earlier => say(
            "{}: {}; the earlier one stays in force",
            &[&path, &problems],
        ),
        InForce::Nothing => say("{}: {}; none is in force", &[&path, &problems]),
    };
    let problems = config.problems.iter().map(|problem| plain(problem));
    std::iter::once(first).chain(problems).collect()
}

fn kiosk(kiosk: &KioskStatus, paint: Paint) -> String {
    let (state, tone) = match kiosk.state {
        KioskState::Starting => ("the browser is starting", Tone::Middling),
        KioskState::Running => ("the browser answers", Tone::Good),
        KioskState::NotAnswering => ("the browser does not answer", Tone::Bad),
        KioskState::Absent => ("no browser has come up", Tone::Bad),
    };
    let state = paint.tint(tone, &say(state, &[]));
    let mut line = say("{}, for {}", &[&state, &duration(kiosk.for_seconds)]);
    if kiosk.restarts > 0 {
        line += &say(", restarts asked for: {}", &[&kiosk.restarts]);
    }
    if let Some(detail) = &kiosk.detail {
        let _ = write!(line, " ({})", plain(detail));
    }
    line
}

fn network(network: &NetworkStatus) -> String {
    let summary = plain(&network.summary);
    match network.notebook {
        None => summary,
        Some(number) => say(
            "notebook {}: {}, for {}",
            &[&number, &summary, &duration(network.for_seconds)],
        ),
    }
}

fn pages(web: &WebStatus) -> String {
    match &web.problem {
        None => format!("http://{}/", plain(&web.address)),
        Some(problem) => say("none: {}", &[&plain(problem)]),
    }
}

fn notebook(notebook: &NotebookStatus, paint: Paint) -> Vec<String> {
    let (state, tone) = match notebook.state {
        NotebookState::Starting => ("starting", Tone::Middling),
        NotebookState::Open => ("open", Tone::Good),
        NotebookState::Reloading => ("reloading", Tone::Good),
        NotebookState::WaitingForPerson => ("a person is needed", Tone::Bad),
        NotebookState::SignedOut => ("signed out", Tone::Bad),
        NotebookState::Crashed => ("crashed", Tone::Bad),
        NotebookState::Offline => ("offline", Tone::Bad),
        NotebookState::Capped => ("its hours are over", Tone::Bad),
        NotebookState::Paused => ("paused", Tone::Middling),
    };
    let state = paint.tint(tone, &say(state, &[]));
    let first = say(
        "{}, for {}: {}",
        &[
            &state,
            &duration(notebook.for_seconds),
            &plain(&notebook.reason),
        ],
    );
    let mut url = plain(&notebook.url);
    if notebook.opened {
        url = say("{} (until `keeper close`)", &[&url]);
    }
    let mut reloads = say("reloads: {}", &[&notebook.reloads]);
    if let Some(seconds) = notebook.last_reload_seconds {
        reloads += &say(", the last one {} ago", &[&duration(seconds)]);
    }
    if let Some(seconds) = notebook.next_reload_seconds {
        reloads += &say(", the next one in {}", &[&duration(seconds)]);
    }
    vec![first, url, reloads]
}

fn keeping(keep: &KeepStatus, paint: Paint) -> Vec<String> {
    let left = if keep.left_seconds == 0 {
        let over = say(
            "the {} h are over: `keeper renew` begins them anew",
            &[&keep.hours],
        );
        paint.tint(Tone::Bad, &over)
    } else {
        let left = duration(keep.left_seconds);
        say("{} of {} h are left", &[&left, &keep.hours])
    };
    let mut lines = vec![left];
    let besides = [
        (keep.paused, "paused: `keeper resume` goes on"),
        (
            keep.person,
            "a person is using the desktop: nothing is reloaded",
        ),
        (
            keep.signing_in,
            "waiting for a sign-in: `keeper signed-in` ends it",
        ),
    ];
    let besides = besides.iter().filter(|(is, _)| *is);
    lines.extend(besides.map(|(_, text)| paint.tint(Tone::Middling, &say(text, &[]))));
    lines
}

/// The two largest units.
fn duration(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    match seconds {
        0..60 => say("{} s", &[&seconds]),
        60..3600 => say("{} min", &[&minutes]),
        3600..86400 => say("{} h {} min", &[&hours, &(minutes % 60)]),
        _ => say("{} d {} h", &[&days, &(hours % 24)]),
    }
}

#[cfg(test)]
mod tests;
