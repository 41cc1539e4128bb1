//! `msgraph list`: the updates that exist in the metadata.

mod pattern;
mod report;
mod special;

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::{Catalogue, Offer, Unlisted};
use msgraph_csdl::diagnostic::{Diagnostic, nearest};
use msgraph_csdl::path::template::same_template;

use crate::support::arguments::{self, InputOptions, Inputs};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure, message};
use crate::support::text::one_line;
use pattern::Pattern;
use report::{ListReport, ListedUpdate};

/// List the updates that exist in the metadata, and mark those that the manifest generates.
///
/// PATTERN is one of: a part of a path or type; the start of a path, `/policies`, which also matches all
/// paths below it; a glob with `*`, `?` and `**` over a whole path or type, `**/authenticationMethod*`.
/// Case is ignored. The exit code is 1 if nothing matches.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which updates to list [default: all].
    pattern: Option<String>,
    #[command(flatten)]
    inputs: InputOptions,
    /// List only updates that the manifest generates.
    #[arg(long, conflicts_with = "missing")]
    generated: bool,
    /// List only updates that the manifest does not generate.
    #[arg(long)]
    missing: bool,
    /// List paths with at most N navigation properties [default: no bound, or 2 if containment is cyclic,
    /// as in the metadata that Graph serves].
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
}

/// The updates where a pattern starts.
struct Candidates {
    catalogue: Catalogue,
    /// The bound on navigation properties.
    depth: Option<usize>,
    /// The path that all updates are below.
    below: Option<String>,
    /// Why the literal start of the pattern is not a path.
    error: Option<Diagnostic>,
}

impl Arguments {
    /// Reads the metadata and prints the updates.
    ///
    /// # Errors
    ///
    /// When an input is invalid, when the pattern starts with an unknown path, and when there are too many
    /// updates within `--depth`.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        let inputs = self.inputs.resolve(None)?;
        let written = self.pattern.as_deref().unwrap_or_default();
        let pattern = Pattern::parse(written)?;
        if self.generated
            && let Some(completed) = list_generated(&inputs, &pattern, console)?
        {
            return Ok(completed);
        }
        let Candidates {
            mut catalogue,
            depth,
            below,
            error,
        } = self.candidates(&inputs, Pattern::below(written))?;
        warn(&inputs, &catalogue.survey, console);
        let offers = match std::mem::replace(&mut catalogue.offers, Ok(Vec::new())) {
            Ok(offers) => offers,
            Err(Unlisted::Path(diagnostic)) => {
                return Err(Failure::Usage(message(
                    error.as_ref().unwrap_or(&diagnostic),
                )));
            }
            Err(Unlisted::Endless) => return Err(too_many(below.as_deref())),
        };
        let mut all = updates(offers, &catalogue.survey, depth.is_some());
        special::add(&mut all, &catalogue, &pattern);
        let (matching, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|update| pattern.matches(&update.path, &update.ty));
        let matches = matching.len();
        let found: Vec<ListedUpdate> = matching
            .into_iter()
            .filter(|update| !self.generated || !update.generated.is_empty())
            .filter(|update| !self.missing || update.generated.is_empty())
            .collect();
        if let Some(error) = error
            && matches == 0
        {
            return Err(Failure::Usage(message(&error)));
        }
        // The generated updates are all known.
        if let (Some(depth), None, false) = (depth, self.depth, self.generated) {
            console.note(&bounded(depth, below.as_deref(), &found));
        }
        if found.is_empty() {
            console.note(&self.nothing(written, matches, &others));
        }
        let report = ListReport {
            api_version: catalogue.survey.index.api_version,
            depth,
            updates: found,
        };
        report.show(&inputs, console)
    }

    /// Reads the updates where a pattern starts, whose last segment may be incomplete. If there is no such
    /// path, its case may differ, so all updates are read.
    fn candidates(&self, inputs: &Inputs, below: Option<String>) -> Result<Candidates, Failure> {
        let mut error = None;
        let parent = below.as_deref().and_then(|path| path.rsplit_once('/'));
        let parent = parent.map(|(parent, _)| parent).filter(|it| !it.is_empty());
        for path in [below.as_deref(), parent].into_iter().flatten() {
            let (catalogue, depth) = arguments::catalogue(&inputs.config, Some(path), self.depth)?;
            match catalogue.offers {
                Err(Unlisted::Path(diagnostic)) => error = error.or(Some(diagnostic)),
                _ => {
                    return Ok(Candidates {
                        catalogue,
                        depth,
                        below: Some(path.to_owned()),
                        error,
                    });
                }
            }
        }
        let (catalogue, depth) = arguments::catalogue(&inputs.config, None, self.depth)?;
        Ok(Candidates {
            catalogue,
            depth,
            below: None,
            error,
        })
    }

    /// The note if nothing was found. `hidden` updates match, but not `--generated` or `--missing`.
    fn nothing(&self, pattern: &str, hidden: usize, others: &[ListedUpdate]) -> String {
        let which = match (self.generated, self.missing) {
            (true, _) => "no generated update",
            (_, true) => "no update that is not generated",
            _ => "no update",
        };
        let matches = if pattern.is_empty() {
            "is in the metadata".to_owned()
        } else {
            format!("matches `{}`", one_line(pattern))
        };
        let rest = match hidden {
            _ if pattern.is_empty() => String::new(),
            0 => {
                let mut names: BTreeSet<&str> = BTreeSet::new();
                for update in others {
                    let segments = update.path.split('/');
                    names.extend(segments.filter(|it| !it.is_empty() && !it.starts_with('{')));
                    names.extend([update.path.as_str(), update.ty.as_str()]);
                    names.extend(update.ty.rsplit('.').next());
                }
                match nearest(pattern.trim_matches(['*', '/', '?']), names) {
                    Some(near) => format!("\nhelp: did you mean {near}?"),
                    None => {
                        "\nhelp: write a part of a path or type, the start of a path `/path`, or a \
                             glob like `**/users/*`"
                            .to_owned()
                    }
                }
            }
            1 => "; one other does".to_owned(),
            _ => format!("; {hidden} others do"),
        };
        format!("{which} {matches}{rest}")
    }
}

