//! How a subcommand ends: exit codes and error messages.

use std::fmt;
use std::path::Path;
use std::process::ExitCode;

use msgraph_csdl::diagnostic::Diagnostic;

use crate::support::text::show_path;

/// A subcommand ran to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completed {
    /// Exit code 0.
    Success,
    /// A check found a difference, or a search found nothing: exit code 1.
    Difference,
}

impl Completed {
    /// [`Completed::Difference`] if a check failed.
    pub fn checked(is_different: bool) -> Self {
        if is_different {
            Completed::Difference
        } else {
            Completed::Success
        }
    }
}

impl From<Completed> for ExitCode {
    fn from(completed: Completed) -> ExitCode {
        match completed {
            Completed::Success => ExitCode::SUCCESS,
            Completed::Difference => ExitCode::from(1),
        }
    }
}

/// A subcommand failed. Each text says what is wrong and, after `help: `, what to do.
#[derive(Debug)]
pub enum Failure {
    /// The request is invalid: exit code 2.
    Usage(String),
    /// The manifest, the facts or the metadata are invalid: exit code 3.
    Input(String),
    /// A file or the network failed: exit code 4.
    External(String),
    /// Ctrl-C or another signal: exit code 130.
    Interrupted,
}

impl Failure {
    /// A file could not be read or written.
    pub fn file(verb: &str, path: &Path, error: &std::io::Error) -> Self {
        Failure::External(format!("cannot {verb} `{}`: {error}", show_path(path)))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Usage(text) | Failure::Input(text) | Failure::External(text) => {
                f.write_str(text)
            }
            Failure::Interrupted => f.write_str("interrupted; nothing was changed"),
        }
    }
}

/// The message of a diagnostic and its help, without its location.
pub(crate) fn message(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// Several messages as one, each with its heading.
pub(crate) fn joined(messages: &[String]) -> String {
    messages.join("\nerror: ")
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
            Failure::External(_) => 4,
            Failure::Interrupted => 130,
        })
    }
}
