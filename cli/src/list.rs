//! `msgraph list`: the updates that exist in the metadata.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use msgraph_codegen::catalogue::{Catalogue, Offer, Unlisted};
use msgraph_codegen::{Diagnostic, nearest, same_template};
use serde::Serialize;

use crate::console::{Console, FAINT, Format, STRONG, code_cell, styled};
use crate::failure::{Done, Failure};
use crate::inputs::{self, Asked, Inputs};
use crate::pattern::Pattern;

/// List the updates that exist in the metadata, and which of them the manifest generates.
///
/// PATTERN is a part of a path or of a type; or a path from its beginning, `/policies`, which stands
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

/// The result as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    api_version: String,
    /// The most navigation properties on the paths that were looked through; none where all were.
    depth: Option<usize>,
    updates: Vec<Update>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Update {
    method: String,
    path: String,
    /// The declared type; that of the body, where the manifest names it.
    #[serde(rename = "type")]
    ty: String,
    /// How many types the body may have.
    bodies: usize,
    /// Whether a subtree takes it in; none of a path that is longer than those looked through.
    offered: Option<bool>,
    /// The functions that the manifest generates for it.
    generated: Vec<String>,
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
        let mut below = Pattern::below(pattern);
        let (mut catalogue, mut depth) = self.catalogue(&asked, below.as_deref())?;
        let mut wrong = None;
        if let (Err(Unlisted::Path(_)), Some((parent, _))) = (
            &catalogue.offers,
            below.as_deref().and_then(|path| path.rsplit_once('/')),
        ) && !parent.is_empty()
        {
            // The last segment may be the beginning of one.
            let parent = parent.to_owned();
            if let Err(Unlisted::Path(diagnostic)) = catalogue.offers {
                wrong = Some(diagnostic);
            }
            (catalogue, depth) = self.catalogue(&asked, Some(&parent))?;
            below = Some(parent);
        }
        if asked.manifest.is_some() && !catalogue.survey.unavailable.is_empty() {
            let survey = &catalogue.survey;
            console.warning(&survey.unavailable.render(&survey.sources));
        }
        let offers = match std::mem::replace(&mut catalogue.offers, Ok(Vec::new())) {
            Ok(offers) => offers,
            Err(Unlisted::Path(diagnostic)) => {
                return Err(not_found(wrong.as_ref().unwrap_or(&diagnostic)));
            }
            Err(Unlisted::Endless) => return Err(endless(below.as_deref())),
        };
        // What is generated is known without looking for it.
        if let (Some(depth), None, false) = (depth, self.depth, self.generated) {
            console.note(&bounded(depth, below.as_deref()));
        }
        let all = updates(offers, &catalogue, depth);
        let filter = Pattern::new(pattern);
        let (found, others): (Vec<Update>, Vec<Update>) = all.into_iter().partition(|update| {
            filter.takes(&update.path, &update.ty)
                && (!self.generated || !update.generated.is_empty())
                && (!self.missing || update.generated.is_empty())
        });
        let is_empty = found.is_empty();
        if is_empty {
            if let Some(wrong) = &wrong {
                return Err(not_found(wrong));
            }
            console.note(&self.nothing(pattern, &others));
        }
        let report = Report {
            api_version: catalogue.survey.index.api_version,
            depth,
            updates: found,
        };
        match console.format() {
            Format::Json => console.json(&report)?,
            Format::Markdown => console.print(&report.markdown())?,
            Format::Text => console.print(&report.text())?,
        }
        if !is_empty && console.format() != Format::Json {
            let generated = report.updates.iter();
            let generated = generated
                .filter(|update| !update.generated.is_empty())
                .count();
            let beside = match &asked.manifest {
                Some(manifest) => {
                    format!(", {generated} generated by `{}` (*)", manifest.display())
                }
                None => String::new(),
            };
            let updates = match report.updates.len() {
                1 => "1 update".to_owned(),
                many => format!("{many} updates"),
            };
            console.note(&format!("{updates}{beside}"));
        }
        Ok(if is_empty {
            Done::Difference
        } else {
            Done::Well
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
            None => inputs::catalogue(&asked.config, below),
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
        let bare = pattern.trim_matches(['*', '/', '?']);
        match nearest(bare, names) {
            Some(near) => format!("{which} matches `{pattern}`\nhelp: did you mean {near}?"),
            None => format!(
                "{which} matches `{pattern}`\nhelp: a part of a path or of a type will do, or `/path`, or a \
                 glob like `**/users/*`"
            ),
        }
    }
}

fn not_found(diagnostic: &Diagnostic) -> Failure {
    let help = diagnostic.help.as_deref().unwrap_or_default();
    Failure::Usage(format!("{}\nhelp: {help}", diagnostic.message))
}

fn endless(below: Option<&str>) -> Failure {
    let place = below.unwrap_or("/");
    Failure::Input(format!(
        "the updates below `{place}` are more than 20,000, or have no end: in this metadata \
         containment goes round\nhelp: bound them with a smaller `--depth`, the most navigation \
         properties on a path; or give a pattern that starts with a narrower path, `/policies`"
    ))
}

/// What is not listed, and how to see it.
fn bounded(depth: usize, below: Option<&str>) -> String {
    let place = below.unwrap_or("/");
    format!(
        "the updates below `{place}` are more than 20,000, or have no end; these are those with up to \
         {depth} navigation properties on their path\nhelp: `--depth {}` looks further, and so does a \
         pattern that starts with a narrower path, `/policies`",
        depth + 1
    )
}

/// What is on offer, and what the manifest generates though it is not.
fn updates(offers: Vec<Offer>, catalogue: &Catalogue, depth: Option<usize>) -> Vec<Update> {
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
    let operations = catalogue.survey.index.operations.iter();
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
            offered: if depth.is_some() { None } else { Some(false) },
            generated: vec![operation.rust.clone()],
        });
    }
    if updates.len() > offered {
        updates.sort_by(|a, b| (&a.path, &a.method).cmp(&(&b.path, &b.method)));
    }
    updates
}

impl Update {
    /// `microsoft.graph.user`, `microsoft.graph.directoryObject (any of 12)`.
    fn type_text(&self) -> String {
        match self.bodies {
            1 => self.ty.clone(),
            several => format!("{} (any of {several})", self.ty),
        }
    }
}

impl Report {
    /// Columns: whether it is generated, method, type, path.
    fn text(&self) -> String {
        let types: Vec<String> = self.updates.iter().map(Update::type_text).collect();
        let width = types.iter().map(|ty| ty.chars().count()).max().unwrap_or(0);
        let mut text = String::new();
        for (update, ty) in self.updates.iter().zip(&types) {
            let mark = if update.generated.is_empty() {
                ' '
            } else {
                '*'
            };
            let ty = styled(FAINT, format!("{ty:width$}"));
            let path = styled(STRONG, &update.path);
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "{mark} {:5}  {ty}  {path}", update.method);
        }
        text
    }

    fn markdown(&self) -> String {
        let mut text = String::from("| | path | type | function |\n|---|---|---|---|\n");
        for update in &self.updates {
            let functions: Vec<String> = update
                .generated
                .iter()
                .map(|function| format!("`{function}`"))
                .collect();
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} |",
                update.method,
                code_cell(&update.path),
                code_cell(&update.type_text()),
                functions.join(", ")
            );
        }
        text
    }
}
