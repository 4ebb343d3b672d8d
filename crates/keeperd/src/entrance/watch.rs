//! What is known of the tunnel, and when the machine is asked: a state machine without I/O.

use control::{Answer, Machine, TunnelState, TunnelStatus};
use std::time::{Duration, Instant};

/// The time between two questions.
pub(super) const PERIOD: Duration = Duration::from_secs(60);
/// The most characters of another account's text that go on.
const SHOWN: usize = 200;

/// Who holds the entrance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holder {
    /// Nobody.
    Nobody,
    /// A Colab machine, by the number of the socket, which is another one each time it dials.
    Machine(u64),
    /// A program of this account's.
    Program(u32),
}

/// A question under way, or answered.
#[derive(Debug, Clone, Copy)]
struct Asked {
    number: u64,
    at: Instant,
    answered: bool,
}

/// The watch over the entrance.
pub(super) struct Watch {
    holder: Holder,
    /// Since when it is held by whoever holds it.
    held_since: Instant,
    /// What the machine was found to be.
    machine: Option<Machine>,
    asked: Option<Asked>,
    next_number: u64,
    state: TunnelState,
    since: Instant,
}

impl Watch {
    /// `number` is that of the first question.
    pub(super) fn new(number: u64, now: Instant) -> Self {
        Self {
            holder: Holder::Nobody,
            held_since: now,
            machine: None,
            asked: None,
            next_number: number,
            state: TunnelState::Waiting,
            since: now,
        }
    }

    /// Who holds the entrance now.
    pub(super) fn see(&mut self, holder: Holder, now: Instant) {
        if holder != self.holder {
            self.holder = holder;
            self.held_since = now;
            // What was known was another machine's.
            (self.machine, self.asked) = (None, None);
        }
        self.settle(now);
    }

    /// What was found. Nothing but the answer to the question under way counts.
    pub(super) fn hear(&mut self, answer: Answer, now: Instant) {
        if let Some(asked) = &mut self.asked
            && asked.number == answer.number
        {
            asked.answered = true;
            self.machine = Some(answer.machine);
            self.settle(now);
        }
    }

    /// The number of the question that is to be asked now, if any.
    pub(super) fn ask(&mut self, now: Instant) -> Option<u64> {
        if !matches!(self.holder, Holder::Machine(_)) {
            return None;
        }
        if let Some(asked) = &self.asked {
            if now.saturating_duration_since(asked.at) < PERIOD {
                return None;
            }
            if !asked.answered {
                let why = "keeper-tunnel-ask.service does not answer".to_owned();
                self.machine = Some(Machine::Unknown { why });
                self.settle(now);
            }
        }
        let number = self.next_number;
        self.next_number = self.next_number.wrapping_add(1);
        self.asked = Some(Asked {
            number,
            at: now,
            answered: false,
        });
        Some(number)
    }

    /// Whether a question is under way.
    pub(super) fn is_waiting(&self) -> bool {
        self.asked.is_some_and(|asked| !asked.answered)
    }

    pub(super) fn state(&self) -> TunnelState {
        self.state
    }

    pub(super) fn status(&self, now: Instant) -> TunnelStatus {
        let seconds = |since: Instant| now.saturating_duration_since(since).as_secs();
        let is_machine = matches!(self.holder, Holder::Machine(_));
        let (round_trip_us, gpu) = match &self.machine {
            Some(Machine::Up { round_trip_us, gpu }) => (Some(*round_trip_us), gpu.clone()),
            _ => (None, None),
        };
        let detail = match (&self.holder, &self.machine) {
            (Holder::Program(uid), _) => Some(format!("account {uid}")),
            (_, Some(Machine::Unknown { why })) => Some(why.chars().take(SHOWN).collect()),
            _ => None,
        };
        TunnelStatus {
            state: self.state,
            for_seconds: seconds(self.since),
            detail,
            connected_seconds: is_machine.then(|| seconds(self.held_since)),
            round_trip_us,
            gpu,
        }
    }

