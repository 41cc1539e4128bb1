//! The error of a failed start.

use std::fmt;
use std::io;
use std::path::PathBuf;

use msgraph_csdl::text::visible;

/// Why an emulator did not start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// There is no metadata, or the folders have none.
    NoMetadata {
        /// The files that would be read if they existed.
        missing: Vec<PathBuf>,
    },
    /// The metadata or the facts are invalid. Displays all errors of the failed stage.
    Metadata(msgraph_csdl::diagnostic::Error),
    /// The port is not available.
    Listen(io::Error),
    /// No metadata has an operation with this name, or with the last segment of this path.
    UnknownOperation {
        /// The path or qualified name.
        operation: String,
    },
    /// The metadata does not allow a seed.
    Seed {
        /// The path of the seed.
        path: String,
        /// What is wrong.
        reason: String,
    },
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StartError::NoMetadata { missing } => {
                f.write_str("no metadata to emulate")?;
                let files = missing
                    .iter()
                    .map(|file| format!("`{}`", visible(&file.display().to_string())));
                match files.collect::<Vec<_>>().as_slice() {
                    [] => Ok(()),
                    files => write!(f, ": there is no {}", files.join(" or ")),
                }
            }
            StartError::Metadata(error) => write!(f, "invalid metadata:\n{error}"),
            StartError::Listen(error) => write!(f, "cannot listen on loopback: {error}"),
            StartError::UnknownOperation { operation } => write!(
                f,
                "no metadata has the action or function `{}`",
                visible(operation)
            ),
            StartError::Seed { path, reason } => write!(f, "cannot seed `{path}`: {reason}"),
        }
    }
}

// The message contains the cause, so there is no source.
impl std::error::Error for StartError {}
