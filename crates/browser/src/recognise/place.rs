//! Where a tab is: at the notebook, on the way there, or elsewhere.

/// How far a tab is from its notebook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// At the notebook.
    Notebook,
    /// At keeperd's page that shows what is wrong with the way to it, and leads there.
    Start,
    /// At the browser's own page in place of one that it could not have.
    Error,
    /// At another page of this host.
    Elsewhere(String),
}

/// A notebook, as its tab is told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notebook {
    /// Its address.
    pub url: String,
    /// The address of keeperd's page for it, where it has one.
    pub start: Option<String>,
    /// Where its address has led to, when it was last gone to.
    pub landed: Option<String>,
}

impl Notebook {
    /// Where a tab with this address is.
    pub fn place(&self, url: &str) -> Place {
        if self.start.as_deref() == Some(url.split(['?', '#']).next().unwrap_or_default()) {
            return Place::Start;
        }
        if url.starts_with("chrome-error:") {
            return Place::Error;
        }
        let Some(there) = authority(url) else {
            return Place::Elsewhere(crate::line(
                url.split([':', '/']).next().unwrap_or_default(),
                40,
            ));
        };
        let own = |known: &str| {
            authority(known).is_some_and(|own| own.eq_ignore_ascii_case(there))
                && below(path(url), path(known))
        };
        if own(&self.url) || self.landed.as_deref().is_some_and(own) {
            Place::Notebook
        } else {
            Place::Elsewhere(crate::line(there, 80))
        }
    }

    /// Whether somebody who was sent to the notebook and is at `url` has arrived: at the same host,
    /// under whichever path or port the server likes better.
    pub fn leads_to(&self, url: &str) -> bool {
        let host = |url| {
            authority(url).map(|authority: &str| {
                authority
                    .rsplit_once(':')
                    .map_or(authority, |(host, _)| host)
            })
        };
        host(url).is_some()
            && host(url).map(str::to_lowercase) == host(&self.url).map(str::to_lowercase)
    }
}

/// Whether `path` is `above` or part of it.
fn below(path: &str, above: &str) -> bool {
    let above = above.trim_end_matches('/');
    path.strip_prefix(above)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Host and port of an http or https address, as they stand in it.
pub(super) fn authority(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    rest.split(['/', '?', '#'])
        .next()
        .filter(|authority| !authority.is_empty())
}

/// The path of an address, without what follows `?` or `#`.
pub(super) fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    rest.find('/').map_or("/", |at| &rest[at..])
}
