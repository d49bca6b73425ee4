//! Connections that die in ways serenity does not see, or sees late. Each test takes seconds.

use std::time::Instant;

use super::*;

// Each case has one short bound, so that it is this one that speaks.
fn starved() -> Timings {
    Timings {
        starved: Duration::from_secs(1),
        ..short()
    }
}

fn silent() -> Timings {
    Timings {
        silence: Duration::from_secs(2),
        ..short()
    }
}

fn never_ready() -> Timings {
    Timings {
        ready: Duration::from_secs(2),
        ..short()
    }
}

/// The bot answers again, by a new session of a new client.
async fn check_back(d: &crate::fake::Discord) {
    d.bot_identifies(2).await;
    assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
}

#[test]
fn a_dead_stream_that_is_polled_in_a_loop_is_given_up() {
    for code in [4003, 4010, 4011] {
        discord(bot_with(starved()), async |d| {
            d.close(code);
            check_back(&d).await;
        });
    }
}

#[test]
fn a_gateway_that_falls_silent_is_given_up() {
    discord_before_start(bot_with(silent()), async |d| {
        d.start_bot();
        d.bot_is_ready().await;
        d.acks_heartbeats(Duty::Neglected);
        check_back(&d).await;
    });
}

#[test]
fn a_gateway_that_acknowledges_heartbeats_is_kept() {
    discord_before_start(bot_with(silent()), async |d| {
        d.heartbeats_every(Duration::from_millis(100));
        d.start_bot();
        d.bot_heartbeats(10).await;
        assert_eq!((d.identifies(), d.connections()), (1, 1));
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
    });
}

#[test]
fn a_gateway_that_is_never_ready_is_given_up() {
    discord_before_start(bot_with(never_ready()), async |d| {
        d.says_ready(Duty::Neglected);
        d.start_bot();
        d.bot_identifies(1).await;
        d.says_ready(Duty::Kept);
        check_back(&d).await;
    });
    discord_before_start(bot_with(never_ready()), async |d| {
        d.says_hello(Duty::Neglected);
        d.start_bot();
        d.wait_for("a connection", |world| {
            (world.gateway.connections > 0).then_some(())
        })
        .await;
        d.says_hello(Duty::Kept);
        d.bot_identifies(1).await;
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
    });
}

#[test]
fn a_peer_that_keeps_closing_meets_patience() {
    let timings = Timings {
        reconnect: (Duration::from_millis(200), Duration::from_secs(2)),
        silence: Duration::from_mins(1),
        ..short()
    };
    discord(bot_with(timings), async |d| {
        d.refuses_sessions_with(Some(4000));
        let (before, begun) = (d.connections(), Instant::now());
        d.close(4000);
        d.wait_for("reconnects", |world| {
            (world.gateway.connections >= before + 6).then_some(())
        })
        .await;
        // serenity alone makes thousands in this time. The machine's slowness can only add to it.
        let waits = Duration::from_secs_f64(0.2 + 0.4 + 0.8 + 1.6) * 3 / 4;
        assert!(begun.elapsed() >= waits, "{:?}", begun.elapsed());
        d.refuses_sessions_with(None);
        assert_eq!(mention(d.alice(), SURE).await.title(), SURE);
    });
}

#[test]
fn forgotten_sessions_are_begun_anew() {
    discord(bot(), async |d| {
        d.invalid_session(false);
        check_back(&d).await;
    });
}

#[test]
fn an_answer_that_hangs_does_not_hold_up_the_end() {
    discord(bot(), async |d| {
        d.when("POST", "/channels/*/messages").never_answers();
        d.alice().mentions_bot(SURE).await;
        faults_strike(&d, 1).await;
        d.waits_at_most(END);
        assert_eq!(d.stop_bot().await, Ok(()));
    });
}

#[test]
fn registration_is_not_repeated_by_a_new_client() {
    discord(bot_with(starved()), async |d| {
        d.registered_commands().await;
        d.close(4003);
        check_back(&d).await;
        assert_eq!(d.requests("PUT", "/applications/*/commands").len(), 1);
    });
}

#[test]
fn discord_is_asked_anew_how_many_shards_it_wants() {
    discord_before_start(bot_with(starved()), async |d| {
        let address = d.api().base.replace("http", "ws");
        let limits =
            json!({ "total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1 });
        let body = json!({ "url": address, "shards": 2, "session_start_limit": limits });
        // Two shards are refused with 4010, after which serenity polls a dead stream.
        d.when("GET", "/gateway/bot")
            .times(1)
            .answers_with(200, &[], body);
        d.start_bot();
        check_back(&d).await;
    });
}
