//! Reading the words in a picture, with tesseract.

use std::path::Path;

use anyhow::{Context, Result};
use image::tools::Tools;

/// The English words in the PNG `file`, which lies where the tools see it, as well as they can be
/// read: large ones surely.
///
/// # Errors
/// There is no such picture.
pub fn read_words(tools: &Tools, file: &Path) -> Result<String> {
    let command = tools.cmd("tesseract").arg(file);
    // Sparse text, in no order: a page is no column of a book. One thread: the guest needs the rest.
    let command = command
        .args(["stdout", "-l", "eng", "--psm", "11", "--dpi", "96"])
        .env("OMP_THREAD_LIMIT", "1");
    let text = command.read();
    text.with_context(|| format!("reading the words in {}", file.display()))
}

/// Whether all `words` are in `text`, whatever their order, their case, and the spaces that a
/// reader sees or misses.
pub fn has_words(text: &str, words: &[&str]) -> bool {
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_alphanumeric());
        kept.flat_map(char::to_lowercase).collect()
    };
    let text = plain(text);
    words.iter().all(|word| text.contains(&plain(word)))
}

#[cfg(test)]
mod tests {
    use super::has_words;

    #[test]
    fn case_spaces_and_marks_do_not_matter_but_letters_do() {
        let text = "Keeper  TEST\n\n47 11.\n";
        assert!(has_words(text, &["4711", "keeper test"]));
        assert!(!has_words(text, &["4712"]));
        assert!(!has_words("", &["x"]));
    }
}
