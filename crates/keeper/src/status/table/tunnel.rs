//! The tunnel's lines in a status.

use super::duration;
use crate::output::{Paint, Tone, plain};
use crate::words::say;
use control::{TunnelState, TunnelStatus};
use std::fmt::Write as _;

/// How the tunnel is; then what is known of the machine, or where to look.
pub(super) fn lines(status: &TunnelStatus, paint: Paint) -> Vec<String> {
    let (state, tone) = state(status.state);
    let state = paint.tint(tone, &say(state, &[]));
    let mut first = say("{}, for {}", &[&state, &duration(status.for_seconds)]);
    if let Some(detail) = &status.detail {
        let _ = write!(first, " ({})", plain(detail));
    }
    let mut lines = vec![first];
    let machine = machine(status);
    if !machine.is_empty() {
        lines.push(machine.join(&say(", ", &[])));
    }
    if tone == Tone::Bad {
        lines.push(say("`keeper doctor` looks at the whole way", &[]));
    }
    lines
}

fn state(state: TunnelState) -> (&'static str, Tone) {
    match state {
        TunnelState::Waiting => ("no Colab machine is connected", Tone::Middling),
        TunnelState::Taken => (
            "the entrance is taken by a program of this device",
            Tone::Bad,
        ),
        TunnelState::Connected => (
            "a Colab machine has dialled in and is being asked",
            Tone::Middling,
        ),
        TunnelState::Up => ("the Colab machine answers", Tone::Good),
        TunnelState::OtherKey => (
            "what is connected is not the machine that was enrolled",
            Tone::Bad,
        ),
        TunnelState::Refused => ("the machine does not take this device's key", Tone::Bad),
        TunnelState::NoSshd => ("no sshd answers on the machine", Tone::Bad),
        TunnelState::Silent => ("the machine does not answer", Tone::Bad),
        TunnelState::Unknown => ("the machine cannot be asked", Tone::Bad),
    }
}

fn machine(status: &TunnelStatus) -> Vec<String> {
    let mut said = vec![];
    if let Some(seconds) = status.connected_seconds {
        said.push(say("connected for {}", &[&duration(seconds)]));
    }
    if let Some(round_trip) = status.round_trip_us {
        // Nobody's is 0.
        said.push(say("round trip {} ms", &[&round_trip.div_ceil(1000)]));
    }
    if let Some(gpu) = &status.gpu {
        said.push(say("GPU {}, {} MiB", &[&plain(&gpu.name), &gpu.memory_mib]));
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;
    use control::Gpu;

    #[test]
    fn a_machine_that_answers_shows_what_it_is() {
        let mut status = TunnelStatus {
            state: TunnelState::Up,
            for_seconds: 61,
            detail: None,
            connected_seconds: Some(70),
            round_trip_us: Some(31_001),
            gpu: Some(Gpu {
                name: "Tesla\x1b[2J T4".into(),
                memory_mib: 15_360,
            }),
        };
        let expected = [
            "the Colab machine answers, for 1 min",
            "connected for 1 min, round trip 32 ms, GPU Tesla [2J T4, 15360 MiB",
        ];
        assert_eq!(lines(&status, Paint::none()), expected);
        status.state = TunnelState::Unknown;
        status.detail = Some("odd".into());
        (status.round_trip_us, status.gpu) = (None, None);
        let expected = [
            "the machine cannot be asked, for 1 min (odd)",
            "connected for 1 min",
            "`keeper doctor` looks at the whole way",
        ];
        assert_eq!(lines(&status, Paint::none()), expected);
        status.state = TunnelState::Waiting;
        (status.detail, status.connected_seconds) = (None, None);
        assert_eq!(
            lines(&status, Paint::none()),
            ["no Colab machine is connected, for 1 min"]
        );
    }

    #[test]
    fn every_state_has_words_of_its_own() {
        let words = TunnelState::ALL.map(|one| state(one).0);
        let different: std::collections::BTreeSet<&str> = words.into_iter().collect();
        assert_eq!(different.len(), TunnelState::ALL.len());
    }
}
