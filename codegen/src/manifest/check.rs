//! Checks a manifest by itself, without the metadata.

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use msgraph_csdl::source::Source;

use super::Manifest;

impl Manifest {
    pub(super) fn check(&self, source: &Source, diagnostics: &mut Diagnostics) {
        let name = &source.name;
        if source.text.trim().is_empty() {
            diagnostics.push(
                Diagnostic::error(self.span, format!("`{name}` is empty")).help(
                    "name an `api-version`, its `[metadata]`, and what to generate; \
                     docs/manifest.md has an example",
                ),
            );
            return;
        }
        match &self.api_version {
            None => diagnostics.push(
                Diagnostic::error(self.span, format!("`{name}` has no `api-version`"))
                    .help("add `api-version = \"v1.0\"`"),
            ),
            Some(version) if !is_segment(&version.text) => diagnostics.push(
                Diagnostic::error(version.span, "`api-version` is not a valid URL segment")
                    .help("write `v1.0` or `beta`"),
            ),
            Some(_) => {}
        }
        // A misspelt `[[update]]` has been reported as an unknown key.
        let is_empty = self.paths().next().is_none() && self.structs.is_empty();
        if is_empty && !diagnostics.has_errors() {
            diagnostics.push(
                Diagnostic::error(self.span, format!("`{name}` selects nothing"))
                    .help("add a `[[resource]]` or an `[[update]]` with a `path`"),
            );
        }
    }

    /// Checks that there is metadata for the API version.
    pub(crate) fn check_version(&self, diagnostics: &mut Diagnostics) {
        let Some(version) = &self.api_version else {
            return;
        };
        if self.documents().is_none() {
            let versions = self
                .metadata
                .iter()
                .map(|(version, _)| version.text.as_ref());
            let help = did_you_mean(&version.text, versions).unwrap_or_else(|| {
                format!("add `[metadata]` with `\"{}\" = \"…csdl\"`", version.text)
            });
            let message = format!("`[metadata]` has no document for `{}`", version.text);
            diagnostics.push(Diagnostic::error(version.span, message).help(help));
        }
    }
}

fn is_segment(text: &str) -> bool {
    let mut bytes = text.bytes();
    !text.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}
