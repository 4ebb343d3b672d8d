//! One notebook's watch, step by step; what holds for every course of events is in `world`.

use super::*;
use crate::recognise::Wants;
use control::NotebookState as State;
use std::time::Duration;

#[path = "tests/pauses.rs"]
mod pauses;
#[path = "tests/world.rs"]
mod world;

pub(super) const MINUTES: Duration = Duration::from_secs(600);

pub(super) fn seconds(seconds: u64) -> Time {
    Duration::from_secs(seconds)
}

pub(super) fn usual() -> Conditions {
    Conditions {
        interval: MINUTES,
        hold: None,
        person: false,
    }
}

fn held(hold: Hold) -> Conditions {
    Conditions {
        hold: Some(hold),
        ..usual()
    }
}

fn open() -> Sighting {
    Sighting::Here(Wants::Nothing)
}

/// A watch with the time that it believes it is.
struct Course {
    watch: Watch,
    now: Time,
    conditions: Conditions,
}

impl Course {
    /// From a browser that shows `sighting`.
    fn from(sighting: Sighting) -> Self {
        let mut course = Self {
            watch: Watch::new(Limits::default(), 1, 0, Time::ZERO),
            now: Time::ZERO,
            conditions: usual(),
        };
        course.run(seconds(20), &sighting);
        course
    }

    /// Lets `time` pass, in which looks see `sighting` and nothing that is done helps: what was done,
    /// and after how long.
    fn run(&mut self, time: Duration, sighting: &Sighting) -> Vec<(u64, Action)> {
        let (start, mut done) = (self.now, Vec::new());
        while self.now < start + time {
            match self.watch.next(self.now, &self.conditions) {
                Some(Action::Look) => self.watch.observe(sighting.clone(), self.now),
                Some(action) => {
                    self.watch.done(&action, Outcome::Done, self.now);
                    done.push(((self.now - start).as_secs(), action));
                }
                None => self.now = self.watch.wake(&self.conditions).min(start + time),
            }
        }
        done
    }

    /// Lets time pass until the next reload is begun.
    fn reload(&mut self) -> Action {
        loop {
            match self.watch.next(self.now, &self.conditions) {
                Some(Action::Look) => self.watch.observe(open(), self.now),
                Some(action) => return action,
                None => self.now = self.watch.wake(&self.conditions),
            }
        }
    }

    fn state(&mut self) -> State {
        let _ = self.watch.next(self.now, &self.conditions);
        self.watch.state().0
    }
}

fn kinds(done: &[(u64, Action)]) -> Vec<&Action> {
    done.iter().map(|(_, action)| action).collect()
}

#[test]
fn an_open_notebook_is_reloaded_about_every_ten_minutes() {
    let mut course = Course::from(open());
    assert_eq!(course.state(), State::Open);
    let done = course.run(seconds(6000), &open());
    assert!((9..=11).contains(&done.len()), "{done:?}");
    assert!(
        kinds(&done)
            .iter()
            .all(|action| **action == Action::Reload { asked: false })
    );
    assert_eq!(course.watch.reloads().0, done.len() as u64);
    let gaps: Vec<u64> = done.windows(2).map(|two| two[1].0 - two[0].0).collect();
    assert!(gaps.iter().all(|gap| (540..=661).contains(gap)), "{gaps:?}");
}

#[test]
fn every_minute_is_the_most() {
    let mut course = Course::from(open());
    course.conditions.interval = Duration::ZERO;
    let done = course.run(seconds(600), &open());
    assert!((9..=10).contains(&done.len()), "{done:?}");
    assert!(done.windows(2).all(|two| two[1].0 - two[0].0 >= 60));
    for _ in 0..50 {
        course.watch.ask(course.now);
        course.run(seconds(2), &open());
    }
    assert!(course.watch.reloads().0 <= 12);
}

#[test]
fn nobody_is_disturbed_at_the_desktop_except_by_request() {
    let mut course = Course::from(open());
    course.conditions.person = true;
    assert_eq!(course.run(seconds(7200), &open()), []);
    assert_eq!(course.state(), State::Open);
    assert!(course.watch.state().1.contains("somebody uses the desktop"));
    for lost in [
        Sighting::Error("x".into()),
        Sighting::Elsewhere("x".into()),
        Sighting::NoTab,
    ] {
        assert_eq!(course.run(seconds(3600), &lost), [], "{lost:?}");
    }
    course.run(seconds(20), &open());
    assert_eq!(course.watch.ask(course.now), Duration::ZERO);
    assert_eq!(
        kinds(&course.run(seconds(20), &open())),
        [&Action::Reload { asked: true }]
    );
    course.conditions.person = false;
    assert_eq!(course.run(seconds(700), &open()).len(), 1);
}

#[test]
fn somebody_who_has_just_come_is_seen_to_and_not_driven_out() {
    let mut course = Course::from(open());
    let reload = course.reload();
    assert_eq!(course.watch.state().0, State::Reloading);
    course.watch.done(&reload, Outcome::Occupied, course.now);
    assert_eq!(course.watch.reloads(), (0, None));
    let done = course.run(seconds(60), &open());
    assert_eq!(done.len(), 1, "it is tried again, soon");
    assert!(done[0].0 >= 30);
}