    fn settle(&mut self, now: Instant) {
        let state = match (&self.holder, &self.machine) {
            (Holder::Nobody, _) => TunnelState::Waiting,
            (Holder::Program(_), _) => TunnelState::Taken,
            (Holder::Machine(_), None) => TunnelState::Connected,
            (Holder::Machine(_), Some(machine)) => match machine {
                Machine::Up { .. } => TunnelState::Up,
                Machine::OtherKey => TunnelState::OtherKey,
                Machine::Refused => TunnelState::Refused,
                Machine::NoSshd => TunnelState::NoSshd,
                Machine::Silent => TunnelState::Silent,
                Machine::Unknown { .. } => TunnelState::Unknown,
            },
        };
        if state != self.state {
            (self.state, self.since) = (state, now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use control::Gpu;

    fn up() -> Machine {
        Machine::Up {
            round_trip_us: 31_000,
            gpu: Some(Gpu {
                name: "Tesla T4".into(),
                memory_mib: 15_360,
            }),
        }
    }

    /// A watch, and a clock that the test turns.
    struct Case {
        watch: Watch,
        now: Instant,
    }

    impl Case {
        fn new() -> Self {
            let now = Instant::now();
            let watch = Watch::new(100, now);
            Self { watch, now }
        }

        fn pass(&mut self, seconds: u64) {
            self.now += Duration::from_secs(seconds);
        }

        fn see(&mut self, holder: Holder) -> Option<u64> {
            self.watch.see(holder, self.now);
            self.watch.ask(self.now)
        }

        fn hear(&mut self, number: u64, machine: Machine) {
            self.watch.hear(Answer { number, machine }, self.now);
        }

        fn status(&self) -> TunnelStatus {
            self.watch.status(self.now)
        }
    }

    #[test]
    fn a_machine_is_asked_at_once_and_then_every_minute() {
        let mut case = Case::new();
        assert_eq!(case.see(Holder::Nobody), None);
        assert_eq!(case.status().state, TunnelState::Waiting);
        case.pass(10);
        assert_eq!(case.see(Holder::Machine(1)), Some(100));
        assert_eq!(case.status().state, TunnelState::Connected);
        case.pass(2);
        case.hear(100, up());
        assert!(!case.watch.is_waiting());
        for _ in 0..5 {
            case.pass(10);
            assert_eq!(case.see(Holder::Machine(1)), None);
        }
        let status = case.status();
        assert_eq!((status.state, status.for_seconds), (TunnelState::Up, 50));
        assert_eq!(status.connected_seconds, Some(52));
        assert_eq!(status.round_trip_us, Some(31_000));
        assert_eq!(status.gpu.expect("a GPU").name, "Tesla T4");
        case.pass(10);
        assert_eq!(case.see(Holder::Machine(1)), Some(101));
        // Until that is answered the last answer holds.
        assert_eq!(case.status().state, TunnelState::Up);
        case.hear(101, Machine::Silent);
        let status = case.status();
        assert_eq!((status.state, status.for_seconds), (TunnelState::Silent, 0));
        assert_eq!((status.round_trip_us, status.gpu), (None, None));
    }

    #[test]
    fn a_machine_that_dials_again_is_another_one() {
        let mut case = Case::new();
        assert_eq!(case.see(Holder::Machine(1)), Some(100));
        case.hear(100, up());
        case.pass(10);
        assert_eq!(case.see(Holder::Machine(2)), Some(101));
        assert_eq!(case.status().state, TunnelState::Connected);
        assert_eq!(case.status().connected_seconds, Some(0));
        // What the first one has said comes late.
        case.hear(100, up());
        assert_eq!(case.status().state, TunnelState::Connected);
        case.pass(10);
        assert_eq!(case.see(Holder::Nobody), None);
        let status = case.status();
        assert_eq!(status.state, TunnelState::Waiting);
        assert_eq!((status.connected_seconds, status.gpu), (None, None));
        case.hear(101, up());
        assert_eq!(case.status().state, TunnelState::Waiting);
    }

    #[test]
    fn an_answer_that_never_comes_is_told() {
        let mut case = Case::new();
        assert_eq!(case.see(Holder::Machine(1)), Some(100));
        case.pass(59);
        assert_eq!(case.see(Holder::Machine(1)), None);
        case.pass(1);
        assert_eq!(case.see(Holder::Machine(1)), Some(101));
        let status = case.status();
        assert_eq!(status.state, TunnelState::Unknown);
        let why = status.detail.expect("a reason");
        assert!(why.starts_with("keeper-tunnel-ask.service"), "{why}");
        case.hear(101, up());
        assert_eq!(case.status().detail, None);
    }

    #[test]
    fn a_program_in_the_machine_s_place_is_named_and_not_asked() {
        let mut case = Case::new();
        assert_eq!(case.see(Holder::Program(1000)), None);
        let status = case.status();
        assert_eq!(status.state, TunnelState::Taken);
        assert_eq!(status.detail.as_deref(), Some("account 1000"));
        assert_eq!(status.connected_seconds, None);
    }

    #[test]
    fn every_finding_has_a_state_of_its_own() {
        let why = "x".repeat(1000);
        let machines = [
            up(),
            Machine::OtherKey,
            Machine::Refused,
            Machine::NoSshd,
            Machine::Silent,
            Machine::Unknown { why },
        ];
        let mut seen = vec![];
        for machine in machines {
            let mut case = Case::new();
            case.see(Holder::Machine(1));
            case.hear(100, machine);
            assert!(!seen.contains(&case.watch.state()));
            seen.push(case.watch.state());
            assert!(case.status().detail.unwrap_or_default().len() <= SHOWN);
        }
    }
}
