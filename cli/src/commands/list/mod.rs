//! `msgraph list`: the updates that exist in the metadata.

mod pattern;
mod report;
mod special;

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::{Catalogue, Offer, Unlisted};
use msgraph_csdl::diagnostic::{Diagnostic, nearest};
use msgraph_csdl::path::template::same_template;

use crate::support::arguments::{self, Asked, Inputs};
use crate::support::console::Console;
use crate::support::failure::{Done, Failure};
use crate::support::text::folded;
use pattern::{Pattern, same_segment};
use report::{Report, Update};

/// List the updates that exist in the metadata, and which of them the manifest generates.
///
/// PATTERN is a part of a path or of a type, also of a known key or of a derived type; or a path from its beginning, `/policies`, which stands
/// for all below it too; or with `*`, `?` and `**` a whole path or type, `**/authenticationMethod*`.
/// The case of letters does not matter. Exit code 1 where nothing is found.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which updates: all of them, unless given.
    pattern: Option<String>,
    #[command(flatten)]
    inputs: Inputs,
    /// Only those that the manifest generates.
    #[arg(long, conflicts_with = "missing")]
    generated: bool,
    /// Only those that the manifest does not generate.
    #[arg(long)]
    missing: bool,
    /// The most navigation properties on a path. Without it, 2 where the updates have no end:
    /// containment goes round in the metadata as Graph serves it.
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
}

/// What there is where a pattern starts.
struct Looked {
    catalogue: Catalogue,
    /// The most navigation properties on a path, where it is bounded.
    depth: Option<usize>,
    /// The path of the metadata below which was looked; `None` where everywhere.
    below: Option<String>,
    /// Why the pattern as it is written names no path, where it does not.
    wrong: Option<Diagnostic>,
}

impl Arguments {
    /// Reads the metadata, and prints what is asked for.
    ///
    /// # Errors
    ///
    /// When something is wrong in what is read, when the pattern starts with a path that the
    /// metadata does not have, and when the updates have no end within the depth.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        let asked = self.inputs.asked(None)?;
        let pattern = self.pattern.as_deref().unwrap_or_default();
        let filter = Pattern::new(pattern);
        if self.generated
            && let Some(done) = only_generated(&asked, &filter, console)?
        {
            return Ok(done);
        }
        let Looked {
            mut catalogue,
            depth,
            below,
            wrong,
        } = self.look(&asked, Pattern::below(pattern))?;
        warn(&asked, &catalogue.survey, console);
        let offers = match std::mem::replace(&mut catalogue.offers, Ok(Vec::new())) {
            Ok(offers) => offers,
            Err(Unlisted::Path(diagnostic)) => {
                return Err(not_found(wrong.as_ref().unwrap_or(&diagnostic)));
            }
            Err(Unlisted::Endless) => return Err(endless(below.as_deref())),
        };
        let mut all = updates(offers, &catalogue.survey, depth.is_some());
        special::add(&mut all, &catalogue, &filter);
        let (found, others): (Vec<Update>, Vec<Update>) = all.into_iter().partition(|update| {
            filter.takes(&update.path, &update.ty)
                && (!self.generated || !update.generated.is_empty())
                && (!self.missing || update.generated.is_empty())
        });
        if found.is_empty() {
            let is_hidden = |update: &Update| filter.takes(&update.path, &update.ty);
            if let Some(wrong) = wrong.filter(|_| !others.iter().any(is_hidden)) {
                return Err(not_found(&wrong));
            }
        }
        // What is generated is known without looking for it.
        if let (Some(depth), None, false) = (depth, self.depth, self.generated) {
            console.note(&bounded(depth, below.as_deref()));
        }
        if found.is_empty() {
            console.note(&self.nothing(pattern, &others));
        }
        let report = Report {
            api_version: catalogue.survey.index.api_version,
            depth,
            updates: found,
        };
        report.show(&asked, console)
    }

    /// What is on offer where a pattern starts, in whatever case its letters are and though its last
    /// segment may be the beginning of one.
    fn look(&self, asked: &Asked, below: Option<String>) -> Result<Looked, Failure> {
        let mut wrong = None;
        let parent = below.as_deref().and_then(|path| path.rsplit_once('/'));
        let parent = parent.map(|(parent, _)| parent).filter(|it| !it.is_empty());
        for place in [below.as_deref(), parent].into_iter().flatten() {
            let (catalogue, depth) = self.catalogue(asked, Some(place))?;
            match catalogue.offers {
                Err(Unlisted::Path(diagnostic)) => wrong = wrong.or(Some(diagnostic)),
                _ => {
                    return Ok(Looked {
                        catalogue,
                        depth,
                        below: Some(place.to_owned()),
                        wrong,
                    });
                }
            }
        }
        let (whole, depth) = self.catalogue(asked, None)?;
        let offers = whole.offers.as_deref().unwrap_or_default();
        let spelt = below.and_then(|below| {
            let known = offers
                .iter()
                .filter_map(|offer| common_start(&below, &offer.path));
            known.max_by_key(|start| start.len()).map(str::to_owned)
        });
        let (catalogue, depth) = match &spelt {
            Some(spelt) => self.catalogue(asked, Some(spelt))?,
            None => (whole, depth),
        };
        Ok(Looked {
            catalogue,
            depth,
            below: spelt,
            wrong,
        })
    }

    /// What is on offer below a path, and the depth that bounds it.
    fn catalogue(
        &self,
        asked: &Asked,
        below: Option<&str>,
    ) -> Result<(Catalogue, Option<usize>), Failure> {
        match self.depth {
            Some(_) => Ok((asked.config.catalogue(below, self.depth)?, self.depth)),
            None => arguments::catalogue(&asked.config, below),
        }
    }

    /// What to say where nothing was found.
    fn nothing(&self, pattern: &str, others: &[Update]) -> String {
        let which = match (self.generated, self.missing) {
            (true, _) => "no update that is generated",
            (_, true) => "no update that is not generated",
            _ => "no update",
        };
        if pattern.is_empty() {
            return format!("{which} is in the metadata");
        }
        let filter = Pattern::new(pattern);
        let bare = pattern.trim_matches(['*', '/', '?']);
        let pattern = folded(pattern);
        let hidden = others.iter();
        let hidden = hidden
            .filter(|update| filter.takes(&update.path, &update.ty))
            .count();
        if hidden > 0 {
            return match hidden {
                1 => format!("{which} matches `{pattern}`; one other does"),
                _ => format!("{which} matches `{pattern}`; {hidden} others do"),
            };
        }
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for update in others {
            names.extend(
                update
                    .path
                    .split('/')
                    .filter(|part| !part.is_empty() && !part.starts_with('{')),
            );
            names.extend([update.path.as_str(), update.ty.as_str()]);
            names.extend(update.ty.rsplit('.').next());
        }
        match nearest(bare, names) {
            Some(near) => format!("{which} matches `{pattern}`\nhelp: did you mean {near}?"),
            None => format!(
                "{which} matches `{pattern}`\nhelp: a part of a path or of a type will do, or `/path`, or a \
                 glob like `**/users/*`"
            ),
        }
    }
}

