//! How a subcommand ends: exit codes, and errors as one text that says what to do.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use crate::support::text::shown;

/// A subcommand ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    /// Exit code 0.
    Well,
    /// A check found a difference: exit code 1.
    Difference,
}

impl From<Done> for ExitCode {
    fn from(done: Done) -> ExitCode {
        match done {
            Done::Well => ExitCode::SUCCESS,
            Done::Difference => ExitCode::from(1),
        }
    }
}

/// A subcommand could not do what it was asked; nothing was written.
#[derive(Debug)]
pub enum Failure {
    /// What was asked makes no sense: exit code 2.
    Usage(String),
    /// Something is wrong in the manifest, the facts or the metadata, ready to be shown: exit code 3.
    Input(String),
    /// A file or the network failed: exit code 4.
    Outside(String),
    /// Ctrl-C, or another signal to end: exit code 130, as of a process that Ctrl-C ended.
    Interrupted,
}

impl Failure {
    /// A file could not be read or written.
    pub fn file(verb: &str, path: &Path, error: &std::io::Error) -> Self {
        Failure::Outside(format!("cannot {verb} `{}`: {error}", shown(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(text) | Failure::Input(text) | Failure::Outside(text) => {
                f.write_str(text)
            }
            Failure::Interrupted => f.write_str("interrupted; nothing was changed"),
        }
    }
}

impl std::error::Error for Failure {}

impl From<msgraph_codegen::Error> for Failure {
    fn from(error: msgraph_codegen::Error) -> Self {
        Failure::Input(error.to_string())
    }
}

impl From<Failure> for ExitCode {
    fn from(failure: Failure) -> ExitCode {
        ExitCode::from(match failure {
            Failure::Usage(_) => 2,
            Failure::Input(_) => 3,
            Failure::Outside(_) => 4,
            Failure::Interrupted => 130,
        })
    }
}
