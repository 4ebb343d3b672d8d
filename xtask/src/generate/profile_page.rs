//! docs/reference/profile.md, from the doc comments of the types that a profile is read into. It
//! understands the plain structs of that one file and nothing else of Rust.

use anyhow::{Context, Result, bail};

/// Where the types are.
pub const SOURCE: &str = "crates/image/src/profile.rs";
/// The type of a whole profile.
const WHOLE: &str = "Profile";

/// A struct of the source.
#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    name: String,
    doc: String,
    keys: Vec<Key>,
}

/// A field of a struct.
#[derive(Debug, Default, PartialEq, Eq)]
struct Key {
    name: String,
    kind: String,
    doc: String,
    optional: bool,
}

/// The page, whole.
///
/// # Errors
/// The source does not look as this reader expects.
pub fn render(source: &str) -> Result<String> {
    let tables = tables(source)?;
    let mut page = format!(
        "<!-- Written by `cargo xtask gen`. Change {SOURCE} instead. -->\n\
         # Profiles\n\n\
         A profile is a file `image/NAME.toml`; `cargo xtask image --profile NAME` builds it. \
         A key that is not listed here is an error.\n\n\
         `inherit = \"NAME\"` takes everything from another profile but for what the file itself says: \
         tables are merged key by key, every other value is replaced.\n"
    );
    section(&mut page, &tables, WHOLE, "", false)?;
    Ok(page)
}

/// A table and, behind it, the tables in it.
fn section(page: &mut String, tables: &[Table], name: &str, path: &str, list: bool) -> Result<()> {
    let table = tables.iter().find(|table| table.name == name);
    let table = table.with_context(|| format!("there is no struct {name}"))?;
    if !path.is_empty() {
        let (open, close) = if list { ("[[", "]]") } else { ("[", "]") };
        *page += &format!("\n## `{open}{path}{close}`\n\n{}\n", table.doc);
    }
    let mut inner = Vec::new();
    let mut rows = String::new();
    for key in &table.keys {
        let inside = |outer: &str| key.kind.strip_prefix(outer)?.strip_suffix('>');
        let item = inside("Vec<");
        let of = item.or(inside("Option<")).unwrap_or(&key.kind);
        if tables.iter().any(|table| table.name == of) {
            inner.push((of.to_owned(), join(path, &key.name), item.is_some()));
            continue;
        }
        let optional = if key.optional { ", optional" } else { "" };
        rows += &format!(
            "| `{}` | {}{optional} | {} |\n",
            key.name,
            kind(&key.kind)?,
            key.doc
        );
    }
    if !rows.is_empty() {
        *page += &format!("\n| key | type | meaning |\n|---|---|---|\n{rows}");
    }
    inner
        .iter()
        .try_for_each(|(name, path, list)| section(page, tables, name, path, *list))
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// TOML's word for a type.
fn kind(rust: &str) -> Result<&'static str> {
    Ok(match rust {
        "String" | "Option<String>" => "string",
        "BTreeMap<String, String>" => "table of strings",
        "Vec<String>" => "list of strings",
        "bool" => "true or false",
        "u8" | "u16" | "u32" | "u64" => "number",
        _ => {
            bail!("no word for the type {rust}: xtask/src/generate/profile_page.rs must learn one")
        }
    })
}

fn tables(source: &str) -> Result<Vec<Table>> {
    let mut tables: Vec<Table> = Vec::new();
    let (mut doc, mut optional) = (Vec::new(), false);
    for line in source
        .lines()
        .map(str::trim)
        .take_while(|line| *line != "#[cfg(test)]")
    {
        if let Some(text) = line.strip_prefix("///") {
            doc.push(text.trim());
        } else if line.starts_with("#[") {
            optional |= line.starts_with("#[serde(default");
        } else if let Some(name) = line.strip_prefix("pub struct ") {
            let name = name.trim_end_matches([' ', '{']).to_owned();
            tables.push(Table {
                name,
                doc: plain(&doc),
                keys: Vec::new(),
            });
            (doc, optional) = (Vec::new(), false);
        } else if let Some((name, kind)) = field(line) {
            let table = tables.last_mut().context("a field outside a struct")?;
            let name = name.replace('_', "-");
            table.keys.push(Key {
                name,
                kind: kind.into(),
                doc: plain(&doc),
                optional,
            });
            (doc, optional) = (Vec::new(), false);
        } else if !line.is_empty() {
            (doc, optional) = (Vec::new(), false);
        }
    }
    Ok(tables)
}

fn field(line: &str) -> Option<(&str, &str)> {
    line.strip_prefix("pub ")?
        .strip_suffix(',')?
        .split_once(": ")
}

/// A doc comment for people who read no Rust: links to fields become keys.
fn plain(doc: &[&str]) -> String {
    let text = doc.join(" ");
    let mut parts = text.split("[`");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (link, rest) = part.split_once("`]").unwrap_or((part, ""));
        let key = link.rsplit("::").next().unwrap_or(link).replace('_', "-");
        plain += &format!("`{key}`{rest}");
    }
    plain.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = "
        /// All.
        #[derive(Debug)]
        pub struct Profile {
            /// One line.
            pub description: String,
            /// Parts, see
            /// [`Part::size_mib`].
            pub parts: Vec<Part>,
        }

        /// A part.
        pub struct Part {
            /// In MiB.
            #[serde(default)]
            pub size_mib: u64,
        }
        #[cfg(test)]
        pub struct Ignored {
    ";

    #[test]
    fn a_struct_becomes_a_table_of_keys() {
        let page = render(RUST).unwrap();
        assert!(
            page.contains("| `description` | string | One line. |"),
            "{page}"
        );
        assert!(page.contains("## `[[parts]]`\n\nA part.\n"), "{page}");
        assert!(
            page.contains("| `size-mib` | number, optional | In MiB. |"),
            "{page}"
        );
    }

    #[test]
    fn links_become_keys_and_unknown_types_are_an_error() {
        assert_eq!(plain(&["see", "[`Part::size_mib`]."]), "see `size-mib`.");
        let odd = RUST.replace("String,", "Option<f32>,");
        assert!(
            render(&odd)
                .unwrap_err()
                .to_string()
                .contains("Option<f32>")
        );
    }
}
