//! `msgraph diff`: what another version of the metadata means for a selection, before it is
//! generated.

pub mod change;
mod compare;
mod documents;
mod missing;
mod reach;
mod report;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Unlisted;

pub use compare::compare;

use crate::support::arguments;
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::text::shown;
use change::{Change, Kind, Subject, Verdict};
use documents::Pair;
use missing::Missing;
use report::{Report, Section};

/// Report what a change of the metadata means for your updates, and for your version number.
///
/// OLD and NEW are CSDL files, or folders with the documents of several clouds, which are compared
/// by file name.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The metadata that the code was generated from.
    old: PathBuf,
    /// The metadata that it would be generated from.
    new: PathBuf,
    /// What is generated; its own metadata is not read.
    #[arg(long, value_name = "FILE", default_value = "graph.toml")]
    manifest: PathBuf,
    /// Compare every update there is, not just those of the manifest, which need not exist.
    #[arg(long)]
    all: bool,
    /// With `--all`, the most navigation properties on a path: metadata whose containment goes round
    /// has no end without.
    #[arg(long, value_name = "N", requires = "all")]
    depth: Option<usize>,
    /// Exit with 1 when the verdict is this or graver.
    #[arg(long, value_name = "VERDICT", value_enum)]
    fail_on: Option<FailOn>,
    /// Name each property that is described in other words, not just how many there are.
    #[arg(long)]
    descriptions: bool,
}

/// The verdict from which on a difference is a failure.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailOn {
    /// Any change.
    Patch,
    /// More than before.
    Minor,
    /// Something that compiled no longer compiles, or sends something else.
    Major,
}

impl Arguments {
    /// Compares, and prints the report.
    ///
    /// # Errors
    ///
    /// When something is wrong in what is read.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        arguments::exist([&self.old, &self.new])?;
        if !self.all {
            arguments::of_manifest(&self.manifest)?;
        }
        let pairs = documents::pairs(&self.old, &self.new)?;
        let mut report = Report::new(&pairs);
        let mut missing = Vec::new();
        for pair in pairs.both {
            let (section, lacking) = self.section(pair)?;
            report.push(section);
            missing.push(lacking);
        }
        if let Some(message) = missing::nowhere(&missing) {
            return Err(Failure::Input(message));
        }
        match console.format() {
            Format::Json => console.json(&report)?,
            Format::Markdown => console.print(&report.markdown(self.descriptions))?,
            Format::Text => console.print(&report.text(self.descriptions))?,
        }
        let changes = report
            .sections
            .iter()
            .any(|section| !section.changes.is_empty());
        let fails = match self.fail_on {
            None => false,
            Some(FailOn::Patch) => changes,
            Some(FailOn::Minor) => report.verdict >= Verdict::Minor,
            Some(FailOn::Major) => report.verdict >= Verdict::Major,
        };
        Ok(if fails { Done::Difference } else { Done::Well })
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
            config.manifest_text(arguments::stand_in(arguments::version_of(document), "/**"))
        }
    }

    fn section(&self, pair: Pair) -> Result<(Section, Missing), Failure> {
        let (old, new) = self.surveys(&pair)?;
        if self.all
            && let Some((side, document)) = [(&old, &pair.old), (&new, &pair.new)]
                .into_iter()
                .find(|(side, _)| side.unavailable.has_errors())
        {
            return Err(self.unbounded(side, document)?);
        }
        let missing = Missing::of(&old, &new);
        let mut changes = compare(&old, &new);
        explain_removed(&pair.new, &missing, &mut changes)?;
        let section = Section::new(pair, changes, missing.lines());
        Ok((section, missing))
    }

    /// Both sides. Each takes as long as the other, and neither needs the other.
    fn surveys(&self, pair: &Pair) -> Result<(Survey, Survey), Failure> {
        let (old, new) = std::thread::scope(|scope| {
            let old = scope.spawn(|| self.config(&pair.old).survey());
            let new = self.config(&pair.new).survey();
            (old.join(), new)
        });
        let old = old.map_err(|_| Failure::Outside("the comparison stopped".to_owned()))?;
        match (old, new) {
            (Ok(old), Ok(new)) => Ok((old, new)),
            (Err(one), Ok(_)) | (Ok(_), Err(one)) => Err(one.into()),
            (Err(old), Err(new)) => {
                // What is wrong in the manifest or the facts is wrong for both.
                let (old, new) = (old.to_string(), new.to_string());
                Err(Failure::Input(if old == new {
                    new
                } else {
                    format!("{old}\n\n{new}")
                }))
            }
        }
    }

    /// Why not every update of a document can be compared.
    fn unbounded(&self, side: &Survey, document: &Path) -> Result<Failure, Failure> {
        let catalogue = self.config(document).catalogue(None, self.depth)?;
        Ok(Failure::Input(match catalogue.offers {
            Err(Unlisted::Endless) => format!(
                "the updates of `{}` are more than 20,000, or have no end: in this metadata \
                 containment goes round\nhelp: bound them with `--depth 2`, the most navigation \
                 properties on a path",
                shown(document)
            ),
            _ => side.unavailable.render(&side.sources),
        }))
    }
}

/// Says of updates that are gone why the new metadata does not offer them: what is said when they are
/// named one by one. Of those that the manifest names, it is said already.
fn explain_removed(
    document: &Path,
    missing: &Missing,
    changes: &mut [Change],
) -> Result<(), Failure> {
    let mut gone: Vec<&mut Change> = changes
        .iter_mut()
        .filter(|change| change.subject == Subject::Update && change.kind == Kind::Removed)
        .filter(|change| change.method.as_deref() != Some(RESET) && !missing.explains(change))
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    let mut manifest = String::new();
    let mut entries = Vec::new();
    for change in &gone {
        let start = manifest.len();
        manifest.push_str(&if start == 0 {
            arguments::stand_in(arguments::version_of(document), &change.element)
        } else {
            arguments::entry(&change.element)
        });
        entries.push(start..manifest.len());
    }
    let survey = Config::new("the updates that are gone")
        .manifest_text(manifest)
        .metadata([document])
        .survey()?;
    for (change, entry) in gone.iter_mut().zip(entries) {
        let mut said = survey.unavailable.iter();
        let why = said.find(|diagnostic| {
            let at = diagnostic.span.map(|span| span.start as usize);
            at.is_some_and(|at| entry.contains(&at))
        });
        match why {
            Some(why) if missing.says(&why.message) => {}
            Some(why) => change.what = format!("{}: {}", change.what, why.message),
            None => {
                // The path is there: the rules of subtrees leave it out.
                change.what = "no subtree takes it in any more".to_owned();
                change.wire = None;
                change
                    .reason
                    .push_str("; an `[[update]]` of its own keeps it");
            }
        }
    }
    Ok(())
}

/// The method of a reset, which comes and goes with its update.
const RESET: &str = "DELETE";
