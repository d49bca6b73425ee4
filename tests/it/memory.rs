//! What is remembered: the same conversations with SQLite in a file, SQLite in the process, and PostgreSQL.

pub(crate) mod away;
pub(crate) mod file;
pub(crate) mod gaps;
#[cfg(unix)]
mod killed;
pub(crate) mod place;

use cleartext::memory::{
    Absence, Change, ChannelId, Channels, Cooldown, Error, Gaps, GuildId, Language, Memory,
    Mentions, Noted, Rated, Settings, Verdict, Visibility,
};
use insta::{allow_duplicates, assert_json_snapshot};

use place::{day, entry, everywhere, guild, person, revision, shared};

fn channels(ids: &[u64]) -> Channels {
    Channels::new(ids.iter().copied().filter_map(ChannelId::new)).expect("few")
}

fn every_change() -> [Change; 7] {
    [
        Change::Channels(channels(&[u64::MAX, 7])),
        Change::Visibility(Visibility::Private),
        Change::Mentions(Mentions::Off),
        Change::UserCooldown(Cooldown::new(30).expect("short")),
        Change::ChannelCooldown(Cooldown::new(21_600).expect("short")),
        Change::Gaps(Gaps::On),
        Change::Language(Some(Language::new("en-GB").expect("a language"))),
    ]
}

fn changed() -> Settings {
    Settings {
        channels: channels(&[u64::MAX, 7]),
        visibility: Visibility::Private,
        mentions: Mentions::Off,
        user_cooldown: Cooldown::new(30).expect("short"),
        channel_cooldown: Cooldown::new(21_600).expect("short"),
        gaps: Gaps::On,
        language: Some(Language::new("en-GB").expect("a language")),
    }
}

async fn settings(memory: &Memory, guild: GuildId) -> Settings {
    memory.settings(guild).await.expect("it is remembered")
}

#[tokio::test]
async fn a_server_has_the_defaults_until_it_sets_something_else() {
    everywhere(async |place| {
        let memory = place.open().await;
        assert_eq!(settings(&memory, guild(1)).await, Settings::default());
        let private = memory
            .set(guild(1), &Change::Visibility(Visibility::Private))
            .await
            .expect("it is set");
        let expected = Settings {
            visibility: Visibility::Private,
            ..Settings::default()
        };
        assert_eq!(private, expected);
        for change in &every_change() {
            memory.set(guild(1), change).await.expect("it is set");
        }
        assert_eq!(settings(&memory, guild(1)).await, changed());
        assert_eq!(
            settings(&memory, guild(u64::MAX)).await,
            Settings::default()
        );
        memory
            .set(guild(1), &Change::Channels(Channels::default()))
            .await
            .expect("it is set");
        let none = memory
            .set(guild(1), &Change::Language(None))
            .await
            .expect("it is set");
        let expected = Settings {
            channels: Channels::default(),
            language: None,
            ..changed()
        };
        assert_eq!(none, expected);
        memory.reset(guild(1)).await.expect("it is reset");
        assert_eq!(settings(&memory, guild(1)).await, Settings::default());
    })
    .await;
}

#[tokio::test]
async fn what_one_handle_writes_another_reads() {
    shared(async |place| {
        let (one, other) = (place.open().await, place.open().await);
        for (number, change) in every_change().iter().enumerate() {
            let handle = if number % 2 == 0 { &one } else { &other };
            handle.set(guild(1), change).await.expect("it is set");
        }
        assert_eq!(settings(&one, guild(1)).await, changed());
        assert_eq!(settings(&other, guild(1)).await, changed());
        one.close().await;
        for _ in 0..2 {
            assert!(one.settings(guild(1)).await.is_err());
        }
        assert_eq!(settings(&place.open().await, guild(1)).await, changed());
    })
    .await;
}

