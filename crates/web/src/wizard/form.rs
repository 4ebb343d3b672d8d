//! A form that was sent: read within bounds, and turned into the answers of its page.
//!
//! What is not here: whether an answer is a good one.

use super::View;
use setup::{Draft, Field, Step};
use std::collections::BTreeMap;

/// The most bytes of a form.
pub(super) const MAX: usize = 64 * 1024;

/// The most fields of a form.
const FIELDS: usize = 64;

/// Which network was chosen of those seen: one of them, another, or none.
pub(crate) const NETWORK: &str = "network";

/// Begins the value of [`NETWORK`] that is a network's name.
pub(crate) const NAMED: char = '=';

/// The value of [`NETWORK`] that leads to a name that is typed.
pub(crate) const OTHER: &str = "other";

/// The user of GitHub whose keys are wanted: no answer, and kept nowhere.
pub(crate) const GITHUB: &str = "github";

/// What a switch sends that is on; one that is off is not sent.
pub(crate) const ON: &str = "on";

/// Carries the token.
pub(crate) const TOKEN: &str = "token";

/// Carries what was pressed.
pub(crate) const GO: &str = "go";

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Go {
    Next,
    /// As `Next`, but straight to the last page.
    Review,
    /// Keeps what was typed, and complains about nothing.
    Back,
    Check,
    Scan,
    Github,
    Router,
    Anew,
}

/// A form's fields, each there once.
pub(super) struct Form(BTreeMap<String, String>);

impl Form {
    /// Reads what a browser sends as `application/x-www-form-urlencoded`. None when that is not text,
    /// has a field twice, or more fields than any page.
    pub(super) fn parse(body: &[u8]) -> Option<Self> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            let is_text = !value.contains(['\0', char::REPLACEMENT_CHARACTER]);
            let value = value.replace("\r\n", "\n").replace('\r', "\n");
            let is_new = fields.insert(name.into_owned(), value).is_none();
            if !is_text || !is_new || fields.len() > FIELDS {
                return None;
            }
        }
        Some(Self(fields))
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    pub(super) fn go(&self) -> Go {
        match self.get(GO).unwrap_or_default() {
            "review" => Go::Review,
            "back" => Go::Back,
            "check" => Go::Check,
            "scan" => Go::Scan,
            "github" => Go::Github,
            "router" => Go::Router,
            "anew" => Go::Anew,
            _ => Go::Next,
        }
    }

    /// The answers to the page. A browser sends no switch that is off, so each switch of the page is
    /// among them.
    pub(super) fn answers(&self, step: Step, view: &View) -> Vec<(Field, String)> {
        let of_page = Field::ALL.into_iter().filter(|field| field.step() == step);
        of_page
            .filter_map(|field| Some((field, self.answer(field, view)?)))
            .collect()
    }

    fn answer(&self, field: Field, view: &View) -> Option<String> {
        let sent = self.get(field.as_str());
        if field.is_switch() {
            let ticked = sent.is_some_and(|value| !value.is_empty());
            let on = match field {
                Field::WifiOpen => self.is_open(ticked, view),
                _ => ticked,
            };
            return Some(if on { ON } else { "" }.to_owned());
        }
        let answer = match field {
            Field::WifiName => self.network(sent),
            Field::DdnsServer | Field::DdnsZone | Field::DdnsUser => {
                self.of_provider(field, &view.draft)
            }
            _ => sent,
        };
        answer.map(str::to_owned)
    }

    fn network<'a>(&'a self, typed: Option<&'a str>) -> Option<&'a str> {
        match self.get(NETWORK) {
            None | Some(OTHER) => typed,
            Some(chosen) => Some(chosen.strip_prefix(NAMED).unwrap_or_default()),
        }
    }

    /// Whether the chosen network has no password: who has typed one knows, then who has seen the network,
    /// then who has ticked.
    fn is_open(&self, ticked: bool, view: &View) -> bool {
        let typed = self.get(Field::Wifi.as_str());
        let name = self.network(self.get(Field::WifiName.as_str()));
        let networks = view.networks.iter().flatten();
        let mut seen = networks.filter(|network| Some(&*network.name) == name);
        let seen = seen
            .next()
            .map(|first| first.secured || seen.any(|one| one.secured));
        typed.is_none_or(str::is_empty) && !seen.unwrap_or(!ticked)
    }

    /// The page shows these only to whose provider wants them, and a browser sends what it does not
    /// show. An account that was set by hand for another provider stays as long as that one stays.
    fn of_provider(&self, field: Field, draft: &Draft) -> Option<&str> {
        let sent = self.get(field.as_str())?;
        let provider = self.get(Field::DdnsProvider.as_str()).unwrap_or_default();
        let wanted = provider.is_empty() || wants(provider, field);
        match field {
            _ if wanted => Some(sent),
            Field::DdnsUser if provider == draft.ddns_provider => None,
            _ => Some(""),
        }
    }
}

