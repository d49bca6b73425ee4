//! English words that say how a question is built and not what it is about.
//!
//! They are never dropped: "who", "when" and "how many" tell questions apart. But a question made of nothing else is not a
//! question about the knowledge, and a question that shares nothing else with an entry is not about that entry. Negations are not
//! on the list.

/// Articles, pronouns, auxiliaries, prepositions, conjunctions, question words and what chat adds; as [`super::Normalized`]
/// spells them, contractions written out.
#[rustfmt::skip] // one word a line would hide how short the list is
const FUNCTION_WORDS: &[&str] = &[
    "a", "about", "actually", "all", "also", "am", "an", "and", "any", "anybody", "anyone",
    "anything", "are", "as", "at", "be", "been", "being", "but", "by", "can", "could", "did",
    "do", "does", "doing", "done", "dude", "exactly", "for", "from", "had", "has", "have",
    "having", "he", "hello", "her", "here", "hers", "hey", "hi", "him", "his", "how", "i", "id",
    "if", "ill", "in", "into", "is", "it", "its", "itself", "just", "like", "lol", "many",
    "may", "maybe", "me", "might", "mine", "more", "most", "much", "must", "my", "myself", "of",
    "oh", "ok", "okay", "on", "one", "only", "or", "our", "ours", "out", "over", "please",
    "really", "s", "shall", "she", "should", "so", "some", "somebody", "someone", "something",
    "still", "such", "than", "thanks", "that", "the", "their", "theirs", "them", "then",
    "there", "these", "they", "thing", "things", "this", "those", "to", "too", "up", "us",
    "very", "was", "we", "well", "were", "what", "when", "where", "which", "who", "whom",
    "whose", "why", "will", "with", "would", "yeah", "yes", "yo", "you", "your", "yours",
];

/// Whether a normalised word is one of them.
pub(super) fn is_function_word(word: &str) -> bool {
    FUNCTION_WORDS.binary_search(&word).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_spares_negations() {
        assert!(FUNCTION_WORDS.is_sorted(), "binary search needs order");
        for word in FUNCTION_WORDS {
            assert!(is_function_word(word), "{word}");
        }
        for word in ["not", "no", "never", "without", "police"] {
            assert!(!is_function_word(word), "{word}");
        }
    }
}