#[tokio::test]
async fn moderators_who_set_different_things_at_once_lose_nothing() {
    shared(async |place| {
        let (one, other) = (place.open().await, place.open().await);
        let tasks: Vec<_> = every_change()
            .into_iter()
            .zip([&one, &other].into_iter().cycle().cloned())
            .map(|(change, memory)| {
                tokio::spawn(async move { memory.set(guild(1), &change).await.map(drop) })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic").expect("it is set");
        }
        assert_eq!(settings(&one, guild(1)).await, changed());
    })
    .await;
}

#[tokio::test]
async fn many_who_open_a_new_memory_at_once_all_get_it() {
    shared(async |place| {
        let address = place.address();
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let memory = Memory::lazy_with(&address, Absence::Make, place::PATIENT);
                tokio::spawn(async move { memory.purge(day(1)).await })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.expect("no panic").expect("it opens"), 0);
        }
    })
    .await;
}

#[tokio::test]
async fn verdicts_are_counted_for_each_wording_and_once_a_person() {
    everywhere(async |place| {
        let memory = place.open().await;
        let rate = async |server: Option<u64>, who: u64, wording: &str, verdict: Verdict| {
            memory
                .rate(
                    server.map(guild),
                    person(who),
                    &entry("meeting-host"),
                    revision(wording),
                    verdict,
                )
                .await
                .expect("it is counted")
        };
        assert_eq!(
            rate(Some(1), 7, "0000abcd", Verdict::Helpful).await,
            Rated::Counted
        );
        assert_eq!(
            rate(Some(1), 7, "0000abcd", Verdict::Helpful).await,
            Rated::Already
        );
        assert_eq!(
            rate(Some(1), 7, "0000abcd", Verdict::NotAsked).await,
            Rated::Already
        );
        assert_eq!(
            rate(Some(1), 8, "0000abcd", Verdict::NotAsked).await,
            Rated::Counted
        );
        assert_eq!(
            rate(Some(1), 7, "ffffffff", Verdict::Helpful).await,
            Rated::Counted
        );
        assert_eq!(
            rate(Some(2), 7, "0000abcd", Verdict::Helpful).await,
            Rated::Counted
        );
        assert_eq!(
            rate(None, 7, "0000abcd", Verdict::Helpful).await,
            Rated::Counted
        );
        let check = async |server: Option<u64>, expected: &[(&str, u64, u64)]| {
            let ratings = memory.ratings(server.map(guild)).await.expect("it is read");
            let found: Vec<_> = ratings
                .iter()
                .map(|r| (r.revision.as_str(), r.helpful, r.not_asked))
                .collect();
            assert_eq!(found, expected);
        };
        check(Some(1), &[("0000abcd", 1, 1), ("ffffffff", 1, 0)]).await;
        check(Some(2), &[("0000abcd", 1, 0)]).await;
        check(None, &[("0000abcd", 3, 1), ("ffffffff", 1, 0)]).await;
    })
    .await;
}

#[tokio::test]
async fn what_was_acknowledged_is_counted_however_many_write_at_once() {
    shared(async |place| {
        let (one, other) = (place.open().await, place.open().await);
        let tasks: Vec<_> = (0..100)
            .zip([&one, &other].into_iter().cycle().cloned())
            .map(|(who, memory)| {
                tokio::spawn(async move {
                    let (entry, wording) = (entry("meeting-host"), revision("0000abcd"));
                    memory
                        .rate(
                            Some(guild(1)),
                            person(who),
                            &entry,
                            wording,
                            Verdict::Helpful,
                        )
                        .await
                })
            })
            .collect();
        let mut acknowledged = 0;
        for task in tasks {
            match task.await.expect("no panic") {
                Ok(rated) => {
                    assert_eq!(rated, Rated::Counted);
                    acknowledged += 1;
                }
                // A slow disk may be too slow for a hundred at once.
                Err(error) => assert!(
                    matches!(error, Error::Busy { .. } | Error::Away { .. }),
                    "{error}"
                ),
            }
        }
        assert!(acknowledged > 0);
        let counted = place.open().await.ratings(None).await.expect("it is read");
        // What timed out may have been written all the same.
        assert!(
            (acknowledged..=100).contains(&counted[0].helpful),
            "{counted:?}"
        );
    })
    .await;
}

