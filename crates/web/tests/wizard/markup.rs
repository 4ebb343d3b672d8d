//! A reader of HTML that takes nothing but what is well formed: every element closed where it must be,
//! every attribute in quotes or alone. Browsers take anything, so a browser would not do.

use std::collections::{BTreeMap, BTreeSet};

/// Elements without content.
const VOID: [&str; 6] = ["meta", "link", "input", "br", "hr", "img"];

/// An element's beginning.
#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    /// The names of the elements that it is in, outermost first.
    pub within: Vec<String>,
    /// The text directly behind the beginning.
    pub text: String,
}

impl Element {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    pub fn is(&self, name: &str) -> bool {
        self.name == name
    }
}

/// Reads a page; its elements in order.
///
/// # Errors
/// What is not well formed.
pub fn read(page: &str) -> Result<Vec<Element>, String> {
    let mut rest = page
        .strip_prefix("<!DOCTYPE html>")
        .ok_or("no document type")?;
    let (mut elements, mut open) = (Vec::<Element>::new(), Vec::<String>::new());
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        if text.contains('>') {
            return Err(format!("a bare >: {text}"));
        }
        if let Some(last) = elements.last_mut()
            && last.text.is_empty()
        {
            last.text = text.trim().to_owned();
        }
        let (tag, after) = rest[at + 1..].split_once('>').ok_or("a tag without end")?;
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop().as_deref() != Some(name) {
                return Err(format!("</{name}> closes another element"));
            }
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        elements.push(Element {
            name: name.to_owned(),
            attributes: read_attributes(attributes)?,
            within: open.clone(),
            text: String::new(),
        });
        if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
    }
    match open.is_empty() && rest.is_empty() {
        true => Ok(elements),
        false => Err(format!("not closed: {open:?} {rest}")),
    }
}

fn read_attributes(text: &str) -> Result<BTreeMap<String, String>, String> {
    let mut attributes = BTreeMap::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let name = &rest[..end];
        let valued = rest[end..].strip_prefix("=\"");
        let (value, after) = match valued {
            Some(value) => value.split_once('"').ok_or("a value without end")?,
            None => ("", &rest[end..]),
        };
        if name.is_empty() || name.contains('"') {
            return Err(format!("no attribute: {text}"));
        }
        if attributes
            .insert(name.to_owned(), value.to_owned())
            .is_some()
        {
            return Err(format!("{name} is there twice: {text}"));
        }
        rest = after.trim_start();
    }
    Ok(attributes)
}

/// All that must hold of any page for whoever cannot see it.
///
/// # Errors
/// What does not.
pub fn look_at(page: &str) -> Result<(), String> {
    let elements = read(page)?;
    let mut ids = BTreeSet::new();
    for id in elements.iter().filter_map(|element| element.get("id")) {
        if !ids.insert(id) {
            return Err(format!("two are called {id}"));
        }
    }
    let labelled: BTreeSet<&str> = elements
        .iter()
        .filter(|element| element.is("label"))
        .filter_map(|element| element.get("for"))
        .collect();
    for element in &elements {
        look_at_one(element, &ids, &labelled)?;
    }
    let count = |name| elements.iter().filter(|element| element.is(name)).count();
    for name in ["html", "head", "body", "header", "main", "h1", "title"] {
        if count(name) != 1 {
            return Err(format!("{} of {name}", count(name)));
        }
    }
    if count("fieldset") != count("legend") {
        return Err("a group without a name".into());
    }
    Ok(())
}

fn look_at_one(
    element: &Element,
    ids: &BTreeSet<&str>,
    labelled: &BTreeSet<&str>,
) -> Result<(), String> {
    let fail = |what: &str| Err(format!("{what}: {element:?}"));
    let typed = ["input", "select", "textarea"].contains(&&*element.name);
    let hidden = element.get("type") == Some("hidden");
    if typed && !hidden {
        if !element.get("id").is_some_and(|id| labelled.contains(id)) {
            return fail("no label");
        }
        if !element.within.iter().any(|name| name == "form") {
            return fail("in no form");
        }
    }
    if element.is("input")
        && element.get("type") == Some("password")
        && element.get("value").is_some()
    {
        return fail("a password in the page");
    }
    for name in ["aria-describedby", "for", "list"] {
        for id in element.get(name).unwrap_or_default().split_whitespace() {
            if !ids.contains(id) {
                return fail("leads to nothing");
            }
        }
    }
    if let Some(id) = element.get("href").and_then(|href| href.strip_prefix('#'))
        && !ids.contains(id)
    {
        return fail("leads nowhere");
    }
    if element.get("aria-invalid").is_some()
        && !element
            .get("aria-describedby")
            .is_some_and(|ids| ids.contains("-fault"))
    {
        return fail("wrong, and nothing says why");
    }
    Ok(())
}

#[test]
fn the_reader_is_strict() {
    let whole = |body: &str| format!("<!DOCTYPE html>{body}");
    assert!(read(&whole("<p a=\"b\" c>x<br>y</p>")).is_ok());
    for wrong in [
        "<p>",
        "</p>",
        "<p><b></p></b>",
        "<p a=b\">",
        "<p a=\"b>",
        "<p a=\"1\" a=\"2\"></p>",
        "<p>></p>",
        "x",
    ] {
        assert!(read(&whole(wrong)).is_err(), "{wrong}");
    }
}
