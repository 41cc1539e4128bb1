//! Reads the manifest and the files that it names.

use std::ops::Range;
use std::path::{Path, PathBuf};

use msgraph_csdl::diagnostic::{Aborted, Diagnostic, Diagnostics};
use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::Schema;
use msgraph_csdl::permissions::PermissionMap;
use msgraph_csdl::read::{add_built_in_facts, parse_facts, parse_schema};
use msgraph_csdl::source::{FileId, Sources, Span};
use msgraph_csdl::toml_table::Setting;

use crate::config::Config;
use crate::manifest::{Manifest, PermissionData, SelectionSource};

/// The files that a run reads.
#[derive(Default)]
pub(crate) struct Files {
    pub(crate) sources: Sources,
    /// Their paths, including unreadable files.
    pub(crate) paths: Vec<PathBuf>,
}

/// The input of the selection.
pub(crate) struct Input<'f> {
    pub(crate) sources: &'f Sources,
    pub(crate) manifest: Manifest,
    pub(crate) selection_source: SelectionSource,
    pub(crate) schema: Schema<'f>,
    pub(crate) facts: Facts,
    /// The permissions of operations that the facts do not document; `None` if the manifest turns them off.
    pub(crate) permissions: Option<PermissionMap>,
    /// The documents that the model is read from.
    pub(crate) documents: Vec<FileId>,
    /// The documents of `[other-clouds]`, by cloud.
    other_clouds: Vec<(String, Vec<FileId>)>,
}

/// Reads the manifest, with the options that override it.
pub(crate) fn manifest(
    config: &Config,
    files: &mut Files,
    diagnostics: &mut Diagnostics,
) -> Result<Manifest, Aborted> {
    let file = files.read(config, &config.manifest, None, diagnostics);
    let (file, source) = file
        .and_then(|file| Some((file, files.sources.get(file)?)))
        .ok_or(Aborted)?;
    let mut manifest = Manifest::read(file, source, diagnostics).ok_or(Aborted)?;
    if let (Some(version), Some(setting)) = (&config.api_version, &mut manifest.api_version) {
        setting.text = version.clone().into();
    }
    manifest.select(&config.selection);
    manifest.check_version(diagnostics);
    Ok(manifest)
}

/// Reads everything. Errors in the manifest do not hide those in the facts and the metadata.
pub(crate) fn input<'f>(
    config: &Config,
    files: &'f mut Files,
    diagnostics: &mut Diagnostics,
) -> Result<Input<'f>, Aborted> {
    let manifest = manifest(config, files, diagnostics)?;
    let documents = match &config.metadata {
        None => {
            let documents = manifest.documents().unwrap_or_default();
            files.read_all(config, documents, diagnostics)
        }
        Some(paths) => paths
            .iter()
            .filter_map(|path| files.read(config, path, None, diagnostics))
            .collect(),
    };
    let mut facts = Vec::new();
    if manifest.built_in_facts {
        facts.push(add_built_in_facts(&mut files.sources));
    }
    facts.extend(files.read_all(config, &manifest.facts, diagnostics));
    let permissions = match &config.permissions {
        None => files.read_permissions(config, &manifest.permissions, diagnostics),
        given => given.clone(),
    };
    let mut other_clouds = Vec::new();
    for (cloud, paths) in &manifest.other_clouds {
        let documents = files.read_all(config, paths, diagnostics);
        other_clouds.push((cloud.text.to_string(), documents));
    }
    let sources = &files.sources;
    let facts = parse_facts(sources, &facts, diagnostics);
    if documents.is_empty() {
        if let (Some(version), false) = (&manifest.api_version, diagnostics.has_errors()) {
            let message = format!("`[metadata]` has no document for `{}`", version.text);
            diagnostics.push(Diagnostic::error(version.span, message));
        }
        return Err(Aborted);
    }
    let schema = parse_schema(sources, &documents, diagnostics)?;
    Ok(Input {
        sources,
        manifest,
        selection_source: config.selection.clone(),
        schema,
        facts,
        permissions,
        documents,
        other_clouds,
    })
}

