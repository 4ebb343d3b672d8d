//! keeper-session on a real X server: what it says of the desktop, whom it says it to, and what a
//! crash of the server does to it.

use std::ffi::OsString;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use control::session::{SessionReply, SessionRequest};
use control::{from_line, to_line};
use e2e::harness::trial_in_sandbox;
use image::progress::Progress;
use image::tools::Tools;
use libtest_mimic::Trial;
use look::{Hands, Picture, Screen};
use rustix::process::Uid;
use rustix::thread::set_thread_res_uid;
use tempfile::TempDir;
use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ConnectionExt as _, CreateGCAux, CreateWindowAux, Rectangle, WindowClass,
};
use x11rb::rust_connection::{DefaultStream, RustConnection};
use x11rb::wrapper::ConnectionExt as _;

pub fn trials() -> Vec<Trial> {
    // One scenario: each of its parts wants an X server, and two that are killed and started at the
    // same time could take each other's number.
    vec![trial_in_sandbox(
        "the_session_tells_keeperd_what_is_on_the_desktop_and_outlives_it",
        scenario,
    )]
}

/// Starts this program again, as keeper-session.
const PROGRAM: &str = "@keeper-session";

/// What keeper-session's `main` would be given, when this program was started as it.
pub fn arguments() -> Option<Vec<OsString>> {
    let mut args: Vec<OsString> = std::env::args_os().collect();
    let ours = args.get(1).is_some_and(|verb| verb == PROGRAM);
    ours.then(|| {
        args.remove(1);
        args
    })
}

/// keeperd's number, and that of somebody else.
const KEEPERD: u32 = 997;
const STRANGER: u32 = 998;
/// Its rows are read in many stripes, the last of them shorter.
const SIZE: (u32, u32) = (1601, 907);
const SOON: Duration = Duration::from_secs(60);
/// What it may hold at rest, in KiB. Debug builds hold more than what ships.
const AT_REST: u64 = 2048;

struct Helper {
    child: Child,
    dir: TempDir,
}

