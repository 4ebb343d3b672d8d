//! Man pages and shell completions of the device's command line, from its own description.
//!
//! The man pages are plain: `man` reads them as they are, a review can too, and the image is
//! compressed as a whole.

use anyhow::{Context, Result};
use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use super::Page;

/// Where the feature `keeper` has its files.
const SHARE: &str = "overlay/keeper/root/usr/share";

/// Each shell's completions, where its Debian package looks for them.
const SHELLS: [(Shell, &str); 3] = [
    (Shell::Bash, "bash-completion/completions/keeper"),
    (Shell::Zsh, "zsh/vendor-completions/_keeper"),
    (Shell::Fish, "fish/vendor_completions.d/keeper.fish"),
];

/// All of them.
///
/// # Errors
/// None with a command line whose texts are UTF-8.
pub fn pages() -> Result<Vec<Page>> {
    let mut pages = Vec::new();
    for (shell, place) in SHELLS {
        let mut script = Vec::new();
        let mut command = offered(&keeper::command());
        clap_complete::generate(shell, &mut command, "keeper", &mut script);
        pages.push(page(place, script)?);
    }
    let mut command = keeper::command().disable_help_subcommand(true);
    command.build();
    man_pages(&command, &mut pages)?;
    Ok(pages)
}

/// A command and all below it, without the options that its help does not show either.
fn offered(command: &Command) -> Command {
    let shown = command.get_arguments().filter(|arg| !arg.is_hide_set());
    let verbs = command.get_subcommands().map(offered);
    // clap keeps names for ever, and so do we: there are two dozen.
    let kept = |text: &str| -> &'static str { text.to_owned().leak() };
    Command::new(kept(command.get_name()))
        .version(command.get_version().map(kept))
        .about(command.get_about().cloned().unwrap_or_default())
        .disable_version_flag(command.get_version().is_none())
        .args(shown.cloned().collect::<Vec<_>>())
        .subcommands(verbs.collect::<Vec<_>>())
}

/// Of a command and of all below it: `keeper.1`, `keeper-config-check.1`.
fn man_pages(command: &Command, pages: &mut Vec<Page>) -> Result<()> {
    let version = concat!("keeper ", env!("CARGO_PKG_VERSION"));
    let man = Man::new(command.clone())
        .source(version)
        .manual("Colab Keeper");
    let place = format!("man/man1/{}", man.get_filename());
    let mut text = Vec::new();
    man.render(&mut text)
        .with_context(|| format!("writing {place}"))?;
    let mut page = page(&place, text)?;
    for word in ["Examples", "Example"] {
        let section = format!(".SH EXTRA\n{word}:\n");
        page.text = page.text.replace(&section, ".SH EXAMPLES\n");
    }
    pages.push(page);
    command
        .get_subcommands()
        .try_for_each(|verb| man_pages(verb, pages))
}

/// Without the blanks at the ends of lines that both generators leave.
fn page(place: &str, bytes: Vec<u8>) -> Result<Page> {
    let path = format!("{SHARE}/{place}");
    let text = String::from_utf8(bytes).with_context(|| format!("writing {path}"))?;
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let text = format!("{}\n", lines.join("\n").trim_end());
    Ok(Page { path, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(name: &str) -> String {
        let pages = pages().expect("pages");
        let mut found = pages.into_iter().filter(|page| page.path.ends_with(name));
        let page = found.next().unwrap_or_else(|| panic!("no {name}"));
        page.text
    }

    #[test]
    fn every_verb_has_its_page() {
        let pages = pages().expect("pages");
        for verb in keeper::command().get_subcommands() {
            let name = format!("/man/man1/keeper-{}.1", verb.get_name());
            let found = pages.iter().filter(|page| page.path.ends_with(&name));
            assert_eq!(found.count(), 1, "{name}");
        }
        for name in [
            "/keeper.1",
            "/keeper-config-check.1",
            "/_keeper",
            "/keeper.fish",
        ] {
            assert!(!text_of(name).is_empty(), "{name}");
        }
        assert!(!pages.iter().any(|page| page.path.contains("help")));
    }

    #[test]
    fn a_page_says_what_the_help_says() {
        let page = text_of("/keeper-status.1");
        for part in [
            ".TH keeper-status 1",
            ".SH SYNOPSIS",
            "\\-\\-watch",
            "jq \\-r .state",
        ] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(text_of("/keeper.1").contains("Exit status:"));
        let all = pages().expect("pages");
        assert!(!all.iter().any(|page| page.text.contains(".SH EXTRA")));
        assert!(!text_of("/keeper-apply.1").contains("\\-\\-program"));
    }

    #[test]
    fn shells_know_verbs_and_options() {
        for (_, place) in SHELLS {
            let script = text_of(place);
            for word in ["screenshot", "signed-in", "since"] {
                assert!(script.contains(word), "{place}: {word}");
            }
            assert!(!script.contains("program"), "{place}");
        }
    }
}
