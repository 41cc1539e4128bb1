//! `msgraph diff`: what a new version of the metadata means for the selected operations.

pub mod change;
mod compare;
mod documents;
mod missing;
mod reach;
mod report;

use std::path::{Path, PathBuf};

use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Unlisted;

pub use compare::compare;

use crate::support::arguments::{
    DEFAULT_MANIFEST, check_documents, manifest_config, placeholder_manifest, update_entry,
    version_of,
};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::text::show_path;
use change::{Change, Kind, Subject, Verdict};
use documents::Pair;
use missing::{Missing, missing_everywhere};
use report::{DiffReport, Section};

/// Report what a new version of the metadata means for your code, and which version number to bump.
///
/// OLD and NEW are CSDL files, or folders with the files of several clouds, which are compared by name.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The metadata that the code was generated from.
    old: PathBuf,
    /// The new metadata.
    new: PathBuf,
    /// The manifest, which selects what is compared. Its metadata is not read.
    #[arg(long, value_name = "FILE", default_value = DEFAULT_MANIFEST)]
    manifest: PathBuf,
    /// Compare all updates in the metadata. No manifest is needed then.
    #[arg(long)]
    all: bool,
    /// With `--all`, compare paths with at most N navigation properties. Required if containment is
    /// cyclic.
    #[arg(long, value_name = "N", requires = "all")]
    depth: Option<usize>,
    /// Exit with 1 if anything changed and the verdict is at least this.
    #[arg(long, value_name = "VERDICT", value_enum)]
    fail_on: Option<Verdict>,
    /// Name each element whose description changed.
    #[arg(long)]
    descriptions: bool,
}

impl Arguments {
    /// Compares the metadata and prints the report.
    ///
    /// # Errors
    ///
    /// When an input is invalid.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        check_documents([&self.old, &self.new], true)?;
        if !self.all {
            manifest_config(&self.manifest)?;
        }
        let pairs = documents::pairs(&self.old, &self.new)?;
        let mut report = DiffReport::new(&pairs);
        for pair in pairs.both {
            report.push(self.section(pair)?);
        }
        let missing = report.sections.iter().map(|section| &section.missing);
        if let Some(message) = missing_everywhere(&missing.collect::<Vec<_>>()) {
            return Err(Failure::Input(message));
        }
        console.result(&report, |format| report.render(format, self.descriptions))?;
        let mut sections = report.sections.iter();
        let has_changes = sections.any(|section| !section.changes.is_empty());
        let fails = self
            .fail_on
            .is_some_and(|verdict| has_changes && report.verdict >= verdict);
        Ok(Completed::checked(fails))
    }

    fn config(&self, document: &Path) -> Config {
        let config = Config::new(&self.manifest).metadata([document]);
        if !self.all {
            return config;
        }
        let config = config.whole(self.depth);
        if self.manifest.exists() {
            config
        } else {
            config.manifest_text(placeholder_manifest(version_of(document), "/**"))
        }
    }

    fn section(&self, pair: Pair) -> Result<Section, Failure> {
        let (old, new) = self.surveys(&pair)?;
        for (survey, document) in [(&old, &pair.old), (&new, &pair.new)] {
            if self.all && survey.unavailable.has_errors() {
                return Err(self.not_listed(survey, document)?);
            }
        }
        let missing = Missing::new(&old, &new);
        let mut changes = compare(&old, &new);
        explain_removed(&pair.new, &missing, &mut changes)?;
        Ok(Section::new(pair, changes, missing))
    }

    /// Reads both sides in parallel.
    fn surveys(&self, pair: &Pair) -> Result<(Survey, Survey), Failure> {
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| self.config(&pair.old).survey());
            let new = self.config(&pair.new).survey();
            (old.join(), new)
        });
        let old = old.map_err(|_| Failure::External("a thread failed".to_owned()))?;
        match (old, new) {
            (Ok(old), Ok(new)) => Ok((old, new)),
            (Err(error), Ok(_)) | (Ok(_), Err(error)) => Err(error.into()),
            (Err(old), Err(new)) => {
                // Errors in the manifest or the facts occur on both sides.
                let (old, new) = (old.to_string(), new.to_string());
                Err(Failure::Input(if old == new {
                    new
                } else {
                    format!("{old}\n\n{new}")
                }))
            }
        }
    }

    /// Why not all updates of a document can be listed.
    fn not_listed(&self, survey: &Survey, document: &Path) -> Result<Failure, Failure> {
        let catalogue = self.config(document).catalogue(None, self.depth)?;
        Ok(Failure::Input(match catalogue.offers {
            Err(Unlisted::Endless) => format!(
                "more than 20,000 updates in `{}`: containment may be cyclic\nhelp: bound the navigation \
                 properties on a path with `--depth 2`",
                show_path(document)
            ),
            _ => survey.unavailable.render(&survey.sources),
        }))
    }
}

/// Adds to removed updates why the new metadata does not offer them, unless they are missing entries of
/// the manifest. The reason is the error that an `[[update]]` entry for the path causes.
fn explain_removed(
    document: &Path,
    missing: &Missing,
    changes: &mut [Change],
) -> Result<(), Failure> {
    let mut removed: Vec<&mut Change> = changes
        .iter_mut()
        .filter(|change| change.subject == Subject::Operation && change.kind == Kind::Removed)
        .filter(|change| matches!(change.method.as_deref(), Some("PATCH" | "PUT")))
        .filter(|change| !missing.explains(change))
        .collect();
    if removed.is_empty() {
        return Ok(());
    }
    let mut manifest = String::new();
    let mut entries = Vec::new();
    for change in &removed {
        let start = manifest.len();
        manifest.push_str(&if start == 0 {
            placeholder_manifest(version_of(document), &change.element)
        } else {
            update_entry(&change.element)
        });
        entries.push(start..manifest.len());
    }
    let survey = Config::new("removed updates")
        .manifest_text(manifest)
        .metadata([document])
        .survey()?;
    for (change, entry) in removed.iter_mut().zip(entries) {
        let mut diagnostics = survey.unavailable.iter();
        let error = diagnostics.find(|diagnostic| {
            let start = diagnostic.span.map(|span| span.start as usize);
            start.is_some_and(|start| entry.contains(&start))
        });
        match error {
            Some(error) if missing.has_reason(&error.message) => {}
            Some(error) => change.what = format!("{}: {}", change.what, error.message),
            None => {
                // The path exists, but subtrees exclude it.
                change.what = "no longer included in a subtree".to_owned();
                change.wire = None;
                change.reason.push_str("; an `[[update]]` entry keeps it");
            }
        }
    }
    Ok(())
}
