//! Resolves a type name as a user writes it, and its supertypes.

use std::collections::BTreeMap;

use msgraph_codegen::command::catalogue::{Catalogue, Declaration};
use msgraph_csdl::diagnostic::nearest;

use crate::support::failure::Failure;
use crate::support::shell;
use crate::support::text::{one_line, shortened};

/// How many types are named in an error.
const MAX_NAMES: usize = 3;

/// Finds the CSDL name of a type: by its full name, its Rust name, or its name without the namespace or
/// the start of it, as in `graph.user`. Case is ignored.
pub(crate) fn resolve(written: &str, catalogue: &Catalogue) -> Result<String, Failure> {
    let types = &catalogue.survey.types;
    if types.contains_key(written) {
        return Ok(written.to_owned());
    }
    let index = &catalogue.survey.index;
    let structs = index.structs.iter().map(|ty| (&ty.rust, &ty.ty));
    let enumerations = index.enumerations.iter().map(|ty| (&ty.rust, &ty.ty));
    if let Some((_, ty)) = structs
        .chain(enumerations)
        .find(|(rust, _)| rust.as_str() == written || rust.rsplit("::").next() == Some(written))
    {
        return Ok(ty.clone());
    }
    let folded = format!(".{}", written.to_lowercase());
    let found: Vec<&str> = types
        .keys()
        .map(String::as_str)
        .filter(|name| format!(".{name}").to_lowercase().ends_with(&folded))
        .collect();
    match (found.as_slice(), root(&found)) {
        ([], _) => Err(unknown(written, catalogue)),
        ([name], _) => Ok((*name).to_owned()),
        (_, Some(root)) => Ok(root.to_owned()),
        (several, None) => Err(Failure::Usage(format!(
            "several types are called `{}`\nhelp: name one of `{}`",
            one_line(written),
            several.join("`, `")
        ))),
    }
}

/// The type and its supertypes, nearest first.
pub(crate) fn supertypes<'t>(
    name: &'t str,
    types: &'t BTreeMap<String, Declaration>,
) -> impl Iterator<Item = &'t str> {
    // Inheritance cycles are errors in the metadata.
    std::iter::successors(Some(name), |name| types.get(*name)?.base.as_deref())
}

/// A type name without its namespace.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

/// The type whose namespace contains the namespaces of all others.
fn root<'t>(types: &[&'t str]) -> Option<&'t str> {
    let shortest = *types.iter().min_by_key(|name| name.len())?;
    let (namespace, _) = shortest.rsplit_once('.')?;
    let is_nested = |name: &str| {
        let rest = name.strip_prefix(namespace);
        rest.and_then(|rest| rest.strip_prefix('.'))
            .is_some_and(|rest| rest.contains('.'))
    };
    let mut others = types.iter().filter(|name| **name != shortest);
    others.all(|name| is_nested(name)).then_some(shortest)
}

/// The error about a name that no type has.
pub(crate) fn unknown(written: &str, catalogue: &Catalogue) -> Failure {
    let names = || catalogue.survey.types.keys().map(String::as_str);
    let candidates: Vec<&str> = if written.contains('.') {
        names().collect()
    } else {
        names().map(local).collect()
    };
    let part = written.to_lowercase();
    let has_part = |text: &str| text.to_lowercase().contains(&part);
    let mut offers = catalogue.offers.iter().flatten();
    let help = if let Some(near) = nearest(written, candidates) {
        format!("did you mean {near}?")
    } else if offers.any(|offer| has_part(&offer.path) || has_part(&offer.declared)) {
        format!("{} lists the operations that match", list_command(written))
    } else {
        let longer: Vec<String> = names()
            .filter(|name| has_part(name))
            .map(|name| format!("`{name}`"))
            .collect();
        match longer.as_slice() {
            [] => "a path starts with `/`; `msgraph list PATTERN` finds operations".to_owned(),
            longer => format!("longer names contain it: {}", shortened(longer, MAX_NAMES)),
        }
    };
    Failure::Usage(format!(
        "unknown type `{}`\nhelp: {help}",
        one_line(written)
    ))
}

/// The command that lists what a pattern matches, in backticks.
pub(crate) fn list_command(pattern: &str) -> String {
    let command = shell::command("msgraph list", &[("", Some(pattern))]);
    format!("`{}`", command.as_deref().unwrap_or("msgraph list PATTERN"))
}
