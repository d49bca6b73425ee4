//! [Suggest this question]: where it stands, what its form says, and what becomes of the text.

use insta::assert_snapshot;

use crate::discord::{FAR, SURE, TORN, ask, shown};
use crate::discord_moderation::with_memory;
use crate::fake::{Actor, Discord, Modal, Reply};

const SUGGEST: &str = "Suggest this question";

/// Switches the keeping of questions on.
async fn keeping(d: &Discord) {
    let on = d
        .moderator()
        .slash("cleartext settings", &[("gaps", "0")])
        .await;
    let on = on.reply().await.content;
    assert!(on.starts_with("Set: unanswered questions are kept"), "{on}");
}

/// Opens the form below a message.
async fn form(below: &Reply, who: Actor) -> Modal {
    below.click(SUGGEST, who).await.modal().await
}

/// Sends it, with a text in place of what stands in it.
async fn send(form: &Modal, text: &str) -> Reply {
    let label = form.fields[0].label.clone();
    form.submit(&[(&label, text)]).await.reply().await
}

#[test]
fn a_miss_can_be_suggested_where_questions_are_kept() {
    with_memory(async |d| {
        let miss = ask(d.alice(), FAR).await;
        assert_eq!(miss.labels(), ["Browse topics"]);
        keeping(&d).await;
        let question = "How do I *bake* <@1>'s pancakes? 1. flour";
        let miss = ask(d.alice(), question).await;
        assert_snapshot!(shown(&miss), @r"
        (only alice sees this)
        This is not in the file. Topics near it:
        - The lighthouse
        - Visiting \*the\* tower
        - The fog horn
        -# You asked: How do I \*bake\* \<\@1>'s pancakes? 1. flour
        [Browse topics] [Suggest this question]
        ");
        let open = form(&miss, d.alice()).await;
        assert_eq!(open.title, SUGGEST);
        let field = &open.fields[0];
        assert_eq!(field.label, "Question (kept 30 days, without your name)");
        assert_eq!((field.value.as_str(), field.required), (question, true));
        let waiting = send(&open, "how are pancakes baked").await;
        assert_snapshot!(shown(&waiting), @"
        (only alice sees this)
        Thank you. It is written down once somebody else asks it as well, without who asked.
        ");
        let again = form(&ask(d.bob(), FAR).await, d.bob()).await;
        let kept = send(&again, "how are pancakes baked").await;
        assert_snapshot!(shown(&kept), @"
        (only bob sees this)
        Thank you. Others have asked this as well; the moderators can see it, without who asked.
        ");
        let personal = send(&again, "call me on 0176 1234 5678").await;
        assert_snapshot!(shown(&personal), @"
        (only bob sees this)
        It was not written down: something in it looks like an address, a link, a long number or a key. Suggest it again without that.
        ");
        let gaps = d.moderator().slash("cleartext gaps", &[]).await;
        let gaps = gaps.reply().await.content;
        assert!(
            gaps.contains("**2** people") && gaps.contains("pancakes baked"),
            "{gaps}"
        );
    });
}

#[test]
fn none_of_these_still_knows_what_was_asked() {
    with_memory(async |d| {
        keeping(&d).await;
        let choice = ask(d.alice(), TORN).await;
        let miss = choice.click("None of these", d.alice()).await.reply().await;
        assert_eq!(form(&miss, d.alice()).await.fields[0].value, TORN);
    });
}

#[test]
fn a_suggestion_that_has_an_answer_is_led_to_it_and_not_kept() {
    with_memory(async |d| {
        keeping(&d).await;
        let miss = ask(d.alice(), FAR).await;
        let led = send(&form(&miss, d.alice()).await, SURE).await;
        assert_snapshot!(shown(&led), @"
        (only alice sees this)
        With these words I find something.
        Which one did you mean?
        [How tall is the lighthouse?]
        [When was the lighthouse built?]
        [What does the fog horn cost a year?]
        [None of these]
        ");
    });
}

#[test]
fn nothing_is_suggested_once_that_is_switched_off_nor_in_public_nor_for_others() {
    with_memory(async |d| {
        keeping(&d).await;
        let miss = ask(d.alice(), FAR).await;
        let open = form(&miss, d.alice()).await;
        let direct = d.alice().dm(FAR).await.reply().await;
        assert!(!direct.labels().contains(&SUGGEST), "{direct}");
        let line = d.alice().mentions_bot(FAR).await.reply().await;
        assert!(!shown(&line).contains("pancakes"), "{line}");
        let bobs = d.bob().says(FAR).await;
        let found = d
            .alice()
            .message_menu("Find a sourced answer", bobs.id)
            .await;
        let found = found.reply().await;
        assert!(!found.labels().contains(&SUGGEST), "{found}");
        let off = d
            .moderator()
            .slash("cleartext settings", &[("gaps", "1")])
            .await;
        drop(off.reply().await);
        let late = send(&open, "how are pancakes baked").await;
        assert_snapshot!(shown(&late), @"
        (only alice sees this)
        This server does not keep questions, so it was not written down.
        ");
        let late = miss.click(SUGGEST, d.alice()).await.reply().await;
        assert_snapshot!(shown(&late), @"
        (only alice sees this)
        This server does not keep questions, so it was not written down.
        ");
    });
}
