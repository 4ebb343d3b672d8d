//! The tunnel in numbers. The GPU's name is a stranger's word and stays out.

use super::Page;
use control::{TunnelState, TunnelStatus};

/// Nothing of it while the tunnel is off.
pub(super) fn tunnel(status: &TunnelStatus, page: &mut Page) {
    let states = TunnelState::ALL.map(|state| (name(state), status.state == state));
    page.states("keeper_tunnel_state", "How the tunnel is.", &states);
    let help = "Seconds since the tunnel came to be as it is.";
    page.one("keeper_tunnel_state_seconds", help, &[], status.for_seconds);
    if let Some(seconds) = status.connected_seconds {
        let help = "Seconds since the Colab machine has dialled in.";
        page.one("keeper_tunnel_connected_seconds", help, &[], seconds);
    }
    if let Some(round_trip) = status.round_trip_us {
        let help = "Time to the Colab machine's shell and back.";
        let (seconds, micros) = (round_trip / 1_000_000, round_trip % 1_000_000);
        let value = format!("{seconds}.{micros:06}");
        page.one("keeper_tunnel_round_trip_seconds", help, &[], value);
    }
    if let Some(gpu) = &status.gpu {
        let help = "Memory of the Colab machine's GPU.";
        let bytes = u128::from(gpu.memory_mib) << 20;
        page.one("keeper_tunnel_gpu_memory_bytes", help, &[], bytes);
    }
}

fn name(state: TunnelState) -> &'static str {
    match state {
        TunnelState::Waiting => "waiting",
        TunnelState::Taken => "taken",
        TunnelState::Connected => "connected",
        TunnelState::Up => "up",
        TunnelState::OtherKey => "other_key",
        TunnelState::Refused => "refused",
        TunnelState::NoSshd => "no_sshd",
        TunnelState::Silent => "silent",
        TunnelState::Unknown => "unknown",
    }
}
