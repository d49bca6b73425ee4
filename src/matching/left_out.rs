//! Phrasings that the rest of the knowledge does not find: the curator's list of what to reword or to add.
//!
//! It reports; whether that is an error is for the caller to say.

use super::{
    corpus::{Corpus, Prepared},
    model::{Model, Scratch},
    texts::{Kind, Texts},
};

/// Most trainings. Every phrasing of a document is left out in another one, unless the document has more than this.
const ROUNDS: usize = 12;

/// A phrasing that finds another document when it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftOut {
    /// Position of the document that the phrasing belongs to.
    pub document: usize,
    /// Position of the phrasing in [`super::Document::phrasings`].
    pub phrasing: usize,
    /// Position of the document that is found instead.
    pub found: usize,
    /// Whether its own document is still among the first three, and so may be offered.
    pub offered: bool,
}

/// Candidates among which a document counts as offered: as many as are suggested.
const OFFERED: usize = 3;

/// Every phrasing that, left out of training, is not found first by the rest, in order of document and phrasing.
///
/// Documents with a single text are passed over: nothing would be left of them. Phrasings are left out in up to twelve rounds,
/// one of each document a round, so a large corpus costs twelve trainings and not one a phrasing.
///
/// ```
/// # use cleartext::matching::{Corpus, Document, Matcher, Overrides};
/// #
/// # let document = |question: &str, phrasing: &str| Document {
/// #     question: question.to_owned(),
/// #     phrasings: vec![phrasing.to_owned()],
/// #     body: String::new(),
/// # };
/// # let corpus = Corpus {
/// #     documents: vec![
/// #         document("How tall is the lighthouse?", "height of the tower"),
/// #         document("When does the ferry leave?", "departure of the boat"),
/// #     ],
/// #     ..Corpus::default()
/// # };
/// // Without "departure of the boat" nothing in the corpus speaks of boats.
/// let missed = cleartext::matching::left_out(&corpus);
/// assert!(missed.iter().all(|missed| missed.found != missed.document));
/// ```
pub fn left_out(corpus: &Corpus) -> Vec<LeftOut> {
    let prepared = Prepared::new(corpus);
    let texts = Texts::new(&prepared);
    let most = texts.all.iter().map(|text| text.turn as usize + 1).max();
    let rounds = most.unwrap_or(0).min(ROUNDS);
    let rounds_at_once = std::thread::scope(|scope| {
        let (prepared, texts) = (&prepared, &texts);
        let halves: Vec<_> = (0..2)
            .map(|half| {
                scope.spawn(move || {
                    (0..rounds)
                        .filter(|round| round % 2 == half)
                        .flat_map(|round| ask_round(prepared, texts, round, rounds))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        halves
            .into_iter()
            .map(|half| {
                half.join()
                    .expect("a round only computes; it does not panic")
            })
            .collect::<Vec<_>>()
    });
    let mut all = rounds_at_once.concat();
    all.sort_by_key(|left_out| (left_out.document, left_out.phrasing));
    all
}

/// Leaves each `rounds`-th text of every document out, trains on the rest and asks for what was left out.
fn ask_round(prepared: &Prepared, texts: &Texts, round: usize, rounds: usize) -> Vec<LeftOut> {
    let mut alone = vec![true; texts.documents];
    for text in texts.all.iter().filter(|text| text.turn > 0) {
        alone[text.document as usize] = false;
    }
    let is_out = |text: &super::texts::Text| {
        text.kind == Kind::Question
            && text.turn as usize % rounds == round
            && !alone[text.document as usize]
    };
    // The prepared texts are the questions, in the same order.
    let questions = texts.all.iter().filter(|text| text.kind == Kind::Question);
    let left_out: Vec<_> = questions
        .zip(&prepared.texts)
        .filter(|(text, _)| is_out(text))
        .filter_map(|(text, (document, phrasing, _))| {
            Some((text, *document as usize, (*phrasing)?))
        })
        .collect();
    if left_out.is_empty() {
        return Vec::new();
    }
    let model = Model::train(texts, |text| !is_out(text));
    let mut scratch = Scratch::default();
    let mut wrong = Vec::new();
    for (text, document, phrasing) in left_out {
        texts.places(text, |_| true, &mut scratch.places);
        model.ask_places(&texts.space, OFFERED, &mut scratch);
        if let Some(found) = scratch.best.first().map(|best| best.document)
            && found != document
        {
            wrong.push(LeftOut {
                document,
                phrasing,
                found,
                offered: scratch.best.iter().any(|best| best.document == document),
            });
        }
    }
    wrong
}
