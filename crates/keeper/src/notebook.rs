//! `keeper notebook`: what is in it is the `tunnel` crate's.

use std::io::Write as _;

use ::tunnel::{Wishes, notebook};
use anyhow::{Context as _, Result};
use camino::Utf8Path;

use crate::output::print;
use crate::settings;
use crate::words::say;

/// Prints it, or makes it the file `out` in one step.
pub(crate) fn run(out: Option<&Utf8Path>, config: &Utf8Path) -> Result<()> {
    let config = settings::load(config)?;
    let text = notebook(Wishes {
        gpu: config.tunnel.gpu,
        high_ram: config.tunnel.high_ram,
    });
    let Some(out) = out else {
        return print(&text);
    };
    write(out, &text).with_context(|| say("writing {}", &[&out]))
}

fn write(out: &Utf8Path, text: &str) -> Result<()> {
    let dir = match out.parent() {
        Some(dir) if !dir.as_str().is_empty() => dir,
        _ => Utf8Path::new("."),
    };
    let mut file = tempfile::NamedTempFile::new_in(dir)?;
    file.write_all(text.as_bytes())?;
    file.persist(out)?;
    Ok(())
}
