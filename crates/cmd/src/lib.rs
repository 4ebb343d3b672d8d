//! Runs external programs, logged, with honest errors.
//!
//! Every program that the builder starts goes through [`Cmd`]: its command line and its output land
//! in the log (target `cmd`), and its failure quotes the command line, the status and the end of
//! what it said. What to run, and what a failure means, is the caller's business.

mod error;
mod quote;

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};

pub use error::Error;
pub use quote::quote;

/// How much of a long command line an error repeats; the log has all of it.
const SHOWN_LENGTH: usize = 240;

/// How many lines of a failed program's output its error repeats.
const TAIL_LINES: usize = 12;

/// A program to run, with its arguments.
#[derive(Debug)]
pub struct Cmd {
    program: OsString,
    args: Vec<OsString>,
    envs: Vec<(OsString, OsString)>,
    clear_env: bool,
    dir: Option<PathBuf>,
    stdin: Stdin,
}

#[derive(Debug)]
enum Stdin {
    Null,
    Inherit,
    Piped(std::process::ChildStdout),
    File(std::fs::File),
}

/// What a program that ran to its end said on stdout.
#[derive(Debug)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// Its stdout, whole.
    pub stdout: Vec<u8>,
}

impl Cmd {
    /// A program found through `PATH`, or by its path. Its stdin is empty unless said otherwise.
    pub fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            args: Vec::new(),
            envs: Vec::new(),
            clear_env: false,
            dir: None,
            stdin: Stdin::Null,
        }
    }

    /// Adds one argument.
    #[must_use]
    pub fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.args.push(arg.as_ref().to_owned());
        self
    }

    /// Adds several arguments.
    #[must_use]
    pub fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.args
            .extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        self
    }

    /// Sets a variable of its environment.
    #[must_use]
    pub fn env(mut self, key: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.envs
            .push((key.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Sets several variables of its environment.
    #[must_use]
    pub fn envs(
        mut self,
        variables: impl IntoIterator<Item = (impl AsRef<OsStr>, impl AsRef<OsStr>)>,
    ) -> Self {
        let variables = variables.into_iter();
        self.envs.extend(
            variables.map(|(key, value)| (key.as_ref().to_owned(), value.as_ref().to_owned())),
        );
        self
    }

    /// Gives it nothing of our environment: only what [`Cmd::env`] sets.
    #[must_use]
    pub fn clear_env(mut self) -> Self {
        self.clear_env = true;
        self
    }

    /// Runs it in another directory.
    #[must_use]
    pub fn dir(mut self, dir: impl AsRef<Path>) -> Self {
        self.dir = Some(dir.as_ref().to_owned());
        self
    }

    /// Gives it our own stdin.
    #[must_use]
    pub fn inherit_stdin(mut self) -> Self {
        self.stdin = Stdin::Inherit;
        self
    }

    /// Feeds it another program's stdout.
    #[must_use]
    pub fn stdin_from(mut self, stdout: std::process::ChildStdout) -> Self {
        self.stdin = Stdin::Piped(stdout);
        self
    }

    /// Feeds it a file, from where that stands: the two share their place in it.
    #[must_use]
    pub fn stdin_file(mut self, file: std::fs::File) -> Self {
        self.stdin = Stdin::File(file);
        self
    }

    /// Runs it to its end; its output goes to the log.
    ///
    /// # Errors
    /// It could not be started, or did not end with status 0.
    pub fn run(self) -> Result<(), Error> {
        self.run_with(|_| {})
    }

    /// As [`Cmd::run`]; `line` sees every line that it prints, as it prints it (stdout and stderr
    /// in one stream).
    ///
    /// # Errors
    /// It could not be started, or did not end with status 0.
    pub fn run_with(self, mut line: impl FnMut(&str)) -> Result<(), Error> {
        tracing::debug!(target: "cmd", "$ {self}");
        let shown = self.shown();
        let start_error = |source| Error::Start {
            command: shown.clone(),
            source,
        };
        let (reader, writer) = std::io::pipe().map_err(start_error)?;
        let stderr = writer.try_clone().map_err(start_error)?;
        // The temporary `Command` must be gone before reading: it holds the pipe's other end.
        let mut child = self
            .command()
            .stdout(writer)
            .stderr(stderr)
            .spawn()
            .map_err(start_error)?;
        let mut tail = Tail::default();
        for text in lines(reader) {
            tracing::debug!(target: "cmd", "{text}");
            line(&text);
            tail.push(text);
        }
        let status = child.wait().map_err(start_error)?;
        finish(shown, status, &tail)
    }

    /// Runs it to its end and gives back its stdout; its stderr goes to the log.
    ///
    /// # Errors
    /// It could not be started, or did not end with status 0.
    pub fn read(self) -> Result<String, Error> {
        let shown = self.shown();
        let (output, tail) = self.capture()?;
        finish(shown, output.status, &tail)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it to its end; `take` reads its stdout as it comes, its stderr goes to the log.
    ///
    /// # Errors
    /// That of `take`, or else: it could not be started, or did not end with status 0.
    pub fn stream<T, E: From<Error>>(
        self,
        take: impl FnOnce(std::process::ChildStdout) -> Result<T, E>,
    ) -> Result<T, E> {
        let shown = self.shown();
        let (taken, status, tail) = self.follow(take)?;
        let taken = taken?;
        finish(shown, status, &tail)?;
        Ok(taken)
    }

    /// Runs it to its end; how it ended is the caller's to judge.
    ///
    /// # Errors
    /// It could not be started.
    pub fn output(self) -> Result<Output, Error> {
        self.capture().map(|(output, _)| output)
    }

    /// Starts it with its stdout piped; its stderr is ours.
    ///
    /// # Errors
    /// It could not be started.
    pub fn spawn_piped(self) -> Result<Child, Error> {
        tracing::debug!(target: "cmd", "$ {self} |");
        let shown = self.shown();
        let spawned = self.command().stdout(Stdio::piped()).spawn();
        spawned.map_err(|source| Error::Start {
            command: shown,
            source,
        })
    }

    /// The command for whoever needs more than the methods above, such as inherited stdio.
    #[allow(
        clippy::disallowed_methods,
        reason = "this is the wrapper that the ban points to"
    )]
    pub fn command(self) -> Command {
        let mut command = Command::new(&self.program);
        if self.clear_env {
            command.env_clear();
        }
        command.args(self.args).envs(self.envs);
        if let Some(dir) = self.dir {
            command.current_dir(dir);
        }
        command.stdin(match self.stdin {
            Stdin::Null => Stdio::null(),
            Stdin::Inherit => Stdio::inherit(),
            Stdin::Piped(stdout) => Stdio::from(stdout),
            Stdin::File(file) => Stdio::from(file),
        });
        command
    }

    /// The command line for an error: without the environment, and not longer than one can read.
    fn shown(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.args).map(quote);
        let line = words.collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(SHOWN_LENGTH) {
            Some((end, _)) => format!("{} …", &line[..end]),
            None => line,
        }
    }

    fn capture(self) -> Result<(Output, Tail), Error> {
        let shown = self.shown();
        let (stdout, status, tail) = self.follow(|mut pipe| {
            let mut stdout = Vec::new();
            pipe.read_to_end(&mut stdout).map(|_| stdout)
        })?;
        let stdout = stdout.map_err(|source| Error::Start {
            command: shown,
            source,
        })?;
        Ok((Output { status, stdout }, tail))
    }

    /// Runs it to its end, with `take` at its stdout.
    fn follow<T>(
        self,
        take: impl FnOnce(std::process::ChildStdout) -> T,
    ) -> Result<(T, ExitStatus, Tail), Error> {
        tracing::debug!(target: "cmd", "$ {self}");
        let shown = self.shown();
        let start_error = |source| Error::Start {
            command: shown.clone(),
            source,
        };
        let mut child = self
            .command()
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(start_error)?;
        let stderr = child.stderr.take().expect("stderr was asked to be piped");
        let talk = std::thread::spawn(move || {
            let mut tail = Tail::default();
            for text in lines(stderr) {
                tracing::debug!(target: "cmd", "{text}");
                tail.push(text);
            }
            tail
        });
        // `take` owns the pipe: when it gives up early, the program is not left waiting for it.
        let taken = take(child.stdout.take().expect("stdout was asked to be piped"));
        let status = child.wait().map_err(start_error)?;
        Ok((taken, status, talk.join().unwrap_or_default()))
    }
}

