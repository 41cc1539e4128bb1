//! `msgraph list`: the operations that the metadata and the facts offer.

mod pattern;
mod report;
mod special;

use std::collections::{BTreeMap, BTreeSet};

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::{Catalogue, Offer, Unlisted};
use msgraph_codegen::ir::{Operation, OperationKind, ResponseValue};
use msgraph_csdl::diagnostic::{Diagnostic, nearest};
use msgraph_csdl::path::template::literals;

use crate::support::arguments::{self, InputOptions, Inputs};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure, message};
use crate::support::text::one_line;
use pattern::Pattern;
use report::{ListReport, ListedOperation, METHODS, sort};

/// List the operations that the metadata and the facts offer, and mark those that the manifest generates.
///
/// PATTERN is one of: a part of a path or type; the start of a path, `/policies`, which also matches all
/// paths below it; a glob with `*`, `?` and `**` over a whole path or type, `**/authenticationMethod*`.
/// Case is ignored. The exit code is 1 if nothing matches.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Which operations to list [default: all].
    pattern: Option<String>,
    #[command(flatten)]
    inputs: InputOptions,
    /// List only operations that the manifest generates.
    #[arg(long, conflicts_with = "missing")]
    generated: bool,
    /// List only operations that the manifest does not generate.
    #[arg(long)]
    missing: bool,
    /// List paths with at most N navigation properties [default: no bound, or 2 if containment is cyclic,
    /// as in the metadata that Graph serves].
    #[arg(long, value_name = "N")]
    depth: Option<usize>,
    /// List only operations of these kinds or HTTP methods: `--operation create,list`, `--operation PATCH`.
    #[arg(long, value_name = "KIND", value_delimiter = ',', value_parser = wanted)]
    operation: Vec<String>,
}

/// The operations where a pattern starts.
struct Candidates {
    catalogue: Catalogue,
    /// The bound on navigation properties.
    depth: Option<usize>,
    /// The path that all operations are below.
    below: Option<String>,
    /// Why the literal start of the pattern is not a path.
    error: Option<Diagnostic>,
}

/// Parses the name of a kind, or an HTTP method in any case.
fn wanted(text: &str) -> Result<String, String> {
    let kinds = OperationKind::ALL.map(OperationKind::name);
    let mut methods = METHODS.iter();
    // `delete` is a kind, and `DELETE` a method.
    if kinds.contains(&text) || methods.any(|method| method.eq_ignore_ascii_case(text)) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "write an HTTP method, or one of {}",
            kinds.join(", ")
        ))
    }
}