#[test]
fn what_only_a_person_can_answer_is_shown_and_left_alone() {
    for (wants, state) in [
        (Wants::SignIn("sso".into()), State::SignedOut),
        (Wants::Captcha, State::WaitingForPerson),
        (Wants::StillThere, State::WaitingForPerson),
        (Wants::Runtime, State::WaitingForPerson),
        (Wants::Sessions, State::WaitingForPerson),
    ] {
        let mut course = Course::from(open());
        let sighting = Sighting::Here(wants.clone());
        assert_eq!(course.run(seconds(20_000), &sighting), [], "{wants:?}");
        assert_eq!(course.state(), state);
        assert_eq!(course.watch.state().1, wants.words());
        let notice = course.watch.notice(course.now).expect("a notice");
        assert_eq!((notice.urgent, notice.text), (true, wants.words()));
        assert_eq!(course.watch.notice(course.now), None, "once");
        course.run(seconds(20), &open());
        assert_eq!(course.state(), State::Open);
        let notice = course.watch.notice(course.now).expect("another notice");
        assert_eq!((notice.urgent, &*notice.text), (false, "it is open again"));
        assert_eq!(course.watch.notice(course.now), None, "once");
        course.run(seconds(20), &sighting);
        assert_eq!(course.watch.notice(course.now), None, "not again so soon");
        course.run(seconds(20), &open());
        assert_eq!(course.watch.notice(course.now), None, "nothing was told");
    }
    let mut course = Course::from(Sighting::Asked("Sure?".into()));
    assert_eq!(
        course.run(seconds(20_000), &Sighting::Asked("Sure?".into())),
        []
    );
    assert_eq!(course.state(), State::WaitingForPerson);
}

#[test]
fn an_unknown_dialog_is_reported_and_reloads_go_on() {
    let mut course = Course::from(open());
    let unknown = Sighting::Here(Wants::Unknown("News".into()));
    let done = course.run(seconds(1200), &unknown);
    assert!(!done.is_empty());
    assert_eq!(course.state(), State::WaitingForPerson);
    assert_eq!(course.watch.state().1, "unknown dialog: News");
    assert!(course.watch.notice(course.now).is_some());
}

#[test]
fn turns_are_at_full_multiples_of_their_period() {
    for (now, period, expected) in [
        (0, 10_000, 10_000),
        (9_999, 10_000, 10_000),
        (10_000, 10_000, 20_000),
        (3_000_000_007, 20, 3_000_000_020),
    ] {
        let turn = next_turn(Time::from_millis(now), Time::from_millis(period));
        assert_eq!(turn, Time::from_millis(expected), "{now}");
    }
    assert!(next_turn(seconds(5), Time::ZERO) > seconds(5));
    assert!(next_turn(Time::MAX, seconds(1)) > seconds(5));
}

#[test]
fn a_crash_is_mended_at_once_and_a_crashing_page_restarts_the_browser() {
    let crashed = Sighting::Crashed("the page has crashed".into());
    let mut course = Course::from(open());
    course.watch.observe(crashed.clone(), course.now);
    let action = course.watch.next(course.now, &usual()).expect("an action");
    assert_eq!(action, Action::Revive);
    assert_eq!(course.watch.state().0, State::Crashed);
    course.watch.done(&action, Outcome::Done, course.now);
    let done = course.run(seconds(600), &crashed);
    let restarts: Vec<u64> = done
        .iter()
        .filter(|(_, action)| matches!(action, Action::Restart(_)))
        .map(|(at, _)| *at)
        .collect();
    assert!(restarts.len() >= 2 && restarts[0] < 120, "{done:?}");
    assert!(
        done.windows(2).all(|two| two[1].0 - two[0].0 <= 46),
        "{done:?}"
    );
}

#[test]
fn a_page_that_hangs_is_noticed_soon_and_ended_later() {
    let silent = Sighting::Silent("no answer within 7 s".into());
    let mut course = Course::from(open());
    course.watch.observe(silent.clone(), course.now);
    assert_eq!(course.state(), State::Crashed);
    let done = course.run(seconds(45), &silent);
    assert_eq!(kinds(&done), [&Action::Revive]);
    assert!((30..=40).contains(&done[0].0), "{done:?}");
}

#[test]
fn a_notebook_that_leads_elsewhere_is_left_to_a_person_in_the_end() {
    let elsewhere = Sighting::Elsewhere("sso.example".into());
    let mut course = Course::from(open());
    let done = course.run(seconds(3600), &elsewhere);
    assert_eq!(kinds(&done), [&Action::Return, &Action::Return]);
    assert_eq!(course.state(), State::WaitingForPerson);
    assert!(course.watch.notice(course.now).is_some());
}

#[test]
fn a_server_that_is_gone_is_not_reloaded_into_an_error() {
    let mut course = Course::from(open());
    let reload = course.reload();
    course.watch.done(
        &reload,
        Outcome::Unreachable("gpu does not answer".into()),
        course.now,
    );
    assert_eq!(
        (course.state(), course.watch.reloads().0),
        (State::Offline, 0)
    );
    assert_eq!(course.watch.state().1, "gpu does not answer");
    course.watch.reached(course.now);
    assert_eq!(course.run(seconds(10), &open()).len(), 1);
    assert_eq!(course.state(), State::Open);
}
