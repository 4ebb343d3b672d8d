//! The notebook that a person opens in Colab: nbformat 4.5, without a secret in it.
//!
//! Its cells are the files beside this one. They use nothing but Python's standard library, and
//! what Colab has.

use serde_json::{Value, json};

/// What the machine is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// A GPU.
    pub gpu: bool,
    /// Colab's High-RAM.
    pub high_ram: bool,
}

enum Kind {
    Prose,
    Code,
}

/// Identifier, kind and text of each cell, from the top.
const CELLS: [(&str, Kind, &str); 6] = [
    ("about", Kind::Prose, include_str!("notebook/about.md")),
    ("machine", Kind::Code, include_str!("notebook/machine.py")),
    ("prepare", Kind::Code, include_str!("notebook/prepare.py")),
    ("connect", Kind::Code, include_str!("notebook/connect.py")),
    ("watch", Kind::Code, include_str!("notebook/watch.py")),
    ("stop", Kind::Code, include_str!("notebook/stop.py")),
];

/// The text of the .ipynb.
pub fn notebook(wishes: Wishes) -> String {
    let mut colab = json!({ "name": "Colab Keeper", "provenance": [] });
    let mut metadata = json!({
        "kernelspec": { "name": "python3", "display_name": "Python 3" },
        "language_info": { "name": "python" },
    });
    if wishes.high_ram {
        colab["machine_shape"] = "hm".into();
    }
    if wishes.gpu {
        metadata["accelerator"] = "GPU".into();
    }
    metadata["colab"] = colab;
    let cells: Vec<Value> = CELLS.iter().map(cell).collect();
    let notebook = json!({
        "nbformat": 4,
        "nbformat_minor": 5,
        "metadata": metadata,
        "cells": cells,
    });
    format!("{notebook:#}\n")
}

fn cell((id, kind, text): &(&str, Kind, &str)) -> Value {
    // Jupyter keeps a cell's text as lines with their ends, the last one without.
    let source: Vec<&str> = text.trim_end().split_inclusive('\n').collect();
    match kind {
        Kind::Prose => json!({
            "id": id, "cell_type": "markdown", "metadata": {}, "source": source,
        }),
        Kind::Code => json!({
            "id": id, "cell_type": "code", "metadata": { "cellView": "form" },
            "execution_count": null, "outputs": [], "source": source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(gpu: bool, high_ram: bool) -> Value {
        let text = notebook(Wishes { gpu, high_ram });
        serde_json::from_str(&text).expect("JSON")
    }

    #[test]
    fn it_asks_for_the_machine_that_is_wished_for() {
        let full = made(true, true);
        assert_eq!(full["metadata"]["accelerator"], "GPU");
        assert_eq!(full["metadata"]["colab"]["machine_shape"], "hm");
        let plain = made(false, false);
        assert!(plain["metadata"].get("accelerator").is_none());
        assert!(plain["metadata"]["colab"].get("machine_shape").is_none());
    }

    #[test]
    fn each_cell_says_in_its_title_what_it_does() {
        let notebook = made(true, false);
        let cells = notebook["cells"].as_array().expect("cells");
        assert_eq!(cells.len(), CELLS.len());
        for cell in cells.iter().filter(|cell| cell["cell_type"] == "code") {
            let first = cell["source"][0].as_str().expect("a line");
            assert!(first.starts_with("#@title "), "{first}");
            assert_eq!(cell["outputs"], json!([]));
        }
    }
}
