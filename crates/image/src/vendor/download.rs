//! Fetching files over HTTP. A connection that breaks is resumed where it broke, and so is a build
//! that was killed: what has come stays as `<name>.part` ([`super::part`]). Who signed what is the
//! business of [`super::release`].

use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::Context;
use ureq::http::{HeaderMap, StatusCode};
use ureq::{Agent, Body};

use super::http::{self, Answer, Error, Patience};
use super::part::{About, Part};
use crate::digest;
use crate::progress::Progress;

/// A download that got so many bytes further was worth its try.
const AHEAD: u64 = 1 << 20;

/// Fetches files, patiently.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    patience: Patience,
}

impl Client {
    /// A client with so much patience; [`Patience::default`] is right but for tests.
    pub fn new(patience: Patience) -> Self {
        Self {
            agent: http::agent(&patience),
            patience,
        }
    }

    /// A small file's bytes.
    ///
    /// # Errors
    /// As [`Error`] has them; the file has more than `limit` bytes.
    pub fn bytes(&self, url: &str, limit: u64, progress: &Progress) -> Result<Vec<u8>, Error> {
        self.patiently(progress, || (self.bytes_once(url, limit), 0))
    }

    /// Brings a large file to `target`, which is there whole and with this SHA-256, or not at all.
    ///
    /// # Errors
    /// As [`Error`] has them; the file has more than `limit` bytes or another SHA-256, and then
    /// nothing of it is kept.
    pub fn file(
        &self,
        url: &str,
        target: &Path,
        sha256: &str,
        limit: u64,
        progress: &Progress,
    ) -> Result<(), Error> {
        let part = Part::of(target);
        if let Some(dir) = target.parent() {
            fs_err::create_dir_all(dir).map_err(anyhow::Error::from)?;
        }
        self.patiently(progress, || {
            let (before, _) = part.state(url);
            let result = self.part_once(url, &part, limit, progress);
            (result, part.state(url).0.saturating_sub(before))
        })?;
        let step = progress.step(format!("verifying {}", name_of(url)));
        let actual = digest::of_file(&part.path)?;
        if actual != sha256 {
            part.discard()?;
            return Err(Error::Unusable(format!(
                "{url} has SHA-256 {actual}, the signed list says {sha256}; what was fetched is removed",
            )));
        }
        part.become_whole(target)?;
        step.done("");
        Ok(())
    }

    /// Tries until it works, does not get ahead any more, or cannot work. `attempt` gives its
    /// result, and by how many bytes it got ahead.
    fn patiently<T>(
        &self,
        progress: &Progress,
        mut attempt: impl FnMut() -> (Result<T, Error>, u64),
    ) -> Result<T, Error> {
        let mut tried = 0;
        loop {
            let error = match attempt() {
                (Ok(value), _) => return Ok(value),
                (Err(error), ahead) => {
                    tried = if ahead >= AHEAD { 1 } else { tried + 1 };
                    error
                }
            };
            if !error.is_passing() || tried >= self.patience.tries {
                return Err(error);
            }
            let pause = self.patience.pause * 2_u32.saturating_pow(tried - 1);
            progress.note(&format!("{error}: trying again"));
            std::thread::sleep(pause.min(Duration::from_secs(30)));
        }
    }

    fn bytes_once(&self, url: &str, limit: u64) -> Result<Vec<u8>, Error> {
        let mut answer = http::ask(&self.agent, url, 0, None)?;
        if answer.status != StatusCode::OK {
            return Err(refused(url, &answer));
        }
        let mut bytes = Vec::new();
        let body = answer.body.as_reader();
        let read = body.take(limit + 1).read_to_end(&mut bytes);
        read.map_err(|error| http::broken(url, &error))?;
        if bytes.len() as u64 > limit {
            return Err(too_large(url, limit));
        }
        Ok(bytes)
    }

    /// One request: brings the part as far ahead as the connection lasts.
    fn part_once(
        &self,
        url: &str,
        part: &Part,
        limit: u64,
        progress: &Progress,
    ) -> Result<(), Error> {
        let (there, known) = part.state(url);
        let answer = http::ask(&self.agent, url, there, known.version.as_deref())?;
        let about = About {
            url: url.to_owned(),
            version: version_of(&answer.headers),
        };
        let place = match place(&answer, there, differ(&about, &known)) {
            Place::Complete => return Ok(()),
            Place::Other => {
                part.discard()?;
                let url = url.to_owned();
                return Err(Error::Changed { url });
            }
            Place::Refused => return Err(refused(url, &answer)),
            Place::Bytes(range) => range,
        };
        if place.total.is_some_and(|total| total > limit) {
            return Err(too_large(url, limit));
        }
        check_room(part, name_of(url), &place)?;
        let file = if place.from == 0 {
            part.begin(&about)?
        } else {
            part.append()?
        };
        receive(url, answer.body, file, &place, limit, progress)
    }
}

/// Which bytes an answer has.
#[derive(Debug, PartialEq, Eq)]
struct Range {
    from: u64,
    /// Of the whole file, where the server says it.
    total: Option<u64>,
}

