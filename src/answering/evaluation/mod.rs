//! How good the answers are on graded questions, and what a curator can mend.
//!
//! - `graded`: what is asked; `phrasing_set`: what may be asked in the knowledge's place.
//! - `metrics`: accuracy, rejection, calibration.
//! - `breakdown`: by topic, by entry, and which entries are taken for which.
//! - `wording`: the words that entries are asked in; `reasons`: why a question missed, and what would mend it.
//!
//! It counts and explains what it is handed; the caller asks the questions and takes the times.

mod breakdown;
mod graded;
mod metrics;
mod phrasing_set;
mod reasons;
mod wording;

pub use breakdown::{
    Confusion, EntryTally, Tally, by_entry, by_group, confusions, crossings, worst,
};
pub use graded::{Graded, GradedError, read_graded};
pub use metrics::{
    Bin, CALIBRATION_BINS, Evaluation, Judged, Outcome, Run, Verdict, evaluate, reliability,
};
pub use phrasing_set::PhrasingSet;
pub use reasons::{Evidence, Mend, Miss, Piece, Reason, Remedy, Told, mends};
pub use wording::Wording;
