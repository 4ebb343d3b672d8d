//! What the user sees of a long step: a bar with rate and remaining time on a terminal; elsewhere a
//! line per step and per 10 %. All of it goes to stderr.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

const BYTES: &str =
    "{spinner} {msg}  {bar:24} {bytes}/{total_bytes}  {binary_bytes_per_sec}  {eta} left";
const PARTS: &str = "{spinner} {msg}  {bar:24} {percent} %  {eta} left";
const UNSIZED: &str = "{spinner} {msg}  {elapsed}";

/// How the steps of one run are shown.
#[derive(Clone)]
pub struct Progress {
    bars: Option<MultiProgress>,
    quiet: bool,
}

/// One step under way. Dropped without [`Step::done`], it leaves no trace: the error speaks.
pub struct Step {
    title: String,
    bar: Option<ProgressBar>,
    quiet: bool,
    total: Option<u64>,
    position: AtomicU64,
    shown_tenths: AtomicU64,
    started: Instant,
}

impl Progress {
    /// Bars when stderr is a terminal, plain lines when it is not, warnings alone when `quiet`.
    pub fn new(quiet: bool) -> Self {
        let terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
        let bars = (terminal && !quiet)
            .then(|| MultiProgress::with_draw_target(ProgressDrawTarget::stderr()));
        Self { bars, quiet }
    }

    /// A step of unknown length.
    pub fn step(&self, title: impl Into<String>) -> Step {
        self.start(title.into(), None, UNSIZED)
    }

    /// A step of `total` bytes.
    pub fn bytes(&self, title: impl Into<String>, total: u64) -> Step {
        self.start(title.into(), Some(total), BYTES)
    }

    /// A step of `total` parts that are no bytes.
    pub fn parts(&self, title: impl Into<String>, total: u64) -> Step {
        self.start(title.into(), Some(total), PARTS)
    }

    /// A line that is no step: what was found, what was reused.
    pub fn note(&self, text: &str) {
        tracing::info!("{text}");
        if !self.quiet {
            self.line(text);
        }
    }

    /// A line that even `-q` shows.
    pub fn warn(&self, text: &str) {
        tracing::warn!("{text}");
        self.line(&format!("warning: {text}"));
    }

    fn line(&self, text: &str) {
        match &self.bars {
            Some(bars) => bars.suspend(|| eprintln!("{text}")),
            None => eprintln!("{text}"),
        }
    }

    fn start(&self, title: String, total: Option<u64>, template: &str) -> Step {
        tracing::info!("{title} …");
        let bar = self.bars.as_ref().map(|bars| {
            let bar = bars.add(ProgressBar::new(total.unwrap_or(0)).with_message(title.clone()));
            bar.set_style(ProgressStyle::with_template(template).expect("the templates are valid"));
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Step {
            title,
            bar,
            quiet: self.quiet,
            total,
            position: AtomicU64::new(0),
            shown_tenths: AtomicU64::new(0),
            started: Instant::now(),
        }
    }
}

impl Step {
    /// `bytes` more are done.
    pub fn advance(&self, bytes: u64) {
        let position = self.position.fetch_add(bytes, Ordering::Relaxed) + bytes;
        self.show(position);
    }

    /// What the step is at, shown behind its title on a terminal.
    pub fn detail(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}: {text}", self.title));
        }
    }

    /// Runs `work` and shows what `poll` says of it twice a second.
    pub fn watch<T>(&self, poll: impl Fn() -> u64 + Sync, work: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let watcher = scope.spawn(|| {
                while !over.load(Ordering::Relaxed) {
                    self.show(poll());
                    std::thread::park_timeout(Duration::from_millis(500));
                }
            });
            let result = work();
            over.store(true, Ordering::Relaxed);
            watcher.thread().unpark();
            result
        })
    }

    /// Ends the step well; `detail` is added to its last line.
    pub fn done(self, detail: &str) {
        let seconds = self.started.elapsed().as_secs_f64();
        let joint = if detail.is_empty() { "" } else { ": " };
        let line = format!("{}{joint}{detail} ({seconds:.1} s)", self.title);
        tracing::info!("{line}");
        // Steps too short to wait for would only hide those that were not.
        let worth_a_line = seconds >= 0.2 && !self.quiet;
        match &self.bar {
            Some(bar) if worth_a_line => {
                bar.finish_and_clear();
                bar.println(format!("✓ {line}"));
            }
            Some(bar) => bar.finish_and_clear(),
            None if worth_a_line => eprintln!("{line}"),
            None => {}
        }
    }

    fn show(&self, position: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(position);
            return;
        }
        let Some(total) = self.total.filter(|total| *total > 0 && !self.quiet) else {
            return;
        };
        let tenths = (position * 10 / total).min(10);
        if tenths > self.shown_tenths.fetch_max(tenths, Ordering::Relaxed) && tenths < 10 {
            eprintln!("{}: {} %", self.title, tenths * 10);
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
