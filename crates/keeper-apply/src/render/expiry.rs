//! `expiry.conf`: the moments at which systemd ends the connections of Colab machines, a drop-in of
//! keeper-tunnel-end.timer. sshd looks at a key's time only when somebody logs in with it. For
//! systemd 245 upwards.

use tunnel::Time;

use crate::accounts::Facts;

/// In the second itself sshd still takes the key, and whoever is cut off may dial again at once.
const LATER: i64 = 5;

pub(super) fn timer(facts: &Facts) -> String {
    let moments = facts.machines.iter().map(|machine| {
        let moment = Time::at(machine.expires.seconds() + LATER).to_string();
        // systemd's way of writing it; the T and the Z of RFC 3339 are too new for 245.
        let moment = moment.replace('T', " ").replace('Z', " UTC");
        format!("OnCalendar={moment}\n")
    });
    format!("[Timer]\n{}", moments.collect::<String>())
}
