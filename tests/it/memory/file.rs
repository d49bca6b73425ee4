//! The SQLite file: where it can be, who may read it, and what is left in it of what was deleted.

use std::fs;
use std::path::Path;

use cleartext::memory::{Absence, Address, Change, Error, Gaps, Memory};
use insta::assert_snapshot;
use tempfile::TempDir;

use super::place::{PATIENT, day, guild, person};

fn at(folder: &TempDir, name: &str) -> Address {
    Address::parse(&format!("sqlite://{name}"), folder.path()).expect("an address")
}

fn patient(address: &Address) -> Memory {
    Memory::lazy_with(address, Absence::Make, PATIENT)
}

async fn told(folder: &TempDir, name: &str, absence: Absence) -> String {
    let opened = Memory::open(&at(folder, name), absence, day(1)).await;
    let told = opened.expect_err("it cannot be opened").to_string();
    told.replace(&folder.path().display().to_string(), "[folder]")
}

#[tokio::test]
async fn a_place_that_does_not_serve_is_named_with_its_remedy() {
    let folder = TempDir::new().expect("a temporary folder");
    fs::create_dir(folder.path().join("inner")).expect("a folder can be made");
    fs::write(folder.path().join("text.db"), "not a database ".repeat(100))
        .expect("a file can be written");
    assert_snapshot!(told(&folder, "missing/memory.db", Absence::Make).await, @"the memory [folder]/missing/memory.db cannot be made: its folder [folder]/missing does not exist; make the folder, or name another place as `url` under [memory]");
    assert_snapshot!(told(&folder, "memory.db", Absence::Report).await, @"there is no memory [folder]/memory.db; `cleartext serve` makes it, or name another as `url` under [memory]");
    assert_snapshot!(told(&folder, "inner", Absence::Make).await, @"the memory [folder]/inner cannot be opened: it is a folder; let this user write to the file and its folder, or name another place as `url` under [memory]");
    assert_snapshot!(told(&folder, "text.db", Absence::Make).await, @"the memory [folder]/text.db could not bring its tables up to date: file is not a database; look after the database, and try again");
    assert!(!folder.path().join("memory.db").exists());
}

#[tokio::test]
async fn a_folder_that_appears_later_is_found() {
    let folder = TempDir::new().expect("a temporary folder");
    let memory = patient(&at(&folder, "later/memory.db"));
    let early = memory.settings(guild(1)).await;
    assert!(matches!(early, Err(Error::Folder { .. })), "{early:?}");
    fs::create_dir(folder.path().join("later")).expect("a folder can be made");
    memory.settings(guild(1)).await.expect("it is there now");
}

#[cfg(unix)]
#[tokio::test]
async fn nobody_else_on_the_machine_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = TempDir::new().expect("a temporary folder");
    let memory = patient(&at(&folder, "memory.db"));
    memory
        .set(guild(1), &Change::Gaps(Gaps::On))
        .await
        .expect("it is set");
    let mut files = 0;
    for file in fs::read_dir(folder.path()).expect("it can be listed") {
        let file = file.expect("it can be listed");
        let mode = file
            .metadata()
            .expect("it has permissions")
            .permissions()
            .mode();
        assert_eq!(mode & 0o077, 0, "{file:?} {mode:o}");
        files += 1;
    }
    assert_eq!(files, 3, "the file, its log and its index");
}

/// Whether any file of a folder holds these words.
fn on_disk(folder: &Path, words: &str) -> bool {
    fs::read_dir(folder).expect("it can be listed").any(|file| {
        let bytes = fs::read(file.expect("it can be listed").path()).expect("it can be read");
        bytes
            .windows(words.len())
            .any(|window| window == words.as_bytes())
    })
}

/// How a kept question can be deleted.
#[derive(Clone, Copy, Debug)]
enum Way {
    Forget,
    Purge,
    SwitchOff,
    Reset,
}

#[tokio::test]
async fn what_is_deleted_is_not_left_on_the_disk_and_what_one_person_asked_never_gets_there() {
    for way in [Way::Forget, Way::Purge, Way::SwitchOff, Way::Reset] {
        let folder = TempDir::new().expect("a temporary folder");
        let memory = patient(&at(&folder, "memory.db"));
        memory
            .set(guild(1), &Change::Gaps(Gaps::On))
            .await
            .expect("it is set");
        let ask = async |who, question| {
            let noted = memory
                .note_gap(guild(1), person(who), question, None, day(1))
                .await;
            noted.expect("it is noted");
        };
        ask(7, "who paid the xylophonist").await;
        ask(8, "who paid the xylophonist").await;
        ask(8, "who paid the zitherist").await;
        assert!(on_disk(folder.path(), "xylophonist"));
        assert!(!on_disk(folder.path(), "zither"));
        match way {
            Way::Forget => assert_eq!(memory.forget(guild(1)).await.expect("it is done"), 2),
            Way::Purge => assert_eq!(memory.purge(day(31)).await.expect("it is done"), 1),
            Way::SwitchOff => {
                let off = Change::Gaps(Gaps::Off);
                memory.set(guild(1), &off).await.expect("it is done");
            }
            Way::Reset => memory.reset(guild(1)).await.expect("it is done"),
        }
        assert!(!on_disk(folder.path(), "xylophon"), "{way:?}");
    }
}
