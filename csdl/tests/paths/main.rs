//! Paths of the published metadata, and small schemas for each rule.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test reports failures by panicking"
)]

mod corrections;
mod documented;
mod offered;
mod shipped;

use std::io::Write;
use std::path::{Path, PathBuf};

use msgraph_csdl::facts::Facts;
use msgraph_csdl::read::{add_built_in_facts, read_facts};
use msgraph_csdl::source::Sources;

/// A file or folder of `../shared`. If it is absent, prints that the test was skipped.
fn shared(test: &str, file: &str) -> Option<PathBuf> {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = project.join("../shared").join(file);
    if path.exists() {
        return Some(path);
    }
    // The test harness hides the output of `eprintln!` if the test passes.
    let absent = path.display();
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED paths::{test}: `{absent}` is absent"
    );
    None
}

fn built_in_facts(sources: &mut Sources) -> Facts {
    let file = add_built_in_facts(sources);
    read_facts(sources, &[file]).unwrap()
}