/// Shows what the manifest generates of the updates that are meant; `None` where that is nothing.
fn only_generated(
    asked: &Asked,
    filter: &Pattern,
    console: &mut Console,
) -> Result<Option<Done>, Failure> {
    let survey = asked.config.survey()?;
    let generated = updates(Vec::new(), &survey, true);
    let generated: Vec<Update> = generated
        .into_iter()
        .filter(|update| filter.takes(&update.path, &update.ty))
        .collect();
    // What there is besides is looked for where nothing was found.
    if !generated.is_empty() {
        warn(asked, &survey, console);
        let report = Report {
            api_version: survey.index.api_version,
            depth: None,
            updates: generated,
        };
        return report.show(asked, console).map(Some);
    }
    Ok(None)
}

fn not_found(diagnostic: &Diagnostic) -> Failure {
    let help = diagnostic.help.as_deref().unwrap_or_default();
    Failure::Usage(format!("{}\nhelp: {help}", diagnostic.message))
}

fn endless(below: Option<&str>) -> Failure {
    let place = folded(below.unwrap_or("/"));
    Failure::Input(format!(
        "the updates below `{place}` are more than 20,000, or have no end: in this metadata \
         containment goes round\nhelp: bound them with a smaller `--depth`, the most navigation \
         properties on a path; or give a pattern that starts with a narrower path, `/policies`"
    ))
}

/// What is not listed, and how to see it.
fn bounded(depth: usize, below: Option<&str>) -> String {
    let place = folded(below.unwrap_or("/"));
    format!(
        "the updates below `{place}` are more than 20,000, or have no end; these are those with up to \
         {depth} navigation properties on their path\nhelp: `--depth {}` looks further, and so does a \
         pattern that starts with a narrower path, `/policies`",
        depth + 1
    )
}

/// Tells what the manifest asks for and the metadata does not have.
fn warn(asked: &Asked, survey: &Survey, console: &mut Console) {
    if asked.manifest.is_none() {
        return;
    }
    for diagnostic in survey.unavailable.iter() {
        // An error of a build is none of a list.
        let text = diagnostic.render(&survey.sources);
        console.warning(text.strip_prefix("error: ").unwrap_or(&text));
    }
}

/// The start of a path that another one has too, in whatever case its letters are; `None` where
/// there is none.
fn common_start<'p>(wanted: &str, path: &'p str) -> Option<&'p str> {
    let mut end = 0;
    for (want, segment) in wanted.split('/').zip(path.split('/')).skip(1) {
        if !same_segment(&want.to_lowercase(), &segment.to_lowercase()) {
            break;
        }
        end += 1 + segment.len();
    }
    path.get(..end).filter(|start| !start.is_empty())
}

/// What is on offer, and what the manifest generates though it is not. `is_part`: more may be on
/// offer than this.
fn updates(offers: Vec<Offer>, survey: &Survey, is_part: bool) -> Vec<Update> {
    let mut updates: Vec<Update> = offers
        .into_iter()
        .map(|offer| Update {
            method: offer.method.to_owned(),
            path: offer.path,
            ty: offer.declared,
            bodies: offer.bodies,
            offered: Some(true),
            generated: Vec::new(),
        })
        .collect();
    let offered = updates.len();
    let operations = survey.index.operations.iter();
    for operation in operations.filter(|operation| operation.takes.is_some()) {
        let mut same = updates.iter_mut().filter(|update| {
            update.method == operation.method && same_template(&update.path, &operation.path)
        });
        if let Some(update) = same.next() {
            update.generated.push(operation.rust.clone());
            continue;
        }
        let ty = match operation.bodies.as_slice() {
            [only] => &only.ty,
            _ => &operation.declared,
        };
        updates.push(Update {
            method: operation.method.clone(),
            path: operation.path.clone(),
            ty: ty.clone(),
            bodies: operation.bodies.len(),
            offered: if is_part { None } else { Some(false) },
            generated: vec![operation.rust.clone()],
        });
    }
    if updates.len() > offered {
        updates.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    }
    updates
}
