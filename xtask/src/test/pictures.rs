//! The guide's pictures: what the tests have seen, under the names that the guide has for it.

use std::path::Path;

use anyhow::Result;

use crate::cli::TestPart;
use crate::repository;

/// Where the guide's pictures are.
const PICTURES: &str = "docs/guide/pictures";
/// The guide's pictures: what the part "desktop" calls them, and what the guide does.
const GUIDE: [(&str, &str); 5] = [
    ("kiosk", "kiosk"),
    ("terminal", "terminal"),
    ("window-framed", "window"),
    ("without-page-diagnosis", "diagnosis"),
    ("sign-in-page", "sign-in"),
];
/// What the guide shows of the first boot, in each language; the part "wizard" calls them the same.
const FIRST_BOOT: [&str; 9] = [
    "language",
    "network",
    "owner",
    "notebook",
    "tunnel",
    "summary",
    "applying",
    "done",
    "dashboard",
];

/// Puts into the guide what `part` has left in `artefacts`, a directory of the parts' own ones.
///
/// # Errors
/// A picture was not taken, or cannot be written.
pub(super) fn keep(part: TestPart, artefacts: &Path) -> Result<()> {
    let pictures = repository::root().join(PICTURES);
    match part {
        TestPart::Desktop => {
            for (scenario, name) in GUIDE {
                copy(&artefacts.join("desktop"), scenario, &pictures, name)?;
            }
        }
        TestPart::Wizard => {
            let (taken, kept) = (artefacts.join("wizard/guide"), pictures.join("first-boot"));
            for page in FIRST_BOOT {
                for name in [page.to_owned(), format!("{page}.ja")] {
                    copy(&taken, &name, &kept, &name)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn copy(from: &Path, taken: &str, to: &Path, kept: &str) -> Result<()> {
    fs_err::create_dir_all(to)?;
    fs_err::copy(
        from.join(format!("{taken}.png")),
        to.join(format!("{kept}.png")),
    )?;
    Ok(())
}
