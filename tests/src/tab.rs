//! One tab of a [`Chromium`], in a person's hands: keys, a mouse, text that an input method brings, and
//! what can be seen. And what nobody sees: requests to elsewhere, complaints on the console.
//!
//! The protocol is in `wire`, keys and mouse in `hands`. What a page ought to be is the caller's business.

mod hands;
mod wire;

use std::path::Path;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::chromium::Chromium;
use wire::{Event, Wire};

/// Generous: the machine may be busy.
const SOON: Duration = Duration::from_secs(60);

/// How long one waits to see something of a page that is there.
const DRAWN: Duration = Duration::from_secs(2);

/// How long a picture may take.
const PICTURE: Duration = Duration::from_secs(15);

/// A tab of its own, closed when dropped.
pub struct Tab {
    wire: Wire,
    id: String,
    /// Pages that were there whole so far.
    loads: u64,
    /// Pages of which something was drawn so far.
    drawn: u64,
    requests: Vec<String>,
    complaints: Vec<String>,
}

impl Tab {
    /// Opens a tab that shows nothing yet.
    ///
    /// # Panics
    /// The browser is gone.
    pub fn open(chromium: &Chromium) -> Self {
        let id = chromium.open();
        let mut tab = Self {
            wire: Wire::open(chromium.address(), &id),
            id,
            loads: 0,
            drawn: 0,
            requests: Vec::new(),
            complaints: Vec::new(),
        };
        for domain in ["Page", "Network", "Log", "Runtime"] {
            tab.call(&format!("{domain}.enable"), json!({}));
        }
        tab.call("Page.setLifecycleEventsEnabled", json!({"enabled": true}));
        // A tab behind another one has the focus too, as far as its page can tell.
        tab.call(
            "Emulation.setFocusEmulationEnabled",
            json!({"enabled": true}),
        );
        tab
    }

    /// Calls a method of the debugging protocol.
    ///
    /// # Panics
    /// The tab is gone, or refuses.
    #[track_caller]
    pub fn call(&mut self, method: &str, params: Value) -> Value {
        let answer = self.try_call(method, &params, SOON);
        answer.unwrap_or_else(|error| panic!("{method} {params}: {error}"))
    }

    fn try_call(&mut self, method: &str, params: &Value, limit: Duration) -> Result<Value, String> {
        let mut heard = Vec::new();
        let answer = self
            .wire
            .call(method, params, limit, |event| heard.push(event));
        heard.into_iter().for_each(|event| self.note(&event));
        answer
    }

    /// What an expression is in the page. It looks; what is done goes by keys and mouse.
    ///
    /// # Panics
    /// It throws.
    #[track_caller]
    pub fn ask(&mut self, expression: &str) -> Value {
        let mut answer = self.evaluate(expression);
        let thrown = answer.get("exceptionDetails");
        assert!(thrown.is_none(), "{expression}: {thrown:?}");
        answer["result"]["value"].take()
    }