async fn fill(memory: &Memory, server: u64) {
    memory
        .set(guild(server), &Change::Gaps(Gaps::On))
        .await
        .expect("it is set");
    for who in [7, 8] {
        let noted = memory
            .note_gap(guild(server), person(who), "Who paid for it?", None, day(1))
            .await
            .expect("it is noted");
        assert_eq!(
            noted,
            if who == 7 {
                Noted::Waiting
            } else {
                Noted::Kept
            }
        );
        let (entry, wording) = (entry("meeting-host"), revision("0000abcd"));
        memory
            .rate(
                Some(guild(server)),
                person(who),
                &entry,
                wording,
                Verdict::Helpful,
            )
            .await
            .expect("it is counted");
    }
}

#[tokio::test]
async fn a_server_that_is_forgotten_leaves_nothing_and_takes_nothing_of_others() {
    everywhere(async |place| {
        let memory = place.open().await;
        fill(&memory, 1).await;
        fill(&memory, 2).await;
        let export = async |server| {
            memory
                .export(guild(server), day(2))
                .await
                .expect("it is read")
        };
        let before = export(2).await;
        assert_eq!(memory.forget(guild(1)).await.expect("it is forgotten"), 3);
        assert_eq!(memory.forget(guild(1)).await.expect("it is forgotten"), 0);
        let left = export(1).await;
        assert_eq!(left.settings, Settings::default());
        assert!(left.feedback.is_empty() && left.gaps.is_empty(), "{left:?}");
        assert_eq!(export(2).await, before);
        assert_eq!(before.gaps.len(), 1);
    })
    .await;
}

#[tokio::test]
async fn moderators_can_see_all_that_is_stored_of_their_server() {
    everywhere(async |place| {
        let memory = place.open().await;
        fill(&memory, 80_351_110_224_678_912).await;
        let listed = Change::Channels(channels(&[9]));
        memory
            .set(guild(80_351_110_224_678_912), &listed)
            .await
            .expect("it is set");
        let export = memory
            .export(guild(80_351_110_224_678_912), day(2))
            .await
            .expect("it is read");
        allow_duplicates! { assert_json_snapshot!(export, @r#"
        {
          "guild": "80351110224678912",
          "settings": {
            "channels": [
              "9"
            ],
            "visibility": "public",
            "mentions": "on",
            "user_cooldown": 30,
            "channel_cooldown": 60,
            "gaps": "on",
            "language": null
          },
          "feedback": [
            {
              "entry": "meeting-host",
              "revision": "0000abcd",
              "helpful": 2,
              "not_asked": 0
            }
          ],
          "gaps": [
            {
              "guild": "80351110224678912",
              "question": "who paid for it",
              "instead_of": null,
              "people": 2,
              "first_day": "2026-11-01",
              "last_day": "2026-11-01"
            }
          ]
        }
        "#) };
    })
    .await;
}

#[tokio::test]
async fn a_memory_of_a_later_version_is_left_alone() {
    shared(async |place| {
        place.open().await.close().await;
        place
            .execute(
                "INSERT INTO cleartext_migrations (version, description, success, checksum, execution_time) \
                 VALUES (999, 'from the future', TRUE, 'abc', 0)",
            )
            .await;
        let opened = Memory::open(&place.address(), Absence::Make, day(1)).await;
        assert!(matches!(opened, Err(Error::Later(_))), "{opened:?}");
    })
    .await;
}

#[tokio::test]
async fn a_row_that_somebody_else_wrote_is_told_and_never_guessed_at() {
    shared(async |place| {
        let memory = place.open().await;
        let check = async |row: &str| {
            place.execute("DELETE FROM cleartext_settings").await;
            place
                .execute(&format!("INSERT INTO cleartext_settings (guild, {row})"))
                .await;
            let read = memory.settings(guild(1)).await;
            assert!(
                matches!(read, Err(Error::Strange { .. })),
                "{row}: {read:?}"
            );
        };
        check("visibility) VALUES (1, 'everybody'").await;
        check("channels) VALUES (1, '7, 8'").await;
        check("user_cooldown) VALUES (1, -1").await;
        check("channel_cooldown) VALUES (1, 21601").await;
        check("gaps) VALUES (1, 'maybe'").await;
        check("mentions) VALUES (1, ''").await;
        check("language) VALUES (1, 'English'").await;
        memory.reset(guild(1)).await.expect("it is reset");
        assert_eq!(settings(&memory, guild(1)).await, Settings::default());
    })
    .await;
}
