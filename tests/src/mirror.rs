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
}

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
    while let Some((path, from)) = read_request(&mut reader) {
        if !answer(stream, dir, &path, from, state).unwrap_or(false) {
            return;
        }
    }
}

fn read_request(reader: &mut impl BufRead) -> Option<(String, usize)> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut from = 0;
    loop {
        let mut header = String::new();
        reader.read_line(&mut header).ok()?;
        if header.trim().is_empty() {
            return Some((path, from));
        }
        if let Some(range) = header.to_ascii_lowercase().strip_prefix("range: bytes=") {
            from = range.split('-').next()?.trim().parse().ok()?;
        }
    }
}

/// Whether the connection is still good.
fn answer(
    mut stream: &TcpStream,
    dir: &Path,
    path: &str,
    from: usize,
    state: &Mutex<State>,
) -> std::io::Result<bool> {
    let fault = {
        let mut state = state.lock().expect("no thread panicked");
        state.requests.push((path.into(), from));
        let found = state
            .faults
            .iter()
            .find(|(suffix, _)| path.ends_with(*suffix));
        let found = found.map(|(suffix, fault)| (suffix.clone(), *fault));
        if let Some((suffix, Fault::BreaksOnceAfter(_))) = &found {
            state.faults.remove(suffix);
        }
        found.map(|(_, fault)| fault)
    };
    let file: PathBuf = dir.join(path.trim_start_matches('/').replace("%3a", ":"));
    let body = if fault == Some(Fault::Missing) {
        None
    } else {
        std::fs::read(file).ok()
    };
    let Some(mut body) = body else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(true);
    };
    if fault == Some(Fault::Corrupt) {
        let middle = body.len() / 2;
        body[middle] ^= 1;
    }
    let whole = body.len();
    let body = body.split_off(from.min(whole));
    let status = if from > 0 {
        "206 Partial Content"
    } else {
        "200 OK"
    };
    let range = format!(
        "Content-Range: bytes {from}-{}/{whole}\r\n",
        whole.saturating_sub(1)
    );
    let modified = "Last-Modified: Tue, 14 Nov 2023 22:13:20 GMT\r\n";
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n{modified}{}\r\n",
        if from > 0 { &range } else { "" }
    )?;
    if let Some(Fault::BreaksOnceAfter(bytes)) = fault {
        stream.write_all(&body[..bytes.min(length)])?;
        stream.shutdown(std::net::Shutdown::Both)?;
        return Ok(false);
    }
    stream.write_all(&body)?;
    Ok(true)
}
