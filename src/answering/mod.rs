//! From a question to an answer: found, "which one did you mean?", or "not in this file".
//!
//! - [`Answerer`]: knowledge made ready to be asked.
//! - [`Answer`]: the three honest outcomes, a closed enum.
//! - `reply`: what is shown of an entry, with its sources.
//! - `account`: why a question was answered the way it was.
//! - [`evaluation`]: how good the answers are on graded questions, and what would mend the misses.
//!
//! Functions over values: no file, clock or socket. The day that decides what is overdue is handed in.

mod account;
pub mod evaluation;
mod reply;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::knowledge::{Entry, Knowledge};
use crate::matching::{self, Corpus, Document, Matcher};

pub use crate::knowledge::{
    EntryId, Kind, LONGEST_ID, PublishedDate, Side, Source, SourceId, Topic, TopicId,
};
pub use crate::matching::{
    Band, Explanation, Overrides, Ranked, Repair, ScoreParts, ThresholdSource, Thresholds,
    WordShare,
};
pub use account::{Account, percent};
pub use reply::{Mark, MarkedText, Related, Reply, ReplyCitation, ReplyPosition, Revision, Span};

/// How many candidates an answer carries, and how many questions a "which one?" offers: what fits a phone's screen.
pub const CANDIDATES: usize = 3;
/// How many topics a miss points to.
const NEAR_TOPICS: usize = 3;

/// Knowledge made ready to be asked. Immutable; share it behind an [`Arc`].
#[derive(Debug)]
pub struct Answerer {
    title: String,
    edition: String,
    language: String,
    topics: Vec<Topic>,
    sources: Vec<Source>,
    replies: Vec<Arc<Reply>>,
    positions: BTreeMap<EntryId, usize>,
    /// Entries by how many others point to them, most first, ties in the order of the knowledge.
    popular: Vec<usize>,
    matcher: Matcher,
}

/// What became of a question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// One entry surely answers it.
    Found(Found),
    /// Some entries may; the asker has to pick.
    Choose(Choose),
    /// Nothing in the knowledge does.
    Unknown(Unknown),
}

/// A sure answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// What to show.
    pub reply: Arc<Reply>,
    /// The probability that it is the right entry, from 0 to 1.
    pub confidence: f32,
    /// The best candidates, this one first.
    pub candidates: Vec<Candidate>,
}

/// A question that several entries may answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Choose {
    /// The entries to pick from, best first; at least one, at most [`CANDIDATES`]. None is held back for a low confidence: on the
    /// development questions a cut at 1e-4 hid the right entry in 21 of 241 choices.
    pub candidates: Vec<Candidate>,
}

/// A question that nothing in the knowledge answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Unknown {
    /// The best candidates all the same; none of them is good enough to be offered.
    pub candidates: Vec<Candidate>,
    /// Topics near the question, nearest first.
    pub near: Vec<Topic>,
}

/// An entry that may answer a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// What would be shown.
    pub reply: Arc<Reply>,
    /// The probability that it is the right entry, from 0 to 1.
    pub confidence: f32,
}

impl Answer {
    /// The best candidates, whatever the outcome; at most [`CANDIDATES`].
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answer = library.ask("how tall is it");
    /// assert!(answer.candidates().len() <= cleartext::answering::CANDIDATES);
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn candidates(&self) -> &[Candidate] {
        match self {
            Self::Found(found) => &found.candidates,
            Self::Choose(choose) => &choose.candidates,
            Self::Unknown(unknown) => &unknown.candidates,
        }
    }

    /// The probability that the best candidate is right, from 0 to 1; 0 without candidates.
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// assert!((0.0..=1.0).contains(&library.ask("how tall is it").confidence()));
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn confidence(&self) -> f32 {
        self.candidates()
            .first()
            .map_or(0.0, |candidate| candidate.confidence)
    }
}

/// Phrasings that the matcher cannot tell apart from another entry's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confused {
    /// The entry whose phrasing it is.
    pub entry: EntryId,
    /// The phrasing; left out of training, it is not found by the rest of its entry.
    pub phrasing: String,
    /// The entry that is found instead.
    pub found: EntryId,
    /// Whether its own entry is still among the first [`CANDIDATES`], and so may be offered.
    pub offered: bool,
}

