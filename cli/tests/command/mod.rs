//! Runs the command as a user would.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Runs the command in a folder, with its output piped.
pub(crate) fn msgraph(folder: &Path, arguments: &[&str]) -> Ran {
    let output = command(folder, arguments)
        .stdin(Stdio::null())
        .output()
        .expect("the command runs");
    Ran::from(output)
}

/// The command, not yet run.
pub(crate) fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_msgraph"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_remove("COLUMNS")
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env_remove("SOURCE_DATE_EPOCH");
    command
}

/// The result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let err = String::from_utf8(output.stderr).expect("messages are text");
        assert!(!err.contains("panicked"), "{err}");
        Ran {
            code: output.status.code().expect("it ended by itself"),
            out: String::from_utf8(output.stdout).expect("results are text"),
            err,
        }
    }
}

impl Ran {
    /// Standard output of a successful run that printed nothing else.
    pub(crate) fn json(&self) -> serde_json::Value {
        assert_eq!(self.code, 0, "{self:?}");
        serde_json::from_str(&self.out).expect("the result is JSON")
    }
}

/// The project's own metadata.
pub(crate) fn metadata() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../metadata")
}

/// A published CSDL file. Returns `None` and prints `SKIPPED` if it is missing.
pub(crate) fn published(test: &str, name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/metadata")
        .join(name);
    if !path.exists() {
        eprintln!("SKIPPED {test}: {} is absent", path.to_string_lossy());
        return None;
    }
    Some(path)
}

/// Compares output with the expected file, which `MSGRAPH_REWRITE=1` updates.
pub(crate) fn assert_page(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/pages")
        .join(name);
    if std::env::var_os("MSGRAPH_REWRITE").is_some() {
        std::fs::write(&path, text).expect("the page is written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        text, expected,
        "`MSGRAPH_REWRITE=1 cargo test -p msgraph-cli` renews {name}"
    );
}
