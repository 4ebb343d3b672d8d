//! The metrics, read by a parser that takes nothing but what the text format 0.0.4 allows, and by the
//! rules of naming that Prometheus' own checker has.

use crate::samples::status;
use control::{KioskState, NotebookState, State, Status, TunnelState};
use std::collections::{BTreeMap, BTreeSet};
use web::metrics;

/// Values by name and labels, as `name{label="value"}`.
type Samples = BTreeMap<String, f64>;

/// Reads a whole page.
fn parse(page: &str) -> Result<Samples, String> {
    let body = page.strip_suffix('\n').ok_or("no line end at the end")?;
    let mut samples = Samples::new();
    let (mut helped, mut typed) = (BTreeSet::new(), BTreeMap::new());
    let mut current = String::new();
    for line in body.split('\n') {
        let fail = |what: &str| Err(format!("{what}: {line}"));
        if let Some(rest) = line.strip_prefix("# HELP ") {
            let Some((name, help)) = rest.split_once(' ') else {
                return fail("no help");
            };
            if help.trim().is_empty() || !helped.insert(name.to_owned()) {
                return fail("help that is empty or there twice");
            }
            current = name.to_owned();
        } else if let Some(rest) = line.strip_prefix("# TYPE ") {
            let Some((name, kind)) = rest.split_once(' ') else {
                return fail("no type");
            };
            let counts = name.ends_with("_total");
            if name != current
                || !["gauge", "counter"].contains(&kind)
                || counts != (kind == "counter")
            {
                return fail("a type that does not fit");
            }
            if typed.insert(name.to_owned(), kind.to_owned()).is_some() {
                return fail("a type that is there twice");
            }
        } else {
            let (series, value) = sample(line)?;
            let name = series.split('{').next().unwrap_or_default();
            if name != current || !typed.contains_key(name) {
                return fail("not below its own help and type");
            }
            if samples.insert(series, value).is_some() {
                return fail("a series that is there twice");
            }
        }
    }
    if helped.len() != typed.len() {
        return Err("help without type".into());
    }
    Ok(samples)
}

/// Reads `name{label="value",…} number`.
fn sample(line: &str) -> Result<(String, f64), String> {
    let fail = |what: &str| format!("{what}: {line}");
    let (series, number) = line.rsplit_once(' ').ok_or(fail("no value"))?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = match number.split_once('.') {
        Some((whole, rest)) => digits(whole) && digits(rest),
        None => digits(number),
    };
    let value = number.parse::<f64>().map_err(|_| fail("no number"))?;
    let (name, labels) = match series.split_once('{') {
        Some((name, rest)) => (
            name,
            rest.strip_suffix('}').ok_or(fail("labels without end"))?,
        ),
        None => (series, ""),
    };
    if !plain || !is_name(name, ":_") || !name.starts_with("keeper_") {
        return Err(fail("no name or no number"));
    }
    let mut names = BTreeSet::new();
    let mut rest = labels;
    while !rest.is_empty() {
        let (label, after) = rest.split_once("=\"").ok_or(fail("no label"))?;
        if !is_name(label, "_") || label.starts_with("__") || !names.insert(label) {
            return Err(fail("no label's name"));
        }
        rest = value_end(after).ok_or(fail("no label's end"))?;
        rest = match rest.strip_prefix(',') {
            Some("") => return Err(fail("a comma too many")),
            Some(more) => more,
            None if rest.is_empty() => rest,
            None => return Err(fail("no comma")),
        };
    }
    Ok((series.to_owned(), value))
}

fn is_name(text: &str, besides: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || besides.contains(c);
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit())
}

/// What follows a label's closing quote.
fn value_end(text: &str) -> Option<&str> {
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return Some(&text[at + 1..]),
            '\\' => {
                let (_, escaped) = characters.next()?;
                ['\\', '"', 'n'].contains(&escaped).then_some(())?;
            }
            '\n' => return None,
            _ => {}
        }
    }
    None
}

#[track_caller]
fn read(status: &Status) -> Samples {
    let page = metrics(status);
    parse(&page).unwrap_or_else(|error| panic!("{error}\n{page}"))
}

