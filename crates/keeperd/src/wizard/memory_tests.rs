//! Answers of owners who stop, come back, and change their minds; and files that change meanwhile.

use super::*;
use camino::Utf8PathBuf;
use config::Config;
use setup::Secret;

struct Room {
    _dir: tempfile::TempDir,
    path: Utf8PathBuf,
}

impl Room {
    fn new() -> Self {
        let dir = tempfile::tempdir().expect("a scratch directory");
        let path = Utf8PathBuf::try_from(dir.path().join("setup.json")).expect("a UTF-8 path");
        Self { _dir: dir, path }
    }

    fn memory(&self, purpose: Purpose) -> Memory {
        Memory::new(Store::new(self.path.clone()), purpose, base)
    }
}

fn base() -> Base {
    Base {
        config: Config::default(),
        digest: digest("one"),
    }
}

fn digest(name: &str) -> Option<String> {
    Some(name.to_owned())
}

fn place(hostname: &str) -> Vec<(Field, String)> {
    vec![(Field::Hostname, hostname.to_owned())]
}

#[test]
fn answers_survive_and_secrets_do_not() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::FirstBoot);
    assert_eq!(memory.take(Step::Place, place("study")), []);
    let owner = [
        (Field::Owner, "hanako"),
        (Field::Password, "hush hush hush"),
        (Field::Again, "hush hush hush"),
    ];
    memory.take(
        Step::Owner,
        owner.map(|(field, value)| (field, value.to_owned())).into(),
    );
    let text = std::fs::read_to_string(&room.path).expect("the file");
    assert!(text.contains("hanako") && !text.contains("hush"), "{text}");
    let again = room.memory(Purpose::FirstBoot);
    assert_eq!(again.saved, memory.saved);
    assert_eq!(again.saved.draft.hostname, "study");
    assert!(again.secrets.password.is_empty());
}

#[test]
fn a_page_with_faults_is_not_answered_but_remembered() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::FirstBoot);
    memory.take(Step::Place, place("study"));
    assert_eq!(memory.saved.visited, [Step::Place]);
    let faults = memory.take(Step::Place, place("My Study"));
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].field, Field::Hostname);
    assert_eq!(memory.saved.visited, []);
    assert_eq!(memory.saved.draft.hostname, "My Study");
    // What is not on the page is nobody's to send with it.
    memory.take(Step::Language, place("other"));
    assert_eq!(memory.saved.draft.hostname, "My Study");
}

#[test]
fn secrets_are_forgotten_when_nobody_makes_use_of_the_pages() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::FirstBoot);
    memory.wake(Duration::from_secs(10));
    memory.secrets.wifi = Secret::new("hush hush");
    memory.wake(KEPT);
    memory.tire(KEPT * 2 - Duration::from_secs(1));
    assert!(!memory.secrets.wifi.is_empty());
    memory.tire(KEPT * 2);
    assert_eq!(memory.secrets, Secrets::default());
}

#[test]
fn settings_are_stale_when_the_file_has_become_another() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::Settings);
    let other = || Base {
        config: config::parse("device.hostname = \"other\"").expect("a configuration"),
        digest: digest("two"),
    };
    // Nobody has touched them: they are simply made anew.
    memory.refresh(Purpose::Settings, || digest("two"), other);
    assert_eq!(memory.saved.draft.hostname, "other");
    assert!(!memory.is_stale(|| digest("two")));
    memory.take(Step::Place, place("study"));
    memory.refresh(Purpose::Settings, || digest("three"), base);
    assert!(memory.is_stale(|| digest("three")) && memory.is_stale(|| None));
    assert_eq!(memory.saved.draft.hostname, "study");
    memory.begin(Purpose::Settings, base());
    assert!(!memory.is_stale(|| digest("one")));
    assert!(!room.path.exists());
}

#[test]
fn a_device_that_has_got_an_owner_forgets_the_answers_to_the_wizard() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::FirstBoot);
    memory.take(Step::Place, place("study"));
    memory.secrets.password = Secret::new("hush hush");
    memory.refresh(Purpose::Settings, || digest("one"), base);
    assert_eq!(memory.saved.draft.hostname, "colab-keeper");
    assert_eq!(memory.secrets, Secrets::default());
    // The same where keeperd was started in between.
    memory.saved.purpose = Purpose::FirstBoot;
    memory.take(Step::Place, place("study"));
    assert_eq!(
        room.memory(Purpose::Settings).saved.draft.hostname,
        "colab-keeper"
    );
    assert!(!room.path.exists());
}

#[test]
fn keys_are_added_once() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::FirstBoot);
    memory.saved.draft.keys = "ssh-ed25519 AAAA home".to_owned();
    let keys = [
        "ssh-ed25519 AAAA a@github",
        "ssh-rsa BBBB a@github",
        "ssh-rsa BBBB a@github",
    ];
    memory.add_keys(keys.map(str::to_owned).into());
    assert_eq!(
        memory.saved.draft.keys,
        "ssh-ed25519 AAAA home\nssh-rsa BBBB a@github"
    );
}

#[test]
fn a_time_zone_that_the_device_has_not_is_no_answer() {
    let room = Room::new();
    let mut memory = room.memory(Purpose::FirstBoot);
    let place = |zone: &str| vec![(Field::Timezone, zone.to_owned())];
    // Nobody knows which there are.
    assert_eq!(memory.take(Step::Place, place("Mars/Base")), []);
    memory.zones = ["Asia/Tokyo".to_owned(), "UTC".to_owned()].into();
    let fault = Fault {
        field: Field::Timezone,
        reason: Reason::Form,
    };
    assert_eq!(
        memory.take(Step::Place, place("Mars/Base")),
        std::slice::from_ref(&fault)
    );
    assert_eq!(memory.saved.visited, []);
    assert!(memory.check(None).contains(&fault));
    assert_eq!(memory.check(Some(Step::Notebook)), []);
    assert_eq!(memory.take(Step::Place, place("Asia/Tokyo")), []);
    assert!(!memory.check(None).contains(&fault));
}
