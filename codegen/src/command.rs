//! What only the command `msgraph` needs. Build scripts do not compile it: the feature `command` is off by default.

pub mod catalogue;
pub mod fact_entries;
mod offers;
mod slice;

use std::collections::BTreeMap;
use std::path::PathBuf;

use msgraph_csdl::diagnostic::{Aborted, Diagnostics, Error};
use msgraph_csdl::facts::KnownKeys;
use msgraph_csdl::source::Sources;
use msgraph_csdl::toml_table::Setting;

use crate::config::Config;
use crate::ir::Api;
use crate::lower;
use crate::manifest::Manifest;
use crate::pipeline;
use crate::read::{self, Files, Input};
use crate::select::select;

use catalogue::{Catalogue, Declaration};
use fact_entries::FactEntry;
use slice::excerpt;

/// What would be generated, as data.
#[derive(Debug)]
#[non_exhaustive]
pub struct Survey {
    /// What would be generated.
    pub index: Api,
    /// All types in the metadata, by CSDL name, whether they are selected or not.
    pub types: BTreeMap<String, Declaration>,
    /// The keys that are documented in the facts, by path of the set.
    pub keys: BTreeMap<String, KnownKeys>,
    /// All entries of the facts.
    pub facts: Vec<FactEntry>,
    /// What the manifest selects or configures and this metadata does not have, or does not allow.
    pub unavailable: Diagnostics,
    /// Warnings about likely mistakes in the manifest and the facts.
    pub likely_mistakes: Diagnostics,
    /// Inconsistencies in the metadata that do no harm.
    pub warnings: Diagnostics,
    /// The texts that the diagnostics point into.
    pub sources: Sources,
}

/// The part of the metadata that gives the same output.
#[derive(Debug)]
#[non_exhaustive]
pub struct Slice {
    /// The CSDL document.
    pub csdl: String,
    /// The documents that it was made from.
    pub documents: Vec<PathBuf>,
    /// All files that were read: the manifest, the metadata and the facts.
    pub inputs: Vec<PathBuf>,
}

/// The documents that a manifest names, with paths as they are opened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Documents {
    /// `[metadata]` of the API version: together one model.
    pub metadata: Vec<PathBuf>,
    /// `[other-clouds]`: names, and the documents that together are the model there.
    pub other_clouds: Vec<(String, Vec<PathBuf>)>,
}

impl Config {
    /// The API version that is generated.
    ///
    /// # Errors
    ///
    /// If the manifest cannot be read, has errors, or has no metadata for that version.
    pub fn selected_api_version(&self) -> Result<String, Error> {
        let version = self.checked_manifest()?.api_version;
        version
            .map(|version| version.text.into_owned())
            .ok_or_else(|| Error::new("the manifest has no `api-version`".to_owned()))
    }

    /// The documents that the manifest names.
    ///
    /// # Errors
    ///
    /// As [`Config::selected_api_version`].
    pub fn documents(&self) -> Result<Documents, Error> {
        let manifest = self.checked_manifest()?;
        let clouds = manifest.other_clouds.iter();
        Ok(Documents {
            metadata: self.paths(manifest.documents().unwrap_or_default()),
            other_clouds: clouds
                .map(|(cloud, files)| (cloud.text.to_string(), self.paths(files)))
                .collect(),
        })
    }

    fn paths(&self, settings: &[Setting]) -> Vec<PathBuf> {
        settings.iter().map(|it| self.resolve(it)).collect()
    }

    fn checked_manifest(&self) -> Result<Manifest, Error> {
        let mut files = Files::default();
        let mut diagnostics = Diagnostics::default();
        let manifest = read::manifest(self, &mut files, &mut diagnostics);
        manifest
            .and_then(|manifest| diagnostics.bail_if_errors().map(|()| manifest))
            .map_err(|Aborted| Error::new(diagnostics.render(&files.sources)))
    }