/// Lists what the manifest generates; `None` if nothing matches.
fn list_generated(
    inputs: &Inputs,
    pattern: &Pattern,
    console: &mut Console,
) -> Result<Option<Completed>, Failure> {
    let survey = inputs.config.survey()?;
    let mut generated = updates(Vec::new(), &survey, true);
    generated.retain(|update| pattern.matches(&update.path, &update.ty));
    if generated.is_empty() {
        return Ok(None);
    }
    warn(inputs, &survey, console);
    let report = ListReport {
        api_version: survey.index.api_version,
        depth: None,
        updates: generated,
    };
    report.show(inputs, console).map(Some)
}

fn too_many(below: Option<&str>) -> Failure {
    Failure::Input(format!(
        "more than 20,000 updates below `{}`: containment in this metadata may be cyclic\nhelp: bound \
         them with a smaller `--depth`, or give a pattern that starts with a longer path",
        one_line(below.unwrap_or("/"))
    ))
}

fn bounded(depth: usize, below: Option<&str>, updates: &[ListedUpdate]) -> String {
    let below = below.unwrap_or("/");
    let example = updates.iter().find_map(|it| longer(below, &it.path));
    let example = example.map_or_else(String::new, |path| format!(", `{path}`"));
    format!(
        "more than 20,000 updates below `{}`: only paths with up to {depth} navigation properties are \
         listed\nhelp: use `--depth {}`, or a pattern that starts with a longer path{example}",
        one_line(below),
        depth + 1
    )
}

/// The start of a path up to the first property below another path. Placeholders may have other names.
fn longer(below: &str, path: &str) -> Option<String> {
    let given = below.split('/').filter(|it| !it.is_empty()).count();
    let mut segments = path.split('/').skip(1);
    let mut start: Vec<&str> = segments.by_ref().take(given).collect();
    for segment in segments {
        start.push(segment);
        if !segment.starts_with('{') {
            return Some(format!("/{}", start.join("/")));
        }
    }
    None
}

/// Warns about entries of the manifest that the metadata lacks.
fn warn(inputs: &Inputs, survey: &Survey, console: &mut Console) {
    if inputs.manifest.is_none() {
        return;
    }
    for diagnostic in survey.unavailable.iter() {
        let text = diagnostic.render(&survey.sources);
        // The build fails, but the list is complete.
        console.warning(text.strip_prefix("error: ").unwrap_or(&text));
    }
}

/// The offered updates, and others that the manifest generates. `is_partial`: more updates may be offered.
fn updates(offers: Vec<Offer>, survey: &Survey, is_partial: bool) -> Vec<ListedUpdate> {
    let mut updates: Vec<ListedUpdate> = offers
        .into_iter()
        .map(|offer| ListedUpdate {
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
    for operation in operations.filter(|operation| operation.body.is_some()) {
        let mut same = updates.iter_mut().filter(|update| {
            update.method == operation.method.to_string()
                && same_template(&update.path, &operation.path)
        });
        if let Some(update) = same.next() {
            update.generated.push(operation.rust.to_string());
            continue;
        }
        let ty = match operation.bodies.as_slice() {
            [only] => &only.ty,
            _ => &operation.declared,
        };
        updates.push(ListedUpdate {
            method: operation.method.to_string(),
            path: operation.path.clone(),
            ty: ty.clone(),
            bodies: operation.bodies.len(),
            offered: (!is_partial).then_some(false),
            generated: vec![operation.rust.to_string()],
        });
    }
    if updates.len() > offered {
        updates.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    }
    updates
}
