//! `kill -9` in the middle of writing: whatever was acknowledged is in the file, a thousand times.
//!
//! The writer is this test binary itself, started again for one test with a variable that says where to write.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use cleartext::memory::{Absence, Change, Cooldown, LONGEST_COOLDOWN, Memory};
use proptest::test_runner::{RngAlgorithm, TestRng};
use sqlx::Connection as _;
use tempfile::TempDir;

use super::place::{PATIENT, address, guild};

/// Where the writer writes, and its first number.
const TASK: &str = "CLEARTEXT_TEST_WRITER";
/// What stands before an acknowledged number.
const ACKNOWLEDGED: &str = "acknowledged ";
/// Writers that are killed.
const ROUNDS: u32 = 1_000;
/// Writers at once. Two share a file, so that one recovers what another was killed over while a third is writing.
const LANES: u32 = 4;
/// Numbers of one writer: more than it can write in its life.
const NUMBERS: u64 = 1_000_000;

#[test]
fn what_was_acknowledged_outlives_a_thousand_killed_writers() {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let file = |lane: u32| folder.path().join(format!("{}.db", lane % 2));
    let lanes: Vec<_> = (0..LANES)
        .map(|lane| {
            let file = file(lane);
            thread::spawn(move || {
                let mut random = TestRng::from_seed(
                    RngAlgorithm::XorShift,
                    &[u8::try_from(lane).expect("few"); 16],
                );
                (lane..ROUNDS)
                    .step_by(LANES as usize)
                    .flat_map(|round| killed_writer(&file, round, &mut random))
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    let lanes: Vec<_> = lanes
        .into_iter()
        .map(|lane| lane.join().expect("a lane ends"))
        .collect();
    let acknowledged: usize = lanes.iter().map(Vec::len).sum();
    // Every other writer is killed only after its first acknowledgement.
    assert!(
        acknowledged >= ROUNDS as usize / 2,
        "{acknowledged} rows acknowledged"
    );
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        for lane in 0..2 {
            let numbers = lanes.iter().skip(lane as usize).step_by(2).flatten();
            assert_all_present(&file(lane), numbers.copied()).await;
        }
    });
}

/// Starts a writer, kills it at a random moment, and returns what it acknowledged.
fn killed_writer(file: &Path, round: u32, random: &mut TestRng) -> Vec<u64> {
    use proptest::prelude::Rng as _;
    let task = format!("{} {}", u64::from(round) * NUMBERS + 1, file.display());
    let mut child = Command::new(std::env::current_exe().expect("this binary has a path"))
        .args([
            "--exact",
            "memory::killed::a_writer_acknowledges_what_it_has_written",
            "--nocapture",
        ])
        .env(TASK, task)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the writer starts");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut lines = Vec::new();
    let moment = if round.is_multiple_of(2) {
        // While it is writing.
        while !lines.ends_with(b"\n") || !String::from_utf8_lossy(&lines).contains(ACKNOWLEDGED) {
            assert!(
                output
                    .read_until(b'\n', &mut lines)
                    .expect("it can be read")
                    > 0,
                "the writer ended by itself: {}",
                String::from_utf8_lossy(&lines)
            );
        }
        random.next_u64() % 12_000
    } else {
        // While it is starting, opening, or writing.
        random.next_u64() % 50_000
    };
    thread::sleep(Duration::from_micros(moment));
    child.kill().expect("it can be killed");
    child.wait().expect("it ends");
    std::io::Read::read_to_end(&mut output, &mut lines).expect("it can be read");
    String::from_utf8(lines)
        .expect("it writes UTF-8")
        // A last line without its end was not written whole.
        .split_inclusive('\n')
        .filter_map(|line| {
            line.strip_suffix('\n')?
                .strip_prefix(ACKNOWLEDGED)?
                .parse()
                .ok()
        })
        .collect()
}

/// What a writer sets for a number, so that a wrong row is not taken for a right one.
fn cooldown(number: u64) -> Cooldown {
    let seconds = number % u64::from(LONGEST_COOLDOWN);
    Cooldown::new(u32::try_from(seconds).expect("in bounds")).expect("in bounds")
}

async fn assert_all_present(file: &Path, numbers: impl Iterator<Item = u64>) {
    let url = format!("sqlite://{}", file.display());
    let mut connection = sqlx::SqliteConnection::connect(&url)
        .await
        .expect("it opens");
    let whole: String = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_one(&mut connection)
        .await
        .expect("it can be checked");
    assert_eq!(whole, "ok");
    let memory = Memory::lazy_with(&address(&url), Absence::Report, PATIENT);
    for number in numbers {
        let settings = memory.settings(guild(number)).await.expect("it is read");
        assert_eq!(settings.user_cooldown, cooldown(number), "{number}");
    }
}

/// Alone it writes three rows; as the child of the test above it writes until it is killed.
#[tokio::test]
async fn a_writer_acknowledges_what_it_has_written() {
    let task = std::env::var(TASK).ok();
    let folder = TempDir::new().expect("a temporary folder can be made");
    let (first, file, last) = match task.as_deref().and_then(|task| task.split_once(' ')) {
        Some((first, file)) => {
            let first: u64 = first.parse().expect("a number");
            (first, Path::new(file).to_owned(), first + NUMBERS)
        }
        None => (1, folder.path().join("memory.db"), 4),
    };
    let url = format!("sqlite://{}", file.display());
    let memory = Memory::lazy_with(&address(&url), Absence::Make, PATIENT);
    for number in first..last {
        let change = Change::UserCooldown(cooldown(number));
        if memory.set(guild(number), &change).await.is_ok() {
            let mut stdout = std::io::stdout().lock();
            writeln!(stdout, "\n{ACKNOWLEDGED}{number}").expect("somebody listens");
        }
    }
    memory.close().await;
    assert_all_present(&file, first..last).await;
}
