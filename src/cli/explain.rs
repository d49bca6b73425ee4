//! Why a question was answered the way it was: what was read, which words counted, who came second, where the cuts are.
//!
//! It shows the matcher's own account and computes nothing.

use super::page::percent;
use super::terminal::{Look, Page};
use crate::answering::{
    Answerer, Band, EntryId, Explanation, Ranked, ScoreParts, ThresholdSource, Thresholds,
};

/// Below this a word's share rounds to nothing and is not worth a place in the list.
const LEAST_SHARE: f32 = 0.005;

/// The account of how a question was matched.
pub(super) fn explanation(answerer: &Answerer, question: &str, look: Look) -> String {
    let mut page = Page::new(look);
    page.heading("Why");
    let id = question.trim();
    let id = EntryId::new(id.strip_prefix("id:").unwrap_or(id)).ok();
    if let Some(reply) = id.and_then(|id| answerer.entry(&id)) {
        page.paragraph(&format!(
            "“{}” is the id of an entry; nothing had to be matched.",
            reply.entry
        ));
        return page.into_text();
    }
    let explanation = answerer.explain(question);
    reading(&mut page, &explanation);
    words(&mut page, &explanation);
    candidates(&mut page, answerer, &explanation);
    verdict(&mut page, &explanation);
    page.into_text()
}

/// How the question was read.
fn reading(page: &mut Page, explanation: &Explanation) {
    fact(page, "Read as", &format!("“{}”", explanation.normalized));
    // A near tie gives several readings of one word, one after the other.
    let repaired = explanation
        .repaired
        .chunk_by(|a, b| a.from == b.from)
        .filter_map(|readings| {
            let words: Vec<_> = readings.iter().map(|repair| repair.to.as_str()).collect();
            Some(format!(
                "{} → {}",
                readings.first()?.from,
                words.join(" or ")
            ))
        });
    facts(page, "Repaired", repaired);
    facts(page, "Not known", explanation.unknown.iter().cloned());
}

/// Which words counted, the weightiest first.
fn words(page: &mut Page, explanation: &Explanation) {
    let mut shares: Vec<_> = explanation
        .words
        .iter()
        .filter(|word| word.share.abs() >= LEAST_SHARE)
        .collect();
    shares.sort_by(|a, b| b.share.abs().total_cmp(&a.share.abs()));
    let shown = |positive: bool| {
        shares
            .iter()
            .filter(move |word| (word.share > 0.0) == positive)
            .map(|word| format!("{} {:+.2}", word.word, word.share))
    };
    facts(page, "Words for", shown(true));
    facts(page, "Words against", shown(false));
}

/// The winner with the parts of its score, the runner-up, and the others.
fn candidates(page: &mut Page, answerer: &Answerer, explanation: &Explanation) {
    let name = |ranked: &Ranked| {
        answerer
            .replies()
            .get(ranked.document)
            .map_or("?", |reply| reply.entry.as_str())
    };
    let described = |ranked: &Ranked| {
        format!(
            "{}, {}, score {:.2}",
            name(ranked),
            percent(ranked.confidence),
            ranked.score
        )
    };
    let Some(winner) = explanation.ranking.best.first() else {
        fact(page, "Candidates", "none");
        return;
    };
    fact(page, "Winner", &described(winner));
    if let Some(ScoreParts {
        learned,
        spelling,
        coverage,
        cosine,
        log_share,
    }) = explanation.parts
    {
        let sum = format!(
            "learned {learned:.2}, spelling {spelling:.2}, coverage {coverage:.2}; share of all scores {}",
            percent(log_share.exp())
        );
        fact(page, "Its score", &sum);
        if let Some(phrasing) = &explanation.best_phrasing {
            let nearest = format!("“{phrasing}”, cosine {cosine:.2}");
            fact(page, "Nearest way", &nearest);
        }
    }
    if explanation.exact {
        fact(
            page,
            "Exact",
            "the question stands in the knowledge word for word",
        );
    }
    if let Some(second) = explanation.runner_up() {
        let behind = format!(
            "{}, behind by {:.2}",
            described(second),
            winner.score - second.score
        );
        fact(page, "Runner-up", &behind);
    }
    let others = explanation.ranking.best.iter().skip(2).map(described);
    facts(page, "Others", others);
}

/// Where the cuts are and what follows.
fn verdict(page: &mut Page, explanation: &Explanation) {
    let Thresholds {
        answer_at,
        suggest_at,
        margin,
        source,
    } = explanation.thresholds;
    let source = match source {
        ThresholdSource::Fitted => "fitted to this knowledge",
        ThresholdSource::Fixed => "fixed, as this knowledge is too small or too large to fit them",
        ThresholdSource::Configured => "configured",
    };
    let cuts = format!(
        "answered from {}, a choice from {}, {source}; a choice as well where two good scores are nearer than {margin:.2}",
        percent(answer_at),
        percent(suggest_at)
    );
    fact(page, "Thresholds", &cuts);
    let outcome = match explanation.ranking.band {
        Band::Answer => "answered",
        Band::Suggest => "a choice",
        Band::Refuse => "not in the file",
    };
    fact(page, "Outcome", outcome);
}

/// A name and what is to say of it.
fn fact(page: &mut Page, name: &str, text: &str) {
    page.item(&format!("{name:<15}"), text);
}

/// Several things of one name; nothing where there are none.
fn facts(page: &mut Page, name: &str, texts: impl Iterator<Item = String>) {
    let texts: Vec<_> = texts.collect();
    if !texts.is_empty() {
        fact(page, name, &texts.join("; "));
    }
}
