//! The verbs about who owns the device, from verb to function: those that its units run, and `reset`.

use std::os::fd::AsFd as _;
use std::os::unix::net::UnixStream;

use anyhow::{Context as _, Result};
use camino::Utf8Path;
use keeper_apply::{
    Apply, Away, Consent, DeviceHands, House, Ours, Place, Running, answer, end_setup, first_boot,
    network_back, reset, show_notice,
};

use crate::cli::{Card, Verb};

/// Runs one of them.
///
/// # Errors
/// As the function that it is.
pub(crate) fn run(verb: &Verb, apply: &Apply<'_>, file: &Utf8Path) -> Result<()> {
    let hands = DeviceHands::new(&apply.root);
    let changes = Ours {
        apply,
        hands: &hands,
        file,
    };
    match verb {
        Verb::FirstBoot(card) => first_boot(&place(apply, card), &changes),
        Verb::Notice(card) => show_notice(&place(apply, card)),
        Verb::EndSetup(card) => end_setup(&place(apply, card), &changes),
        Verb::Answer => answer(apply, &hands, connection()?),
        Verb::NetworkBack => network_back(apply, &hands).map(drop),
        Verb::Reset { name, .. } => {
            let consent = name.as_deref().map_or(Consent::Option, Consent::Name);
            reset(&place(apply, &Card { boot_dir: None }), consent)
        }
        other => unreachable!("{other:?} is not about the owner"),
    }
}

fn place<'a>(apply: &Apply<'_>, card: &Card) -> Place<'a> {
    let house: &dyn House = if apply.root == "/" { &Running } else { &Away };
    Place::new(&apply.root, card.boot_dir.as_deref(), house)
}

/// stdin, which systemd has made the connection.
fn connection() -> Result<UnixStream> {
    let stdin = std::io::stdin().as_fd().try_clone_to_owned();
    Ok(stdin.context("taking over the connection")?.into())
}
