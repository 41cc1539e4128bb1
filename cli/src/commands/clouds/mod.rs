//! `msgraph clouds`: in which clouds' metadata the selected operations exist.

mod compare;
mod documents;
mod report;

use std::path::PathBuf;

use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;

use crate::support::arguments::{ManifestOptions, manifest_config};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use documents::{CloudDocument, NamedFile};
use report::CloudReport;

/// Show in which clouds' metadata your operations exist, and compare with the reference.
///
/// The file names in DIR start with the API version and the cloud: `v1.0-china.csdl`, or `v1.0.csdl` for
/// the global cloud. By default, the files are those in `[metadata]` and `[other-clouds]` of the manifest.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The folder with files named `VERSION-CLOUD.csdl`.
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Read this file as the metadata of a cloud. Repeat the option for several clouds.
    #[arg(long, value_name = "CLOUD=FILE")]
    document: Vec<NamedFile>,
    /// Compare only these clouds of DIR.
    #[arg(long, value_name = "CLOUD", requires = "folder")]
    only: Vec<String>,
    #[command(flatten)]
    manifest: ManifestOptions,
    /// Show also what is the same in all clouds.
    #[arg(long)]
    all: bool,
    /// Exit with 1 if the metadata and the reference disagree.
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// Compares the documents and prints the report.
    ///
    /// # Errors
    ///
    /// When an input is invalid, and when there is no metadata.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        let config = self.manifest.config()?;
        let version = config.selected_api_version()?;
        let documents = if self.folder.is_none() && self.document.is_empty() {
            let manifest = manifest_config(&self.manifest.manifest)?;
            let own_version = manifest.selected_api_version()?;
            if version != own_version {
                return Err(Failure::Usage(format!(
                    "`[other-clouds]` of the manifest is for {own_version}\nhelp: name the folder of the \
                     files for {version}: `msgraph clouds metadata --api-version {version}`"
                )));
            }
            documents::from_manifest(manifest.documents()?, &version)?
        } else {
            let folder = self.folder.as_deref();
            documents::from_arguments(folder, &self.document, &self.only, &version)?
        };
        let surveys = surveys(&config, &documents)?;
        let report = CloudReport::new(version, &documents, &surveys);
        console.result(&report, |format| report.render(format, self.all))?;
        Ok(Completed::checked(self.check && report.has_disagreements()))
    }
}

/// Reads the documents in parallel. Three at a time, because each model needs much memory.
fn surveys(config: &Config, documents: &[CloudDocument]) -> Result<Vec<Survey>, Failure> {
    let threads = std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let survey = |document: &CloudDocument| config.clone().metadata(&document.files).survey();
    let mut surveys = Vec::with_capacity(documents.len());
    for chunk in documents.chunks(threads.min(3)) {
        let results: Vec<_> = std::thread::scope(|scope| {
            let spawn = |document| scope.spawn(move || survey(document));
            let threads: Vec<_> = chunk.iter().map(spawn).collect();
            threads.into_iter().map(|thread| thread.join()).collect()
        });
        for result in results {
            let survey = result.map_err(|_| Failure::External("a thread failed".to_owned()))?;
            surveys.push(survey?);
        }
    }
    Ok(surveys)
}
