//! Somebody of the group `sudo` approves: their password, and whether their account is good, is asked of `unix_chkpwd`,
//! PAM's own helper, and whoever guesses has to wait.

use anyhow::Result;
use fs_err as fs;
use serde::{Deserialize, Serialize};
use setup::Approval;

use super::check::refuse;
use super::hands::{Hands, Kept};
use super::{account, below};
use crate::accounts::Facts;
use crate::apply::Apply;

/// Wrong ones in a row; below the root, and gone with a start of the device.
pub(super) const TRIES: &str = "run/keeper-apply/approvals.json";
/// So many may be wrong in a row.
const FREE: u32 = 3;
/// Seconds to wait after each one more.
const WAIT: u64 = 60;
/// The longest password that PAM takes, in bytes.
const LONGEST: usize = 511;
/// One sentence for all: whether there is such a person is nobody's business.
const WRONG: &str =
    "name or password is wrong or has expired, or this person is not in the group sudo";

/// Wrong tries in a row, and when the last was.
#[derive(Default, Serialize, Deserialize)]
struct Tries {
    wrong: u32,
    last: u64,
}

/// Whether the approval is good.
///
/// # Errors
/// [`Refused`](super::Refused) when it is not, or is not looked at yet.
pub(super) fn approve(apply: &Apply<'_>, hands: &dyn Hands, approval: &Approval) -> Result<()> {
    let (path, now) = (below(apply, TRIES), hands.uptime());
    let before = fs::read(&path).unwrap_or_default();
    let before: Tries = serde_json::from_slice(&before).unwrap_or_default();
    // By min: never longer than it takes, whatever the file says.
    if before.wrong >= FREE && now < before.last.min(now).saturating_add(WAIT) {
        return refuse("several approvals in a row were wrong: wait a minute");
    }
    // Counted before it is looked at, so that none who breaks off tries for nothing.
    let tries = Tries {
        wrong: before.wrong.saturating_add(1),
        last: now,
    };
    hands.write(&path, &serde_json::to_vec(&tries)?, Kept::SECRET)?;
    if !is_right(apply, hands, approval)? {
        return refuse(WRONG);
    }
    hands.remove(&path)
}

fn is_right(apply: &Apply<'_>, hands: &dyn Hands, approval: &Approval) -> Result<bool> {
    let facts = Facts::read(&apply.root, false)?;
    let password = approval.password.reveal();
    let fits = (1..=LONGEST).contains(&password.len()) && !password.contains('\0');
    let known = |(name, uid): (&String, &u32)| *name == approval.name && *uid != 0;
    let Some((name, _)) = facts.uids.iter().find(|one| known(*one)) else {
        return Ok(false);
    };
    // useradd never makes such a name; an option it must not become.
    if !fits || name.starts_with('-') || !account::is_in(apply, name, "sudo") {
        return Ok(false);
    }
    let line = format!("{password}\0");
    let said = hands.run("unix_chkpwd", &[name, "nonull"], line.as_bytes())?;
    // The same of the account as sudo is told by PAM: one that has expired, or whose password has, approves of nothing.
    Ok(said.success && hands.run("unix_chkpwd", &[name, "chkexpiry"], b"")?.success)
}
