//! PRIVACY.md tells of everything that is stored, by the names that it has there, and tells nothing that is not so.

use std::collections::BTreeSet;

use cleartext::memory::{Absence, DAYS_KEPT, LEAST_PEOPLE, MOST_GAPS, Memory};
use sqlx::Connection as _;
use tempfile::TempDir;

use crate::memory::place::{PATIENT, address};

const PRIVACY: &str = include_str!("../../PRIVACY.md");
/// What keeps account of the tables themselves; sqlx made its columns.
const STEPS: &str = "cleartext_migrations";

/// The names in backquotes in the rows of the table below the mention of a memory's table.
fn told(table: &str) -> BTreeSet<String> {
    let (_, below) = PRIVACY
        .split_once(&format!("\n`{table}`: "))
        .unwrap_or_else(|| panic!("PRIVACY.md does not tell of {table}"));
    below
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|names| names.split('`').skip(1).step_by(2))
        .map(str::to_owned)
        .collect()
}

#[tokio::test]
async fn it_tells_of_every_table_and_column() {
    let folder = TempDir::new().expect("a temporary folder");
    let url = format!("sqlite://{}", folder.path().join("memory.db").display());
    let memory = Memory::lazy_with(&address(&url), Absence::Make, PATIENT);
    memory.prepare().await.expect("it is made");
    memory.close().await;
    let mut connection = sqlx::SqliteConnection::connect(&url)
        .await
        .expect("it opens");
    let stored: Vec<(String, String)> = sqlx::query_as(
        "SELECT tables.name, columns.name FROM sqlite_schema AS tables, pragma_table_info(tables.name) AS columns \
         WHERE tables.type = 'table'",
    )
    .fetch_all(&mut connection)
    .await
    .expect("it tells its tables");
    let tables: BTreeSet<&str> = stored.iter().map(|(table, _)| table.as_str()).collect();
    assert_eq!(tables.len(), 4, "{tables:?}");
    for table in tables {
        if table == STEPS {
            assert!(PRIVACY.contains(&format!("`{STEPS}`: ")));
            continue;
        }
        let columns: BTreeSet<String> = stored
            .iter()
            .filter(|(of, _)| of == table)
            .map(|(_, column)| column.clone())
            .collect();
        assert_eq!(told(table), columns, "{table}");
    }
}

#[test]
fn its_figures_are_those_of_the_program() {
    assert_eq!(LEAST_PEOPLE, 2);
    for words in [
        "at least two\n  people have asked".to_owned(),
        format!("for {DAYS_KEPT} days"),
        format!("questions | {DAYS_KEPT} days after they were last asked"),
        format!("{MOST_GAPS} questions a server"),
    ] {
        assert!(PRIVACY.contains(&words), "“{words}” is missing");
    }
}

#[test]
fn it_says_what_each_switch_stores() {
    let (_, switches) = PRIVACY
        .split_once("## What the switches do")
        .expect("there is such a part");
    for switch in told("cleartext_settings") {
        let named = switch == "guild" || switches.contains(&format!("`{switch}`"));
        assert!(named, "nothing is said of the switch {switch}");
    }
    assert!(switches.contains("`url` under `[memory]`"));
}
