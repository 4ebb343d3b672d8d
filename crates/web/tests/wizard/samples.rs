//! One of each page of the wizard, by name. For the tests and for our eyes.

use maud::Markup;
use setup::{Draft, Fault, Field, Network, Progress, Purpose, Reason, Step, Work};
use web::pages::wizard::{Note, Outcome, Page, outcome, step};
use web::{Applying, Errand, Failure, HowToLogIn, View};

/// What a form of these pages carries.
pub const TOKEN: &str = "0123456789abcdef";

/// A page and its name, such as `setup-owner-answered-en`.
pub type Named = (String, Markup);

/// Nothing answered yet but the language.
pub fn blank(language: &str) -> View {
    View {
        draft: Draft {
            language: language.into(),
            ..Draft::default()
        },
        kept: Vec::new(),
        visited: Vec::new(),
        wired: false,
        networks: None,
        router: None,
        problems: Vec::new(),
        zones: ["Asia/Tokyo", "Europe/Berlin", "UTC"]
            .map(str::to_owned)
            .into(),
        stale: false,
    }
}

/// Everything answered, with all that the pages can show.
pub fn answered(language: &str) -> View {
    let network = |name: &str, signal, secured| Network {
        name: name.into(),
        signal,
        secured,
    };
    View {
        draft: Draft {
            language: language.into(),
            keyboard: "xx".into(),
            timezone: "Asia/Tokyo".into(),
            hostname: "colab-keeper".into(),
            wifi_country: "JP".into(),
            wifi_name: "Home & Garden".into(),
            wifi_open: false,
            owner: "hanako".into(),
            keys: "\nssh-ed25519 AAAA one\nssh-ed25519 AAAB two".into(),
            password_login: true,
            runtime: "colab".into(),
            notebooks:
                "https://colab.research.google.com/drive/x#scrollTo=y\nhttp://gpu:8888/lab?token=zz"
                    .into(),
            reload_minutes: "10".into(),
            tunnel: true,
            paid_plan: true,
            entrance: "20022".into(),
            public_port: "10022".into(),
            address: String::new(),
            ddns_provider: "cloudflare".into(),
            ddns_name: "home.example.org".into(),
            ddns_server: String::new(),
            ddns_zone: "example.org".into(),
            ddns_user: String::new(),
            router: true,
        },
        kept: vec![Field::Wifi, Field::Password, Field::Ddns],
        visited: Step::ALL.into(),
        wired: true,
        networks: Some(vec![
            network("Home & Garden", 90, true),
            network("Café", 50, false),
            network("日本", 3, true),
        ]),
        router: Some(Ok("203.0.113.7".into())),
        problems: vec!["keeper.toml:3: device.hostnam: unknown key".into()],
        ..blank(language)
    }
}

/// Every field of the page is wrong.
pub fn faults(step: Step) -> Vec<Fault> {
    let reasons = [
        Reason::Missing,
        Reason::Form,
        Reason::Line(2),
        Reason::Short,
        Reason::Provider,
    ];
    let of_page = Field::ALL.into_iter().filter(|field| field.step() == step);
    of_page
        .zip(reasons.into_iter().cycle())
        .map(|(field, reason)| Fault { field, reason })
        .collect()
}

fn states(
    purpose: Purpose,
    language: &str,
    step: Step,
) -> Vec<(&'static str, View, Vec<Fault>, Option<Note>)> {
    let refused = Failure::Refused("no <right> to".into());
    let elsewhere = View {
        router: Some(Err("no answer".into())),
        networks: Some(Vec::new()),
        ..blank(language)
    };
    let shared = View {
        router: Some(Ok("100.64.3.2".into())),
        ..answered(language)
    };
    let stale = View {
        stale: true,
        ..answered(language)
    };
    let elsewhere_wrong = || {
        let (field, reason) = (Field::Owner, Reason::Taken);
        vec![Fault { field, reason }]
    };
    // Only settings ask there for anything.
    let wrong = match (purpose, step) {
        (Purpose::FirstBoot, Step::Summary) => elsewhere_wrong(),
        _ => faults(step),
    };
    vec![
        ("blank", blank(language), vec![], None),
        ("answered", answered(language), vec![], None),
        ("wrong", answered(language), wrong, None),
        ("empty", elsewhere, vec![], Some(Note::Fine)),
        ("shared", shared, vec![], None),
        ("stale", stale, vec![], None),
        ("expired", answered(language), vec![], Some(Note::Expired)),
        (
            "failed",
            blank(language),
            vec![],
            Some(Note::Failed(Errand::Scan, refused)),
        ),
    ]
}

/// The pages of every step in every state.
pub fn steps() -> Vec<Named> {
    let mut all = Vec::new();
    for (purpose, of) in [
        (Purpose::FirstBoot, "setup"),
        (Purpose::Settings, "settings"),
    ] {
        for language in ["en", "ja"] {
            for which in Step::of(purpose) {
                for (state, view, faults, note) in states(purpose, language, which) {
                    let page = step(&Page {
                        purpose,
                        step: which,
                        view: &view,
                        faults: &faults,
                        note: note.as_ref(),
                        github: "octocat",
                        approver: "",
                        token: TOKEN,
                    });
                    all.push((format!("{of}-{}-{state}-{language}", which.as_str()), page));
                }
            }
        }
    }
    all
}

/// How the owner of the samples logs in.
pub fn how() -> HowToLogIn {
    HowToLogIn {
        hostname: "colab-keeper".into(),
        addresses: vec!["192.168.1.23".into(), "fd00::23".into()],
        owner: "hanako".into(),
        ssh: true,
    }
}

/// The pages of the work.
pub fn outcomes() -> Vec<Named> {
    let working = Applying::Working(vec![
        (Work::Check, Progress::Begun),
        (Work::Check, Progress::Done),
        (Work::Settings, Progress::Unchanged),
        (Work::Name, Progress::Begun),
    ]);
    let done = |confirm, ssh| Applying::Done {
        confirm,
        how: HowToLogIn { ssh, ..how() },
    };
    let states = [
        ("working", working, None),
        ("done", done(None, true), None),
        ("done-without-ssh", done(None, false), None),
        ("confirm", done(Some(90), true), None),
        (
            "not-confirmed",
            done(Some(9), true),
            Some(Note::Failed(Errand::Confirm, Failure::Busy)),
        ),
        (
            "failed",
            Applying::Failed("writing <a file>: No space left on device".into()),
            None,
        ),
        ("taken-back", done(Some(0), true), None),
        (
            "unknown",
            Applying::Unknown("keeper-apply has gone away before it was done".into()),
            None,
        ),
    ];
    let mut all = Vec::new();
    for (purpose, of) in [
        (Purpose::FirstBoot, "setup"),
        (Purpose::Settings, "settings"),
    ] {
        for language in [config::Language::En, config::Language::Ja] {
            let tag = if language == config::Language::En {
                "en"
            } else {
                "ja"
            };
            for (state, applying, note) in &states {
                let page = outcome(&Outcome {
                    purpose,
                    language,
                    applying,
                    note: note.as_ref(),
                    token: TOKEN,
                });
                all.extend(page.map(|page| (format!("{of}-outcome-{state}-{tag}"), page)));
            }
        }
    }
    all
}
