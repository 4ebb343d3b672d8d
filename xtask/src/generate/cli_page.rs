//! docs/reference/cli.md, from the command line's own description.

use clap::{Arg, ArgAction, Args, Command, CommandFactory};

use crate::cli::{Cli, CommonOptions};

/// The page, whole.
pub fn render() -> String {
    let mut cli = Cli::command();
    cli.build();
    let common = CommonOptions::augment_args(Command::new("common"));
    let is_common = |arg: &Arg| {
        common
            .get_arguments()
            .any(|other| other.get_id() == arg.get_id())
    };
    let mut page = String::from(
        "<!-- Written by `cargo xtask gen`. Change xtask/src/cli.rs instead. -->\n\
         # The command line\n\n\
         All of it is `cargo xtask VERB`; `cargo xtask VERB --help` says the same as this page.\n\
         Data goes to stdout, talk to stderr; the exit status is 0 when all went well.\n\n",
    );
    page += "| verb | what it does |\n|---|---|\n";
    for verb in verbs(&cli) {
        let name = verb.get_name();
        page += &format!(
            "| [`{name}`](#cargo-xtask-{name}) | {} |\n",
            cell(&about(verb))
        );
    }
    for verb in verbs(&cli) {
        page += &section(verb, &is_common);
    }
    page += "\n## Options of all verbs that build, boot or look into images\n\n";
    page += &table(common.get_arguments());
    page
}

fn verbs(cli: &Command) -> impl Iterator<Item = &Command> {
    cli.get_subcommands()
        .filter(|verb| verb.get_name() != "help")
}

fn section(verb: &Command, is_common: &impl Fn(&Arg) -> bool) -> String {
    let name = verb.get_name();
    let usage = verb.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let mut text = format!("\n## cargo xtask {name}\n\n{}.\n\n", about(verb));
    text += &format!("```text\n{usage}\n```\n");
    let own: Vec<&Arg> = shown(verb).filter(|arg| !is_common(arg)).collect();
    if !own.is_empty() {
        text += &format!("\n{}", table(own));
    }
    if shown(verb).any(is_common) {
        let link = "#options-of-all-verbs-that-build-boot-or-look-into-images";
        text += &format!("\nAnd the [common options]({link}).\n");
    }
    if let Some(help) = verb.get_after_help() {
        text += &format!("\n{}", examples(&help.to_string()));
    }
    text
}

fn shown(verb: &Command) -> impl Iterator<Item = &Arg> {
    verb.get_arguments()
        .filter(|arg| !arg.is_hide_set() && arg.get_id() != "help")
}

fn table<'a>(args: impl IntoIterator<Item = &'a Arg>) -> String {
    let mut text = String::from("| option | meaning |\n|---|---|\n");
    for arg in args {
        text += &format!("| {} | {} |\n", names(arg), cell(&meaning(arg)));
    }
    text
}

/// `-q`, `--quiet`; `--mirror URL`; `IMAGE`.
fn names(arg: &Arg) -> String {
    let takes_value = matches!(arg.get_action(), ArgAction::Set | ArgAction::Append);
    let value = arg
        .get_value_names()
        .and_then(|names| names.first())
        .map(ToString::to_string);
    let value = value.filter(|_| takes_value).unwrap_or_default();
    let long = arg
        .get_long()
        .map(|long| format!("`--{long} {value}`").replace(" `", "`"));
    let short = arg.get_short().map(|short| format!("`-{short}`"));
    let named: Vec<String> = short.into_iter().chain(long).collect();
    if named.is_empty() {
        format!("`{value}`")
    } else {
        named.join(", ")
    }
}

fn meaning(arg: &Arg) -> String {
    let mut text = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let possible = arg.get_possible_values();
    let possible = possible
        .iter()
        .map(|value| format!("`{}`", value.get_name()));
    if arg.get_action().takes_values() && possible.len() > 0 {
        text += &format!(": {}", possible.collect::<Vec<_>>().join(", "));
    }
    let default: Vec<_> = arg
        .get_default_values()
        .iter()
        .map(|value| value.to_string_lossy())
        .collect();
    if arg.get_action().takes_values() && !default.is_empty() {
        text += &format!(" [default: {}]", default.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        text += &format!(" [environment: {}]", variable.to_string_lossy());
    }
    text
}

/// The first part of a verb's line; behind the colon is its example.
fn about(verb: &Command) -> String {
    let text = verb
        .get_about()
        .map(ToString::to_string)
        .unwrap_or_default();
    text.split(": cargo xtask")
        .next()
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_owned()
}

/// `Examples:` and indented lines, as a heading and a block.
fn examples(help: &str) -> String {
    let lines = help.lines().filter(|line| line.trim() != "Examples:");
    let lines: Vec<&str> = lines
        .map(|line| line.strip_prefix("  ").unwrap_or(line))
        .collect();
    format!(
        "Examples:\n\n```text\n{}\n```\n",
        lines.join("\n").trim_end()
    )
}

/// Text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_verb_has_its_section_and_every_option_its_line() {
        let page = render();
        for part in [
            "| [`image`](#cargo-xtask-image) | Make a flashable image |",
            "## cargo xtask doctor\n",
            "| `--profile PROFILE` |",
            "| `-q`, `--quiet` |",
            "| `IMAGE` |",
            "[environment: COLAB_KEEPER_CACHE]",
            "`text`, `json` [default: text]",
        ] {
            assert!(page.contains(part), "{part} is not in:\n{page}");
        }
    }

    #[test]
    fn every_verb_that_is_not_trivial_has_an_example() {
        let cli = Cli::command();
        for verb in verbs(&cli) {
            let about = verb
                .get_about()
                .map(ToString::to_string)
                .unwrap_or_default();
            assert!(
                about.contains(": cargo xtask"),
                "{}: {about}",
                verb.get_name()
            );
        }
    }

    #[test]
    fn a_bar_does_not_end_a_cell() {
        assert_eq!(cell("a|b\nc"), "a\\|b c");
    }
}