/// What an answer is to a part of `there` bytes.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// The file from its beginning, or from where the part ends.
    Bytes(Range),
    /// There is nothing more: all of it had come when the build was killed.
    Complete,
    /// Some other bytes, not those behind the part.
    Other,
    /// No bytes of the file.
    Refused,
}

fn place(answer: &Answer, there: u64, changed: bool) -> Place {
    let range = header(&answer.headers, "content-range").and_then(parse_range);
    match (answer.status, range) {
        (StatusCode::OK, _) => Place::Bytes(Range {
            from: 0,
            total: length_of(&answer.headers),
        }),
        (StatusCode::PARTIAL_CONTENT, Some((Some(from), total)))
            if from == there && there > 0 && !changed =>
        {
            Place::Bytes(Range { from, total })
        }
        (StatusCode::RANGE_NOT_SATISFIABLE, Some((None, Some(total)))) if total == there => {
            Place::Complete
        }
        (StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE, _) if there > 0 => {
            Place::Other
        }
        _ => Place::Refused,
    }
}

/// Writes what comes behind what is there.
fn receive(
    url: &str,
    body: Body,
    mut file: fs_err::File,
    place: &Range,
    limit: u64,
    progress: &Progress,
) -> Result<(), Error> {
    let (name, limit) = (name_of(url), place.total.unwrap_or(limit));
    let step = progress.bytes(format!("downloading {name}"), place.total.unwrap_or(0));
    step.advance(place.from);
    let mut have = place.from;
    let mut body = body.into_reader();
    let mut buffer = vec![0; 1 << 17];
    loop {
        let length = match body.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => length,
            Err(error) => return Err(http::broken(url, &error)),
        };
        have += length as u64;
        if have > limit {
            return Err(too_large(url, limit));
        }
        let written = file.write_all(&buffer[..length]);
        written.with_context(|| format!("downloading {name}"))?;
        step.advance(length as u64);
    }
    if place.total.is_some_and(|total| have < total) {
        let early = std::io::Error::other("the file ended early");
        return Err(http::broken(url, &early));
    }
    step.done(&format!("{} MiB", have >> 20));
    Ok(())
}

fn refused(url: &str, answer: &Answer) -> Error {
    Error::Status {
        url: url.to_owned(),
        status: answer.status,
    }
}

fn too_large(url: &str, limit: u64) -> Error {
    Error::Unusable(format!("{url} has more than {limit} bytes"))
}

/// Finds out early whether a file has room, rather than after half of it.
fn check_room(part: &Part, name: &str, place: &Range) -> Result<(), Error> {
    let Some(total) = place.total else {
        return Ok(());
    };
    let needed = total.saturating_sub(place.from);
    let dir = part.path.parent().unwrap_or(Path::new("."));
    let stat = rustix::fs::statvfs(dir).map_err(anyhow::Error::from)?;
    let free = stat.f_bavail.saturating_mul(stat.f_frsize);
    if free < needed {
        return Err(Error::Here(anyhow::anyhow!(
            "No space left on device: {} MiB of {name} are to come, {} has {} MiB",
            needed.div_ceil(1 << 20),
            dir.display(),
            free >> 20,
        )));
    }
    Ok(())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn length_of(headers: &HeaderMap) -> Option<u64> {
    header(headers, "content-length")?.parse().ok()
}

/// What tells two versions of a file apart; a weak ETag does not.
fn version_of(headers: &HeaderMap) -> Option<String> {
    let tag = header(headers, "etag").filter(|tag| !tag.starts_with("W/"));
    tag.or_else(|| header(headers, "last-modified"))
        .map(str::to_owned)
}

/// Whether two answers were of different versions, as far as the server says.
fn differ(one: &About, other: &About) -> bool {
    one.version.is_some() && other.version.is_some() && one.version != other.version
}

/// First byte and whole length of a Content-Range: `bytes 5-9/10`, `bytes 5-9/*`, `bytes */10`.
fn parse_range(text: &str) -> Option<(Option<u64>, Option<u64>)> {
    let (range, total) = text.strip_prefix("bytes ")?.split_once('/')?;
    let total = match total.trim() {
        "*" => None,
        number => Some(number.parse().ok()?),
    };
    match range.trim() {
        "*" => Some((None, total)),
        range => Some((Some(range.split_once('-')?.0.parse().ok()?), total)),
    }
}

fn name_of(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}

#[cfg(test)]
mod tests {
    use super::parse_range;

    #[test]
    fn a_range_has_a_first_byte_and_a_whole_length() {
        for (text, expected) in [
            ("bytes 5-9/10", Some((Some(5), Some(10)))),
            ("bytes 5-9/*", Some((Some(5), None))),
            ("bytes */10", Some((None, Some(10)))),
            ("bytes 5-9", None),
            ("items 5-9/10", None),
            ("bytes -1-9/10", None),
            ("bytes 99999999999999999999-/1", None),
        ] {
            assert_eq!(parse_range(text), expected, "{text}");
        }
    }
}
