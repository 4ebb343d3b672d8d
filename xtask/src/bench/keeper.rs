//! `cargo xtask bench --keeper`: what keeperd takes of the device, and how soon it has a notebook back,
//! as the tests' scenarios measure it.

use std::process::ExitCode;

use anyhow::{Context, Result};

use super::usage;
use crate::cli::BenchOptions;
use crate::{repository, test};

const PAGE: &str = "docs/reference/keeping.md";

/// Runs the scenarios and shows what they have measured.
///
/// # Errors
/// A scenario failed, or has measured nothing.
pub fn run(options: &BenchOptions) -> Result<ExitCode> {
    let figures = test::measure(&options.common)?;
    let page = page(&figures).with_context(|| format!("understanding {figures:?}"))?;
    print!("{page}");
    if options.write {
        fs_err::write(repository::root().join(PAGE), page)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn page(figures: &str) -> Option<String> {
    let mut page = format!(
        "# What keeping a notebook takes\n\n\
         Written by `cargo xtask bench --keeper --write`. The page and its server are the tests' own. What is said of arm64 is\n\
         measured in software emulation, the rest with a browser of the machine itself.\n\n\
         Machine: {}.\n\n\
         | | measured | at most |\n|---|---:|---:|\n",
        usage::machine()
    );
    for line in figures.lines() {
        let mut fields = line.split('\t');
        let (what, figure, limit) = (fields.next()?, fields.next()?, fields.next()?);
        page += &format!("| {what} | {figure} | {limit} |\n");
    }
    (!figures.is_empty()).then_some(page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_rows_of_a_table() {
        let page = page("a page, s\t1.5\t15\nmemory, KiB\t204.0\t4000\n").expect("figures");
        assert!(page.ends_with("| a page, s | 1.5 | 15 |\n| memory, KiB | 204.0 | 4000 |\n"));
        assert_eq!(super::page("a page\t1.5\n"), None);
        assert_eq!(super::page(""), None);
    }
}
