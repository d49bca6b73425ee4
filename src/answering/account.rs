//! Why a question was answered the way it was: what was read, which words counted, who came second, where the cuts are.
//!
//! It shows the matcher's own account and computes nothing. The terminal and Discord show the same lines, each in its way.

use super::{
    Answerer, Band, EntryId, Explanation, Ranked, ScoreParts, ThresholdSource, Thresholds,
};

/// Below this a word's share rounds to nothing and is not worth a place in the list.
const LEAST_SHARE: f32 = 0.005;

/// The account of how a question was matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Account {
    /// It is the id of this entry; nothing had to be matched.
    Id(EntryId),
    /// Names and what is to say of each, in reading order.
    Matched(Vec<(&'static str, String)>),
}

impl Answerer {
    /// Tells how a question was matched.
    ///
    /// ```
    /// use cleartext::answering::Account;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// match library.current().account("how tall is the lihgthouse") {
    ///     Account::Matched(lines) => {
    ///         assert!(lines.contains(&("Repaired", "lihgthouse → lighthouse".to_owned())));
    ///     }
    ///     Account::Id(_) => panic!("that is no id"),
    /// }
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn account(&self, question: &str) -> Account {
        let id = question.trim();
        let id = EntryId::new(id.strip_prefix("id:").unwrap_or(id)).ok();
        if let Some(reply) = id.and_then(|id| self.entry(&id)) {
            return Account::Id(reply.entry.clone());
        }
        let explanation = self.explain(question);
        let mut lines = Vec::new();
        reading(&mut lines, &explanation);
        words(&mut lines, &explanation);
        candidates(&mut lines, self, &explanation);
        verdict(&mut lines, &explanation);
        Account::Matched(lines)
    }
}

/// A fraction as a percentage in words; only certainty is 100 %, and only impossibility 0 %.
///
/// ```
/// use cleartext::answering::percent;
///
/// assert_eq!(percent(0.974), "97 %");
/// assert_eq!(percent(0.9999), "over 99 %");
/// ```
pub fn percent(fraction: f32) -> String {
    let percent = (f64::from(fraction) * 100.0).round();
    if percent >= 100.0 && fraction < 1.0 {
        return "over 99 %".to_owned();
    }
    if percent <= 0.0 && fraction > 0.0 {
        return "under 1 %".to_owned();
    }
    format!("{percent:.0} %")
}

type Lines = Vec<(&'static str, String)>;

/// How the question was read.
fn reading(lines: &mut Lines, explanation: &Explanation) {
    fact(lines, "Read as", &format!("“{}”", explanation.normalized));
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
    facts(lines, "Repaired", repaired);
    facts(lines, "Not known", explanation.unknown.iter().cloned());
}

/// Which words counted, the weightiest first.
fn words(lines: &mut Lines, explanation: &Explanation) {
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
    facts(lines, "Words for", shown(true));
    facts(lines, "Words against", shown(false));
}

/// The winner with the parts of its score, the runner-up, and the others.
fn candidates(lines: &mut Lines, answerer: &Answerer, explanation: &Explanation) {
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
        fact(lines, "Candidates", "none");
        return;
    };
    fact(lines, "Winner", &described(winner));
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
        fact(lines, "Its score", &sum);
        if let Some(phrasing) = &explanation.best_phrasing {
            let nearest = format!("“{phrasing}”, cosine {cosine:.2}");
            fact(lines, "Nearest way", &nearest);
        }
    }
    if explanation.exact {
        fact(
            lines,
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
        fact(lines, "Runner-up", &behind);
    }
    let others = explanation.ranking.best.iter().skip(2).map(described);
    facts(lines, "Others", others);
}

/// Where the cuts are and what follows.
fn verdict(lines: &mut Lines, explanation: &Explanation) {
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
    fact(lines, "Thresholds", &cuts);
    let outcome = match explanation.ranking.band {
        Band::Answer => "answered",
        Band::Suggest => "a choice",
        Band::Refuse => "not in the file",
    };
    fact(lines, "Outcome", outcome);
}

/// A name and what is to say of it.
fn fact(lines: &mut Lines, name: &'static str, text: &str) {
    lines.push((name, text.to_owned()));
}

/// Several things of one name; nothing where there are none.
fn facts(lines: &mut Lines, name: &'static str, texts: impl Iterator<Item = String>) {
    let texts: Vec<_> = texts.collect();
    if !texts.is_empty() {
        fact(lines, name, &texts.join("; "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_certain_is_called_so() {
        let check = |fraction: f32, expected: &str| assert_eq!(percent(fraction), expected);
        check(0.0, "0 %");
        check(0.0001, "under 1 %");
        check(0.974, "97 %");
        check(0.9999, "over 99 %");
        check(1.0, "100 %");
    }
}