    /// As often as it takes: between two pages there is nobody to ask.
    #[track_caller]
    fn evaluate(&mut self, expression: &str) -> Value {
        let params = json!({"expression": expression, "returnByValue": true});
        let end = Instant::now() + SOON;
        loop {
            match self.try_call("Runtime.evaluate", &params, SOON) {
                Ok(answer) => return answer,
                Err(error) => assert!(Instant::now() < end, "{expression}: {error}"),
            }
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// As [`Tab::ask`], of text; empty when it is none.
    #[track_caller]
    pub fn text(&mut self, expression: &str) -> String {
        self.ask(expression).as_str().unwrap_or_default().to_owned()
    }

    /// As [`Tab::ask`], of a condition.
    #[track_caller]
    pub fn is(&mut self, expression: &str) -> bool {
        self.ask(&format!("!!({expression})")) == true
    }

    /// Goes to an address, and waits until it is there.
    #[track_caller]
    pub fn go(&mut self, url: &str) {
        let url = url.to_owned();
        self.loading(|tab| {
            let answer = tab.call("Page.navigate", json!({"url": url}));
            assert!(answer.get("errorText").is_none(), "{url}: {answer}");
        });
    }

    /// The address that it shows.
    pub fn address(&mut self) -> String {
        self.text("location.href")
    }

    /// Does what leads to another page, or to the same one again, and waits until that is there.
    #[track_caller]
    pub fn loading(&mut self, act: impl FnOnce(&mut Self)) {
        // Behind another tab nothing is drawn.
        self.call("Page.bringToFront", json!({}));
        let (loads, drawn) = (self.loads, self.drawn);
        act(self);
        let came = self.hear_until(SOON, |tab| tab.loads != loads);
        assert!(came, "no page came: {}", self.address());
        // Until then the browser drops keys and clicks: nobody means what they do not see yet. A page that comes back
        // from its memory is not drawn anew.
        self.hear_until(DRAWN, |tab| tab.drawn != drawn);
    }

    /// As [`Tab::loading`], for what must lead nowhere.
    #[track_caller]
    pub fn staying(&mut self, act: impl FnOnce(&mut Self)) {
        let (before, requests) = (self.loads, self.requests.len());
        act(self);
        let came = self.hear_until(Duration::from_millis(120), |tab| tab.loads != before);
        assert!(!came, "a page came: {}", self.address());
        assert_eq!(self.requests[requests..], [""; 0], "something was asked");
    }

    fn hear_until(&mut self, limit: Duration, happened: impl Fn(&Self) -> bool) -> bool {
        let end = Instant::now() + limit;
        while !happened(self) {
            match self.wire.event(end) {
                Some(event) => self.note(&event),
                None => return false,
            }
        }
        true
    }

    /// Waits until an expression is true; pages may come and go meanwhile.
    #[track_caller]
    pub fn until(&mut self, expression: &str) {
        let end = Instant::now() + SOON;
        loop {
            if self.is(expression) {
                return;
            }
            assert!(
                Instant::now() < end,
                "never: {expression}\n{}",
                self.text("document.body?.innerText")
            );
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// One page back, or on, as the browser's own buttons do it.
    #[track_caller]
    pub fn history(&mut self, by: i64) {
        let history = self.call("Page.getNavigationHistory", json!({}));
        let at = history["currentIndex"].as_i64().expect("a place") + by;
        let at = usize::try_from(at).expect("there is a page before");
        let entry = history["entries"][at]["id"].clone();
        assert!(entry.is_number(), "there is no such page: {history}");
        self.loading(|tab| {
            drop(tab.call("Page.navigateToHistoryEntry", json!({"entryId": entry})))
        });
    }

    /// Loads the page anew.
    #[track_caller]
    pub fn reload(&mut self) {
        self.loading(|tab| drop(tab.call("Page.reload", json!({}))));
    }

    /// Has the page this large, in light or dark colours.
    pub fn looks(&mut self, (width, height): (u32, u32), dark: bool) {
        self.call(
            "Emulation.setDeviceMetricsOverride",
            json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}),
        );
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{"name": "prefers-color-scheme", "value": scheme}]);
        self.call("Emulation.setEmulatedMedia", json!({"features": features}));
    }

    /// Keeps a picture of what is seen, as PNG.
    pub fn picture(&mut self, file: &Path) {
        let params = json!({"format": "png", "optimizeForSpeed": false});
        self.call("Page.bringToFront", json!({}));
        // Of a page that just makes room for the next one there is none, and no answer either.
        let answer = (0..4).find_map(|_| {
            let answer = self.try_call("Page.captureScreenshot", &params, PICTURE);
            answer.ok()
        });
        let Some(answer) = answer else {
            // On a machine that is too busy to draw, and no fault of the page: who needs the file will miss it.
            eprintln!("    no picture for {}", file.display());
            return;
        };
        let data = answer["data"].as_str().expect("a picture");
        let bytes = BASE64.decode(data.as_bytes()).expect("base 64");
        fs_err::create_dir_all(file.parent().expect("a directory")).expect("a place");
        fs_err::write(file, bytes).expect("the picture can be kept");
    }

    /// All addresses that its pages have asked for since this was asked last.
    pub fn requests(&mut self) -> Vec<String> {
        std::mem::take(&mut self.requests)
    }

    /// All that its pages have complained about on the console since this was asked last: errors of scripts,
    /// and what a policy of the page forbids.
    pub fn complaints(&mut self) -> Vec<String> {
        std::mem::take(&mut self.complaints)
    }

    fn note(&mut self, event: &Event) {
        let params = &event.params;
        match &*event.method {
            "Page.loadEventFired" => self.loads += 1,
            "Page.lifecycleEvent" if params["name"] == "firstContentfulPaint" => self.drawn += 1,
            "Network.requestWillBeSent" => {
                let url = params["request"]["url"].as_str().unwrap_or_default();
                self.requests.push(url.to_owned());
            }
            "Log.entryAdded" => {
                let entry = &params["entry"];
                // That a form was refused is said by its page, and is no fault of it.
                if entry["source"] != "network" {
                    self.complaints.push(entry["text"].to_string());
                }
            }
            "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" => {
                self.complaints.push(params.to_string());
            }
            _ => {}
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        // Fails only in a browser that is gone.
        let params = json!({"targetId": self.id});
        let _ = self.try_call("Target.closeTarget", &params, SOON);
    }
}