impl Answerer {
    /// Makes knowledge ready: numbers the sources of each entry and trains the matcher.
    ///
    /// ```
    /// use cleartext::answering::{Answerer, Overrides};
    /// use cleartext::library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let draft = library::draft(Some(path.as_ref()))?;
    /// let knowledge = draft.into_knowledge().expect("it has no faults");
    /// let answerer = Answerer::new(&knowledge, Overrides::default());
    /// assert_eq!(answerer.replies().len(), knowledge.entries.len());
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn new(knowledge: &Knowledge, overrides: Overrides) -> Self {
        let replies = Self::replies_of(knowledge);
        let positions: BTreeMap<EntryId, usize> = replies
            .iter()
            .enumerate()
            .map(|(position, reply)| (reply.entry.clone(), position))
            .collect();
        Self {
            title: knowledge.title.clone(),
            edition: knowledge.edition.clone(),
            language: knowledge.language.clone(),
            topics: knowledge.topics.clone(),
            sources: knowledge.sources.clone(),
            replies,
            popular: popular(knowledge, &positions),
            positions,
            matcher: Matcher::train(&corpus(knowledge), overrides),
        }
    }

    /// What is shown of each entry, in the order of the knowledge, for a caller that asks nothing.
    ///
    /// ```
    /// use cleartext::answering::Answerer;
    /// use cleartext::library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let draft = library::draft(Some(path.as_ref()))?;
    /// let knowledge = draft.into_knowledge().expect("it has no faults");
    /// assert_eq!(Answerer::replies_of(&knowledge)[0].title, knowledge.entries[0].question);
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn replies_of(knowledge: &Knowledge) -> Vec<Arc<Reply>> {
        let replies: Vec<_> = knowledge
            .entries
            .iter()
            .filter_map(|entry| Reply::new(entry, knowledge).map(Arc::new))
            .collect();
        debug_assert_eq!(
            replies.len(),
            knowledge.entries.len(),
            "checked knowledge cites in every entry"
        );
        replies
    }

    /// Answers a question in any words, or an entry's id.
    ///
    /// ```
    /// use cleartext::answering::Answer;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answerer = library.current();
    /// match answerer.ask("How tall is the lighthouse?") {
    ///     Answer::Found(found) => assert_eq!(found.reply.citations[0].source.as_str(), "harbour-2024"),
    ///     Answer::Choose(_) | Answer::Unknown(_) => panic!("an entry's own question finds it"),
    /// }
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn ask(&self, question: &str) -> Answer {
        if let Some(reply) = self.by_id(question) {
            let candidates = vec![Candidate {
                reply: Arc::clone(reply),
                confidence: 1.0,
            }];
            return Answer::Found(Found {
                reply: Arc::clone(reply),
                confidence: 1.0,
                candidates,
            });
        }
        let ranking = self.matcher.rank(question);
        let candidates: Vec<_> = ranking
            .best
            .iter()
            .take(CANDIDATES)
            .filter_map(|ranked| {
                let reply = Arc::clone(self.replies.get(ranked.document)?);
                Some(Candidate {
                    reply,
                    confidence: ranked.confidence,
                })
            })
            .collect();
        match (ranking.band, candidates.first()) {
            (Band::Answer, Some(best)) => Answer::Found(Found {
                reply: Arc::clone(&best.reply),
                confidence: best.confidence,
                candidates,
            }),
            (Band::Suggest, Some(_)) => Answer::Choose(Choose { candidates }),
            (Band::Refuse, _) | (_, None) => {
                let near = self.near_topics(&candidates);
                Answer::Unknown(Unknown { candidates, near })
            }
        }
    }

    fn by_id(&self, question: &str) -> Option<&Arc<Reply>> {
        let text = question.trim();
        self.entry(&EntryId::new(text.strip_prefix("id:").unwrap_or(text)).ok()?)
    }

    /// The topics of the candidates, then the manifest's first ones.
    fn near_topics(&self, candidates: &[Candidate]) -> Vec<Topic> {
        let mut near: Vec<Topic> = Vec::new();
        let of_candidates = candidates
            .iter()
            .filter_map(|candidate| self.topic(&candidate.reply.topic));
        for topic in of_candidates.chain(&self.topics) {
            if near.len() < NEAR_TOPICS && !near.contains(topic) {
                near.push(topic.clone());
            }
        }
        near
    }

    /// Entries whose questions complete what has been typed so far, best first; while nothing is typed, those that most other
    /// entries point to.
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answerer = library.current();
    /// let completed = answerer.complete("how tall is the ligh", 1);
    /// assert_eq!(completed[0].entry.as_str(), "how-tall");
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn complete(&self, typed: &str, limit: usize) -> Vec<&Arc<Reply>> {
        let positions = if typed.trim().is_empty() {
            self.popular.iter().copied().take(limit).collect()
        } else {
            self.matcher.complete(typed, limit)
        };
        positions
            .into_iter()
            .filter_map(|position| self.replies.get(position))
            .collect()
    }

    /// Why a question is matched the way it is; documents are positions in [`Answerer::replies`].
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answerer = library.current();
    /// let explanation = answerer.explain("how tall is the lihgthouse");
    /// assert_eq!(explanation.repaired[0].to, "lighthouse");
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn explain(&self, question: &str) -> Explanation {
        self.matcher.explain(question)
    }

