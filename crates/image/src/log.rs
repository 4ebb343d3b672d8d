//! The log of one run: everything that was done and said, in a file that errors name.

use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, fmt};

/// The variable that tells the sandboxed step which file it is.
pub const FILE: &str = "COLAB_KEEPER_LOG";

/// How many logs are kept.
const KEPT: usize = 20;

/// Starts the log of `verb` below `cache`; with `verbose`, stderr shows it too. Returns its path.
///
/// # Errors
/// The cache cannot be written.
pub fn start(cache: &Path, verb: &str, verbose: bool) -> Result<PathBuf> {
    let dir = cache.join("log");
    fs_err::create_dir_all(&dir)?;
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let path = dir.join(format!("{seconds}-{verb}.log"));
    fs_err::write(&path, "")?;
    forget_old(&dir)?;
    write_to(&path, verbose)?;
    Ok(path)
}

/// The log's path in the sandboxed step, for messages; empty outside.
pub fn path() -> String {
    std::env::var(FILE).unwrap_or_default()
}

/// Goes on with the log that the outer step started, in the sandboxed one.
///
/// # Errors
/// It cannot be written.
pub fn go_on(verbose: bool) -> Result<()> {
    match std::env::var_os(FILE) {
        Some(path) => write_to(Path::new(&path), verbose),
        None => Ok(()),
    }
}

fn write_to(path: &Path, verbose: bool) -> Result<()> {
    let file = fs_err::OpenOptions::new()
        .append(true)
        .open(path)?
        .into_file();
    let to_file = fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .with_writer(file);
    let to_stderr = verbose.then(|| {
        fmt::layer()
            .with_target(false)
            .with_level(false)
            .without_time()
            .with_writer(std::io::stderr)
    });
    tracing_subscriber::registry()
        .with(to_file.with_filter(LevelFilter::DEBUG))
        .with(to_stderr.with_filter(LevelFilter::DEBUG))
        .init();
    Ok(())
}

fn forget_old(dir: &Path) -> Result<()> {
    let mut logs = Vec::new();
    for entry in fs_err::read_dir(dir)? {
        logs.push(entry?.path());
    }
    logs.sort();
    let surplus = logs.len().saturating_sub(KEPT);
    logs.into_iter()
        .take(surplus)
        .try_for_each(fs_err::remove_file)?;
    Ok(())
}
