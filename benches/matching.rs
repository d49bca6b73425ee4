//! How long a question, a completion and a load take on the shipped knowledge.

use std::hint::black_box;

use cleartext::answering::{Answerer, Overrides};
use cleartext::knowledge::Knowledge;
use cleartext::library;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};

/// Questions of every kind: exact, reworded, misspelt, near the field and far from it.
const QUESTIONS: [&str; 8] = [
    "How many police chiefs made the statement, 32 or 33?",
    "how many contries signd it",
    "do the cops want to outlaw encrypted chats",
    "what happend with the 92 percent",
    "who is the boss of europol",
    "how do i turn on encryption in signal",
    "what is the weather in lisbon",
    "⚡",
];

fn shipped() -> Knowledge {
    library::draft(None)
        .expect("the built-in knowledge can be read")
        .into_knowledge()
        .expect("the built-in knowledge is sound")
}

fn question(criterion: &mut Criterion) {
    let answerer = Answerer::new(&shipped(), Overrides::default());
    let mut turn = QUESTIONS.iter().cycle();
    criterion.bench_function("ask", |bencher| {
        bencher.iter_batched(
            || *turn.next().expect("a cycle has no end"),
            |question| black_box(answerer.ask(question)),
            BatchSize::SmallInput,
        );
    });
    criterion.bench_function("complete", |bencher| {
        bencher.iter(|| black_box(answerer.complete(black_box("how many chi"), 25)));
    });
}

fn load(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("load");
    group.sample_size(10);
    group.bench_function("parse", |bencher| bencher.iter(|| black_box(shipped())));
    let knowledge = shipped();
    group.bench_function("train", |bencher| {
        bencher.iter(|| black_box(Answerer::new(&knowledge, Overrides::default())));
    });
    group.finish();
}

criterion_group!(benches, question, load);
criterion_main!(benches);
