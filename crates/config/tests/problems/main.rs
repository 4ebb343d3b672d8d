//! What the owner reads when `keeper.toml` is wrong: every message, word for word.

mod document;
mod values;

/// All problems of `toml`, without the file's name.
fn problems(toml: &str) -> Vec<String> {
    let problems = config::parse(toml).expect_err(toml);
    problems
        .lines()
        .map(|line| {
            line.strip_prefix("keeper.toml:")
                .expect("the file's name")
                .to_owned()
        })
        .collect()
}

#[track_caller]
fn refused(toml: &str, message: &str) {
    assert_eq!(problems(toml), [message], "{toml}");
}
