//! Why an emulator did not start.

use std::fmt;
use std::io;

/// Why an emulator did not start.
///
/// ```
/// use msgraph_emulator::{Emulator, StartError};
///
/// assert!(matches!(Emulator::builder().start_blocking(), Err(StartError::NoMetadata)));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// No metadata was given, or the folder holds none.
    NoMetadata,
    /// The metadata or the facts cannot be read; every error of the stage, rendered for a person.
    Metadata(msgraph_csdl::diagnostic::Error),
    /// The port cannot be listened on.
    Listen(io::Error),
    /// The metadata does not allow an entity that is to be put in place.
    Seed {
        /// Where it was to be put.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoMetadata => f.write_str("there is no metadata to emulate"),
            StartError::Metadata(error) => write!(f, "the metadata cannot be used:\n{error}"),
            StartError::Listen(error) => write!(f, "cannot listen on loopback: {error}"),
            StartError::Seed { path, reason } => {
                write!(f, "cannot put `{path}` in place: {reason}")
            }
        }
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StartError::Listen(error) => Some(error),
            _ => None,
        }
    }
}
