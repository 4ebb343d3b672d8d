//! Any course of events: a small world with a browser, a page and people in it, in which anything
//! happens in any order; then it comes to rest, and the notebook must be back.

use super::*;
use proptest::prelude::*;

/// What can happen to the world.
#[derive(Debug, Clone)]
enum Turn {
    /// Nothing, for so many seconds.
    Wait(u64),
    /// The machine sleeps for so many seconds.
    Suspend(u64),
    /// The tab comes to be so, as it will be seen.
    Become(Sighting),
    /// The tab tells so by itself.
    Tell(Sighting),
    /// The notebook's server comes or goes.
    Server(bool),
    Person(bool),
    Hold(Option<Hold>),
    Ask,
}

fn sightings() -> impl Strategy<Value = Sighting> {
    prop::sample::select(vec![
        Sighting::NoBrowser("x".into()),
        Sighting::NoTab,
        Sighting::Silent("x".into()),
        Sighting::Crashed("x".into()),
        Sighting::Error("x".into()),
        Sighting::Start("x".into()),
        Sighting::Elsewhere("x".into()),
        Sighting::Asked("x".into()),
        Sighting::Here(Wants::Nothing),
        Sighting::Here(Wants::SignIn("x".into())),
        Sighting::Here(Wants::Captcha),
        Sighting::Here(Wants::StillThere),
        Sighting::Here(Wants::Unknown("x".into())),
    ])
}

fn turns() -> impl Strategy<Value = Vec<Turn>> {
    let holds = vec![
        None,
        None,
        Some(Hold::Paused),
        Some(Hold::Capped(12)),
        Some(Hold::SigningIn),
    ];
    let turn = prop_oneof![
        3 => (1..900_u64).prop_map(Turn::Wait),
        1 => (1..90_000_u64).prop_map(Turn::Suspend),
        3 => sightings().prop_map(Turn::Become),
        2 => sightings().prop_map(Turn::Tell),
        1 => any::<bool>().prop_map(Turn::Server),
        1 => any::<bool>().prop_map(Turn::Person),
        1 => prop::sample::select(holds).prop_map(Turn::Hold),
        2 => Just(Turn::Ask),
    ];
    prop::collection::vec(turn, 0..40)
}

struct World {
    watch: Watch,
    now: Time,
    conditions: Conditions,
    server: bool,
    tab: Sighting,
    /// When the watch began which action.
    done: Vec<(Time, Action)>,
}

impl World {
    fn turn(&mut self, turn: Turn) {
        match turn {
            Turn::Wait(time) => self.run(seconds(time)),
            Turn::Suspend(time) => self.now += seconds(time),
            Turn::Become(sighting) => self.tab = sighting,
            Turn::Tell(sighting) => {
                self.watch.observe(sighting.clone(), self.now);
                self.tab = sighting;
            }
            Turn::Server(up) => self.server = up,
            Turn::Person(there) => self.conditions.person = there,
            Turn::Hold(hold) => self.conditions.hold = hold,
            Turn::Ask => drop(self.watch.ask(self.now)),
        }
    }

    fn run(&mut self, time: Duration) {
        let end = self.now + time;
        let mut steps = 0;
        while self.now < end {
            steps += 1;
            assert!(
                steps < 10 * (time.as_secs() + 10),
                "it goes round in circles: {:?}",
                self.watch
            );
            self.step(end);
        }
    }

    fn step(&mut self, end: Time) {
        let action = self.watch.next(self.now, &self.conditions);
        self.check();
        let Some(action) = action else {
            let wake = self.watch.wake(&self.conditions);
            assert!(
                wake > self.now && wake <= self.now + seconds(30),
                "{wake:?} at {:?}",
                self.now
            );
            self.now = wake.min(end);
            return;
        };
        self.may(&action);
        let outcome = match &action {
            Action::Look => {
                if self.watch.is_unreachable() && self.server {
                    self.watch.reached(self.now);
                }
                return self.watch.observe(self.tab.clone(), self.now);
            }
            _ if matches!(self.tab, Sighting::NoBrowser(_)) => Outcome::Seen(self.tab.clone()),
            Action::Restart(_) => {
                self.tab = Sighting::NoTab;
                Outcome::Done
            }
            _ if !self.server => Outcome::Unreachable("x".into()),
            _ => {
                self.now += seconds(3);
                self.tab = open();
                Outcome::Done
            }
        };
        self.watch.done(&action, outcome, self.now);
        self.done.push((self.now, action));
    }

    /// What must hold at any time.
    fn check(&self) {
        let (state, reason, since) = self.watch.state();
        assert!(!reason.is_empty() && since <= self.now, "{state:?}");
        let expected = match self.conditions.hold {
            Some(Hold::Paused) => State::Paused,
            Some(Hold::Capped(_)) => State::Capped,
            Some(Hold::SigningIn) => State::SignedOut,
            None => return assert!(!matches!(state, State::Paused | State::Capped), "{state:?}"),
        };
        assert_eq!(state, expected);
    }

    /// What must hold of an action.
    fn may(&self, action: &Action) {
        assert_eq!(self.conditions.hold, None, "{action:?}");
        if let Action::Reload { asked } = action {
            assert!(*asked || !self.conditions.person, "somebody is disturbed");
            let last = self
                .done
                .iter()
                .rev()
                .find(|(_, done)| matches!(done, Action::Reload { .. }));
            // The last one that came about.
            if let (Some((_, Some(at))), Some(_)) = (Some(self.watch.reloads()), last) {
                assert!(self.now >= at + seconds(60), "twice within a minute");
            }
        }
        let lately = self
            .done
            .iter()
            .rev()
            .take_while(|(at, _)| *at + seconds(60) > self.now);
        assert!(lately.count() < 20, "{:?}", self.done);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_happens_the_notebook_is_never_lost(seed in any::<u64>(), turns in turns()) {
        let mut world = World {
            watch: Watch::new(Limits::default(), seed, 0, Time::ZERO),
            now: Time::ZERO,
            conditions: usual(),
            server: true,
            tab: Sighting::NoBrowser("x".into()),
            done: Vec::new(),
        };
        for turn in turns {
            world.turn(turn);
        }
        // The world comes to rest: a browser, a server, nobody there. What a person had to answer is
        // answered.
        (world.server, world.conditions) = (true, usual());
        world.tab = match world.tab {
            Sighting::NoBrowser(_) => Sighting::NoTab,
            Sighting::Here(_) | Sighting::Asked(_) => open(),
            Sighting::Elsewhere(_) if world.watch.reloads().0.is_multiple_of(2) => open(),
            tab => tab,
        };
        let strays = matches!(world.tab, Sighting::Elsewhere(_));
        world.run(seconds(240));
        let state = world.watch.state().0;
        // A tab that was taken back often enough waits for a person, and that is shown.
        let waits = strays && state == State::WaitingForPerson;
        prop_assert!(matches!(state, State::Open | State::Reloading) || waits, "{:?}", world.watch);
        if waits {
            world.watch.ask(world.now);
            world.run(seconds(120));
            prop_assert!(matches!(world.watch.state().0, State::Open | State::Reloading));
        }
        let before = world.watch.reloads().0;
        world.run(seconds(3600));
        let reloads = world.watch.reloads().0 - before;
        prop_assert!((4..=7).contains(&reloads), "{} reloads in an hour", reloads);
    }
}