impl Arguments {
    /// Reads the metadata and prints the operations.
    ///
    /// # Errors
    ///
    /// When an input is invalid, when the pattern starts with an unknown path, and when there are too many
    /// paths within `--depth`.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        let inputs = self.inputs.resolve(None)?;
        let written = self.pattern.as_deref().unwrap_or_default();
        let pattern = Pattern::parse(written)?;
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
        let mut all = operations(offers, &catalogue.survey, depth.is_some());
        special::add(&mut all, &catalogue, &pattern);
        let (matching, others): (Vec<_>, Vec<_>) = all
            .into_iter()
            .partition(|it| pattern.matches(&it.path, &it.ty));
        let matches = matching.len();
        let found: Vec<ListedOperation> = matching
            .into_iter()
            .filter(|it| !self.generated || !it.generated.is_empty())
            .filter(|it| !self.missing || it.generated.is_empty())
            .filter(|it| self.is_wanted(it))
            .collect();
        if let Some(error) = error
            && matches == 0
        {
            return Err(Failure::Usage(message(&error)));
        }
        // The generated operations are all known.
        if let (Some(depth), None, false) = (depth, self.depth, self.generated) {
            console.note(&bounded(depth, below.as_deref(), &found));
        }
        if found.is_empty() {
            console.note(&self.nothing(written, matches, &others));
        }
        let report = ListReport {
            api_version: catalogue.survey.index.api_version,
            depth,
            operations: found,
            is_filtered: self.is_filtered(),
        };
        report.show(&inputs, console)
    }

    /// Reads the operations where a pattern starts, whose last segment may be incomplete. If there is no such
    /// path, its case may differ, so all operations are read.
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

    fn is_wanted(&self, listed: &ListedOperation) -> bool {
        let is_same = |wanted: &String| {
            wanted == listed.kind.name() || wanted.eq_ignore_ascii_case(&listed.method)
        };
        self.operation.is_empty() || self.operation.iter().any(is_same)
    }

    /// Whether the user asks for some of the operations.
    fn is_filtered(&self) -> bool {
        self.pattern.is_some() || self.generated || self.missing || !self.operation.is_empty()
    }

    /// The note if nothing was found. `hidden` operations match, but not the other options.
    fn nothing(&self, pattern: &str, hidden: usize, others: &[ListedOperation]) -> String {
        let which = match (self.generated, self.missing) {
            (true, _) => "no generated operation",
            (_, true) => "no operation that is not generated",
            _ if self.operation.is_empty() => "no operation",
            _ => "no such operation",
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
                for operation in others {
                    let segments = operation.path.split('/');
                    names.extend(segments.filter(|it| !it.is_empty() && !it.starts_with('{')));
                    // A path of one segment is already included.
                    names
                        .extend(Some(operation.path.as_str()).filter(|it| it.rfind('/') > Some(0)));
                    names.insert(operation.ty.as_str());
                    names.extend(operation.ty.rsplit('.').next());
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

fn too_many(below: Option<&str>) -> Failure {
    Failure::Input(format!(
        "more than 20,000 paths below `{}`: containment in this metadata may be cyclic\nhelp: bound \
         them with a smaller `--depth`, or give a pattern that starts with a longer path",
        one_line(below.unwrap_or("/"))
    ))
}

fn bounded(depth: usize, below: Option<&str>, operations: &[ListedOperation]) -> String {
    let below = below.unwrap_or("/");
    let is_plain = |it: &&ListedOperation| !it.kind.is_call() && !it.path.contains('(');
    let mut resources = operations.iter().filter(is_plain);
    let example = resources.find_map(|it| longer(below, &it.path));
    let example = example.map_or_else(String::new, |path| format!(", `{path}`"));
    format!(
        "more than 20,000 paths below `{}`: only paths with up to {depth} navigation properties are \
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

/// The offered operations, and others that the manifest generates. `is_partial`: more operations may be
/// offered.
fn operations(offers: Vec<Offer>, survey: &Survey, is_partial: bool) -> Vec<ListedOperation> {
    let mut listed: Vec<ListedOperation> = offers
        .into_iter()
        .map(|offer| ListedOperation {
            method: offer.kind.method().to_string(),
            kind: offer.kind,
            path: offer.path,
            ty: offer.declared,
            bodies: offer.bodies,
            offered: Some(true),
            generated: Vec::new(),
        })
        .collect();
    let offered = listed.len();
    let literals = |path: &str| literals(path).map(str::to_owned).collect::<Vec<_>>();
    let at = listed.iter().enumerate();
    let at = at.map(|(at, it)| ((it.kind, literals(&it.path)), at));
    let at: BTreeMap<_, usize> = at.collect();
    for operation in &survey.index.operations {
        let same = at.get(&(operation.kind, literals(&operation.path)));
        if let Some(same) = same.and_then(|at| listed.get_mut(*at)) {
            same.generated.push(operation.rust.to_string());
            continue;
        }
        listed.push(ListedOperation {
            method: operation.method.to_string(),
            kind: operation.kind,
            path: operation.path.clone(),
            ty: listed_type(operation).to_owned(),
            bodies: operation.bodies.len().max(1),
            // A reference sends nothing, so nothing offers it.
            offered: (!is_partial && operation.kind != OperationKind::Reference).then_some(false),
            generated: vec![operation.rust.to_string()],
        });
    }
    if listed.len() > offered {
        sort(&mut listed);
    }
    listed
}

/// The type of a generated operation; of a call, its result.
fn listed_type(operation: &Operation) -> &str {
    let is_call = operation.kind.is_call();
    match (operation.bodies.as_slice(), operation.results.as_slice()) {
        (_, [only]) if is_call => &only.ty,
        ([only], _) | ([], [only]) if !is_call => &only.ty,
        _ if !is_call => &operation.declared,
        _ => match operation.response.value() {
            Some(ResponseValue::Primitive(primitive)) => primitive.name(),
            _ => "",
        },
    }
}
