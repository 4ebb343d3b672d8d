//! What scenarios measure: shown to whoever watches, and written down for `cargo xtask bench --keeper`.

use std::io::Write as _;

/// Shows a figure and the most that it may be. It is not held to that here: how long things take depends
/// on the machine.
///
/// With `E2E_FIGURES` a line is added to that file: what, figure, limit, separated by tabs.
///
/// # Panics
/// The file cannot be written.
pub fn note(what: &str, figure: f64, limit: f64) {
    eprintln!("    {what}: {figure:.1} (at most {limit})");
    let Some(path) = std::env::var_os("E2E_FIGURES") else {
        return;
    };
    let file = fs_err::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path);
    let line = format!("{what}\t{figure:.1}\t{limit}\n");
    file.and_then(|mut file| file.write_all(line.as_bytes()))
        .expect("figures can be written");
}
