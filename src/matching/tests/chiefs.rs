//! A small knowledge about the police chiefs' statement, for the tests of the matcher.

use super::{Corpus, document};

/// Enough texts (54) to be calibrated.
pub(super) fn chiefs() -> Corpus {
    let documents = vec![
        document(
            "How many police chiefs made the statement?",
            &[
                "number of countries that signed",
                "how many countries signed it",
                "32 or 33 signatories",
                "count of the chiefs behind it",
                "size of the group of police leaders",
                "how many nations took part",
                "total of signatures under the declaration",
                "was it really thirty two forces",
            ],
        ),
        document(
            "When was the statement published?",
            &[
                "publication date",
                "which day did it come out",
                "since when is it online",
                "release date of the declaration",
                "what year is this from",
                "how old is the paper",
                "april 2024 or later",
                "when did they go public with it",
            ],
        ),
        document(
            "Do the police chiefs want to ban encryption?",
            &[
                "are they against encryption",
                "is encryption to be forbidden",
                "outlaw encrypted messengers",
                "will whatsapp become illegal",
                "do they want to prohibit private chats",
                "police hate e2ee",
                "abolish end to end encryption altogether",
                "do not they like secure messaging",
            ],
        ),
        document(
            "What is the claim about 1,200 children a month?",
            &[
                "1200 kids safeguarded every month",
                "how many children are protected",
                "where does the children figure come from",
                "monthly number of rescued minors",
                "800 arrests each month",
                "suspects arrested per month",
                "child protection statistics of the uk",
                "reports that led to arrests of offenders",
            ],
        ),
        document(
            "Who is Graeme Biggar?",
            &[
                "biggar biography",
                "head of the national crime agency",
                "the nca director general",
                "which job does biggar have",
                "tell me about the british crime agency boss",
                "what is biggars background",
                "graeme biggar career",
                "the scottish top cop",
            ],
        ),
        document(
            "Which crimes does the statement name?",
            &[
                "list of offences mentioned",
                "terrorism drugs and abuse",
                "is murder in there",
                "what kind of crime is it about",
                "human trafficking and smuggling mentioned",
                "economic crime in the declaration",
                "serious offences they give as examples",
                "does it talk about terrorists",
            ],
        ),
    ];
    Corpus {
        documents,
        foreign: Vec::new(),
        synonyms: vec![
            vec!["boss".into(), "honcho".into()],
            vec!["e2ee".into(), "end-to-end encryption".into()],
        ],
    }
}
