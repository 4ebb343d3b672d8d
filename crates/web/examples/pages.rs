//! Writes every page in every language into a directory, to be looked at and photographed:
//! `cargo run -p web --example pages -- DIR`.

#[path = "../tests/pages/samples.rs"]
mod samples;

#[path = "../tests/wizard/samples.rs"]
mod wizard;

#[path = "../tests/dashboard/overviews.rs"]
#[allow(dead_code, reason = "the tests need more")]
mod overviews;

use std::path::PathBuf;
use web::pages::{DASHBOARD_STYLE, DASHBOARD_STYLE_PATH, STYLE, STYLE_PATH};

fn main() -> std::io::Result<()> {
    let Some(dir) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: pages DIR");
        std::process::exit(2);
    };
    fs_err::create_dir_all(&dir)?;
    // Opened as files, the pages find their styles beside them.
    let styles = [(STYLE_PATH, STYLE), (DASHBOARD_STYLE_PATH, DASHBOARD_STYLE)];
    for (path, style) in styles {
        fs_err::write(dir.join(path.trim_start_matches('/')), style)?;
    }
    let wizard = wizard::steps().into_iter().chain(wizard::outcomes());
    let pages = samples::pages().into_iter().chain(overviews::pages());
    for (name, page) in pages.chain(wizard) {
        let page = page.into_string();
        let page = styles.iter().fold(page, |page, (path, _)| {
            page.replace(path, path.trim_start_matches('/'))
        });
        fs_err::write(dir.join(format!("{name}.html")), page)?;
    }
    Ok(())
}