/// The command line as one could type it.
impl std::fmt::Display for Cmd {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (key, value) in &self.envs {
            write!(f, "{}={} ", key.to_string_lossy(), quote(value))?;
        }
        write!(f, "{}", quote(&self.program))?;
        self.args
            .iter()
            .try_for_each(|arg| write!(f, " {}", quote(arg)))
    }
}

/// The last lines that a program printed.
#[derive(Debug, Default)]
struct Tail(std::collections::VecDeque<String>);

impl Tail {
    fn push(&mut self, line: String) {
        if self.0.len() == TAIL_LINES {
            self.0.pop_front();
        }
        self.0.push_back(line);
    }
}

/// Lines of a stream that need not be UTF-8; ends where the stream ends or breaks.
fn lines(stream: impl Read) -> impl Iterator<Item = String> {
    let lines = BufReader::new(stream).split(b'\n').map_while(Result::ok);
    lines.map(|line| {
        String::from_utf8_lossy(&line)
            .trim_end_matches('\r')
            .to_owned()
    })
}

fn finish(command: String, status: ExitStatus, tail: &Tail) -> Result<(), Error> {
    if status.success() {
        return Ok(());
    }
    let said = tail
        .0
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join("\n");
    Err(Error::Failed {
        command,
        status,
        said,
    })
}

#[cfg(test)]
mod tests;
