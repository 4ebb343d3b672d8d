//! The shipped `keeper.toml` documents every key with its true default, and changes nothing.

use config::Config;

fn shipped() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../overlay/keeper/root/etc/keeper/keeper.toml"
    );
    std::fs::read_to_string(path).expect("reading the shipped keeper.toml")
}

/// A setting that is commented out has no space after the `#`; prose has one.
fn uncommented(text: &str) -> String {
    let setting = |line: &str| {
        line.starts_with('#') && line.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase)
    };
    text.lines()
        .map(|line| if setting(line) { &line[1..] } else { line })
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn as_shipped_it_is_the_default() {
    assert_eq!(config::parse(&shipped()), Ok(Config::default()));
}

#[test]
fn every_key_is_shown_with_its_default() {
    let text = uncommented(&shipped());
    assert_eq!(config::parse(&text), Ok(Config::default()), "{text}");
    let settings: Vec<_> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let defaults = Config::default().to_toml();
    let expected: Vec<_> = defaults.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(settings, expected);
}
