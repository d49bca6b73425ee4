//! The tables, the same in SQLite and PostgreSQL, and the steps by which older ones are brought up to date.
//!
//! A step is never changed once it is released: each database remembers the steps it has taken, with their checksums.

use sqlx::SqlSafeStr as _;
use sqlx::migrate::{Migration, MigrationType, Migrator};

/// Where the database remembers the steps; a host may keep migrations of its own beside ours.
const STEPS_TABLE: &str = "cleartext_migrations";

/// Number, story, and statements of each step.
const STEPS: &[(i64, &str, &str)] = &[(1, "settings, feedback, gaps", SETTINGS_FEEDBACK_GAPS)];

/// What was not set is NULL, so that a default can change. Days are written as 2026-11-23.
const SETTINGS_FEEDBACK_GAPS: &str = "
CREATE TABLE cleartext_settings (
    guild BIGINT NOT NULL PRIMARY KEY,
    channels TEXT,
    visibility TEXT,
    mentions TEXT,
    user_cooldown BIGINT,
    channel_cooldown BIGINT,
    gaps TEXT,
    language TEXT
);

CREATE TABLE cleartext_feedback (
    guild BIGINT NOT NULL,
    entry TEXT NOT NULL,
    revision TEXT NOT NULL,
    helpful BIGINT NOT NULL,
    not_asked BIGINT NOT NULL,
    PRIMARY KEY (guild, entry, revision)
);

CREATE TABLE cleartext_gaps (
    guild BIGINT NOT NULL,
    instead_of TEXT NOT NULL,
    words TEXT NOT NULL,
    question TEXT NOT NULL,
    people BIGINT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    PRIMARY KEY (guild, instead_of, words)
);
";

/// What takes a database through the steps that it has not taken yet.
pub(super) fn migrator() -> Migrator {
    let steps = STEPS
        .iter()
        .map(|(number, story, statements)| {
            let simple = MigrationType::Simple;
            Migration::new(
                *number,
                (*story).into(),
                simple,
                statements.into_sql_str(),
                false,
            )
        })
        .collect();
    let mut migrator = Migrator::with_migrations(steps);
    migrator.dangerous_set_table_name(STEPS_TABLE);
    migrator
}
