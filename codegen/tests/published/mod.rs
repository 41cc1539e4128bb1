//! The metadata that Microsoft publishes, where a copy stands beside the checkout.

use std::io::Write;
use std::path::{Path, PathBuf};

/// A file or folder of `../shared` beside the checkout; where it is absent, says so for the test
/// that asks.
pub(crate) fn shared(test: &str, path: &str) -> Option<PathBuf> {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let checkout = if package.join("codegen").exists() {
        package
    } else {
        package.parent().unwrap_or(package)
    };
    let path = checkout.join("../shared").join(path);
    if path.exists() {
        return Some(path);
    }
    // The test harness hides the output of `eprintln!` if the test passes.
    let _ = writeln!(
        std::io::stderr(),
        "SKIPPED {test}: `{}` is absent",
        path.to_string_lossy()
    );
    None
}
