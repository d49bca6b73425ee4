//! What the log says of people: nothing.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use cleartext::discord::LOG_FILTER;
use serde_json::json;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

use crate::discord::{FAR, SURE, TORN, ask, bot, mention};
use crate::fake::{MEMBER_RIGHTS, discord};

/// Everything logged in this process, by tests that run beside this one as well: the more, the better.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn the_log_holds_nothing_about_people() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(LOG_FILTER))
        .with_writer(log.clone())
        .with_ansi(false)
        .init();
    discord(bot(), async |d| {
        let alice = d.alice();
        let mut secrets = vec![
            SURE,
            TORN,
            FAR,
            "alice",
            "interaction-token",
            &alice.user.to_string(),
        ]
        .into_iter()
        .map(str::to_owned)
        .collect::<Vec<_>>();
        secrets.push(d.api().token);
        let choice = ask(d.alice(), TORN).await;
        choice.click("None of these", d.alice()).await.reply().await;
        mention(d.alice(), FAR).await;
        let silent = d.channel_with(
            "silent",
            MEMBER_RIGHTS - serenity::all::Permissions::SEND_MESSAGES,
        );
        d.alice().in_channel(silent).mentions_bot(SURE).await;
        for _ in 0..2 {
            d.refusal().await;
        }
        let body = json!({ "code": 50035, "message": SURE });
        d.when("POST", "/interactions/*/*/callback")
            .times(1)
            .answers_with(400, &[], body);
        let apology = ask(d.alice(), SURE).await;
        d.when("POST", "/channels/*/messages")
            .times(1)
            .aborts_before();
        d.alice().mentions_bot(SURE).await;
        d.when("POST", "/interactions/*/*/callback")
            .times(2)
            .answers(500);
        d.alice()
            .slash("ask", &[("question", SURE)])
            .await
            .may_stay_unanswered();
        d.sends_raw(
            &json!({ "op": 0, "s": 9, "t": "MESSAGE_CREATE", "d": { "content": SURE } })
                .to_string(),
        );
        d.silence().await;
        d.stop_bot().await.expect("it stops");

        let text =
            String::from_utf8(log.0.lock().expect("no panic").clone()).expect("the log is text");
        let reference = apology
            .content
            .split([' ', ')'])
            .find(|word| word.len() == 6 && word.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let reference = reference.unwrap_or_else(|| panic!("{apology}"));
        assert!(
            text.contains(reference),
            "the apology leads to the log:\n{text}"
        );
        for told in [
            "connected to Discord",
            "a channel refused a reply",
            "a reply could not be posted",
            "an interaction could not be answered",
        ] {
            assert!(text.contains(told), "{told:?} is missing:\n{text}");
        }
        for secret in secrets {
            assert!(!text.contains(&secret), "{secret:?} is in the log:\n{text}");
        }
    });
}
