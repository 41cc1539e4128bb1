//! `msgraph permissions`: the permissions that the operations of a manifest need.

mod app_manifest;
mod crate_name;
mod import;
mod operation;
mod page;
mod report;
mod text;
mod words;

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use msgraph_csdl::diagnostic::nearest;
use msgraph_csdl::permissions::Scheme;
use msgraph_runtime::Cloud;

use crate::support::arguments::ManifestOptions;
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::files;
use crate::support::output_format::OutputFormat;
use crate::support::permission_ids::PermissionIds;
use crate::support::text::{one_line, show_path};
use app_manifest::AppManifest;
use import::ImportArguments;
use report::{PermissionReport, SchemeReport};

/// Show the permissions that the operations of a manifest need: the smallest set, and which operation needs
/// which.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<PermissionsCommand>,
    #[command(flatten)]
    manifest: ManifestOptions,
    /// Report what these permissions do not allow, and exit with 1 if any is missing. Separate names by
    /// commas, or repeat the option.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    granted: Option<Vec<String>>,
    /// Report only one kind of permission [default: both].
    #[arg(long, value_enum, value_name = "KIND")]
    scheme: Option<SchemeOption>,
    /// Read the ids of permissions from this file, which `msgraph permissions import` wrote.
    #[arg(long, value_name = "FILE")]
    ids: Option<PathBuf>,
    /// The format of results.
    #[arg(
        long,
        global = true,
        value_enum,
        value_name = "FORMAT",
        default_value_t
    )]
    format: OutputFormat,
}

#[derive(Debug, Subcommand)]
enum PermissionsCommand {
    Import(ImportArguments),
}

/// The value of `--scheme`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum SchemeOption {
    /// A user is signed in.
    Delegated,
    /// The application runs without a user.
    Application,
}

impl Arguments {
    /// Computes the permissions and prints the report.
    ///
    /// # Errors
    ///
    /// When an input is invalid, and when an app manifest needs an id that is not known.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        if let Some(PermissionsCommand::Import(arguments)) = &self.command {
            return match self.format.of_reports() {
                Some(_) => arguments.run(console),
                None => Err(self.format.rejected()),
            };
        }
        if self.granted.is_some() && self.format.of_reports().is_none() {
            return Err(Failure::Usage(
                "`--granted` is only for the formats `text`, `markdown` and `json`\nhelp: leave out `--granted`: a page and \
                 an app manifest always have the whole set"
                    .to_owned(),
            ));
        }
        if self.format == OutputFormat::AppManifest && self.scheme.is_none() {
            return Err(Failure::Usage(
                "`--format app-manifest` needs `--scheme`: an app must not ask for permissions that it does not use\nhelp: add \
                 `--scheme delegated` or `--scheme application`"
                    .to_owned(),
            ));
        }
        let ids = self.read_ids()?;
        let granted = self.granted.as_ref();
        let granted = granted.map(|names| spelled_by_graph(names, &ids, console));
        let report = self.report(&ids, granted.as_deref(), console)?;
        match self.format {
            OutputFormat::Html => console.print(&page::html(&report))?,
            OutputFormat::AppManifest => {
                console.json(&AppManifest::new(&report)?)?;
                for scheme in report.schemes() {
                    note_ids(scheme, console);
                }
            }
            OutputFormat::Text | OutputFormat::Markdown | OutputFormat::Json => {
                console.result(&report, |format| text::render(&report, format))?;
            }
        }
        Ok(Completed::checked(report.is_missing_permissions()))
    }

    fn read_ids(&self) -> Result<PermissionIds, Failure> {
        let Some(path) = &self.ids else {
            return Ok(PermissionIds::built_in());
        };
        let text = files::text_of(path, files::read_existing(path)?)?;
        PermissionIds::parse(&text)
            .map_err(|error| Failure::Input(format!("`{}`: {error}", show_path(path))))
    }

    fn report(
        &self,
        ids: &PermissionIds,
        granted: Option<&[String]>,
        console: &mut Console,
    ) -> Result<PermissionReport, Failure> {
        let survey = self.manifest.config()?.survey()?;
        if !survey.unavailable.is_empty() {
            return Err(Failure::Input(survey.unavailable.render(&survey.sources)));
        }
        for mistake in survey.likely_mistakes.iter() {
            console.warning(&mistake.render(&survey.sources));
        }
        let manifest = &self.manifest.manifest;
        let schemes: &[Scheme] = match self.scheme {
            None => &[Scheme::DelegatedWork, Scheme::Application],
            Some(SchemeOption::Delegated) => &[Scheme::DelegatedWork],
            Some(SchemeOption::Application) => &[Scheme::Application],
        };
        let subject = (
            crate_name::crate_name(manifest),
            manifest.to_string_lossy().into_owned(),
            survey.index.api_version.clone(),
        );
        let operations = operation::operations(&survey.index);
        Ok(PermissionReport::new(
            subject, operations, schemes, ids, granted,
        ))
    }
}

/// Names the permissions of an app manifest, which has only ids.
fn note_ids(scheme: &SchemeReport, console: &mut Console) {
    for permission in &scheme.permissions {
        let (id, kind) = (permission.id.as_deref(), scheme.scheme.name());
        let (id, name) = (id.unwrap_or_default(), one_line(&permission.name));
        console.note(&format!("note: {id} is {name} ({kind})"));
    }
}

/// The permissions of `--granted` as Graph spells them. Warns about unknown names.
fn spelled_by_graph(written: &[String], ids: &PermissionIds, console: &mut Console) -> Vec<String> {
    // A token separates them by spaces, and an app may name them by a URL of Graph.
    let names = written.iter().flat_map(|it| it.split_whitespace());
    let names = names.map(|it| {
        let mut clouds = Cloud::ALL.into_iter();
        let name = clouds.find_map(|cloud| {
            let (root, name) = it.split_at_checked(cloud.root().len())?;
            let is_root = root.eq_ignore_ascii_case(cloud.root());
            name.strip_prefix('/').filter(|_| is_root)
        });
        name.unwrap_or(it)
    });
    let names = names.filter(|name| !name.is_empty());
    names
        .map(|name| {
            if let Some(known) = ids.names().find(|it| it.eq_ignore_ascii_case(name)) {
                return known.to_owned();
            }
            let help = match nearest(name, ids.names()) {
                Some(near) => format!("\nhelp: did you mean {near}?"),
                None => String::new(),
            };
            console.warning(&format!("unknown permission `{}`{help}", one_line(name)));
            name.to_owned()
        })
        .collect()
}
