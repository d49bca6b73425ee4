//! A builder for command-line tests: runs the program in a folder of its own and shows all that came out.
//!
//! Nothing of the surrounding environment reaches the program, so that a test says the same everywhere.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fmt, fs};

use tempfile::TempDir;

/// The test knowledge that stands in every program's folder.
fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/cli")
}

/// A run in the making. Its folder holds `small/`, `faulty/`, `torn.toml`, `graded.jsonl` and `phrasings.jsonl`.
pub(crate) struct Program {
    folder: TempDir,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
    input: Vec<u8>,
}

/// What came out. Displays the exit code, and each stream where it said anything.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs the program with these arguments, written as in a shell without quotes.
pub(crate) fn cleartext(arguments: &str) -> Program {
    Program {
        folder: folder(),
        arguments: arguments.split_whitespace().map(str::to_owned).collect(),
        variables: Vec::new(),
        input: Vec::new(),
    }
}

/// A temporary folder with the test knowledge in it.
fn folder() -> TempDir {
    let folder = TempDir::new().expect("a temporary folder can be made");
    copy(&data(), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    for item in fs::read_dir(from).expect("the test data can be listed") {
        let item = item.expect("the test data can be listed");
        let target = to.join(item.file_name());
        if item.path().is_dir() {
            fs::create_dir_all(&target).expect("a folder can be made");
            copy(&item.path(), &target);
        } else {
            fs::copy(item.path(), target).expect("a file can be copied");
        }
    }
}

impl Program {
    /// One more argument, whatever is in it.
    pub(crate) fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Writes a file into the folder.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.folder.path().join(name);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).expect("a folder can be made");
        }
        fs::write(path, text).expect("a file can be written");
        self
    }

    /// Sets a variable of the environment.
    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.push((name.to_owned(), value.to_owned()));
        self
    }

    /// What stands on standard input; without it that is empty.
    pub(crate) fn input(mut self, input: impl AsRef<[u8]>) -> Self {
        input.as_ref().clone_into(&mut self.input);
        self
    }

    /// The command, for tests that drive it themselves, and the folder that must outlive it.
    pub(crate) fn into_command(self) -> (Command, TempDir) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cleartext"));
        command
            .args(&self.arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(self.variables);
        (command, self.folder)
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Output {
        let input = std::mem::take(&mut self.input);
        let (mut command, folder) = self.into_command();
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut stdin = child.stdin.take().expect("its input is a pipe");
        // A program that never reads its input closes the pipe, which is its right.
        let _ = stdin.write_all(&input);
        drop(stdin);
        let output = child.wait_with_output().expect("the program ends");
        let text = |bytes: Vec<u8>| {
            String::from_utf8(bytes)
                .expect("the program writes UTF-8")
                .replace(&folder.path().display().to_string(), "[folder]")
        };
        Output {
            code: output.status.code().expect("the program ends by itself"),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}", self.code)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "\n{name}:\n{}", text.trim_end_matches('\n'))?;
                // Every text ends its last line.
                if !text.ends_with('\n') {
                    write!(f, "\n(no line feed at the end)")?;
                }
            }
        }
        Ok(())
    }
}
