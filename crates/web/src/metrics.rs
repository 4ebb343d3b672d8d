//! keeperd's status for machines: Prometheus' text format, version 0.0.4.
//!
//! No secrets: notebooks are numbers here, since their addresses may be secret, and so is no text that
//! keeperd was told by others. A state is a gauge for each value that it can have, of which one is 1.

mod tunnel;

use control::{InForce, KeepStatus, KioskState, NotebookState, NotebookStatus, State, Status};
use std::fmt::{Display, Write as _};

/// The format's content type.
pub(crate) const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The metrics of `status`, each with its help and its type.
pub fn metrics(status: &Status) -> String {
    let mut page = Page::default();
    page.one(
        "keeper_build_info",
        "keeperd's version; always 1.",
        &[("version", &status.version)],
        1,
    );
    let help = "Seconds since keeperd started.";
    page.one("keeper_uptime_seconds", help, &[], status.uptime_seconds);
    let states = State::ALL.map(|state| (state_name(state), status.state == state));
    page.states("keeper_state", "What keeperd is doing.", &states);
    configuration(status, &mut page);
    browser(status, &mut page);
    notebooks(&status.notebooks, &mut page);
    if let Some(keep) = &status.keep {
        keeping(keep, &mut page);
    }
    if let Some(status) = &status.tunnel {
        tunnel::tunnel(status, &mut page);
    }
    page.0
}

fn configuration(status: &Status, page: &mut Page) {
    let help = "Whether a configuration is in force, and whether it is the file's.";
    let in_force = status.config.in_force;
    let states = [
        ("file", InForce::File),
        ("earlier", InForce::Earlier),
        ("nothing", InForce::Nothing),
    ];
    let states = states.map(|(name, state)| (name, in_force == state));
    page.states("keeper_config_in_force", help, &states);
    let help = "Mistakes in the configuration's file.";
    let count = status.config.problems.len();
    page.one("keeper_config_problems", help, &[], count);
}

fn browser(status: &Status, page: &mut Page) {
    if let Some(kiosk) = &status.kiosk {
        let states = KioskState::ALL.map(|state| (kiosk_name(state), kiosk.state == state));
        page.states("keeper_browser_state", "How the browser is.", &states);
        page.head(
            "keeper_browser_restarts_total",
            "Restarts of the browser that keeperd has asked for.",
            "counter",
        );
        page.value("keeper_browser_restarts_total", &[], kiosk.restarts);
    }
    if let Some(network) = &status.network {
        let help =
            "Whether the notebooks' servers answer; without notebooks, whether there is a way out.";
        page.one("keeper_network_up", help, &[], u8::from(network.ok));
    }
}

fn notebooks(notebooks: &[NotebookStatus], page: &mut Page) {
    page.one(
        "keeper_notebooks",
        "Notebooks that are kept open.",
        &[],
        notebooks.len(),
    );
    if notebooks.is_empty() {
        return;
    }
    let name = "keeper_notebook_state";
    page.head(name, "How a notebook is.", "gauge");
    for notebook in notebooks {
        let number = notebook.number.to_string();
        for state in NotebookState::ALL {
            let labels = [("notebook", &*number), ("state", notebook_name(state))];
            page.value(name, &labels, u8::from(notebook.state == state));
        }
    }
    let mut each = |name, help, kind, value: fn(&NotebookStatus) -> Option<u64>| {
        page.head(name, help, kind);
        for notebook in notebooks {
            if let Some(value) = value(notebook) {
                page.value(name, &[("notebook", &notebook.number.to_string())], value);
            }
        }
    };
    each(
        "keeper_notebook_state_seconds",
        "Seconds since a notebook came to be as it is.",
        "gauge",
        |notebook| Some(notebook.for_seconds),
    );
    each(
        "keeper_notebook_reloads_total",
        "How often a notebook has been reloaded.",
        "counter",
        |notebook| Some(notebook.reloads),
    );
    each(
        "keeper_notebook_last_reload_seconds",
        "Seconds since a notebook's last reload.",
        "gauge",
        |notebook| notebook.last_reload_seconds,
    );
    each(
        "keeper_notebook_next_reload_seconds",
        "Seconds until a notebook's next reload.",
        "gauge",
        |notebook| notebook.next_reload_seconds,
    );
}

fn keeping(keep: &KeepStatus, page: &mut Page) {
    let help = "Seconds for which notebooks are kept after a renewal.";
    let limit = u64::from(keep.hours) * 3600;
    page.one("keeper_keep_limit_seconds", help, &[], limit);
    let help = "Seconds until the keeping must be renewed.";
    page.one("keeper_keep_left_seconds", help, &[], keep.left_seconds);
    for (name, help, value) in [
        (
            "keeper_paused",
            "Whether a person has paused the keeping.",
            keep.paused,
        ),
        (
            "keeper_person_present",
            "Whether a person is using the desktop.",
            keep.person,
        ),
        (
            "keeper_signing_in",
            "Whether the browser waits for a person to sign in.",
            keep.signing_in,
        ),
    ] {
        page.one(name, help, &[], u8::from(value));
    }
}

/// The text as it grows.
#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, help: &str, kind: &str) {
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn value(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
            .collect();
        let labels = match &*labels.join(",") {
            "" => String::new(),
            labels => format!("{{{labels}}}"),
        };
        let _ = writeln!(self.0, "{name}{labels} {value}");
    }

    /// A gauge with one value.
    fn one(&mut self, name: &str, help: &str, labels: &[(&str, &str)], value: impl Display) {
        self.head(name, help, "gauge");
        self.value(name, labels, value);
    }

    fn states(&mut self, name: &str, help: &str, states: &[(&str, bool)]) {
        self.head(name, help, "gauge");
        for (state, is) in states {
            self.value(name, &[("state", state)], u8::from(*is));
        }
    }
}

fn escaped(value: &str) -> String {
    value
        .replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

fn state_name(state: State) -> &'static str {
    match state {
        State::Idle => "idle",
        State::Waiting => "waiting",
        State::Keeping => "keeping",
        State::NeedsPerson => "needs_person",
        State::Paused => "paused",
        State::Misconfigured => "misconfigured",
    }
}

fn kiosk_name(state: KioskState) -> &'static str {
    match state {
        KioskState::Starting => "starting",
        KioskState::Running => "running",
        KioskState::NotAnswering => "not_answering",
        KioskState::Absent => "absent",
    }
}

fn notebook_name(state: NotebookState) -> &'static str {
    match state {
        NotebookState::Starting => "starting",
        NotebookState::Open => "open",
        NotebookState::Reloading => "reloading",
        NotebookState::WaitingForPerson => "waiting_for_person",
        NotebookState::SignedOut => "signed_out",
        NotebookState::Crashed => "crashed",
        NotebookState::Offline => "offline",
        NotebookState::Capped => "capped",
        NotebookState::Paused => "paused",
    }
}
