//! The program `cleartext`: hands its arguments to the command line and returns its exit code. It decides nothing.

use std::process::ExitCode;

fn main() -> ExitCode {
    cleartext::cli::run(std::env::args_os())
}
