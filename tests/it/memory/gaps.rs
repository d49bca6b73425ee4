//! Unanswered questions: off unless switched on, never one person's alone, gone after thirty days.

use cleartext::memory::{Change, Gaps, Memory, Noted, Unkept};

use super::place::{day, entry, everywhere, guild, person, shared};

async fn switched_on(memory: &Memory, server: u64) {
    memory
        .set(guild(server), &Change::Gaps(Gaps::On))
        .await
        .expect("it is set");
}

/// Somebody asks in server 1.
async fn ask(memory: &Memory, who: u64, question: &str, today: u64) -> Noted {
    memory
        .note_gap(guild(1), person(who), question, None, day(today))
        .await
        .expect("it is noted")
}

/// What a curator sees of server 1, with how many asked it and on which days of the month.
async fn seen(memory: &Memory, today: u64) -> Vec<String> {
    let gaps = memory
        .gaps(Some(guild(1)), day(today))
        .await
        .expect("they are read");
    gaps.iter()
        .map(|gap| {
            format!(
                "{} {} {}..{}",
                gap.people, gap.question, gap.first_day, gap.last_day
            )
        })
        .collect()
}

#[tokio::test]
async fn nothing_is_kept_unless_the_server_says_so() {
    everywhere(async |place| {
        let memory = place.open().await;
        assert_eq!(
            ask(&memory, 7, "who paid for it", 1).await,
            Noted::SwitchedOff
        );
        assert_eq!(
            ask(&memory, 8, "who paid for it", 1).await,
            Noted::SwitchedOff
        );
        switched_on(&memory, 1).await;
        assert_eq!(seen(&memory, 1).await, [""; 0]);
        // Nobody was counted while it was off either.
        assert_eq!(ask(&memory, 9, "who paid for it", 1).await, Noted::Waiting);
    })
    .await;
}

#[tokio::test]
async fn a_question_is_kept_once_two_people_asked_it() {
    everywhere(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        switched_on(&memory, 2).await;
        assert_eq!(ask(&memory, 7, "Who paid for it?", 1).await, Noted::Waiting);
        assert_eq!(ask(&memory, 7, "who paid for it", 2).await, Noted::Waiting);
        assert_eq!(seen(&memory, 2).await, [""; 0]);
        assert_eq!(
            ask(&memory, 8, "WHO PAID FOR THIS IT", 3).await,
            Noted::Kept
        );
        assert_eq!(
            seen(&memory, 3).await,
            ["2 who paid for this it 2026-11-03..2026-11-03"]
        );
        assert_eq!(ask(&memory, 7, "who paid for it", 4).await, Noted::Kept);
        assert_eq!(ask(&memory, 9, "who paid for it", 5).await, Noted::Kept);
        assert_eq!(
            seen(&memory, 5).await,
            ["3 who paid for this it 2026-11-03..2026-11-05"]
        );
        let elsewhere = memory
            .note_gap(guild(2), person(9), "who paid for it", None, day(5))
            .await
            .expect("it is noted");
        assert_eq!(elsewhere, Noted::Waiting);
        assert_eq!(
            memory
                .gaps(None, day(5))
                .await
                .expect("they are read")
                .len(),
            1
        );
    })
    .await;
}

#[tokio::test]
async fn what_most_people_asked_comes_first() {
    everywhere(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        for (question, people) in [
            ("who voted", 2),
            ("who paid", 4),
            ("Éric who", 3),
            ("apples", 2),
        ] {
            for who in 0..people {
                ask(&memory, who, question, 1).await;
            }
        }
        let seen = seen(&memory, 1).await;
        let order: Vec<_> = seen
            .iter()
            .filter_map(|line| line.split(" 2026").next())
            .collect();
        assert_eq!(
            order,
            ["4 who paid", "3 eric who", "2 apples", "2 who voted"]
        );
    })
    .await;
}

#[tokio::test]
async fn a_text_beside_an_answer_is_a_group_of_its_own() {
    everywhere(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        for who in [7, 8] {
            let host = entry("meeting-host");
            memory
                .note_gap(
                    guild(1),
                    person(who),
                    "who paid for it",
                    Some(&host),
                    day(1),
                )
                .await
                .expect("it is noted");
        }
        assert_eq!(ask(&memory, 9, "who paid for it", 1).await, Noted::Waiting);
        let gaps = memory.gaps(None, day(1)).await.expect("they are read");
        assert_eq!(gaps.len(), 1);
        assert_eq!(gaps[0].instead_of, Some(entry("meeting-host")));
    })
    .await;
}

