//! A stand-in for a notebook: a page in large letters and four colours, served to the guest, that
//! tells of itself when it is loaded, lives, and is typed at. It takes notices for its owner as well.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use look::Colour;

/// The four fields of the page, each an eighth of it.
pub const FIELDS: [Colour; 4] = [[200, 30, 30], [30, 150, 60], [40, 60, 200], [240, 200, 40]];
/// This machine as QEMU's guests see it.
const HOST: &str = "10.0.2.2";
const PAGE: &str = include_str!("notebook.html");
/// A page that looks by itself whether it is another one by now.
const ELSE: &str = "<!doctype html><meta http-equiv=refresh content='3;url=/notebook'>";
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(20);
/// Loads are counted from here, so that a number has three digits to be read by.
const FIRST_LOAD: u32 = 201;

/// What the notebook's address leads to. All of it is made up; none is a copy of a real page.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// The notebook.
    #[default]
    Well,
    /// A page where somebody has to sign in.
    SignIn,
    /// A page with a dialog that says that the runtime is disconnected.
    Disconnected,
    /// A page whose script never ends.
    Hangs,
}

/// The server. It answers while it is open.
pub struct Notebook {
    port: u16,
    /// On the page, and different each time: an old picture cannot pass.
    pub word: String,
    state: Arc<Mutex<State>>,
    server: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct State {
    open: bool,
    mode: Mode,
    /// How often the page was fetched.
    asked: u32,
    /// The numbers of the pages that a browser ran, and when.
    loads: Vec<(u32, Instant)>,
    /// The last sign of life.
    beat: Option<(u32, Instant)>,
    keys: String,
    clicks: u32,
    /// What was posted: to which path, and the text.
    notices: Vec<(String, String)>,
}

impl Notebook {
    /// Opens it on a free port of 127.0.0.1.
    pub fn open(word: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let notebook = Self {
            port: listener.local_addr().expect("it is bound").port(),
            word: word.to_owned(),
            state: Arc::default(),
            server: Mutex::default(),
        };
        notebook.serve(listener);
        notebook
    }

    /// Its address in the guest.
    pub fn url(&self) -> String {
        format!("http://{HOST}:{}/notebook", self.port)
    }

    /// Its port on this machine.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// From now on connections to it are refused.
    pub fn close(&self) {
        self.state().open = false;
        let server = self.server.lock().expect("no thread panicked").take();
        if let Some(server) = server {
            server.join().expect("the server does not panic");
        }
    }

    /// Answers again, where it did before.
    pub fn reopen(&self) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).expect("our own port");
        self.serve(listener);
    }

    /// From now on its address leads to this.
    pub fn behave(&self, mode: Mode) {
        self.state().mode = mode;
    }

    /// The number of the page that a browser loaded last.
    pub fn last_load(&self) -> Option<u32> {
        self.state().loads.last().map(|(number, _)| *number)
    }

    /// How many times a browser loaded it.
    pub fn loads(&self) -> usize {
        self.state().loads.len()
    }

    /// The number of the page that gave a sign of life after `since`.
    pub fn alive_since(&self, since: Instant) -> Option<u32> {
        let beat = self.state().beat;
        beat.filter(|(_, at)| *at > since).map(|(number, _)| number)
    }

    /// The keys that were pressed on it.
    pub fn keys(&self) -> String {
        self.state().keys.clone()
    }

    /// How often it was clicked.
    pub fn clicks(&self) -> u32 {
        self.state().clicks
    }

    /// What was posted to `/{path}`.
    pub fn notices(&self, path: &str) -> Vec<String> {
        let known = self.state();
        let there = known.notices.iter().filter(|(to, _)| to == path);
        there.map(|(_, text)| text.clone()).collect()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no thread panicked")
    }

    fn serve(&self, listener: TcpListener) {
        self.state().open = true;
        listener.set_nonblocking(true).expect("a listener can");
        let (state, word) = (Arc::clone(&self.state), self.word.clone());
        let server = std::thread::spawn(move || {
            while state.lock().expect("no thread panicked").open {
                let Ok((stream, _)) = listener.accept() else {
                    std::thread::sleep(POLL);
                    continue;
                };
                let (state, word) = (Arc::clone(&state), word.clone());
                // A browser that goes away in the middle is its own business.
                std::thread::spawn(move || attend(&stream, &state, &word).ok());
            }
        });
        *self.server.lock().expect("no thread panicked") = Some(server);
    }
}

/// One request, one answer.
fn attend(mut stream: &TcpStream, state: &Mutex<State>, word: &str) -> std::io::Result<()> {
    stream.set_nonblocking(false)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut reader = BufReader::new(stream);
    let (request, length) = head(&mut reader)?;
    let path = request.split(' ').nth(1).unwrap_or_default();
    // keeperd looks whether somebody is there; that is no load.
    let looks = request.starts_with("HEAD ");
    let mut seen = State::default();
    let mut text = String::new();
    reader.take(length).read_to_string(&mut text)?;
    let mut known = state.lock().expect("no thread panicked");
    if request.starts_with("POST ") {
        known
            .notices
            .push((path.trim_start_matches('/').to_owned(), text));
    }
    if path == "/notebook" && known.mode == Mode::SignIn {
        drop(known);
        let head =
            "HTTP/1.1 302 Found\r\nLocation: /login\r\nContent-Length: 0\r\nConnection: close";
        return write!(stream, "{head}\r\n\r\n");
    }
    let (status, mut body) = answer(path, if looks { &mut seen } else { &mut known }, word);
    drop(known);
    let length = body.len();
    if looks {
        body.clear();
    }
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n\
         Cache-Control: no-store\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The request's first line, and how many bytes follow its head: not more than a notice has.
fn head(reader: &mut impl BufRead) -> std::io::Result<(String, u64)> {
    let mut lines = reader.lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut length = 0;
    for line in lines {
        let line = line?.to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(number) = line.strip_prefix("content-length:") {
            length = number.trim().parse().unwrap_or_default();
        }
    }
    Ok((request, length.min(4096)))
}

fn answer(path: &str, state: &mut State, word: &str) -> (&'static str, String) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (number, now) = (query.parse().unwrap_or_default(), Instant::now());
    match path {
        "/login" => return ("200 OK", format!("{ELSE}<h1>Who are you?</h1>")),
        "/notebook" if state.mode == Mode::Disconnected => {
            let dialog = "<dialog open>Runtime disconnected. It was idle.</dialog>";
            return ("200 OK", format!("{ELSE}{dialog}"));
        }
        "/notebook" if state.mode == Mode::Hangs => {
            let script = "addEventListener('load', () => setTimeout(() => { for (;;); }, 500))";
            return (
                "200 OK",
                format!("<!doctype html><script>{script}</script>busy"),
            );
        }
        "/notebook" => {
            state.asked += 1;
            let number = (FIRST_LOAD + state.asked - 1).to_string();
            let page = PAGE.replace("@WORD@", word).replace("@LOAD@", &number);
            return ("200 OK", page);
        }
        "/loaded" => state.loads.push((number, now)),
        "/beat" => state.beat = Some((number, now)),
        "/key" => state.keys += query,
        "/click" => state.clicks += 1,
        "/hook" | "/topic" => {}
        _ => return ("404 Not Found", String::new()),
    }
    ("200 OK", String::new())
}
