//! Arguments of several subcommands: manifest, metadata, API version, cloud.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use msgraph_codegen::Config;
use msgraph_codegen::command::catalogue::{Catalogue, Unlisted};
use msgraph_runtime::Cloud;

use crate::support::failure::{Failure, joined};
use crate::support::text::show_path;

/// The manifest that is read if none is named.
pub(crate) const DEFAULT_MANIFEST: &str = "graph.toml";

/// A manifest that must exist.
#[derive(Debug, clap::Args)]
pub(crate) struct ManifestOptions {
    /// The manifest, which selects what is generated.
    #[arg(long, value_name = "FILE", default_value = DEFAULT_MANIFEST)]
    pub(crate) manifest: PathBuf,
    /// Use another API version than the manifest's.
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
}

impl ManifestOptions {
    /// Whether a build script next to the manifest generates code.
    pub(crate) fn has_build_script(&self) -> bool {
        let script = fs::read_to_string(self.manifest.with_file_name("build.rs"));
        script.is_ok_and(|script| script.contains("msgraph_codegen::"))
    }

    pub(crate) fn config(&self) -> Result<Config, Failure> {
        let config = manifest_config(&self.manifest)?;
        Ok(match &self.api_version {
            Some(version) => config.api_version(version),
            None => config,
        })
    }
}

/// A manifest, metadata, or both.
#[derive(Debug, clap::Args)]
pub(crate) struct InputOptions {
    /// The manifest, which selects what is generated [default: graph.toml, if it exists].
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Read this CSDL file instead of the manifest's. No manifest is needed then. Repeat the option for
    /// metadata in several files.
    #[arg(long, value_name = "FILE")]
    metadata: Vec<PathBuf>,
    /// Use another API version than the manifest's, or than the one in the name of the CSDL file.
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    pub(crate) config: Config,
    /// As named by the user.
    pub(crate) manifest: Option<PathBuf>,
}

impl InputOptions {
    /// Resolves the options. `version` is an API version named elsewhere in the arguments.
    pub(crate) fn resolve(&self, version: Option<&str>) -> Result<Inputs, Failure> {
        check_documents(&self.metadata, false)?;
        if let (Some(option), Some(named)) = (self.api_version.as_deref(), version)
            && option != named
        {
            return Err(Failure::Usage(format!(
                "the path has the API version `{named}`, but `--api-version` is `{option}`\nhelp: leave \
                 one of them out"
            )));
        }
        let version = self.api_version.as_deref().or(version);
        let default = || Some(PathBuf::from(DEFAULT_MANIFEST)).filter(|path| path.exists());
        let manifest = self.manifest.clone().or_else(default);
        let mut config = match &manifest {
            Some(manifest) => manifest_config(manifest)?,
            None => {
                let first = self.metadata.first().ok_or_else(|| {
                    Failure::Usage(format!(
                        "there is no `{DEFAULT_MANIFEST}` here\nhelp: name a manifest with \
                         `--manifest FILE`, or a CSDL file with `--metadata FILE`"
                    ))
                })?;
                let version = version.unwrap_or_else(|| version_of(first));
                Config::new("no manifest")
                    .manifest_text(placeholder_manifest(version, "/**"))
                    .only([""; 0], [""; 0])
            }
        };
        if !self.metadata.is_empty() {
            config = config.metadata(&self.metadata);
        }
        if let (Some(version), Some(_)) = (version, &manifest) {
            config = config.api_version(version);
        }
        Ok(Inputs { config, manifest })
    }
}

/// The configuration of a manifest that exists: the generator's own message is for build scripts.
pub(crate) fn manifest_config(manifest: &Path) -> Result<Config, Failure> {
    let readable = match fs::metadata(manifest) {
        // Opening a named pipe could block.
        Ok(found) if !found.is_file() => Ok(()),
        _ => fs::File::open(manifest).map(drop),
    };
    match readable {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(Failure::Usage(format!(
            "there is no `{}`\nhelp: name a manifest with `--manifest FILE`, or create one with \
             `msgraph init`",
            show_path(manifest)
        ))),
        Err(error) => Err(Failure::file("read", manifest, &error)),
        Ok(()) => Ok(Config::new(manifest)),
    }
}

/// Checks that the documents in the arguments exist: the generator's own message points into the
/// manifest.
pub(crate) fn check_documents<'p>(
    documents: impl IntoIterator<Item = &'p PathBuf>,
    may_be_folders: bool,
) -> Result<(), Failure> {
    let mut errors = Vec::new();
    for document in documents {
        match fs::metadata(document) {
            Ok(found) if may_be_folders || found.is_file() => {}
            Ok(_) => errors.push(format!(
                "`{}` is not a file; name the CSDL file itself",
                show_path(document)
            )),
            Err(error) => errors.push(Failure::file("read", document, &error).to_string()),
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(Failure::External(joined(&errors)))
    }
}

/// The default bound on navigation properties where containment is cyclic.
const DEFAULT_DEPTH: usize = 2;

/// Reads the metadata and lists the updates below a path, with at most `depth` navigation properties. If
/// there are too many and no `depth`, lists those with up to [`DEFAULT_DEPTH`]. Returns the bound.
pub(crate) fn catalogue(
    config: &Config,
    below: Option<&str>,
    depth: Option<usize>,
) -> Result<(Catalogue, Option<usize>), Failure> {
    let catalogue = config.catalogue(below, depth)?;
    match catalogue.offers {
        Err(Unlisted::Endless) if depth.is_none() => {
            let bounded = config.catalogue(below, Some(DEFAULT_DEPTH))?;
            Ok((bounded, Some(DEFAULT_DEPTH)))
        }
        _ => Ok((catalogue, depth)),
    }
}

/// A manifest for CSDL files in the arguments.
pub(crate) fn placeholder_manifest(version: &str, path: &str) -> String {
    format!(
        "api-version = \"{version}\"\n[metadata]\n\"{version}\" = []\n{}",
        update_entry(path)
    )
}

/// The entry of a manifest for a path.
pub(crate) fn update_entry(path: &str) -> String {
    format!("[[update]]\npath = {}\n", quoted(path))
}

/// A string in quotes, as both JSON and TOML write it.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The API version at the start of a file name; `v1.0` by default.
pub(crate) fn version_of(document: &Path) -> &str {
    let stem = document.file_stem().and_then(|stem| stem.to_str());
    match stem.and_then(|stem| stem.split('-').next()) {
        Some("beta") => "beta",
        _ => "v1.0",
    }
}

/// Parses an API version, which becomes part of URLs and file names.
pub(crate) fn api_version(text: &str) -> Result<String, String> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    if text.bytes().all(is_allowed) && text.bytes().any(|byte| byte.is_ascii_alphanumeric()) {
        Ok(text.to_owned())
    } else {
        Err("write `v1.0` or `beta`".to_owned())
    }
}

/// The short name of US government L4, also in Graph's own repository of metadata.
pub(crate) const US_GOV: &str = "us-gov";

/// Parses the name of a cloud.
pub(crate) fn cloud() -> impl TypedValueParser<Value = Cloud> {
    let names = Cloud::ALL.map(|cloud| {
        let name = PossibleValue::new(cloud.as_str());
        match cloud {
            Cloud::UsGovL4 => name.alias(US_GOV),
            _ => name,
        }
    });
    PossibleValuesParser::new(names).try_map(|name| match name.as_str() {
        US_GOV => Ok(Cloud::UsGovL4),
        name => name.parse::<Cloud>(),
    })
}
