//! What stands behind an answer's buttons, within the same limits: a block for each side of a dispute, and the detail.
//!
//! Each block lists the sources behind its own marks, under the numbers that they have in the answer.

use chrono::NaiveDate;

use super::{
    AMBER, BLUE, CONTENT, Card, DESCRIPTION, FOOTER, Form, Layout, SOURCE_PUBLISHER, TEXT_FOOTER,
    TITLE, footer,
};
use crate::answering::{Reply, ReplyPosition};
use crate::discord::markdown::{self, length};

/// All text of a message's embeds together.
const ALL_EMBEDS: usize = 6_000;
/// Most embeds of a message.
const MOST_BLOCKS: usize = 10;
/// Longest name of a side in plain text: ten of them have to fit beside a title and a footer.
const TEXT_HEADING: usize = 80;
/// Where a side does not fit into its share of a plain text.
const TOO_LONG: &str = "(too long to show without embeds)";
/// Above a detail, so that nobody takes it for the answer.
const DETAIL: &str = "In more detail";

/// What each side of a dispute holds, an embed each, all of one colour. Empty where nothing is disputed.
pub(in crate::discord) fn sides(reply: &Reply, today: NaiveDate) -> Vec<Card> {
    let footer = markdown::cut(&footer(reply, &reply.notes(today)), FOOTER);
    let positions = reply.positions.iter().take(MOST_BLOCKS);
    let room = room_of_a_block(reply, length(&footer));
    let mut cards: Vec<Card> = positions
        .map(|position| Card {
            title: markdown::cut_escaped(&heading(position), TITLE),
            description: Layout::of(reply, &position.body, Form::Card, room)
                .fitted()
                .0,
            footer: String::new(),
            colour: colour(reply, today),
        })
        .collect();
    if let Some(last) = cards.last_mut() {
        last.footer = footer;
    }
    cards
}

/// The same as plain text in so much room, where no side that needs more gets less of it than another.
pub(in crate::discord) fn sides_text(reply: &Reply, today: NaiveDate, room: usize) -> String {
    let title = markdown::cut_escaped(&reply.title, TITLE);
    let footer = markdown::cut_escaped(&footer(reply, &reply.notes(today)), TEXT_FOOTER);
    let mut text = format!("**{title}**");
    let tail = format!("\n-# {footer}");
    let positions: Vec<_> = reply.positions.iter().take(MOST_BLOCKS).collect();
    let room = room.saturating_sub(length(&text) + length(&tail));
    let head = |position: &ReplyPosition| {
        let heading = markdown::cut_escaped(&heading(position), TEXT_HEADING);
        format!("\n\n**{heading}**\n")
    };
    let body = |position: &ReplyPosition, room: usize| {
        let (body, _) = Layout::of(reply, &position.body, Form::Text, room).fitted();
        body
    };
    let needs: Vec<usize> = positions
        .iter()
        .map(|position| length(&head(position)) + length(&body(position, CONTENT)))
        .collect();
    for (position, room) in positions.into_iter().zip(shares(&needs, room)) {
        let head = head(position);
        let room = room.saturating_sub(length(&head));
        let body = body(position, room);
        text.push_str(&head);
        // Even one sentence with its sources may be too much for a tenth of a message.
        text.push_str(if length(&body) > room {
            TOO_LONG
        } else {
            &body
        });
    }
    text.push_str(&tail);
    text
}

/// Deals room out: each gets what it needs, and those for whom that is too much get the same.
fn shares(needs: &[usize], mut room: usize) -> Vec<usize> {
    let mut modest_first: Vec<usize> = (0..needs.len()).collect();
    modest_first.sort_by_key(|position| needs.get(*position));
    let mut shares = vec![0; needs.len()];
    for (dealt, position) in modest_first.into_iter().enumerate() {
        let fair = room / (needs.len() - dealt);
        if let (Some(share), Some(need)) = (shares.get_mut(position), needs.get(position)) {
            *share = fair.min(*need);
            room -= *share;
        }
    }
    shares
}

