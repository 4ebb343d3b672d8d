//! SPDX licence expressions, as Cargo.toml has them, held against a list of what is accepted.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};

/// Whether an expression can be met with accepted licences alone. `a/b`, the old form, is `a OR b`.
///
/// # Errors
/// It is no expression.
pub fn is_accepted(expression: &str, accepted: &BTreeSet<String>) -> Result<bool> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut parser = Parser {
        words: &words,
        accepted,
    };
    let verdict = parser
        .either()
        .with_context(|| format!("reading the licence {expression:?}"))?;
    if let Some(word) = parser.words.first() {
        bail!("reading the licence {expression:?}: {word} stands where nothing may");
    }
    Ok(verdict)
}

struct Parser<'a> {
    words: &'a [&'a str],
    accepted: &'a BTreeSet<String>,
}

impl Parser<'_> {
    fn either(&mut self) -> Result<bool> {
        let mut verdict = self.both()?;
        while self.take("OR") {
            verdict |= self.both()?;
        }
        Ok(verdict)
    }

    fn both(&mut self) -> Result<bool> {
        let mut verdict = self.one()?;
        while self.take("AND") {
            verdict &= self.one()?;
        }
        Ok(verdict)
    }

    fn one(&mut self) -> Result<bool> {
        if self.take("(") {
            let verdict = self.either()?;
            if !self.take(")") {
                bail!("a parenthesis is not closed");
            }
            return Ok(verdict);
        }
        let [licence, rest @ ..] = self.words else {
            bail!("a licence is missing at its end")
        };
        if ["OR", "AND", "WITH", ")"].contains(licence) {
            bail!("{licence} stands where a licence should");
        }
        self.words = rest;
        // An exception only takes conditions away.
        if self.take("WITH") && !self.words.is_empty() {
            self.words = &self.words[1..];
        }
        Ok(self.accepted.contains(*licence))
    }

    fn take(&mut self, word: &str) -> bool {
        let there = self.words.first() == Some(&word);
        if there {
            self.words = &self.words[1..];
        }
        there
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_is_met_or_not() {
        let accepted = ["MIT", "Apache-2.0", "Unicode-3.0"]
            .map(str::to_owned)
            .into();
        for (expression, expected) in [
            ("MIT", true),
            ("GPL-3.0", false),
            ("GPL-3.0 OR MIT", true),
            ("MIT/Apache-2.0", true),
            ("MIT AND GPL-3.0", false),
            ("(MIT OR GPL-3.0) AND Unicode-3.0", true),
            ("GPL-3.0 AND MIT OR Apache-2.0", true),
            ("Apache-2.0 WITH LLVM-exception", true),
        ] {
            assert_eq!(
                is_accepted(expression, &accepted).unwrap(),
                expected,
                "{expression}"
            );
        }
        for nonsense in ["", "MIT OR", "(MIT", "MIT MIT", "OR MIT", "MIT)"] {
            is_accepted(nonsense, &accepted).unwrap_err();
        }
    }
}
