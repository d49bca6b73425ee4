//! Finding a source by what somebody types of it.

use std::cmp::Reverse;

use crate::answering::{Answerer, Source, SourceId};

/// Sources that have every typed word at the beginning of one of theirs; those cited most first. Nothing typed finds all.
pub(super) fn find<'a>(answerer: &'a Answerer, typed: &str) -> Vec<&'a Source> {
    if let Some(exact) = SourceId::new(typed.trim())
        .ok()
        .and_then(|id| answerer.source(&id))
    {
        return vec![exact];
    }
    let wanted = words(typed);
    let mut found: Vec<_> = answerer
        .sources()
        .iter()
        .filter(|source| has_all(source, &wanted))
        .map(|source| (cited(answerer, source), source))
        .collect();
    // Stable: among those cited as often, the order of the file.
    found.sort_by_key(|(cited, _)| Reverse(*cited));
    found.into_iter().map(|(_, source)| source).collect()
}

fn has_all(source: &Source, wanted: &[String]) -> bool {
    let author = source.author.as_deref().unwrap_or_default();
    let year = source
        .published
        .map(|published| published.to_string())
        .unwrap_or_default();
    let own = words(&format!(
        "{} {} {author} {year} {}",
        source.title, source.publisher, source.id
    ));
    wanted
        .iter()
        .all(|word| own.iter().any(|own| own.starts_with(word.as_str())))
}

/// How many entries cite a source.
fn cited(answerer: &Answerer, source: &Source) -> usize {
    let cites = |citations: &[crate::answering::ReplyCitation]| {
        citations
            .iter()
            .any(|citation| citation.source == source.id)
    };
    answerer
        .replies()
        .iter()
        .filter(|reply| cites(&reply.citations))
        .count()
}

fn words(text: &str) -> Vec<String> {
    text.split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}
