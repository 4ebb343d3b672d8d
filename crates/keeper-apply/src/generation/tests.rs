//! Tests of the store: what is there after which interruption.

use super::*;

struct Room {
    _dir: tempfile::TempDir,
    root: Utf8PathBuf,
    store: Store,
}

/// A root file system as the image has it.
fn room() -> Room {
    let dir = tempfile::tempdir().expect("a scratch directory");
    let root = Utf8PathBuf::try_from(dir.path().to_owned()).expect("a UTF-8 path");
    for path in ["etc/keeper", DEFAULTS] {
        fs::create_dir_all(root.join(path)).expect("a directory");
    }
    fs::os::unix::fs::symlink(format!("../../{DEFAULTS}"), root.join(APPLIED)).expect("a link");
    let store = Store::new(&root);
    store.prepare().expect("a store");
    Room {
        _dir: dir,
        root,
        store,
    }
}

fn files(text: &str) -> Files {
    Files::from([("a", text.to_owned()), ("b", "same".to_owned())])
}

fn put(room: &Room, text: &str) -> Generation {
    room.store.put(&files(text)).expect("a generation")
}

fn kept(room: &Room) -> usize {
    let dir = room.root.join(STORE).join("generations");
    fs::read_dir(dir).expect("the store").count()
}

#[test]
fn a_switch_is_a_link_that_leads_to_the_files() {
    let room = room();
    let in_force = || room.store.in_force().expect("a link");
    assert_eq!(in_force(), Some(Generation::Defaults));
    let one = put(&room, "one");
    assert_eq!(
        in_force(),
        Some(Generation::Defaults),
        "stored is not in force"
    );
    room.store.switch(&one).expect("a switch");
    assert_eq!(in_force(), Some(one));
    let through = fs::read_to_string(room.root.join(APPLIED).join("a"));
    assert_eq!(through.expect("a file"), "one");
    room.store.switch(&Generation::Defaults).expect("a switch");
    assert_eq!(in_force(), Some(Generation::Defaults));
    assert!(room.root.join(APPLIED).is_dir());
}

#[test]
fn the_name_is_the_content() {
    let room = room();
    assert_eq!(put(&room, "one"), put(&room, "one"));
    assert_ne!(put(&room, "one"), put(&room, "two"));
    assert_eq!(kept(&room), 2);
    let moved = Files::from([("ab", "c".into())]);
    assert_ne!(name_of(&moved), name_of(&Files::from([("a", "bc".into())])));
}

#[test]
fn everybody_can_read_it_and_only_root_write() {
    let room = room();
    let dir = room.store.path(&put(&room, "one"));
    let mode = |path: &Utf8Path| {
        let data = fs::metadata(path).expect("it is there");
        data.permissions().mode() & 0o7777
    };
    assert_eq!((mode(&dir), mode(&dir.join("a"))), (0o755, 0o644));
}

#[test]
fn what_an_interruption_left_is_in_nobodys_way() {
    let room = room();
    let one = put(&room, "one");
    let path = room.store.path(&one);
    fs::remove_dir_all(&path).expect("it was there");
    // Cut while it was written.
    let half = path.with_file_name(format!(".new-{}", path.file_name().expect("a name")));
    fs::create_dir(&half).expect("a directory");
    fs::write(half.join("a"), "o").expect("a file");
    // Cut between making the new link and renaming it.
    let link = room.root.join("etc/keeper/.applied.new");
    fs::os::unix::fs::symlink("nowhere", link).expect("a link");
    assert_eq!(put(&room, "one"), one);
    room.store.switch(&one).expect("a switch");
    assert_eq!(contents(&path)["a"], b"one");
    fs::create_dir(path.with_file_name(".new-other")).expect("a directory");
    room.store.sweep().expect("sweeping");
    assert_eq!(kept(&room), 1);
}

#[test]
fn a_damaged_generation_is_replaced_even_in_force() {
    let room = room();
    let one = put(&room, "one");
    room.store.switch(&one).expect("a switch");
    let path = room.store.path(&one);
    for damage in ["", "on"] {
        fs::write(path.join("a"), damage).expect("a file");
        assert_eq!(put(&room, "one"), one);
        assert_eq!(contents(&path)["a"], b"one");
    }
    fs::remove_file(path.join("b")).expect("it was there");
    put(&room, "one");
    assert_eq!(contents(&path)["b"], b"same");
    // A package's proposal for a configuration file is no damage.
    fs::write(path.join("a.dpkg-dist"), "x").expect("a file");
    put(&room, "one");
    assert!(path.join("a.dpkg-dist").exists());
    assert_eq!(kept(&room), 1);
}

#[test]
fn the_sweep_leaves_what_is_and_what_was_in_force() {
    let room = room();
    let [one, two, three] = ["one", "two", "three"].map(|text| put(&room, text));
    room.store.switch(&three).expect("a switch");
    room.store.remember(Some(&two)).expect("a link");
    room.store.sweep().expect("sweeping");
    assert!(!room.store.path(&one).exists());
    assert_eq!(room.store.previous().expect("a link"), Some(two.clone()));
    assert_eq!(kept(&room), 2);
    room.store
        .remember(Some(&Generation::Defaults))
        .expect("nothing");
    assert_eq!(room.store.previous().expect("a link"), Some(two.clone()));
    fs::remove_dir_all(room.store.path(&two)).expect("it was there");
    assert_eq!(room.store.previous().expect("a link"), None);
}

#[test]
fn another_link_is_not_taken_for_ours() {
    let room = room();
    for target in [
        "/etc",
        "generations/../../x",
        "generations/xyz",
        "x/0123456789abcdef",
    ] {
        link(target, &room.root.join(APPLIED)).expect("a link");
        let error = room
            .store
            .in_force()
            .expect_err("no generation")
            .to_string();
        assert!(error.contains("which is no generation"), "{error}");
    }
    remove(&room.root.join(APPLIED)).expect("it was there");
    assert_eq!(room.store.in_force().expect("no link is no error"), None);
}
