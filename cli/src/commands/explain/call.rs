//! Finds an action or function by its name.

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::Catalogue;
use msgraph_csdl::diagnostic::nearest;

use crate::support::arguments::{self, Inputs};
use crate::support::failure::Failure;
use crate::support::text::one_line;
use crate::support::type_name::{list_command, local};

/// How many paths of a call are named in an error.
const MAX_PATHS: usize = 12;

/// The name of the action or function that a path ends with.
pub(super) fn name(path: &str) -> &str {
    let path = path.split('(').next().unwrap_or(path);
    path.rsplit(['/', '.']).next().unwrap_or(path)
}

/// A path without the namespace of the action or function that it ends with.
pub(super) fn unqualified(path: &str) -> String {
    let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
    let start = last.split('(').next().unwrap_or(last);
    let namespace = start.rfind('.').map_or(0, |dot| dot + 1);
    format!("{parent}/{}", last.get(namespace..).unwrap_or(last))
}

/// Whether a name, with or without the namespace or the start of it, is that of a call.
pub(super) fn is_named(call: &str, written: &str) -> bool {
    let (call, written) = (call.to_lowercase(), written.to_lowercase());
    format!(".{call}").ends_with(&format!(".{written}"))
}

/// The paths of the listed actions and functions.
pub(super) fn paths(catalogue: &Catalogue) -> impl Iterator<Item = &str> {
    let offers = catalogue.offers.iter().flatten();
    let offers = offers.filter(|offer| offer.kind.is_call());
    offers.map(|offer| offer.path.as_str())
}

/// The path of the action or function with a name, ignoring its namespace; `None` if there is none.
///
/// # Errors
///
/// When there are several, and the manifest generates none or several of them.
pub(super) fn path(catalogue: &Catalogue, written: &str) -> Result<Option<String>, Failure> {
    let has_name = |path: &&str| name(path).eq_ignore_ascii_case(local(written));
    let operations = catalogue.survey.index.operations.iter();
    let generated = operations.filter(|it| it.kind.is_call());
    let generated: BTreeSet<&str> = generated
        .map(|it| it.path.as_str())
        .filter(has_name)
        .collect();
    let listed: BTreeSet<&str> = paths(catalogue).filter(has_name).collect();
    for found in [&generated, &listed] {
        if let (Some(path), 1) = (found.first(), found.len()) {
            return Ok(Some((*path).to_owned()));
        }
    }
    let found = if generated.is_empty() {
        listed
    } else {
        generated
    };
    if found.is_empty() {
        return Ok(None);
    }
    let shown = found.iter().take(MAX_PATHS);
    let mut lines: String = shown
        .map(|path| format!("\n  {}", one_line(path)))
        .collect();
    if found.len() > MAX_PATHS {
        let more = found.len() - MAX_PATHS;
        lines.push_str(&format!(
            "\n  and {more} more; {} lists them",
            list_command(local(written))
        ));
    }
    Err(Failure::Usage(format!(
        "`{}` is called at {} paths:{lines}\nhelp: explain one of them",
        one_line(written),
        found.len()
    )))
}

/// The error about an unknown path whose last segment is near the name of a call at the same resource.
pub(super) fn misspelt(inputs: &Inputs, path: &str, survey: &Survey) -> Option<Failure> {
    let (parent, written) = path.rsplit_once('/')?;
    let below = Some(parent).filter(|parent| !parent.is_empty());
    let level = path.matches('/').count();
    let (catalogue, _) = arguments::catalogue(&inputs.config, below, Some(level)).ok()?;
    let here = paths(&catalogue).filter(|path| path.matches('/').count() == level);
    let near = nearest(name(written), here.map(name))?;
    let error = survey.unavailable.iter().next()?;
    let help = error.help.as_deref().unwrap_or_default();
    // The error already suggests a property.
    if help.starts_with("did you mean") {
        return None;
    }
    Some(Failure::Usage(format!(
        "{}\nhelp: did you mean {near}?",
        one_line(&error.message)
    )))
}
