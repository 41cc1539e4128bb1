//! `msgraph diff`: what a new version of the metadata means for the selected operations.

pub mod change;
mod compare;
pub mod consent;
mod documents;
mod missing;
mod permission_data;
mod reach;
mod report;
mod schemes;

use std::path::{Path, PathBuf};

use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Unlisted;
use msgraph_csdl::permissions::PermissionMap;

pub use compare::{Differences, compare};

use crate::support::arguments::{
    DEFAULT_MANIFEST, check_documents, manifest_config, placeholder_manifest, update_entry,
    version_of,
};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::text::show_path;
use change::{Change, Kind, Subject, Verdict};
use documents::{Pair, Pairs};
use missing::{Missing, missing_everywhere};
use permission_data::permission_map;
use report::{DiffReport, Section};

/// Report what a new version of the metadata, or of the permission data, means for your code, and which
/// version number to bump.
///
/// OLD and NEW are CSDL files, or folders with the files of several clouds, which are compared by name.
/// Without them, only permissions are compared, for the metadata of the manifest.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The metadata that the code was generated from.
    #[arg(requires = "new", required_unless_present_any = ["old_permissions", "new_permissions"])]
    old: Option<PathBuf>,
    /// The new metadata.
    #[arg(required_unless_present_any = ["old_permissions", "new_permissions"])]
    new: Option<PathBuf>,
    /// The manifest, which selects what is compared. Its metadata is not read if OLD and NEW are given.
    #[arg(long, value_name = "FILE", default_value = DEFAULT_MANIFEST)]
    manifest: PathBuf,
    /// The permission data that the code was generated from: Microsoft's `permissions.json`, or what
    /// `msgraph permissions import` wrote [default: the manifest's, or the built-in].
    #[arg(long, value_name = "FILE")]
    old_permissions: Option<PathBuf>,
    /// The new permission data [default: the manifest's, or the built-in].
    #[arg(long, value_name = "FILE")]
    new_permissions: Option<PathBuf>,
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

/// One of the two versions that are compared.
struct Version<'a> {
    /// The metadata, unless it is the manifest's.
    metadata: Option<&'a Path>,
    /// The permission data, unless it is the manifest's.
    permissions: Option<&'a PermissionMap>,
}

impl Arguments {
    /// Compares the metadata and prints the report.
    ///
    /// # Errors
    ///
    /// When an input is invalid.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        check_documents(self.old.iter().chain(&self.new), true)?;
        if !self.all || self.new.is_none() {
            manifest_config(&self.manifest)?;
        }
        let pairs = match (&self.old, &self.new) {
            (Some(old), Some(new)) => documents::pairs(old, new)?,
            _ => Pairs::manifest(&self.manifest),
        };
        let permissions = [&self.old_permissions, &self.new_permissions];
        let maps = permissions.map(|path| path.as_deref().map(permission_map).transpose());
        let [old_map, new_map] = maps;
        let maps = [old_map?, new_map?];
        let mut report = DiffReport::new(&pairs, permissions);
        for pair in pairs.both {
            report.push(self.section(pair, &maps)?);
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

    fn config(&self, version: &Version<'_>) -> Config {
        let mut config = Config::new(&self.manifest);
        if let Some(map) = version.permissions {
            config = config.permissions(map.clone());
        }
        if let Some(document) = version.metadata {
            config = config.metadata([document]);
        }
        if !self.all {
            return config;
        }
        let config = config.whole(self.depth);
        match version.metadata {
            Some(document) if !self.manifest.exists() => {
                config.manifest_text(placeholder_manifest(version_of(document), "/**"))
            }
            _ => config,
        }
    }

    fn section(&self, pair: Pair, maps: &[Option<PermissionMap>; 2]) -> Result<Section, Failure> {
        let [old_map, new_map] = maps;
        let versions = [(&pair.old, old_map), (&pair.new, new_map)];
        let versions = versions.map(|(metadata, permissions)| Version {
            metadata: metadata.as_deref(),
            permissions: permissions.as_ref(),
        });
        let (old, new) = self.surveys(&versions)?;
        let [old_version, new_version] = &versions;
        for (survey, version) in [(&old, old_version), (&new, new_version)] {
            if self.all && survey.unavailable.has_errors() {
                return Err(self.not_listed(survey, version)?);
            }
        }
        let missing = Missing::new(&old, &new);
        let mut differences = compare(&old, &new);
        if let Some(document) = &pair.new {
            explain_removed(document, &missing, &mut differences.changes)?;
        }
        Ok(Section::new(pair, differences, missing))
    }

    /// Reads both sides in parallel.
    fn surveys(&self, [old, new]: &[Version<'_>; 2]) -> Result<(Survey, Survey), Failure> {
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| self.config(old).survey());
            let new = self.config(new).survey();
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

    /// Why not all updates of a version can be listed.
    fn not_listed(&self, survey: &Survey, version: &Version<'_>) -> Result<Failure, Failure> {
        let catalogue = self.config(version).catalogue(None, self.depth)?;
        Ok(Failure::Input(match catalogue.offers {
            Err(Unlisted::Endless) => format!(
                "more than 20,000 updates in `{}`: containment may be cyclic\nhelp: bound the navigation \
                 properties on a path with `--depth 2`",
                show_path(version.metadata.unwrap_or(&self.manifest))
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
