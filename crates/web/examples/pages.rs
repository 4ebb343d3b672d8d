//! Writes every page in every language into a directory, to be looked at and photographed:
//! `cargo run -p web --example pages -- DIR`.

#[path = "../tests/pages/samples.rs"]
mod samples;

use std::path::PathBuf;
use web::pages::{STYLE, STYLE_PATH};

fn main() -> std::io::Result<()> {
    let Some(dir) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: pages DIR");
        std::process::exit(2);
    };
    fs_err::create_dir_all(&dir)?;
    // Opened as files, the pages find their style beside them.
    let style = STYLE_PATH.trim_start_matches('/');
    fs_err::write(dir.join(style), STYLE)?;
    for (name, page) in samples::pages() {
        let page = page.into_string().replace(STYLE_PATH, style);
        fs_err::write(dir.join(format!("{name}.html")), page)?;
    }
    Ok(())
}
