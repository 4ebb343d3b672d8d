//! The end of a setup: from here on the device has an owner.

use anyhow::Result;

use super::hands::Hands;
use crate::apply::Apply;
use crate::first_boot;

/// Remembers that there is an owner; that is the last durable act of a setup but the journal's end.
pub(super) fn finish(apply: &Apply<'_>, hands: &dyn Hands) -> Result<()> {
    first_boot::finish(&apply.root, hands)
}
