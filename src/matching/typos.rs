//! Typing errors made on purpose, for tests and measuring.
//!
//! The four that people make: two letters swapped, one left out, one doubled, one hit beside its key. The same seed makes the
//! same errors. Never used on what a user typed.

use super::arithmetic::Random;

/// Keys of a QWERTY keyboard with their neighbours.
#[rustfmt::skip] // one key a line would hide the rows
const NEIGHBOURS: &[(char, &str)] = &[
    ('a', "qwsz"), ('b', "vghn"), ('c', "xdfv"), ('d', "serfcx"), ('e', "wsdr"), ('f',
    "drtgvc"), ('g', "ftyhbv"), ('h', "gyujnb"), ('i', "ujko"), ('j', "huikmn"), ('k', "jiolm"),
    ('l', "kop"), ('m', "njk"), ('n', "bhjm"), ('o', "iklp"), ('p', "ol"), ('q', "wa"), ('r',
    "edft"), ('s', "awedxz"), ('t', "rfgy"), ('u', "yhji"), ('v', "cfgb"), ('w', "qase"), ('x',
    "zsdc"), ('y', "tghu"), ('z', "asx"),
];

/// Shortest word that gets an error; in a shorter one the word itself is lost.
const SHORTEST: usize = 4;

/// The question with `errors` typing errors, each in a word of four letters or more if there is one; the same `seed` gives the
/// same errors.
///
/// ```
/// use cleartext::matching::mistype;
///
/// let question = "How tall is the lighthouse?";
/// assert_ne!(mistype(question, 1, 7), question);
/// assert_eq!(mistype(question, 1, 7), mistype(question, 1, 7));
/// ```
pub fn mistype(question: &str, errors: usize, seed: u64) -> String {
    let mut random = Random::new(seed);
    let mut words: Vec<Vec<char>> = question
        .split(' ')
        .map(|word| word.chars().collect())
        .collect();
    for _ in 0..errors {
        let long: Vec<usize> = (0..words.len()).filter(|&at| is_long(&words[at])).collect();
        if long.is_empty() {
            break;
        }
        let word = &mut words[long[random.below(long.len())]];
        hit_wrong(word, &mut random);
    }
    words
        .iter()
        .map(String::from_iter)
        .collect::<Vec<String>>()
        .join(" ")
}

fn is_long(word: &[char]) -> bool {
    word.iter().filter(|letter| letter.is_alphabetic()).count() >= SHORTEST
}

fn hit_wrong(word: &mut Vec<char>, random: &mut Random) {
    // The first letter is rarely the wrong one, and without it a word is hard to know again.
    let at = 1 + random.below(word.len() - 1);
    match random.below(4) {
        0 if at + 1 < word.len() && word[at] != word[at + 1] => word.swap(at, at + 1),
        1 => {
            word.remove(at);
        }
        2 => word.insert(at, word[at]),
        _ => {
            let key = word[at].to_ascii_lowercase();
            let beside: Vec<char> = NEIGHBOURS
                .iter()
                .filter(|(letter, _)| *letter == key)
                .flat_map(|(_, keys)| keys.chars())
                .collect();
            if beside.is_empty() {
                word.insert(at, word[at]);
            } else {
                word[at] = beside[random.below(beside.len())];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUESTION: &str = "How many countries signed it?";

    #[test]
    fn the_same_seed_makes_the_same_errors() {
        assert_eq!(mistype(QUESTION, 2, 5), mistype(QUESTION, 2, 5));
        let different: std::collections::BTreeSet<String> =
            (0..20).map(|seed| mistype(QUESTION, 1, seed)).collect();
        assert!(different.len() > 10, "{different:?}");
    }

    #[test]
    fn one_error_is_at_most_one_edit_a_word() {
        for seed in 0..200 {
            let wrong = mistype(QUESTION, 1, seed);
            let edits = strsim::osa_distance(QUESTION, &wrong);
            assert_eq!(edits, 1, "{wrong}");
        }
    }

    #[test]
    fn short_words_and_nothing_stay() {
        assert_eq!(mistype("who is it", 3, 1), "who is it");
        assert_eq!(mistype("", 3, 1), "");
        assert_eq!(mistype("?!… 😀", 3, 1), "?!… 😀");
        assert_eq!(mistype(QUESTION, 0, 1), QUESTION);
    }
}