impl Files {
    fn read_all(
        &mut self,
        config: &Config,
        paths: &[Setting],
        diagnostics: &mut Diagnostics,
    ) -> Vec<FileId> {
        let paths = paths.iter().map(|it| (config.resolve(it), it.span));
        paths
            .filter_map(|(path, span)| self.read(config, &path, Some(span), diagnostics))
            .collect()
    }

    fn read_permissions(
        &mut self,
        config: &Config,
        data: &PermissionData,
        diagnostics: &mut Diagnostics,
    ) -> Option<PermissionMap> {
        let path = match data {
            PermissionData::BuiltIn => return Some(PermissionMap::built_in()),
            PermissionData::Off => return None,
            PermissionData::File(path) => path,
        };
        let file = self.read(config, &config.resolve(path), Some(path.span), diagnostics)?;
        let text = &self.sources.get(file)?.text;
        PermissionMap::parse(text.clone())
            .map_err(|malformed| {
                let span = Span::new(file, line(text, malformed.line));
                diagnostics.push(
                    Diagnostic::error(span, malformed.message)
                        .help("write the file with `msgraph permissions import`"),
                );
            })
            .ok()
    }

    fn read(
        &mut self,
        config: &Config,
        path: &Path,
        span: Option<Span>,
        diagnostics: &mut Diagnostics,
    ) -> Option<FileId> {
        let name = path.display().to_string();
        if let Some(text) = config.texts.get(path) {
            return Some(self.sources.add(name, text.clone()));
        }
        self.paths.push(path.to_owned());
        let read = self.sources.read(&name, path);
        read.map_err(|unreadable| {
            let is_missing = path.try_exists().is_ok_and(|exists| !exists);
            let help = if is_missing && span.is_some() {
                "check the path; one in a manifest is relative to the manifest's directory"
            } else {
                unreadable.help
            };
            diagnostics.push(Diagnostic::error(span, unreadable.message).help(help));
        })
        .ok()
    }
}

/// The bytes of a line, from 1.
fn line(text: &str, number: usize) -> Range<usize> {
    let mut lines = text.split('\n');
    let before = lines.by_ref().take(number.saturating_sub(1));
    let start = before.map(|line| line.len() + 1).sum();
    start..start + lines.next().unwrap_or_default().len()
}

impl Input<'_> {
    /// Adds the properties that the metadata lacks. Those of the manifest win over those of the facts.
    pub(crate) fn add_properties(&mut self, diagnostics: &mut Diagnostics) {
        self.manifest.add_properties(&mut self.schema, diagnostics);
        self.facts.add_properties(&mut self.schema);
    }

    /// A missing version is an error of the manifest.
    pub(crate) fn api_version(&self) -> Result<&str, Aborted> {
        let version = self.manifest.api_version.as_ref();
        version.map(|version| version.text.as_ref()).ok_or(Aborted)
    }

    /// The name of the metadata in messages.
    pub(crate) fn metadata_name(&self) -> String {
        names(self.sources, &self.documents).join(" and ")
    }

    /// The other clouds that have a type: `us-gov-l4 (v1.0-us-gov.csdl)`. Their documents are parsed only if a type is
    /// missing, since that takes as long as everything else together.
    pub(crate) fn clouds_with(&self, ty: &str) -> Vec<String> {
        let has_type = |documents: &[FileId]| {
            let mut ignored = Diagnostics::default();
            parse_schema(self.sources, documents, &mut ignored)
                .is_ok_and(|schema| schema.find(ty).is_some())
        };
        let clouds = self.other_clouds.iter();
        clouds
            .filter(|(_, documents)| has_type(documents))
            .map(|(cloud, documents)| {
                let documents = names(self.sources, documents).join(", ");
                format!("{cloud} ({documents})")
            })
            .collect()
    }
}

fn names(sources: &Sources, files: &[FileId]) -> Vec<String> {
    let names = files.iter().map(|file| sources.name(*file));
    names.map(|name| format!("`{name}`")).collect()
}