#[tokio::test]
async fn what_is_unfit_is_not_kept_however_many_ask_it() {
    everywhere(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        for who in 0..4 {
            let unfit = ask(&memory, who, "is ann@example.org one of them", 1).await;
            assert_eq!(unfit, Noted::Unfit(Unkept::Personal));
            assert_eq!(
                ask(&memory, who, "?!", 1).await,
                Noted::Unfit(Unkept::Empty)
            );
        }
        assert_eq!(seen(&memory, 1).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn thirty_days_after_it_was_last_asked_a_question_is_gone() {
    everywhere(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        for who in [7, 8] {
            ask(&memory, who, "who paid for it", 1).await;
            ask(&memory, who, "who voted for it", 11).await;
        }
        assert_eq!(memory.purge(day(30)).await.expect("it is done"), 0);
        assert_eq!(seen(&memory, 30).await.len(), 2);
        // It is not shown any more even before it is deleted.
        assert_eq!(
            seen(&memory, 31).await,
            ["2 who voted for it 2026-11-11..2026-11-11"]
        );
        assert_eq!(memory.purge(day(31)).await.expect("it is done"), 1);
        assert_eq!(memory.purge(day(31)).await.expect("it is done"), 0);
        // And asking it again begins anew.
        assert_eq!(ask(&memory, 7, "who paid for it", 31).await, Noted::Waiting);
        assert_eq!(memory.purge(day(100)).await.expect("it is done"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_question_that_was_due_and_is_asked_again_starts_over() {
    shared(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        for who in [7, 8, 9] {
            ask(&memory, who, "who paid for it", 1).await;
        }
        memory.close().await;
        let memory = place.open().await;
        for who in [7, 8] {
            ask(&memory, who, "who paid for it", 40).await;
        }
        assert_eq!(
            seen(&memory, 40).await,
            ["2 who paid for it 2026-12-10..2026-12-10"]
        );
    })
    .await;
}

#[tokio::test]
async fn after_a_restart_nobody_is_taken_for_two() {
    shared(async |place| {
        for _ in 0..3 {
            let memory = place.open().await;
            switched_on(&memory, 1).await;
            assert_eq!(ask(&memory, 7, "who paid for it", 1).await, Noted::Waiting);
            memory.close().await;
        }
        let memory = place.open().await;
        assert_eq!(seen(&memory, 1).await, [""; 0]);
        ask(&memory, 7, "who paid for it", 1).await;
        ask(&memory, 8, "who paid for it", 1).await;
        memory.close().await;
        let memory = place.open().await;
        ask(&memory, 7, "who paid for it", 2).await;
        assert_eq!(
            seen(&memory, 2).await,
            ["2 who paid for it 2026-11-01..2026-11-01"]
        );
    })
    .await;
}

#[tokio::test]
async fn switching_off_and_resetting_delete_what_was_kept() {
    everywhere(async |place| {
        let memory = place.open().await;
        for reset in [false, true] {
            switched_on(&memory, 1).await;
            assert_eq!(ask(&memory, 7, "who paid for it", 1).await, Noted::Waiting);
            assert_eq!(ask(&memory, 8, "who paid for it", 1).await, Noted::Kept);
            assert_eq!(seen(&memory, 1).await.len(), 1);
            if reset {
                memory.reset(guild(1)).await.expect("it is reset");
            } else {
                let off = Change::Gaps(Gaps::Off);
                memory.set(guild(1), &off).await.expect("it is set");
            }
            switched_on(&memory, 1).await;
            assert_eq!(seen(&memory, 1).await, [""; 0]);
        }
    })
    .await;
}

#[tokio::test]
async fn a_question_of_a_server_without_the_switch_is_neither_shown_nor_left() {
    shared(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        for who in [7, 8] {
            ask(&memory, who, "who paid for it", 1).await;
        }
        // As if it had been written in the moment in which the switch was thrown.
        place
            .execute("UPDATE cleartext_settings SET gaps = NULL")
            .await;
        assert_eq!(seen(&memory, 1).await, [""; 0]);
        assert_eq!(memory.purge(day(1)).await.expect("it is done"), 1);
    })
    .await;
}

#[tokio::test]
async fn a_flood_has_an_end() {
    everywhere(async |place| {
        let memory = place.open().await;
        switched_on(&memory, 1).await;
        let words = [
            "paid", "voted", "signed", "wrote", "asked", "spoke", "left", "came",
        ];
        // Groups are sets of words, so each place has words of its own.
        let questions = (0..=500).map(|number: usize| {
            let word = |place: usize| format!("{}{place}", words[number >> (3 * place) & 7]);
            format!("who {} {} {}", word(0), word(1), word(2))
        });
        let mut last = Noted::Waiting;
        for question in questions {
            ask(&memory, 7, &question, 1).await;
            last = ask(&memory, 8, &question, 1).await;
        }
        assert_eq!(last, Noted::Full);
        assert_eq!(seen(&memory, 1).await.len(), 500);
        assert_eq!(
            ask(&memory, 9, "who paid0 paid1 paid2", 1).await,
            Noted::Kept
        );
    })
    .await;
}
