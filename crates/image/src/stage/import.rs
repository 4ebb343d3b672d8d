//! Stage *import*: a vendor's image, verified and taken apart, as the base of ours.

use std::io::{BufWriter, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};

use super::Made;
use super::assemble::Identity;
use crate::context::{Places, Workshop};
use crate::hint::Hint;
use crate::plan::Plan;
use crate::vendor::{self, Parts, Signers};
use crate::{digest, rootfs};

/// An imported base.
pub struct Vendor {
    /// Its entry holds `root.tar`, `boot.tar`, `epoch`, `identity.json` and `status`.
    pub made: Made,
    /// dpkg's status: what it has installed.
    pub status: String,
    /// By what systems know it.
    pub identity: Identity,
    /// Where it is from.
    pub origin: Origin,
}

/// Where a base is from, for the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The image's file name.
    pub name: String,
    /// Its SHA-256, as published.
    pub sha256: String,
    /// The fingerprint of the key whose signature was checked; without it nobody vouches for the file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_by: Option<String>,
}

/// The parts of the code that decide what an import makes.
const SOURCES: [&str; 12] = [
    include_str!("import.rs"),
    include_str!("../vendor/parts.rs"),
    include_str!("../vendor/root.rs"),
    include_str!("../../../ext4/src/acl.rs"),
    include_str!("../../../ext4/src/content.rs"),
    include_str!("../../../ext4/src/directory.rs"),
    include_str!("../../../ext4/src/extents.rs"),
    include_str!("../../../ext4/src/indirect.rs"),
    include_str!("../../../ext4/src/inode.rs"),
    include_str!("../../../ext4/src/kind.rs"),
    include_str!("../../../ext4/src/walk.rs"),
    include_str!("../../../ext4/src/xattr.rs"),
];

/// Imports the vendor's image that the plan names; nothing when the profile makes its own base.
///
/// # Errors
/// The image cannot be had, is not what its vendor signed, or is not laid out as we know it.
pub fn make(shop: &Workshop, plan: &Plan, places: &Places) -> Result<Option<Vendor>> {
    let Some(import) = &plan.profile.import else {
        if let Some(file) = &plan.base_file {
            let error = anyhow::anyhow!(
                "the profile {} makes its base from packages and has no use for {}",
                plan.profile_name,
                file.display()
            );
            return Err(error).hint("leave out --base, or choose a profile with [import]");
        }
        return Ok(None);
    };
    let signers = Signers::new(import, &places.repository, &shop.tools)?;
    let image = match &plan.base_file {
        Some(file) => vendor::local::take(file, Some(&signers), &shop.progress)?,
        None => vendor::acquire(import, &signers, &shop.cache, plan.update, &shop.progress)?,
    };
    let name = image.name();
    let labels = [&plan.profile.disk.boot.label, &plan.profile.disk.root.label];
    let key = digest::of(&("import", SOURCES, &image.sha256, labels));
    let made = super::make(shop, "import", key, |out| {
        let room = shop.scratch.room()?;
        let disk = room.path().join("disk.img");
        vendor::unpack::unpack(&image.path, &disk, &shop.tools, &shop.progress)?;
        let parts = Parts::find(&disk).with_context(|| format!("reading {name}"))?;
        for (found, wanted) in parts.labels().into_iter().zip(labels) {
            if found != *wanted {
                bail!(
                    "{name} has a partition labelled {found:?} where the profile says {wanted:?}"
                );
            }
        }
        take_apart(shop, &parts, out).with_context(|| format!("taking {name} apart"))
    })?;
    let read = |name: &str| fs_err::read_to_string(made.file(name));
    Ok(Some(Vendor {
        status: read("status")?,
        identity: serde_json::from_str(&read("identity.json")?)?,
        origin: Origin {
            name,
            sha256: image.sha256,
            signed_by: image.signer,
        },
        made,
    }))
}

fn take_apart(shop: &Workshop, parts: &Parts, out: &Path) -> Result<()> {
    let create = |name: &str| -> Result<_> {
        let file = fs_err::File::create(out.join(name))?;
        Ok(BufWriter::with_capacity(1 << 20, file))
    };
    let superblock = parts.root.superblock();
    let boot = shop.scratch.room()?;
    parts.copy_boot(boot.path(), &shop.tools)?;
    let everything = |_: &Path| true;
    rootfs::pack(
        boot.path(),
        &[],
        superblock.written,
        &everything,
        create("boot.tar")?,
    )?
    .flush()?;
    let step = shop.progress.bytes("reading the root", superblock.size);
    let (mut file, met) = vendor::to_tar(&parts.root, &step, create("root.tar")?)?;
    file.flush()?;
    step.done("");
    if met.sockets > 0 {
        let note = format!("{} sockets of the vendor's root are left out", met.sockets);
        shop.progress.note(&note);
    }
    let status = met
        .status
        .context("its root has no dpkg status: it is no Debian or Ubuntu system")?;
    fs_err::write(out.join("status"), status)?;
    fs_err::write(
        out.join("identity.json"),
        serde_json::to_vec(&parts.identity())?,
    )?;
    fs_err::write(out.join("epoch"), superblock.written.to_string())?;
    Ok(())
}
