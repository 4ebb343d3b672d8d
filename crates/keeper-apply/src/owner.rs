//! The verbs about who owns the device, from verb to function: those that its units run, and `reset`.

use std::io::Write as _;
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
        Verb::Reset { yes, name } => ask_and_reset(apply, *yes, name.as_deref()),
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

fn ask_and_reset(apply: &Apply<'_>, yes: bool, name: Option<&str>) -> Result<()> {
    let place = place(apply, &Card { boot_dir: None });
    if yes {
        return reset(&place, Consent::Option);
    }
    let typed = match name {
        Some(name) => name.to_owned(),
        None => ask()?,
    };
    reset(&place, Consent::Name(&typed))
}

fn ask() -> Result<String> {
    eprint!(
        "All people with their homes, all settings and all secrets of this device are removed for ever.\n\
         Type the name of the device to go on: "
    );
    std::io::stderr().flush()?;
    let mut typed = String::new();
    std::io::stdin()
        .read_line(&mut typed)
        .context("reading the name")?;
    Ok(typed)
}