#[test]
fn the_parser_is_strict() {
    let head = "# HELP keeper_a A.\n# TYPE keeper_a gauge\n";
    assert!(
        parse(&format!(
            "{head}keeper_a{{b=\"\\\\\\\"\\n\",c=\"}} 2\"}} 1\n"
        ))
        .is_ok()
    );
    for wrong in [
        "",
        "keeper_a 1\n",
        "# HELP keeper_a A.\nkeeper_a 1\n",
        "# HELP keeper_a\n",
        "# HELP keeper_a A.\n# TYPE keeper_a counter\n",
        "# HELP keeper_a_total A.\n# TYPE keeper_a_total gauge\n",
        &format!("{head}keeper_a 1"),
        &format!("{head}\nkeeper_a 1\n"),
        &format!("{head}keeper_b 1\n"),
        &format!("{head}keeper_a 1\nkeeper_a 1\n"),
        &format!("{head}keeper_a true\n"),
        &format!("{head}keeper_a  1\n"),
        &format!("{head}keeper_a 1.\n"),
        &format!("{head}keeper_a 1.2.3\n"),
        &format!("{head}keeper_a{{b}} 1\n"),
        &format!("{head}keeper_a{{b=\"x}} 1\n"),
        &format!("{head}keeper_a{{b=\"\\x\"}} 1\n"),
        &format!("{head}keeper_a{{b=\"x\",}} 1\n"),
        &format!("{head}keeper_a{{b=\"x\",b=\"y\"}} 1\n"),
        &format!("{head}keeper_a{{1b=\"x\"}} 1\n"),
        &format!("{head}{head}keeper_a 1\n"),
    ] {
        assert!(parse(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn a_status_is_told_in_numbers() {
    let samples = read(&status());
    for (series, value) in [
        ("keeper_build_info{version=\"0.1.0\"}", 1.0),
        ("keeper_uptime_seconds", 4000.0),
        ("keeper_state{state=\"keeping\"}", 1.0),
        ("keeper_state{state=\"idle\"}", 0.0),
        ("keeper_config_in_force{state=\"earlier\"}", 1.0),
        ("keeper_config_problems", 1.0),
        ("keeper_browser_state{state=\"running\"}", 1.0),
        ("keeper_browser_restarts_total", 2.0),
        ("keeper_network_up", 1.0),
        ("keeper_notebooks", 1.0),
        ("keeper_notebook_state{notebook=\"1\",state=\"open\"}", 1.0),
        (
            "keeper_notebook_state{notebook=\"1\",state=\"capped\"}",
            0.0,
        ),
        ("keeper_notebook_state_seconds{notebook=\"1\"}", 80.0),
        ("keeper_notebook_reloads_total{notebook=\"1\"}", 6.0),
        ("keeper_notebook_last_reload_seconds{notebook=\"1\"}", 80.0),
        ("keeper_notebook_next_reload_seconds{notebook=\"1\"}", 511.0),
        ("keeper_keep_limit_seconds", 43_200.0),
        ("keeper_keep_left_seconds", 39_000.0),
        ("keeper_paused", 0.0),
        ("keeper_person_present", 1.0),
        ("keeper_signing_in", 0.0),
        ("keeper_tunnel_state{state=\"up\"}", 1.0),
        ("keeper_tunnel_state_seconds", 70.0),
        ("keeper_tunnel_connected_seconds", 72.0),
        ("keeper_tunnel_round_trip_seconds", 1.031),
        ("keeper_tunnel_gpu_memory_bytes", 16_106_127_360.0),
    ] {
        assert_eq!(samples.get(series), Some(&value), "{series}: {samples:#?}");
    }
}

#[test]
fn of_the_values_of_a_state_one_is_1() {
    let mut status = status();
    let one_of = |status: &Status, start: &str, count: usize| {
        let samples = read(status);
        let of: Vec<_> = samples
            .iter()
            .filter(|(name, _)| name.starts_with(start))
            .collect();
        assert_eq!(of.len(), count, "{of:?}");
        assert_eq!(of.iter().map(|(_, value)| **value).sum::<f64>(), 1.0);
        let set = of.iter().find(|(_, value)| **value == 1.0);
        set.expect("a value that is 1").0.to_string()
    };
    let mut seen = BTreeSet::new();
    for state in State::ALL {
        status.state = state;
        seen.insert(one_of(&status, "keeper_state{", 6));
    }
    for state in KioskState::ALL {
        status.kiosk.as_mut().expect("a browser").state = state;
        seen.insert(one_of(&status, "keeper_browser_state{", 4));
    }
    for state in NotebookState::ALL {
        status.notebooks[0].state = state;
        seen.insert(one_of(&status, "keeper_notebook_state{", 9));
    }
    for state in TunnelState::ALL {
        status.tunnel.as_mut().expect("a tunnel").state = state;
        seen.insert(one_of(&status, "keeper_tunnel_state{", 9));
    }
    assert_eq!(seen.len(), 6 + 4 + 9 + 9);
}

#[test]
fn nothing_secret_is_told() {
    let page = metrics(&status());
    for secret in ["secret", "notebook.example", "://", "/etc"] {
        assert!(!page.contains(secret), "{secret}: {page}");
    }
}

#[test]
fn what_is_unknown_is_left_out() {
    let mut status = status();
    status.version = "1\"\\\n2".into();
    (status.kiosk, status.network, status.keep) = (None, None, None);
    status.tunnel = None;
    status.notebooks.push(status.notebooks[0].clone());
    status.notebooks[1].number = 2;
    status.notebooks[1].last_reload_seconds = None;
    let samples = read(&status);
    assert!(!samples.keys().any(|name| name.contains("browser")));
    assert!(!samples.contains_key("keeper_keep_left_seconds"));
    assert!(!samples.keys().any(|name| name.contains("tunnel")));
    assert!(!samples.contains_key("keeper_notebook_last_reload_seconds{notebook=\"2\"}"));
    assert!(samples.contains_key("keeper_notebook_reloads_total{notebook=\"2\"}"));
    status.notebooks.clear();
    let samples = read(&status);
    assert_eq!(samples.get("keeper_notebooks"), Some(&0.0));
    assert!(
        !samples
            .keys()
            .any(|name| name.starts_with("keeper_notebook_"))
    );
}
