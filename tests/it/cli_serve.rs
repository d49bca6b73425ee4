//! `serve`: signals stop it cleanly and reload the knowledge. What it says to Discord is tested with the fake Discord.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::program::cleartext;

/// How long to wait for a line of the log or for the end, before a test gives up: far more than a busy machine needs.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running bot that never reaches Discord: at its `api_base` nobody listens.
struct Serving {
    child: Child,
    log: Receiver<String>,
    folder: TempDir,
}

impl Serving {
    fn start() -> Self {
        Self::start_with("")
    }

    /// Starts it with more in its configuration.
    fn start_with(configuration: &str) -> Self {
        let nobody = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = nobody.local_addr().expect("it has an address").port();
        drop(nobody);
        let (mut command, folder) = cleartext("serve --knowledge small")
            .file(
                "config.toml",
                &format!("[discord]\napi_base = \"http://127.0.0.1:{port}\"\n{configuration}"),
            )
            .variable("DISCORD_TOKEN", "MTAxMDEw.GsecretX.never-to-be-shown")
            .variable("CLEARTEXT_LOG", "cleartext=debug")
            .into_command();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stderr = BufReader::new(child.stderr.take().expect("a pipe"));
        let (send, log) = mpsc::channel();
        // Ends with the program, whose log it reads.
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if send.send(line).is_err() {
                    return;
                }
            }
        });
        let serving = Self { child, log, folder };
        serving.logged("the signals are heard");
        serving
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args([&format!("-{name}"), &self.child.id().to_string()])
            .status()
            .expect("there is a `kill`");
        assert!(status.success());
    }

    /// Waits for a line with these words.
    fn logged(&self, words: &str) -> String {
        let mut seen = Vec::new();
        loop {
            match self.log.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(words) => return line,
                Ok(line) => {
                    assert!(!line.contains("GsecretX"), "{line}");
                    seen.push(line);
                }
                Err(why) => panic!("“{words}” was not logged ({why}): {seen:#?}"),
            }
        }
    }

    /// Waits for a clean end, and hands over the folder as it was left.
    fn folder_after_the_end(mut self) -> TempDir {
        assert_eq!(self.ended().code(), Some(0));
        self.folder
    }

    fn end(mut self) -> ExitStatus {
        self.ended()
    }

    fn ended(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("it can be asked") {
                return status;
            }
            if start.elapsed() > PATIENCE {
                let _ = self.child.kill();
                panic!("it did not end");
            }
            thread::sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn a_signal_stops_it_cleanly() {
    for signal in ["INT", "TERM"] {
        let serving = Serving::start();
        serving.signal(signal);
        serving.logged("stopping");
        assert_eq!(serving.end().code(), Some(0), "SIG{signal}");
    }
}

#[test]
fn a_hangup_reads_the_knowledge_again_and_keeps_the_last_good_one() {
    let serving = Serving::start();
    serving.signal("HUP");
    serving.logged("the knowledge was read again");
    let manifest = serving.folder.path().join("small/manifest.toml");
    std::fs::write(manifest, "title = 3\nedtion = \"2\"").expect("a file can be written");
    serving.signal("HUP");
    serving.logged("small/manifest.toml:1:9: `title` is an integer, not a string");
    serving.logged("unknown key `edtion`; write `edition`");
    serving.logged("the last good one goes on answering");
    serving.signal("TERM");
    assert_eq!(serving.end().code(), Some(0));
}

#[test]
fn its_memory_is_made_beside_the_configuration() {
    let serving = Serving::start();
    serving.logged("the memory is open");
    let file = serving.folder.path().join("cleartext.db");
    assert!(file.is_file());
    serving.signal("TERM");
    assert!(
        serving
            .folder_after_the_end()
            .path()
            .join("cleartext.db")
            .is_file()
    );
}

#[test]
fn a_memory_that_fails_is_a_warning_and_the_bot_goes_on() {
    let serving = Serving::start_with("[memory]\nurl = \"sqlite://missing/memory.db\"");
    let line = serving.logged("missing/memory.db cannot be made");
    assert!(line.contains("WARN"), "{line}");
    serving.signal("HUP");
    serving.logged("the knowledge was read again");
    serving.signal("TERM");
    assert_eq!(serving.end().code(), Some(0));
}

#[test]
fn a_memory_that_is_off_makes_no_file() {
    let serving = Serving::start_with("[memory]\nurl = \"off\"");
    serving.logged("the memory is off");
    serving.signal("TERM");
    assert!(
        !serving
            .folder_after_the_end()
            .path()
            .join("cleartext.db")
            .exists()
    );
}
