//! Parts of the tests that run beside another one, one after the other and with a smaller share of
//! the processors: a device in software emulation mostly waits.

use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::ScopedJoinHandle;
use std::time::Instant;

use ::image::progress::Progress;
use anyhow::{Context, Result};
use cmd::Cmd;

/// The priority of a third of what others are given: a device that boots wants all that there is, and what runs beside
/// it has its own patience.
const NICE: i32 = 5;

/// A part that runs in a process of its own.
pub(super) struct Aside {
    name: String,
    command: Cmd,
    /// Whether it, and what comes after it, waits until the other lane says [`Lane::go_on`].
    waits: bool,
}

impl Aside {
    /// One that begins when those before it have ended.
    pub(super) fn new(name: String, command: Cmd) -> Self {
        Self {
            name,
            command,
            waits: false,
        }
    }

    /// One that waits, with all after it, until the other lane says [`Lane::go_on`].
    pub(super) fn later(name: String, command: Cmd) -> Self {
        Self {
            waits: true,
            ..Self::new(name, command)
        }
    }
}

/// Runs `parts` beside `main`, to which they are given as a lane. What they say is shown when each has ended.
///
/// # Errors
/// The first of them that failed, and what `main` did. All that was begun is waited for.
pub(super) fn beside(
    parts: Vec<Aside>,
    scratch: &Path,
    progress: &Progress,
    main: impl FnOnce(&Lane) -> Result<()>,
) -> Result<()> {
    std::thread::scope(|scope| {
        let (sender, ended) = channel();
        let (go, gone) = channel();
        let aside = scope.spawn(move || {
            // To Linux this is the thread's alone, and that of what it starts.
            rustix::process::setpriority_process(None, NICE).context("stepping back")?;
            for part in parts {
                if part.waits && gone.recv().is_err() {
                    // The other lane has failed, and says so.
                    return Ok(());
                }
                let name = part.name.clone();
                run(part, scratch, progress)?;
                // Nobody may wait any more.
                let _ = sender.send(name);
            }
            Ok(())
        });
        let lane = Lane { ended, go };
        let well = main(&lane);
        drop(lane);
        match (join(aside), well) {
            (Err(aside), Err(main)) => Err(main.context(format!("beside it, {aside:#}"))),
            (aside, well) => aside.and(well),
        }
    })
}

/// The lane beside, as the other one sees it.
pub(super) struct Lane {
    /// The names of the parts that have ended well.
    ended: Receiver<String>,
    go: Sender<()>,
}

impl Lane {
    /// Waits until the part has ended well; false when that will not be. To be asked in the order of the parts.
    pub(super) fn wait(&self, name: &str) -> bool {
        self.ended.iter().any(|ended| ended == name)
    }

    /// Lets a part begin that waits for it.
    pub(super) fn go_on(&self) {
        // It may have failed before.
        let _ = self.go.send(());
    }
}

fn run(part: Aside, scratch: &Path, progress: &Progress) -> Result<()> {
    let start = Instant::now();
    let said = tempfile::NamedTempFile::new_in(scratch)?;
    let (out, err) = (said.as_file().try_clone()?, said.as_file().try_clone()?);
    let shown = part.command.to_string();
    let mut process = part.command.command();
    process.stdin(Stdio::null()).stdout(out).stderr(err);
    let ended = super::parts::well(&shown, &mut process);
    eprint!(
        "\n── {}, beside it\n{}",
        part.name,
        String::from_utf8_lossy(&fs_err::read(said.path())?)
    );
    ended.with_context(|| format!("the part {:?} of the tests", part.name))?;
    progress.note(&format!(
        "── {}: well, after {:.0} s",
        part.name,
        start.elapsed().as_secs_f64()
    ));
    Ok(())
}

fn join(thread: ScopedJoinHandle<'_, Result<()>>) -> Result<()> {
    thread
        .join()
        .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(program: &str, waits: bool) -> Aside {
        let new = if waits { Aside::later } else { Aside::new };
        new("small".to_owned(), Cmd::new(program))
    }

    fn play(part: Aside, main: impl FnOnce(&Lane) -> Result<()>) -> Result<()> {
        let dir = tempfile::tempdir().expect("a scratch directory");
        beside(vec![part], dir.path(), &Progress::new(true), main)
    }

    #[test]
    fn both_failures_are_told() {
        let ended = play(part("false", false), |lane| {
            assert!(!lane.wait("small"), "it has not ended well");
            anyhow::bail!("the large one")
        });
        let said = format!("{:#}", ended.expect_err("two failures"));
        assert!(
            said.contains("\"small\"") && said.contains("the large one"),
            "{said}"
        );
    }

    #[test]
    fn what_waits_begins_when_it_may() {
        let ended = play(part("true", true), |lane| {
            lane.go_on();
            assert!(lane.wait("small"));
            Ok(())
        });
        ended.expect("both end well");
        // It would fail if it were begun.
        let ended = play(part("false", true), |_| anyhow::bail!("the large one"));
        let said = format!("{:#}", ended.expect_err("one failure"));
        assert!(!said.contains("small"), "{said}");
    }
}
