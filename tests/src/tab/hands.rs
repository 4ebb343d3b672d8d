//! Keys and mouse.

use serde_json::{Value, json};

use super::Tab;

/// The key is held down with another one.
const CONTROL: u8 = 2;
const SHIFT: u8 = 8;

impl Tab {
    /// Clicks in the middle of what a selector finds first, after scrolling there as a person would.
    ///
    /// # Panics
    /// There is no such thing, or something else lies over it.
    #[track_caller]
    pub fn click(&mut self, selector: &str) {
        // Nobody clicks in a tab behind another one, and there it would be drawn once a second.
        self.call("Page.bringToFront", json!({}));
        let place = self.ask(&format!(
            "(() => {{ const it = document.querySelector({selector:?}); if (!it) return 'nothing there';
               it.scrollIntoView({{block: 'center', behavior: 'instant'}});
               const box = it.getBoundingClientRect();
               const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
               const hit = document.elementFromPoint(x, y);
               if (!hit) return 'out of sight';
               const mine = it.contains(hit) || [...(it.labels ?? [])].some(label => label.contains(hit));
               return mine ? [x, y] : 'below ' + hit.outerHTML.slice(0, 200); }})()"
        ));
        let (Some(x), Some(y)) = (place[0].as_f64(), place[1].as_f64()) else {
            panic!("{selector}: {place}");
        };
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let button = if kind == "mouseMoved" { "none" } else { "left" };
            let params = json!({"type": kind, "x": x, "y": y, "button": button, "clickCount": 1});
            self.call("Input.dispatchMouseEvent", params);
        }
    }

    /// Takes the mouse out of the way.
    pub fn point_at_nothing(&mut self) {
        let corner = json!({"type": "mouseMoved", "x": 1, "y": 1, "button": "none"});
        self.call("Input.dispatchMouseEvent", corner);
    }

    /// Presses a key that has a name.
    ///
    /// # Panics
    /// It is none of those that are known here.
    #[track_caller]
    pub fn press(&mut self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            "Escape" => (27, ""),
            "Space" => (32, " "),
            "End" => (35, ""),
            "Home" => (36, ""),
            "ArrowUp" => (38, ""),
            "ArrowDown" => (40, ""),
            "Delete" => (46, ""),
            other => panic!("the key {other} is not known"),
        };
        let name = if key == "Space" { " " } else { key };
        self.key(name, key, code, text, 0);
    }

    /// Presses Tab with Shift: one field back.
    pub fn press_back(&mut self) {
        self.key("Tab", "Tab", 9, "", SHIFT);
    }

    fn key(&mut self, key: &str, code: &str, number: u16, text: &str, modifiers: u8) {
        let mut params = json!({
            "type": "keyDown", "key": key, "code": code, "windowsVirtualKeyCode": number, "modifiers": modifiers,
        });
        if !text.is_empty() {
            params["text"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", params.clone());
        params["type"] = "keyUp".into();
        params["text"] = Value::Null;
        params.as_object_mut().expect("an object").remove("text");
        self.call("Input.dispatchKeyEvent", params);
    }

    /// Types into what has the focus: letters key by key, all else as an input method or a clipboard brings it.
    pub fn type_text(&mut self, text: &str) {
        let by_keys = text.len() <= 12 && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !by_keys {
            self.call("Input.insertText", json!({"text": text}));
            return;
        }
        for letter in text.chars() {
            let letter = letter.to_string();
            self.key(&letter, "", 0, &letter, 0);
        }
    }

    /// Removes all that stands in what has the focus: Ctrl+A, Delete.
    pub fn clear(&mut self) {
        let all = json!({
            "type": "keyDown", "key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65, "modifiers": CONTROL,
            "commands": ["selectAll"],
        });
        self.call("Input.dispatchKeyEvent", all);
        let up = json!({"type": "keyUp", "key": "a", "code": "KeyA", "windowsVirtualKeyCode": 65});
        self.call("Input.dispatchKeyEvent", up);
        self.press("Delete");
    }

    /// Puts `text` into a field in place of what stands there, and leaves it.
    #[track_caller]
    pub fn fill(&mut self, selector: &str, text: &str) {
        self.click(selector);
        self.clear();
        if !text.is_empty() {
            self.type_text(text);
        }
        if self.is("document.activeElement.list") {
            // Proposals lie open below it, and Tab might take one of them.
            self.press("Escape");
        }
        self.press("Tab");
    }

    /// Ticks a box, or takes the tick away.
    #[track_caller]
    pub fn tick(&mut self, selector: &str, on: bool) {
        if self.is(&format!("document.querySelector({selector:?}).checked")) != on {
            self.click(selector);
        }
        let is = self.is(&format!("document.querySelector({selector:?}).checked"));
        assert_eq!(is, on, "{selector}");
    }

    /// Chooses in a list by the arrow keys. The list stays closed, as it does for whoever uses no mouse.
    ///
    /// # Panics
    /// There is no such choice.
    #[track_caller]
    pub fn choose(&mut self, selector: &str, value: &str) {
        // A click would open the list, which is a window of its own.
        self.ask(&format!("document.querySelector({selector:?}).focus()"));
        self.press("Home");
        let chosen = format!("document.querySelector({selector:?}).value");
        for _ in 0..80 {
            if self.text(&chosen) == value {
                return;
            }
            self.press("ArrowDown");
        }
        panic!("{selector} has no {value:?}");
    }
}
