//! Options that a `graph.toml` which is there already has decided.

use std::fs;
use std::path::Path;

use toml_edit::{DocumentMut, Item};

use crate::support::failure::Failure;
use crate::support::text::{folded, shown};

/// Checks that the options agree with a manifest: it would be used as it is, whatever they say.
///
/// What is wrong in the manifest itself is not reported here.
///
/// # Errors
///
/// When an option names another API version or another document than the manifest.
pub(super) fn agree(
    manifest: &Path,
    text: &str,
    api_version: Option<&str>,
    metadata: Option<&Path>,
) -> Result<(), Failure> {
    let Ok(document) = text.parse::<DocumentMut>() else {
        return Ok(());
    };
    let Some(own) = document.get("api-version").and_then(Item::as_str) else {
        return Ok(());
    };
    if let Some(wanted) = api_version.filter(|wanted| *wanted != own) {
        return Err(Failure::Usage(format!(
            "`{}` generates from the API version `{}`, not `{}`\nhelp: a manifest has one API version: \
             leave `--api-version` out, or name another crate with `--crate-dir`",
            shown(manifest),
            folded(own),
            folded(wanted)
        )));
    }
    let documents = document.get("metadata").and_then(|it| it.get(own));
    if let Some(wanted) = metadata
        && !is_only(wanted, documents, manifest)
    {
        return Err(Failure::Usage(format!(
            "`{}` does not generate from `{}`\nhelp: leave `--metadata` out, or change `[metadata]` in \
             the manifest",
            shown(manifest),
            shown(wanted)
        )));
    }
    Ok(())
}

/// Whether a file is the one document that a manifest names.
fn is_only(file: &Path, documents: Option<&Item>, manifest: &Path) -> bool {
    let only = match documents {
        Some(item) => match item.as_array() {
            Some(array) if array.len() == 1 => array.get(0).and_then(|only| only.as_str()),
            _ => item.as_str(),
        },
        None => None,
    };
    let only = only.map(|only| manifest.with_file_name(only));
    match (fs::canonicalize(file), only.map(fs::canonicalize)) {
        (Ok(file), Some(Ok(only))) => file == only,
        _ => false,
    }
}
