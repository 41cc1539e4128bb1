//! Arguments that several subcommands take: an API version, a cloud, the manifest and the metadata.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use msgraph_codegen::Config;
use msgraph_codegen::command::catalogue::{Catalogue, Unlisted};
use msgraph_runtime::Cloud;

use crate::support::failure::Failure;
use crate::support::text::shown;

/// The manifest that is looked for where none is named.
const MANIFEST: &str = "graph.toml";

#[derive(Debug, clap::Args)]
pub(crate) struct Inputs {
    /// What is generated, and from what; `graph.toml` unless named.
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// A CSDL document instead of the manifest's, which then need not exist; several are one model.
    #[arg(long, value_name = "FILE")]
    metadata: Vec<PathBuf>,
    /// Another API version than the manifest's; without a manifest, than the document's name says.
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
}

/// What there is to ask.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) config: Config,
    /// The manifest, as it was named; `None` where there is none.
    pub(crate) manifest: Option<PathBuf>,
}

impl Inputs {
    /// The configuration of these arguments; `version` is one that the question itself names.
    ///
    /// # Errors
    ///
    /// When there is neither a manifest nor metadata, and when there is no such document.
    pub(crate) fn asked(&self, version: Option<&str>) -> Result<Asked, Failure> {
        are_files(&self.metadata)?;
        if let (Some(option), Some(named)) = (self.api_version.as_deref(), version)
            && option != named
        {
            return Err(Failure::Usage(format!(
                "the path is of the API version `{named}`, and `--api-version` of `{option}`\nhelp: \
                 leave one of them out"
            )));
        }
        let version = self.api_version.as_deref().or(version);
        let manifest = match &self.manifest {
            Some(named) => Some(named.clone()),
            None => Some(PathBuf::from(MANIFEST)).filter(|path| path.exists()),
        };
        let mut config = match &manifest {
            Some(manifest) => of_manifest(manifest)?,
            None => {
                let first = self.metadata.first().ok_or_else(|| {
                    Failure::Usage(format!(
                        "there is no `{MANIFEST}` here\nhelp: name a manifest with `--manifest FILE`, or \
                         a document with `--metadata FILE`"
                    ))
                })?;
                let version = version.unwrap_or_else(|| version_of(first));
                Config::new("no manifest")
                    .manifest_text(stand_in(version, "/**"))
                    .only([""; 0], [""; 0])
            }
        };
        if !self.metadata.is_empty() {
            config = config.metadata(&self.metadata);
        }
        if let (Some(version), Some(_)) = (version, &manifest) {
            config = config.api_version(version);
        }
        Ok(Asked { config, manifest })
    }
}

/// The configuration of a manifest that is there: of one that is not, the generator speaks as to a
/// build script.
pub(crate) fn of_manifest(manifest: &Path) -> Result<Config, Failure> {
    match fs::metadata(manifest) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::Usage(format!(
            "there is no `{}`\nhelp: name a manifest with `--manifest FILE`, or make one with `msgraph init`",
            shown(manifest)
        ))),
        Ok(found) if found.is_file() => match fs::File::open(manifest) {
            Ok(_) => Ok(Config::new(manifest)),
            Err(error) => Err(Failure::file("read", manifest, &error)),
        },
        _ => Ok(Config::new(manifest)),
    }
}

/// That the documents of the command line are there: of those that are not, the generator would say
/// where in the manifest they are named.
pub(crate) fn exist<'p>(documents: impl IntoIterator<Item = &'p PathBuf>) -> Result<(), Failure> {
    each(documents, |document, found| {
        found
            .err()
            .map(|error| Failure::file("read", document, &error).to_string())
    })
}

/// [`exist`], and are no directories.
pub(crate) fn are_files<'p>(
    documents: impl IntoIterator<Item = &'p PathBuf>,
) -> Result<(), Failure> {
    each(documents, |document, found| match found {
        Ok(found) if found.is_file() => None,
        Ok(_) => Some(format!(
            "`{}` is not a file; name the document itself",
            shown(document)
        )),
        Err(error) => Some(Failure::file("read", document, &error).to_string()),
    })
}

/// All that is wrong with the documents.
fn each<'p>(
    documents: impl IntoIterator<Item = &'p PathBuf>,
    wrong: impl Fn(&Path, io::Result<fs::Metadata>) -> Option<String>,
) -> Result<(), Failure> {
    let wrong: Vec<String> = documents
        .into_iter()
        .filter_map(|document| wrong(document, fs::metadata(document)))
        .collect();
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(Failure::Outside(wrong.join("\n")))
    }
}

/// The depth to which updates are listed where they have no end.
const DEPTH: usize = 2;

/// What the metadata has, with the updates below a path; where they have no end, those with up to
/// [`DEPTH`] navigation properties on their path, which is given back too.
pub(crate) fn catalogue(
    config: &Config,
    below: Option<&str>,
) -> Result<(Catalogue, Option<usize>), Failure> {
    let whole = config.catalogue(below, None)?;
    match whole.offers {
        Err(Unlisted::Endless) => Ok((config.catalogue(below, Some(DEPTH))?, Some(DEPTH))),
        _ => Ok((whole, None)),
    }
}

/// The text of a manifest where there is none: for documents that are given by themselves.
pub(crate) fn stand_in(version: &str, path: &str) -> String {
    format!(
        "api-version = \"{version}\"\n[metadata]\n\"{version}\" = []\n{}",
        entry(path)
    )
}

/// An entry of a manifest for a path.
pub(crate) fn entry(path: &str) -> String {
    // JSON and TOML write such strings alike.
    format!("[[update]]\npath = {}\n", serde_json::Value::from(path))
}

/// The API version that the name of a document starts with, `v1.0` where it starts with none.
pub(crate) fn version_of(document: &Path) -> &str {
    let stem = document.file_stem().and_then(|stem| stem.to_str());
    match stem.and_then(|stem| stem.split('-').next()) {
        Some("beta") => "beta",
        _ => "v1.0",
    }
}

/// A segment of a URL, and a part of a file name.
pub(crate) fn api_version(text: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if text.bytes().all(is_plain) && text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        Ok(text.to_owned())
    } else {
        Err("write `v1.0` or `beta`".to_owned())
    }
}

/// What L4 is called for short, and by Graph's own repository of metadata.
pub(crate) const US_GOV: &str = "us-gov";

/// The value of an option that names a cloud.
pub(crate) fn cloud() -> impl TypedValueParser<Value = Cloud> {
    PossibleValuesParser::new(Cloud::ALL.map(cloud_name)).try_map(|name| match name.as_str() {
        US_GOV => Ok(Cloud::UsGovL4),
        name => name.parse::<Cloud>(),
    })
}

fn cloud_name(cloud: Cloud) -> PossibleValue {
    let name = PossibleValue::new(cloud.as_str());
    match cloud {
        Cloud::UsGovL4 => name.alias(US_GOV),
        _ => name,
    }
}
