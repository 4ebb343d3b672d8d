//! The private apt: its directory, its configuration, `update` and `download`.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use cmd::Cmd;

use super::{Package, Request, host, made_at};
use crate::digest;
use crate::hint::Hint;
use crate::progress::Progress;

/// An apt of our own for one [`Request`]: `apt.conf`, package lists and downloaded files below one
/// directory.
pub struct Apt {
    pub(super) request: Request,
    dir: PathBuf,
    debs: PathBuf,
}

impl Apt {
    /// Sets it up below `cache`. Requests with the same sources share their lists; all requests
    /// share the downloaded packages.
    ///
    /// # Errors
    /// The cache is not writable, or the host's apt is missing.
    pub fn new(cache: &Path, request: &Request) -> Result<Self> {
        let keyring = request.keyring.file_name();
        let sources = (&request.arch, &request.sources, keyring);
        let key = digest::of(&(sources, digest::of_bytes(request.installed.as_bytes())));
        let apt = Self {
            request: request.clone(),
            dir: cache.join("apt").join(&key[..16]),
            debs: cache.join("debs"),
        };
        for dir in ["lists/partial", "empty.d"] {
            fs_err::create_dir_all(apt.dir.join(dir))?;
        }
        fs_err::create_dir_all(apt.debs.join("partial"))?;
        fs_err::write(apt.dir.join("status"), &request.installed)?;
        fs_err::write(apt.dir.join("sources.list"), apt.sources_list())?;
        fs_err::write(apt.config(), apt.configuration()?)?;
        Ok(apt)
    }

    /// Where the .deb files are.
    pub fn debs(&self) -> &Path {
        &self.debs
    }

    /// Fetches the package lists when there are none, or when asked to.
    ///
    /// # Errors
    /// A source cannot be reached or its signature is wrong.
    pub fn update(&self, refresh: bool, progress: &Progress) -> Result<()> {
        let stamp = self.dir.join("updated");
        if stamp.exists() && !refresh {
            return Ok(());
        }
        let step = progress.step(format!("package lists for {}", self.request.arch));
        let update = self
            .apt_get()
            .args(["-q", "-o", "APT::Update::Error-Mode=any", "update"]);
        talk(update)
            .with_context(|| format!("fetching the package lists of {}", self.site_names()))
            .hint("check the network or name another mirror with --mirror URL")?;
        fs_err::write(stamp, "")?;
        step.done("");
        Ok(())
    }

    /// Brings the files of `packages` into the cache and verifies each one.
    ///
    /// # Errors
    /// A file cannot be fetched after several tries, or is not what the archive signed for.
    pub fn download(&self, packages: &[Package], progress: &Progress) -> Result<()> {
        self.discard_damaged(packages, progress)?;
        let missing: Vec<_> = packages
            .iter()
            .filter(|package| !self.file(package).exists())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        let bytes = missing.iter().map(|package| package.size).sum();
        let title = format!(
            "downloading {} {} packages",
            missing.len(),
            self.request.arch
        );
        let step = progress.bytes(title, bytes);
        // The whole closure, so that apt has nothing left to choose; what is there it leaves.
        let names = packages
            .iter()
            .map(|package| format!("{}={}", package.name, package.version));
        let download = self
            .apt_get()
            .args(["-q", "--download-only", "install"])
            .args(names);
        let arriving: Vec<PathBuf> = missing
            .iter()
            .flat_map(|package| {
                [
                    self.file(package),
                    self.debs.join("partial").join(package.file_name()),
                ]
            })
            .collect();
        step.watch(|| size_of(&arriving), || talk(download))
            .with_context(|| format!("downloading packages from {}", self.site_names()))
            .hint("check the network and run the same command again: what is there is kept")?;
        missing
            .iter()
            .try_for_each(|package| self.verify(package))?;
        step.done("");
        Ok(())
    }

    /// The .deb of one package in the cache.
    pub fn file(&self, package: &Package) -> PathBuf {
        self.debs.join(package.file_name())
    }

    /// The latest time at which one of the packages was made: seconds since 1970, 0 when there are
    /// none.
    ///
    /// # Errors
    /// A package is not in the cache.
    pub fn youngest(&self, packages: &[Package]) -> Result<u64> {
        let times = packages.iter().map(|package| made_at(&self.file(package)));
        let times: Vec<u64> = times.collect::<Result<_>>()?;
        Ok(times.into_iter().max().unwrap_or(0))
    }

