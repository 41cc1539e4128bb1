//! `msgraph clouds`: in which clouds' metadata the updates of a selection exist, member by member.

mod compare;
mod documents;
mod report;

use std::path::PathBuf;

use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;

use crate::support::arguments;
use crate::support::arguments::api_version;
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use documents::{Document, Named};
use report::Report;

/// Show in which clouds' metadata your updates exist, member by member, beside what the reference
/// says.
///
/// The documents of a folder are told apart by their names: `v1.0-china.csdl` is that of China, and
/// `v1.0.csdl` that of the global cloud, of the API version that the manifest names. Without a folder
/// and without `--document`, the documents are the manifest's own and those of its `[other-clouds]`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// A folder of documents that are named `VERSION-CLOUD.csdl`.
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
    /// The document of a cloud, whatever it is called; several times for several clouds.
    #[arg(long, value_name = "CLOUD=FILE")]
    document: Vec<Named>,
    /// Only these clouds of the folder.
    #[arg(long, value_name = "CLOUD", requires = "directory")]
    only: Vec<String>,
    /// What is generated; its own metadata is read only where no other is named.
    #[arg(long, value_name = "FILE", default_value = "graph.toml")]
    manifest: PathBuf,
    /// Another API version than the manifest's.
    #[arg(long, value_name = "VERSION", value_parser = api_version)]
    api_version: Option<String>,
    /// Show what is alike everywhere, too.
    #[arg(long)]
    all: bool,
    /// Exit with 1 where the metadata and the reference disagree.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Compares, and prints the report.
    ///
    /// # Errors
    ///
    /// When something is wrong in what is read, and when there are no documents.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        let mut config = arguments::of_manifest(&self.manifest)?;
        if let Some(version) = &self.api_version {
            config = config.api_version(version);
        }
        let version = config.selected_api_version()?;
        let documents = if self.directory.is_none() && self.document.is_empty() {
            let manifest = arguments::of_manifest(&self.manifest)?;
            let own_version = manifest.selected_api_version()?;
            if version != own_version {
                return Err(Failure::Usage(format!(
                    "the documents that the manifest names of other clouds are of {own_version}\n\
                     help: name the folder of those of {version}: `msgraph clouds metadata \
                     --api-version {version}`"
                )));
            }
            documents::of_manifest(manifest.documents()?, &version)?
        } else {
            documents::documents(
                self.directory.as_deref(),
                &self.document,
                &self.only,
                &version,
            )?
        };
        let surveys = surveys(&config, &documents)?;
        let report = Report::new(version, &documents, &surveys);
        match console.format() {
            Format::Json => console.json(&report)?,
            Format::Markdown => console.print(&report.markdown(self.all))?,
            Format::Text => console.print(&report.text(self.all))?,
        }
        Ok(if self.check && report.disagrees() {
            Done::Difference
        } else {
            Done::Well
        })
    }
}

/// A survey of each document, several at once: none needs another.
fn surveys(config: &Config, documents: &[Document]) -> Result<Vec<Survey>, Failure> {
    let most = std::thread::available_parallelism().map_or(1, |most| most.get());
    let survey = |document: &Document| config.clone().metadata(&document.files).survey();
    let mut surveys = Vec::with_capacity(documents.len());
    // More than a few at once would hold as many models in memory, for nothing.
    for some in documents.chunks(most.min(3)) {
        let together = std::thread::scope(|scope| {
            let running: Vec<_> = some
                .iter()
                .map(|document| scope.spawn(|| survey(document)))
                .collect();
            let ended = running.into_iter().map(|one| one.join());
            ended.collect::<Vec<_>>()
        });
        for survey in together {
            let survey =
                survey.map_err(|_| Failure::Outside("the comparison stopped".to_owned()))?;
            surveys.push(survey?);
        }
    }
    Ok(surveys)
}