    /// What is shown of an entry.
    ///
    /// ```
    /// use cleartext::answering::EntryId;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answerer = library.current();
    /// let id = EntryId::new("how-tall").expect("it has the form of an id");
    /// assert!(answerer.entry(&id).is_some());
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn entry(&self, id: &EntryId) -> Option<&Arc<Reply>> {
        self.replies.get(*self.positions.get(id)?)
    }

    /// What is shown of each entry, in the order of the knowledge.
    pub fn replies(&self) -> &[Arc<Reply>] {
        &self.replies
    }

    /// The topic with this id.
    pub fn topic(&self, id: &TopicId) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.id == *id)
    }

    /// The topics, in the order of the manifest.
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The source with this id.
    ///
    /// ```
    /// use cleartext::answering::SourceId;
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let answerer = library.current();
    /// let id = SourceId::new("harbour-2024").expect("it has the form of an id");
    /// let source = answerer.source(&id).expect("it is cited");
    /// assert_eq!(source.publisher, "Harbour Office");
    /// assert!(answerer.sources().contains(source));
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn source(&self, id: &SourceId) -> Option<&Source> {
        self.sources.iter().find(|source| source.id == *id)
    }

    /// The sources, in the order of the knowledge.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// What the knowledge is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Which edition of the knowledge this is.
    pub fn edition(&self) -> &str {
        &self.edition
    }

    /// Eight hexadecimal digits that change whenever anything shown of any entry changes.
    ///
    /// ```
    /// use cleartext::library::Library;
    ///
    /// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
    /// let library = Library::open(path)?;
    /// let before = library.current().revision();
    /// // The same words after a reload are the same revision.
    /// library.reload(chrono::Utc::now())?;
    /// assert_eq!(library.current().revision(), before);
    /// # Ok::<(), cleartext::library::LoadError>(())
    /// ```
    pub fn revision(&self) -> String {
        let mut hasher = crc32fast::Hasher::new();
        for reply in &self.replies {
            hasher.update(format!("{} {}\n", reply.entry, reply.revision).as_bytes());
        }
        format!("{:08x}", hasher.finalize())
    }

    /// The language of the knowledge, as an ISO 639-1 code.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// The confidences at which a question is answered or becomes a choice.
    pub fn thresholds(&self) -> Thresholds {
        self.matcher.thresholds()
    }
}

/// Nobody counts what is asked, so what the curators refer to most stands for what is asked most.
fn popular(knowledge: &Knowledge, positions: &BTreeMap<EntryId, usize>) -> Vec<usize> {
    let mut referred = vec![0_usize; knowledge.entries.len()];
    for entry in &knowledge.entries {
        for position in entry.see_also.iter().filter_map(|id| positions.get(id)) {
            referred[*position] += 1;
        }
    }
    let mut order: Vec<usize> = (0..referred.len()).collect();
    order.sort_by_key(|position| std::cmp::Reverse(referred[*position]));
    order
}

/// Every phrasing of the knowledge that its own entry would not find without it.
///
/// ```
/// use cleartext::answering::confused;
/// use cleartext::library;
///
/// # let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/discord");
/// let draft = library::draft(Some(path.as_ref()))?;
/// let knowledge = draft.into_knowledge().expect("it has no faults");
/// for phrasing in confused(&knowledge) {
///     println!("{}: “{}” finds {}", phrasing.entry, phrasing.phrasing, phrasing.found);
/// }
/// # Ok::<(), cleartext::library::LoadError>(())
/// ```
pub fn confused(knowledge: &Knowledge) -> Vec<Confused> {
    let name = |position: usize| {
        knowledge
            .entries
            .get(position)
            .map(|entry| entry.id.clone())
    };
    matching::left_out(&corpus(knowledge))
        .into_iter()
        .filter_map(|miss| {
            let entry = knowledge.entries.get(miss.document)?;
            Some(Confused {
                entry: entry.id.clone(),
                phrasing: entry.phrasings.get(miss.phrasing)?.clone(),
                found: name(miss.found)?,
                offered: miss.offered,
            })
        })
        .collect()
}

/// What the matcher learns from: questions, phrasings and, as a weak hint, the answers.
fn corpus(knowledge: &Knowledge) -> Corpus {
    let document = |entry: &Entry| Document {
        question: entry.question.clone(),
        phrasings: entry.phrasings.clone(),
        body: entry.answer.plain(),
    };
    Corpus {
        documents: knowledge.entries.iter().map(document).collect(),
        synonyms: knowledge.synonyms.clone(),
        foreign: knowledge.foreign.clone(),
    }
}