    pub(super) fn apt_get(&self) -> Cmd {
        Cmd::new("apt-get")
            .env("APT_CONFIG", self.config())
            .env("LC_ALL", "C")
    }

    pub(super) fn apt_cache(&self) -> Cmd {
        Cmd::new("apt-cache")
            .env("APT_CONFIG", self.config())
            .env("LC_ALL", "C")
    }

    pub(super) fn site_names(&self) -> String {
        let mut urls: Vec<&str> = self
            .request
            .sources
            .iter()
            .map(|source| &*source.url)
            .collect();
        urls.dedup();
        urls.join(", ")
    }

    /// Removes files that are not what they should be, so that they are fetched again.
    fn discard_damaged(&self, packages: &[Package], progress: &Progress) -> Result<()> {
        let there: Vec<_> = packages
            .iter()
            .filter(|package| self.file(package).exists())
            .collect();
        let step = progress.bytes(
            "verifying cached packages",
            there.iter().map(|package| package.size).sum(),
        );
        for package in there {
            if self.verify(package).is_err() {
                progress.warn(&format!(
                    "{} in the cache is damaged: fetching it again",
                    package.file_name()
                ));
                fs_err::remove_file(self.file(package))?;
            }
            step.advance(package.size);
        }
        step.done("");
        Ok(())
    }

    fn verify(&self, package: &Package) -> Result<()> {
        let file = self.file(package);
        let actual = digest::of_file(&file)?;
        anyhow::ensure!(
            actual == package.sha256,
            "{} has SHA-256 {actual}, the archive says {}",
            file.display(),
            package.sha256,
        );
        Ok(())
    }

    fn config(&self) -> PathBuf {
        self.dir.join("apt.conf")
    }

    fn sources_list(&self) -> String {
        let line = |source: &super::Source| {
            let keyring = self.request.keyring.display();
            let components = source.components.join(" ");
            format!(
                "deb [signed-by={keyring}] {} {} {components}\n",
                source.url, source.suite
            )
        };
        self.request.sources.iter().map(line).collect()
    }

    fn configuration(&self) -> Result<String> {
        let dir = self.dir.display();
        let debs = self.debs.display();
        let arch = &self.request.arch;
        let network = host::network_settings()?;
        // The host's apt.conf.d stays out: container images put hooks and clean-ups there.
        Ok(format!(
            r#"{network}APT::Architecture "{arch}";
#clear APT::Architectures;
APT::Architectures {{ "{arch}"; }};
APT::Install-Recommends "false";
APT::Sandbox::User "root";
APT::Get::Assume-Yes "true";
Acquire::Languages "none";
Acquire::Retries "5";
Acquire::http::Timeout "30";
Acquire::https::Timeout "30";
Dir::Etc "{dir}";
Dir::Etc::main "/dev/null";
Dir::Etc::parts "{dir}/empty.d";
Dir::Etc::sourcelist "{dir}/sources.list";
Dir::Etc::sourceparts "{dir}/empty.d";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "{dir}/empty.d";
Dir::State "{dir}";
Dir::State::lists "{dir}/lists";
Dir::State::status "{dir}/status";
Dir::Cache "{dir}";
Dir::Cache::archives "{debs}";
"#
        ))
    }
}

/// Runs apt and gives back what it said, both streams in one. Its errors are a few telling lines
/// among many, wherever they stand: those are what a failure repeats.
pub(super) fn talk(apt: Cmd) -> Result<String> {
    let mut said = String::new();
    let result = apt.run_with(|line| said += &format!("{line}\n"));
    match result {
        Err(cmd::Error::Failed {
            command, status, ..
        }) => {
            let lines = said.lines().map(str::trim).filter(|line| is_telling(line));
            let lines: Vec<&str> = lines.take(12).collect();
            Err(anyhow::anyhow!(
                "`{command}` ended with {status}, saying:\n    {}",
                lines.join("\n    ")
            ))
        }
        other => Ok(other.map(|()| said)?),
    }
}

fn is_telling(line: &str) -> bool {
    let marks = [
        " : Depends:",
        " : PreDepends:",
        " : Breaks:",
        " : Conflicts:",
        "Hash Sum mismatch",
        "unexpected size",
    ];
    ["E:", "W:", "Err:"]
        .iter()
        .any(|start| line.starts_with(start))
        || marks.iter().any(|mark| line.contains(mark))
}

/// How many bytes of some files are there already.
fn size_of(files: &[PathBuf]) -> u64 {
    let length = |file: &Path| file.metadata().map(|data| data.len()).unwrap_or(0);
    files.iter().map(|file| length(file)).sum()
}