/// Whether this provider has a use for the field.
pub(crate) fn wants(provider: &str, field: Field) -> bool {
    match field {
        Field::DdnsServer => provider == "dyndns2",
        Field::DdnsZone => provider == "cloudflare",
        Field::DdnsUser => ["noip", "dyndns2"].contains(&provider),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(draft: Draft) -> View {
        View {
            draft,
            kept: Vec::new(),
            visited: Vec::new(),
            wired: false,
            networks: None,
            router: None,
            problems: Vec::new(),
            zones: Vec::new(),
            stale: false,
        }
    }

    fn parse(body: &str) -> Form {
        Form::parse(body.as_bytes()).expect("a form")
    }

    #[test]
    fn a_form_is_read_as_browsers_send_it() {
        let form = parse("a=1+2%20%E6%97%A5&b=x%0D%0Ay%0Dz%0A&c&d=&go=back&=");
        for (name, value) in [
            ("a", Some("1 2 日")),
            ("b", Some("x\ny\nz\n")),
            ("c", Some("")),
            ("d", Some("")),
            ("e", None),
        ] {
            assert_eq!(form.get(name), value, "{name}");
        }
        assert_eq!(form.go(), Go::Back);
    }

    #[test]
    fn what_is_not_clear_is_refused() {
        let many: String = (0..=FIELDS).map(|number| format!("f{number}=&")).collect();
        for body in [
            "a=1&a=2",
            "go=back&go=next",
            "a=%00",
            "a=%ff",
            "a=\0",
            &many,
        ] {
            assert!(Form::parse(body.as_bytes()).is_none(), "{body}");
        }
        assert!(Form::parse(b"").is_some());
    }

    #[test]
    fn an_unknown_button_goes_on() {
        for body in ["", "go=", "go=NEXT", "go=next", "go=%3Cscript%3E"] {
            assert_eq!(parse(body).go(), Go::Next, "{body}");
        }
    }

    #[test]
    fn a_switch_that_is_not_sent_is_off() {
        let answers = |body| parse(body).answers(Step::Tunnel, &view(Draft::default()));
        let value = |body, field| {
            let found = answers(body).into_iter().find(|(one, _)| *one == field);
            found.map(|(_, value)| value)
        };
        assert_eq!(value("tunnel=on", Field::Tunnel).as_deref(), Some("on"));
        assert_eq!(value("tunnel=on", Field::PaidPlan).as_deref(), Some(""));
        assert_eq!(value("tunnel=on", Field::Entrance), None);
        assert_eq!(value("password_login=on", Field::PasswordLogin), None);
    }

    #[test]
    fn the_network_that_was_chosen_counts() {
        for (body, expected) in [
            ("wifi_name=typed", Some("typed")),
            ("network=other&wifi_name=typed", Some("typed")),
            ("network=%3Dseen&wifi_name=typed", Some("seen")),
            ("network=%3D%3Dodd&wifi_name=", Some("=odd")),
            ("network=%3Dother", Some("other")),
            ("network=none&wifi_name=typed", Some("")),
            ("network=other", None),
            ("", None),
        ] {
            let answers = parse(body).answers(Step::Network, &view(Draft::default()));
            let name = answers.iter().find(|(field, _)| *field == Field::WifiName);
            assert_eq!(name.map(|(_, name)| &**name), expected, "{body}");
        }
    }

    #[test]
    fn a_network_is_open_when_it_was_seen_or_said_to_be() {
        let network = |name: &str, secured| setup::Network {
            name: name.into(),
            signal: 50,
            secured,
        };
        let mut view = view(Draft::default());
        view.networks = Some(vec![
            network("home", true),
            network("cafe", false),
            network("both", false),
            network("both", true),
        ]);
        for (body, expected) in [
            ("network=%3Dhome", ""),
            ("network=%3Dhome&wifi_open=on", ""),
            ("network=%3Dcafe", ON),
            ("network=%3Dcafe&wifi=12345678", ""),
            ("network=%3Dboth", ""),
            ("network=other&wifi_name=hidden", ""),
            ("network=other&wifi_name=hidden&wifi_open=on&wifi=", ON),
            ("network=other&wifi_name=hidden&wifi_open=on&wifi=x", ""),
            ("network=none", ""),
        ] {
            let answers = parse(body).answers(Step::Network, &view);
            let open = (Field::WifiOpen, expected.to_owned());
            assert!(answers.contains(&open), "{body}: {answers:?}");
        }
    }

    #[test]
    fn what_a_provider_has_no_use_for_is_not_kept() {
        let sent = "ddns_server=a.b&ddns_zone=c.d&ddns_user=me&ddns_provider=";
        for (before, provider, server, zone, user) in [
            ("", "", Some("a.b"), Some("c.d"), Some("me")),
            ("", "dyndns2", Some("a.b"), Some(""), Some("me")),
            ("", "cloudflare", Some(""), Some("c.d"), Some("")),
            ("cloudflare", "cloudflare", Some(""), Some("c.d"), None),
            ("noip", "noip", Some(""), Some(""), Some("me")),
            ("noip", "duckdns", Some(""), Some(""), Some("")),
        ] {
            let draft = Draft {
                ddns_provider: before.into(),
                ..Draft::default()
            };
            let answers = parse(&format!("{sent}{provider}")).answers(Step::Tunnel, &view(draft));
            let found = |field| {
                let found = answers.iter().find(|(one, _)| *one == field);
                found.map(|(_, value)| &**value)
            };
            assert_eq!(found(Field::DdnsServer), server, "{provider}");
            assert_eq!(found(Field::DdnsZone), zone, "{provider}");
            assert_eq!(found(Field::DdnsUser), user, "{provider}");
        }
    }
}
