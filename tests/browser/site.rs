//! A stand-in for a notebook's server: one page that can be made to behave in every way that a page
//! of a notebook can. All of it is made up here; none is a copy of a real one.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread::JoinHandle;
use std::time::Duration;

use e2e::patience::wait_for;

/// Until what a page tells is here; the machine may be busy.
const WORD: Duration = Duration::from_secs(60);
const PAGE: &str = include_str!("page.html");

/// What the page does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is there.
    Well,
    /// Its script never ends.
    Hangs,
    /// It has no use for keys, and a frame in it has the focus.
    Deaf,
    /// It shows a dialog that the tables know.
    Disconnected,
    /// It shows a dialog that no table knows.
    News,
    /// Its server sends people elsewhere, to sign in.
    SignIn,
}

/// What has happened to the page.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// It was loaded, and its script ran.
    pub loads: u64,
    /// Ctrl+S was pressed in it.
    pub saves: u64,
    /// It asked before it was left.
    pub questions: u64,
    /// Something in it was clicked.
    pub clicks: u64,
}

/// The server. It answers while it is open.
pub struct Site {
    port: u16,
    state: Arc<Mutex<State>>,
    server: Option<JoinHandle<()>>,
}

struct State {
    open: bool,
    mode: Mode,
    /// Where it sends people to sign in.
    elsewhere: String,
    seen: Seen,
}

impl Site {
    pub fn open(mode: Mode) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let state = State {
            open: true,
            mode,
            elsewhere: String::new(),
            seen: Seen::default(),
        };
        let mut site = Self {
            port: listener.local_addr().expect("it is bound").port(),
            state: Arc::new(Mutex::new(state)),
            server: None,
        };
        site.serve(listener);
        site
    }

    /// Host and port.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of the notebook.
    pub fn url(&self) -> String {
        format!("http://{}/notebook", self.host())
    }

    pub fn seen(&self) -> Seen {
        self.state().seen
    }

    /// Waits until it has seen this. What a page tells comes on its way, and keeperd may know before.
    ///
    /// # Panics
    /// It does not.
    #[track_caller]
    pub fn sees(&self, wanted: impl Fn(&Seen) -> bool) {
        let came = wait_for("the page's word", WORD, || {
            wanted(&self.seen()).then_some(())
        });
        assert!(came.is_some(), "{:?}", self.seen());
    }

    pub fn behave(&self, mode: Mode) {
        self.state().mode = mode;
    }

    /// Sends people to `url`, to sign in.
    pub fn sign_in_at(&self, url: &str) {
        let mut state = self.state();
        (state.mode, state.elsewhere) = (Mode::SignIn, url.to_owned());
    }

    /// From now on connections are refused.
    pub fn close(&mut self) {
        self.state().open = false;
        // It waits for a connection.
        drop(TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)));
        if let Some(server) = self.server.take() {
            server.join().expect("the server does not panic");
        }
    }

    /// Answers again, where it did before.
    pub fn reopen(&mut self) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).expect("our own port");
        self.state().open = true;
        self.serve(listener);
    }

    fn serve(&mut self, listener: TcpListener) {
        let state = Arc::clone(&self.state);
        self.server = Some(std::thread::spawn(move || {
            for stream in listener.incoming() {
                if !lock(&state).open {
                    return;
                }
                let state = Arc::clone(&state);
                // A browser opens connections that it says nothing on.
                std::thread::spawn(move || stream.map(|stream| answer(&stream, &state)));
            }
        }));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.close();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().expect("no thread panicked")
}

fn answer(mut stream: &TcpStream, state: &Mutex<State>) {
    let _ = stream.set_read_timeout(Some(Duration::from_secs(10)));
    let head: Vec<String> = BufReader::new(stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let Some(path) = head.first().and_then(|line| line.split(' ').nth(1)) else {
        return;
    };
    let reply = reply(path, &mut lock(state));
    // A browser that has gone elsewhere does not listen.
    let _ = stream.write_all(reply.as_bytes());
}

fn reply(path: &str, state: &mut State) -> String {
    let seen = &mut state.seen;
    let body = match path {
        "/loaded" => count(&mut seen.loads),
        "/saved" => count(&mut seen.saves),
        "/question" => count(&mut seen.questions),
        "/click" => count(&mut seen.clicks),
        "/notebook" if state.mode == Mode::SignIn => {
            let place = &state.elsewhere;
            return format!(
                "HTTP/1.1 302 Found\r\nLocation: {place}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        }
        "/notebook" => PAGE.replace("MODE", &format!("{:?}", state.mode)),
        _ => String::new(),
    };
    let length = body.len();
    format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn count(counter: &mut u64) -> String {
    *counter += 1;
    String::new()
}
