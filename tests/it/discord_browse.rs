//! Browsing: topics and their questions, sources and what cites them, what this bot is and can do.

use insta::assert_snapshot;

use crate::discord::{FAR, ask, bot, shown};
use crate::fake::{Actor, How, Reply, discord};

async fn command(who: Actor, name: &str) -> Reply {
    who.slash(name, &[]).await.reply().await
}

async fn source(who: Actor, words: &str) -> Reply {
    who.slash("source", &[("source", words)])
        .await
        .reply()
        .await
}

#[test]
fn topics_lead_to_questions_and_questions_to_answers() {
    discord(bot(), async |d| {
        let topics = command(d.alice(), "topics").await;
        assert_snapshot!(shown(&topics), @r"
        (only alice sees this)
        ▌ The lighthouse dispute: topics
        ▌ - **The lighthouse** · 2 answers
        ▌ - **The fog horn** · 2 answers
        ▌ - **Visiting \*the\* tower** · 1 answer
        ▌ edition 2026.11
        [Share]
        ( Pick a topic ▾ The lighthouse | The fog horn | Visiting *the* tower )
        ");
        let topic = topics.select("The fog horn", d.alice()).await.reply().await;
        assert_eq!((topic.how, topic.id), (How::Update, topics.id));
        assert_snapshot!(shown(&topic), @r"
        (only alice sees this)
        ▌ The fog horn
        ▌ What it costs and who wants it silent.
        ▌
        ▌ 1\. What does the fog horn cost a year?
        ▌ 2\. Should the fog horn be silenced at night?
        ▌ edition 2026.11
        [All topics] [Share]
        ( Pick a question ▾ What does the fog horn cost a year? | Should the fog horn be silenced at night? )
        ");
        let label = "What does the fog horn cost a year?";
        let answer = topic.select(label, d.alice()).await.reply().await;
        assert_eq!((answer.how, answer.title()), (How::Update, label));
        let public = answer.click("Share", d.alice()).await.reply().await;
        assert!(!public.is_private());
    });
}

#[test]
fn a_topic_can_be_shared_and_browsed_by_others() {
    discord(bot(), async |d| {
        let topics = command(d.alice(), "topics").await;
        let shared = topics.click("Share", d.alice()).await.reply().await;
        assert!(!shared.is_private());
        assert_eq!(shared.labels(), ["Remove"]);
        let bobs = shared.select("The lighthouse", d.bob()).await.reply().await;
        assert!(bobs.is_private());
        assert_eq!(bobs.title(), "The lighthouse");
    });
}

#[test]
fn a_miss_leads_to_the_topics() {
    discord(bot(), async |d| {
        let miss = ask(d.alice(), FAR).await;
        let topics = miss.click("Browse topics", d.alice()).await.reply().await;
        assert_eq!(topics.title(), "The lighthouse dispute: topics");
    });
}

#[test]
fn long_topics_have_pages() {
    discord(crate::discord_shipped::bot(), async |d| {
        let topics = command(d.alice(), "topics").await;
        let first = topics.options()[0].to_owned();
        let mut page = topics.select(&first, d.alice()).await.reply().await;
        assert_eq!(page.options().len(), 10);
        let footer = |page: &Reply| page.embeds[0].footer.clone();
        assert!(footer(&page).starts_with("Page 1 of "), "{page}");
        assert!(!page.labels().contains(&"Previous"));
        let mut pages = 1;
        while page.labels().contains(&"Next") {
            page = page.click("Next", d.alice()).await.reply().await;
            pages += 1;
        }
        assert!(footer(&page).starts_with(&format!("Page {pages} of {pages} · ")));
        let back = page.click("Previous", d.alice()).await.reply().await;
        assert!(footer(&back).starts_with(&format!("Page {} of {pages} · ", pages - 1)));
        let all = back.click("All topics", d.alice()).await.reply().await;
        assert_eq!(all.title(), topics.title());
    });
}

#[test]
fn a_source_is_shown_with_all_that_cites_it() {
    discord(bot(), async |d| {
        let choices = d.alice().types("source", "source", "keep sil").await;
        assert_eq!(choices.len(), 1);
        assert_eq!(choices[0].name, "Keepers' Union: Silence kills");
        let page = source(d.alice(), &choices[0].value).await;
        assert_snapshot!(shown(&page), @r"
        (only alice sees this)
        ▌ Silence kills
        ▌ Keepers' Union, March 2025
        ▌ Kind: position · side: civil society
        ▌ [Read it at its publisher](https://keepers.example/horn_%282025%29)
        ▌
        ▌ **Cited by 2 answers**
        ▌ 1\. How tall is the lighthouse? · p. 2
        ▌ 2\. Should the fog horn be silenced at night? · p. 1
        ▌ edition 2026.11
        [Share]
        ( Pick a question ▾ How tall is the lighthouse? | Should the fog horn be silenced at night? )
        ");
        let label = "How tall is the lighthouse?";
        let answer = page.select(label, d.alice()).await.reply().await;
        assert_eq!(answer.title(), label);
    });
}

#[test]
fn a_source_is_found_by_words_of_it_or_not_at_all() {
    discord(bot(), async |d| {
        let one = source(d.alice(), "harbour").await;
        assert_eq!(one.title(), "The lighthouse in figures");
        let several = source(d.alice(), "2025").await;
        assert_snapshot!(shown(&several), @"
        (only alice sees this)
        Which source did you mean?
        ( Pick a source ▾ Keepers' Union: Silence kills | Neighbours of the Bay: Let us sleep )
        ");
        let label = "Neighbours of the Bay: Let us sleep";
        let picked = several.select(label, d.alice()).await.reply().await;
        assert_eq!(picked.title(), "Let us sleep");
        assert_snapshot!(shown(&source(d.alice(), "pancakes").await), @"
        (only alice sees this)
        No source in the file has all of these words in its title, publisher or author.
        ");
    });
}

#[test]
fn about_says_what_it_stands_on() {
    discord(bot(), async |d| {
        assert_snapshot!(shown(&command(d.alice(), "about").await), @"
        (only alice sees this)
        ▌ The lighthouse dispute
        ▌ 5 answers, 3 topics and 3 sources in edition 2026.11. Every sentence of an answer names its source and the place in it.
        ▌
        ▌ **How answers are found**
        ▌ Your words are compared with known wordings of each question. The result is the probability that the best one is meant. From 80 % on it is answered; from 20 % on I ask which one you mean; below that I say that it is not in the file. Nothing is written by a machine at that moment: the same question gets the same answer.
        ▌
        ▌ **Both sides**
        ▌ Where a matter is disputed, each side is shown with who holds it and its own sources.
        ▌
        ▌ **Privacy**
        ▌ I read commands, messages that mention me, direct messages, and a message whose menu you open for me. I keep no names, ids or questions on disk. To avoid repeating myself I remember for a short time, in memory only, which message I answered where.
        ▌ edition 2026.11
        [Share]
        ");
    });
}

#[test]
fn help_names_the_commands_so_that_they_can_be_clicked() {
    discord(bot(), async |d| {
        let help = command(d.alice(), "help").await;
        let text = shown(&help);
        let ids: Vec<String> = d.look(|world| {
            let commands = world.commands.all();
            commands
                .filter(|command| command["type"] == 1)
                .map(|command| {
                    let id = command["id"].as_str().expect("an id is text");
                    let name = command["name"].as_str().expect("a name is text");
                    // Of a command with subcommands only these can be clicked.
                    let name = match name {
                        "cleartext" => "cleartext settings",
                        name => name,
                    };
                    format!("</{name}:{id}>")
                })
                .collect()
        });
        for id in ids.iter().filter(|id| !id.starts_with("</help:")) {
            assert!(text.contains(id.as_str()), "{id} in {text}");
        }
        assert!(text.contains("Find a sourced answer"));
        let plain = ids.iter().fold(text, |text, id| {
            let (name, _) = id.split_once(':').expect("an id follows a colon");
            text.replace(id.as_str(), &format!("{name}:ID>"))
        });
        assert_snapshot!(plain, @"
        (only alice sees this)
        ▌ What you can ask me to do
        ▌ - </ask:ID> answers a question in any words, or an entry by its id. Sure answers are for the channel where the server allows it; `visibility` changes that.
        ▌ - </topics:ID> browses everything in the file.
        ▌ - </source:ID> shows a source and all that cites it.
        ▌ - </about:ID> says what the file is and how answers are found.
        ▌ - **Find a sourced answer**, under Apps in the menu of a message, looks for what answers that message. Only you see what it finds, until you reply with it.
        ▌ - Mention me with a question, or write to me directly. If you edit the question, I change the answer; if you delete it, I delete mine.
        ▌ - **Remove** below an answer takes it away: for who asked, and for anybody with Manage Messages.
        ▌ - </cleartext settings:ID> is for those with Manage Server: what holds in a server, how I am doing, and what readers said.
        ▌ edition 2026.11
        [Share]
        ");
    });
}

#[test]
fn everything_works_where_the_bot_is_not_and_in_direct_messages() {
    discord(bot(), async |d| {
        for who in [
            d.alice().elsewhere(),
            d.alice().in_group(),
            d.alice().in_dm(),
            d.alice().in_thread(),
        ] {
            for name in ["topics", "about", "help"] {
                let page = command(who.clone(), name).await;
                assert!(!page.embeds.is_empty(), "{page}");
            }
            assert!(!source(who.clone(), "keepers-2025").await.embeds.is_empty());
            assert!(!ask(who, "id:how-tall").await.embeds.is_empty());
        }
        // In a forum's thread as well.
        let post = d.bob().opens_post("Question", "about the lighthouse").await;
        let there = d.alice().in_channel(post.channel);
        assert!(!ask(there.clone(), "id:how-tall").await.is_private());
        let mentioned = there.mentions_bot("How tall is the lighthouse?").await;
        assert_eq!(
            mentioned.reply().await.title(),
            "How tall is the lighthouse?"
        );
    });
}

#[test]
fn every_command_can_be_used_everywhere_by_servers_and_users() {
    discord(bot(), async |d| {
        d.registered_commands().await;
        d.look(|world| {
            let all = world.commands.all();
            // That for moderators is looked at in `discord_moderation`.
            for command in all.filter(|command| command["name"] != "cleartext") {
                assert_eq!(
                    command["contexts"],
                    serde_json::json!([0, 1, 2]),
                    "{command}"
                );
                let types = &command["integration_types"];
                assert_eq!(types, &serde_json::json!([0, 1]), "{command}");
            }
        });
    });
}