/// An entry's detail; `None` where it has none.
pub(in crate::discord) fn more(reply: &Reply, today: NaiveDate) -> Option<Card> {
    let detail = reply.detail.as_ref()?;
    let head = format!("**{DETAIL}**\n");
    let room = DESCRIPTION.saturating_sub(length(&head));
    let (body, _) = Layout::of(reply, detail, Form::Card, room).fitted();
    Some(Card {
        title: markdown::cut_escaped(&reply.title, TITLE),
        description: format!("{head}{body}"),
        footer: markdown::cut(&footer(reply, &reply.notes(today)), FOOTER),
        colour: colour(reply, today),
    })
}

/// The same as plain text in so much room.
pub(in crate::discord) fn more_text(
    reply: &Reply,
    today: NaiveDate,
    room: usize,
) -> Option<String> {
    let detail = reply.detail.as_ref()?;
    let title = markdown::cut_escaped(&reply.title, TITLE);
    let footer = markdown::cut_escaped(&footer(reply, &reply.notes(today)), TEXT_FOOTER);
    let head = format!("**{title}**\n**{DETAIL}**\n");
    let tail = format!("\n-# {footer}");
    let room = room.saturating_sub(length(&head) + length(&tail));
    let (body, _) = Layout::of(reply, detail, Form::Text, room).fitted();
    Some(format!("{head}{body}{tail}"))
}

/// What the blocks would lose to Discord's limits, one sentence each.
pub(super) fn faults(reply: &Reply) -> Vec<String> {
    let mut faults = Vec::new();
    let positions = reply.positions.len();
    if positions > MOST_BLOCKS {
        faults.push(format!(
            "there are {positions} positions, of which a Discord message shows {MOST_BLOCKS}; join some"
        ));
    }
    let cut = |layout: &Layout<'_>| {
        let kept = layout.fitted().1.map_or(0, |plan| plan.sentences);
        kept < layout.sentences.len()
    };
    let room = room_of_a_block(reply, FOOTER);
    for position in &reply.positions {
        if cut(&Layout::of(reply, &position.body, Form::Card, room)) {
            faults.push(format!(
                "the position of {} would not be shown whole in its block of {room} characters; shorten it or cite less",
                position.holder
            ));
        }
    }
    if let Some(detail) = &reply.detail
        && cut(&Layout::of(reply, detail, Form::Card, DESCRIPTION))
    {
        faults.push(format!(
            "the detail would not be shown whole: a Discord embed holds {DESCRIPTION} characters; shorten it or cite less"
        ));
    }
    faults
}

/// How long the text of each block can be, so that all of them fit into one message.
fn room_of_a_block(reply: &Reply, footer: usize) -> usize {
    let blocks = reply.positions.len().clamp(1, MOST_BLOCKS);
    let titles = blocks * TITLE;
    let room = ALL_EMBEDS.saturating_sub(titles + footer) / blocks;
    room.min(DESCRIPTION)
}

/// Who holds it, and which side that is.
fn heading(position: &ReplyPosition) -> String {
    let side = position.side.as_str().replace('-', " ");
    let holder = markdown::cut(&position.holder, SOURCE_PUBLISHER);
    format!("{holder} ({side})")
}

fn colour(reply: &Reply, today: NaiveDate) -> u32 {
    let overdue = reply.review_by.is_some_and(|review_by| review_by < today);
    if overdue { AMBER } else { BLUE }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_side_does_not_need_goes_to_the_others_alike() {
        let check = |needs: &[usize], room: usize, expected: &[usize]| {
            assert_eq!(shares(needs, room), expected, "{needs:?} of {room}");
        };
        check(&[], 10, &[]);
        check(&[3, 4], 10, &[3, 4]);
        check(&[9, 2, 9], 12, &[5, 2, 5]);
        check(&[9, 9, 9], 10, &[3, 3, 4]);
        check(&[1, 20, 5, 20], 20, &[1, 7, 5, 7]);
    }
}