impl Drop for Helper {
    fn drop(&mut self) {
        // Both fail only for a process that is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Helper {
    #[allow(clippy::disallowed_methods, reason = "it is started as systemd would")]
    fn start(screen: &Screen) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let open = std::fs::Permissions::from_mode(0o755);
        fs_err::set_permissions(dir.path(), open).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .arg(PROGRAM)
            .arg("--socket")
            .arg(dir.path().join("socket"))
            .args(["--client", &KEEPERD.to_string()])
            .env("DISPLAY", screen.display())
            .env("XAUTHORITY", screen.authority())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let helper = Self { child, dir };
        let end = Instant::now() + SOON;
        while UnixStream::connect(helper.dir.path().join("socket")).is_err() {
            assert!(Instant::now() < end, "it does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        helper
    }

    /// Its reply and the bytes behind it.
    fn ask(&self, request: &SessionRequest) -> (SessionReply, Vec<u8>) {
        let mut stream = UnixStream::connect(self.dir.path().join("socket")).unwrap();
        stream.set_read_timeout(Some(SOON)).unwrap();
        // A stranger is answered before it has asked.
        let _ = stream.write_all(to_line(request).unwrap().as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let end = answer
            .iter()
            .position(|byte| *byte == b'\n')
            .expect("a line");
        let rest = answer.split_off(end + 1);
        (from_line(&answer).unwrap(), rest)
    }

    fn idle(&self) -> u64 {
        match self.ask(&SessionRequest::Idle {}) {
            (SessionReply::Idle { seconds }, rest) if rest.is_empty() => seconds,
            other => panic!("{other:?}"),
        }
    }

    fn picture(&self) -> Picture {
        match self.ask(&SessionRequest::Picture {}) {
            (SessionReply::Picture {}, bytes) => Picture::from_png(&bytes).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    fn error(&self, request: &SessionRequest) -> String {
        match self.ask(request) {
            (SessionReply::Error { message }, rest) if rest.is_empty() => message,
            other => panic!("{other:?}"),
        }
    }

    /// What of its memory is its own, in KiB.
    fn own_memory(&self) -> u64 {
        let status = format!("/proc/{}/status", self.child.id());
        let status = fs_err::read_to_string(status).unwrap();
        let mut lines = status.lines();
        let line = lines.find_map(|line| line.strip_prefix("RssAnon:"));
        let number = line.unwrap().trim().trim_end_matches(" kB");
        number.parse().unwrap()
    }
}

/// As somebody else, who has no privilege.
fn as_user<T: Send>(uid: u32, work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            let uid = Uid::from_raw(uid);
            set_thread_res_uid(uid, uid, uid).unwrap();
            work()
        });
        thread.join().unwrap()
    })
}

const BARS: [[u8; 3]; 8] = [
    [255, 255, 255],
    [255, 255, 0],
    [0, 255, 255],
    [0, 255, 0],
    [255, 0, 255],
    [255, 0, 0],
    [0, 0, 255],
    [1, 2, 3],
];
const WINDOW: [u8; 3] = [18, 52, 86];

fn pixel([red, green, blue]: [u8; 3]) -> u32 {
    u32::from_be_bytes([0, red, green, blue])
}

/// Draws colour bars on the screen, of which the first is widest, and a window above them.
fn draw(screen: &Screen) -> RustConnection {
    let number = screen.display().trim_start_matches(':');
    let stream = UnixStream::connect(format!("/tmp/.X11-unix/X{number}")).unwrap();
    let (stream, _) = DefaultStream::from_unix_stream(stream).unwrap();
    // The cookie is the end of the file.
    let authority = fs_err::read(screen.authority()).unwrap();
    let cookie = authority[authority.len() - 16..].to_vec();
    let kind = b"MIT-MAGIC-COOKIE-1".to_vec();
    let x = RustConnection::connect_to_stream_with_auth_info(stream, 0, kind, cookie).unwrap();
    let root = x.setup().roots[0].root;
    for (colour, left) in BARS.into_iter().zip((0..).step_by(200)) {
        let context = x.generate_id().unwrap();
        x.create_gc(context, root, &CreateGCAux::new().foreground(pixel(colour)))
            .unwrap();
        let bar = Rectangle {
            x: left,
            y: 0,
            width: 201,
            height: 907,
        };
        x.poly_fill_rectangle(root, context, &[bar]).unwrap();
    }
    let window = x.generate_id().unwrap();
    let look = CreateWindowAux::new()
        .override_redirect(1)
        .background_pixel(pixel(WINDOW));
    let class = WindowClass::INPUT_OUTPUT;
    x.create_window(0, window, root, 300, 100, 400, 300, 0, class, 0, &look)
        .unwrap();
    x.map_window(window).unwrap();
    x.sync().unwrap();
    x
}

fn scenario() {
    let progress = Progress::new(true);
    let tools = e2e::tool_set(look::LOOK, &progress);
    let dir = tempfile::tempdir().unwrap();
    let mut screen = Screen::start(&tools, &dir.path().join("screen"), SIZE).unwrap();
    let helper = Helper::start(&screen);
    let drawn = draw(&screen);
    shows_what_is_there(&helper, &screen);
    tells_how_long_nobody_was_there(&helper, &tools, &screen);
    answers_keeperd_alone(&helper);
    is_small(&helper);
    drop(drawn);
    outlives_the_display(&helper, &tools, &mut screen);
    is_small(&helper);
}

fn shows_what_is_there(helper: &Helper, screen: &Screen) {
    let picture = helper.picture();
    assert_eq!((picture.width, picture.height), (1601, 907));
    assert_eq!(picture, screen.picture().unwrap());
    for (colour, columns) in BARS
        .into_iter()
        .zip([200, 200, 200, 200, 200, 200, 200, 201])
    {
        let hidden = match columns_hidden(colour) {
            0 => 0.0,
            columns => f64::from(columns * 300),
        };
        let expected = (f64::from(columns * 907) - hidden) / f64::from(1601 * 907);
        let seen = picture.share(colour, 0);
        assert!(
            (seen - expected).abs() < 1e-9,
            "{colour:?}: {seen} of {expected}"
        );
    }
    let window = f64::from(400 * 300) / f64::from(1601 * 907);
    assert!((picture.share(WINDOW, 0) - window).abs() < 1e-9);
}

/// How many columns of a bar are behind the window.
fn columns_hidden(colour: [u8; 3]) -> i32 {
    match BARS.iter().position(|bar| *bar == colour) {
        Some(1 | 3) => 100,
        Some(2) => 200,
        _ => 0,
    }
}

fn tells_how_long_nobody_was_there(helper: &Helper, tools: &Tools, screen: &Screen) {
    let hands = Hands { tools, screen };
    hands.write("k").unwrap();
    let touched = Instant::now();
    assert!(helper.idle() <= touched.elapsed().as_secs());
    let mut last = 0;
    while last < 3 {
        let seconds = helper.idle();
        assert!(seconds >= last, "{seconds} s after {last} s");
        assert!(seconds <= touched.elapsed().as_secs() + 1);
        assert!(touched.elapsed() < SOON, "it does not grow: {seconds} s");
        last = seconds;
        std::thread::sleep(Duration::from_millis(100));
    }
    hands.click(5, 5).unwrap();
    assert!(helper.idle() < 3, "a click is somebody");
}

fn answers_keeperd_alone(helper: &Helper) {
    for request in [SessionRequest::Idle {}, SessionRequest::Picture {}] {
        let refused = as_user(STRANGER, || helper.error(&request));
        assert_eq!(refused, "this is for keeperd alone");
    }
    as_user(KEEPERD, || helper.idle());
}

fn is_small(helper: &Helper) {
    let own = helper.own_memory();
    eprintln!("    keeper-session's own memory: {own} KiB");
    assert!(own < AT_REST, "{own} KiB");
}

fn outlives_the_display(helper: &Helper, tools: &Tools, screen: &mut Screen) {
    screen.crash().unwrap();
    let message = helper.error(&SessionRequest::Idle {});
    assert!(message.starts_with("opening the display :"), "{message}");
    helper.error(&SessionRequest::Picture {});
    screen.start_again(tools).unwrap();
    assert!(helper.idle() < SOON.as_secs());
    let _drawn = draw(screen);
    shows_what_is_there(helper, screen);
}
