//! A mirror on loopback that serves a directory and can be made to misbehave.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// What is wrong with a file of the mirror.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection breaks after so many bytes of the body, the first time only.
    BreaksOnceAfter(usize),
    /// The connection breaks after so many bytes of the body, each time.
    BreaksEachTimeAfter(usize),
    /// After so many bytes of the body nothing more comes, the first time only.
    StallsOnceAfter(usize),
    /// The server is too busy, the first time only.
    BusyOnce,
    /// All of it comes, whatever part was asked for.
    IgnoresRange,
    /// The part comes that was asked for, although the file has changed.
    IgnoresIfRange,
    /// It is somewhere else: there again.
    RedirectsForEver,
    /// It is somewhere else: below `/elsewhere`.
    Redirects,
    /// One byte is another.
    Corrupt,
    /// It is not there.
    Missing,
}

/// A running mirror; its thread ends with the process.
pub struct Mirror {
    port: u16,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    faults: HashMap<String, Fault>,
    /// Path and first byte asked for, in order.
    requests: Vec<(String, usize)>,
    /// What ETag the files whose path ends so have.
    tags: HashMap<String, String>,
}

/// What was asked for.
#[derive(Default)]
struct Request {
    path: String,
    from: usize,
    if_range: Option<String>,
}

const MODIFIED: &str = "Tue, 14 Nov 2023 22:13:20 GMT";

impl Mirror {
    /// Serves `dir` on a free port of 127.0.0.1.
    pub fn serve(dir: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let state = Arc::new(Mutex::new(State::default()));
        let (dir, shared) = (dir.to_owned(), Arc::clone(&state));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (dir, shared) = (dir.clone(), Arc::clone(&shared));
                std::thread::spawn(move || serve_connection(&stream, &dir, &shared));
            }
        });
        Self { port, state }
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Makes files whose path ends in `suffix` faulty.
    pub fn fault(&self, suffix: &str, fault: Fault) {
        self.state
            .lock()
            .expect("no thread panicked")
            .faults
            .insert(suffix.into(), fault);
    }

    /// Takes the fault away.
    pub fn mend(&self, suffix: &str) {
        let mut state = self.state.lock().expect("no thread panicked");
        state.faults.remove(suffix);
    }

    /// Gives files whose path ends in `suffix` an ETag.
    pub fn tag(&self, suffix: &str, tag: &str) {
        let mut state = self.state.lock().expect("no thread panicked");
        state.tags.insert(suffix.into(), tag.into());
    }

    /// The first bytes asked for, of every request for a path that ends in `suffix`.
    pub fn requests(&self, suffix: &str) -> Vec<usize> {
        let state = self.state.lock().expect("no thread panicked");
        state
            .requests
            .iter()
            .filter(|(path, _)| path.ends_with(suffix))
            .map(|(_, from)| *from)
            .collect()
    }
}

fn serve_connection(stream: &TcpStream, dir: &Path, state: &Mutex<State>) {
    let mut reader = BufReader::new(stream);
    // One connection, many requests: apt asks for several files in a row.
    while let Some(request) = read_request(&mut reader) {
        if !answer(stream, dir, &request, state).unwrap_or(false) {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<Request> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut request = Request {
        path: line.split(' ').nth(1)?.to_owned(),
        ..Request::default()
    };
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            return Some(request);
        }
        let (name, value) = header.split_once(':')?;
        match (&*name.to_ascii_lowercase(), value.trim()) {
            ("range", range) => {
                let first = range.strip_prefix("bytes=")?.split('-').next()?;
                request.from = first.parse().ok()?;
            }
            ("if-range", version) => request.if_range = Some(version.to_owned()),
            _ => {}
        }
    }
}

/// Notes the request; returns what is wrong with the file and which ETag it has.
fn look_up(request: &Request, state: &Mutex<State>) -> (Option<Fault>, Option<String>) {
    let mut state = state.lock().expect("no thread panicked");
    state.requests.push((request.path.clone(), request.from));
    let ends = |suffix: &&String| request.path.ends_with(suffix.as_str());
    let tag = state.tags.iter().find(|(suffix, _)| ends(suffix));
    let tag = tag.map(|(_, tag)| tag.clone());
    let Some(suffix) = state.faults.keys().find(ends).cloned() else {
        return (None, tag);
    };
    let fault = state.faults[&suffix];
    let once = matches!(
        fault,
        Fault::BreaksOnceAfter(_) | Fault::StallsOnceAfter(_) | Fault::BusyOnce
    );
    if once {
        state.faults.remove(&suffix);
    }
    (Some(fault), tag)
}

/// Whether the connection is still good.
fn answer(
    mut stream: &TcpStream,
    dir: &Path,
    request: &Request,
    state: &Mutex<State>,
) -> std::io::Result<bool> {
    let (fault, tag) = look_up(request, state);
    let path = &request.path;
    let bare = |status: &str, headers: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n{headers}\r\n")
    };
    let instead = match fault {
        Some(Fault::Missing) => Some(bare("404 Not Found", "")),
        Some(Fault::BusyOnce) => Some(bare("503 Service Unavailable", "")),
        Some(Fault::RedirectsForEver) => Some(bare("302 Found", &format!("Location: {path}\r\n"))),
        Some(Fault::Redirects) if !path.starts_with("/elsewhere") => Some(bare(
            "302 Found",
            &format!("Location: /elsewhere{path}\r\n"),
        )),
        _ => None,
    };
    let path = path.strip_prefix("/elsewhere").unwrap_or(path);
    let file: PathBuf = dir.join(path.trim_start_matches('/').replace("%3a", ":"));
    let (Ok(mut body), None) = (std::fs::read(file), &instead) else {
        let instead = instead.unwrap_or_else(|| bare("404 Not Found", ""));
        stream.write_all(instead.as_bytes())?;
        return Ok(true);
    };
    if fault == Some(Fault::Corrupt) {
        let middle = body.len() / 2;
        body[middle] ^= 1;
    }
    let version = tag.as_deref().unwrap_or(MODIFIED);
    let another = request
        .if_range
        .as_deref()
        .is_some_and(|one| one != version);
    let from = match fault {
        Some(Fault::IgnoresRange) => 0,
        Some(Fault::IgnoresIfRange) => request.from,
        _ if another => 0,
        _ => request.from,
    };
    let whole = body.len();
    if from > 0 && from >= whole {
        let range = format!("Content-Range: bytes */{whole}\r\n");
        stream.write_all(bare("416 Range Not Satisfiable", &range).as_bytes())?;
        return Ok(true);
    }
    let body = body.split_off(from);
    let (status, range) = if from > 0 {
        let range = format!("Content-Range: bytes {from}-{}/{whole}\r\n", whole - 1);
        ("206 Partial Content", range)
    } else {
        ("200 OK", String::new())
    };
    let tag = tag.map_or(String::new(), |tag| format!("ETag: {tag}\r\n"));
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nLast-Modified: {MODIFIED}\r\n{tag}{range}\r\n",
    )?;
    match fault {
        Some(Fault::BreaksOnceAfter(bytes) | Fault::BreaksEachTimeAfter(bytes))
            if bytes < length =>
        {
            stream.write_all(&body[..bytes])?;
            stream.shutdown(std::net::Shutdown::Both)?;
            Ok(false)
        }
        Some(Fault::StallsOnceAfter(bytes)) => {
            stream.write_all(&body[..bytes.min(length)])?;
            std::thread::sleep(std::time::Duration::from_secs(600));
            Ok(false)
        }
        _ => stream.write_all(&body).map(|()| true),
    }
}