    /// Surveys what would be generated. Entries of the manifest that this metadata does not have are reported in the
    /// result: it shows what another version of the metadata means for a manifest.
    ///
    /// # Errors
    ///
    /// All errors in the manifest, the facts and the metadata.
    pub fn survey(&self) -> Result<Survey, Error> {
        let (survey, ()) = self.survey_and(|_| ())?;
        Ok(survey)
    }

    /// Surveys what would be generated, and lists the operations at and below a path, or in the whole API. `depth` is the
    /// maximum number of navigation properties on a path.
    ///
    /// # Errors
    ///
    /// As [`Config::survey`].
    pub fn catalogue(&self, below: Option<&str>, depth: Option<usize>) -> Result<Catalogue, Error> {
        let (survey, (offers, properties)) = self.survey_and(|input| {
            let offers = offers::offers(&input.schema, &input.facts, below, depth);
            let properties = catalogue::properties(&input.schema);
            (offers, properties)
        })?;
        Ok(Catalogue {
            offers,
            properties,
            survey,
        })
    }

    fn survey_and<T>(&self, other: impl FnOnce(&Input<'_>) -> T) -> Result<(Survey, T), Error> {
        let mut files = Files::default();
        let mut warnings = Diagnostics::default();
        let mut unavailable = Diagnostics::default();
        let stages = || {
            let mut input = read::input(self, &mut files, &mut warnings)?;
            input.add_properties(&mut unavailable);
            let selection = select(&input, &mut unavailable);
            warnings.bail_if_errors()?;
            let api_version = input.api_version()?;
            let mut api = lower::lower(&input, &selection, api_version, &mut warnings);
            warnings.bail_if_errors()?;
            let types = catalogue::types(&input.schema);
            api.sort();
            let other = other(&input);
            let facts = fact_entries::entries(&input.facts, input.sources);
            let keys = std::mem::take(&mut input.facts.keys);
            Ok((api, types, keys, facts, selection.likely_mistakes, other))
        };
        let stages: Result<_, Aborted> = stages();
        let (index, types, keys, facts, likely_mistakes, other) =
            stages.map_err(|Aborted| Error::new(warnings.render(&files.sources)))?;
        let survey = Survey {
            index,
            types,
            keys,
            facts,
            unavailable,
            likely_mistakes,
            warnings,
            sources: files.sources,
        };
        Ok((survey, other))
    }

    /// Makes a small CSDL document from which this manifest gives the same output, byte for byte. Nothing is written.
    ///
    /// # Errors
    ///
    /// As [`Config::generate`].
    pub fn slice(&self) -> Result<Slice, Error> {
        let (inputs, result) = pipeline::generate_and(self, |input, selection| {
            let documents = match &self.metadata {
                Some(documents) => documents.clone(),
                None => self.paths(input.manifest.documents().unwrap_or_default()),
            };
            (documents, slice::slice(input, selection))
        });
        let (whole, (documents, csdl)) = result?;
        // An error in the slice must not reach the user.
        const SLICE: &str = "slice.csdl";
        let again = self.clone().metadata([SLICE]).text(SLICE, &csdl).generate();
        let is_same = again.is_ok_and(|again| {
            (again.code, again.modules, again.index) == (whole.code, whole.modules, whole.index)
        });
        if !is_same {
            let help = match documents.len() {
                0 | 1 => "this is a bug in the generator; please report it with the manifest",
                _ => {
                    "the documents may not agree on the alias of a namespace or on an XML prefix: use the same in all; \
                     otherwise, please report this as a bug in the generator, with the manifest"
                }
            };
            return Err(Error::new(format!(
                "the slice does not give the same output as the full metadata\nhelp: {help}"
            )));
        }
        Ok(Slice {
            csdl,
            documents,
            inputs,
        })
    }
}

impl Slice {
    /// The document with a comment of these lines.
    pub fn commented(&self, lines: &[String]) -> String {
        excerpt::commented(lines, &self.csdl)
    }
}
