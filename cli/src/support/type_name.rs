//! The type that a user means by a name.

use msgraph_codegen::command::catalogue::Catalogue;
use msgraph_csdl::diagnostic::nearest;

use crate::support::failure::Failure;
use crate::support::shell;
use crate::support::text::folded;

/// The CSDL name of the type that is meant.
pub(crate) fn resolve(written: &str, catalogue: &Catalogue) -> Result<String, Failure> {
    let types = &catalogue.survey.types;
    if types.contains_key(written) {
        return Ok(written.to_owned());
    }
    let index = &catalogue.survey.index;
    let structs = index.types.iter().map(|ty| (&ty.rust, &ty.ty));
    let enumerations = index.enumerations.iter().map(|ty| (&ty.rust, &ty.ty));
    if let Some((_, ty)) = structs
        .chain(enumerations)
        .find(|(rust, _)| rust.as_str() == written || rust.rsplit("::").next() == Some(written))
    {
        return Ok(ty.clone());
    }
    let same = |one: &str| one.eq_ignore_ascii_case(written);
    let meant: Vec<&String> = types
        .keys()
        .filter(|name| same(name) || name.rsplit('.').next().is_some_and(same))
        .collect();
    // Of several namespaces, the one that the others stand in.
    let nearest_root = meant.iter().min_by_key(|name| name.len());
    match (meant.as_slice(), nearest_root) {
        ([only], _) => Ok((*only).clone()),
        (several, Some(root)) if is_root_of(root, several) => Ok((*root).clone()),
        ([], _) => {
            let short = types.keys().filter_map(|name| name.rsplit('.').next());
            let candidates: Vec<&str> = if written.contains('.') {
                types.keys().map(String::as_str).collect()
            } else {
                short.collect()
            };
            let part = written.to_lowercase();
            let help = if types.keys().any(|name| name.to_lowercase().contains(&part)) {
                format!(
                    "it is a part of others: {} finds their updates",
                    list(written)
                )
            } else {
                match nearest(written, candidates) {
                    Some(near) => format!("did you mean {near}?"),
                    None => {
                        "a path starts with `/`; `msgraph list PATTERN` finds updates".to_owned()
                    }
                }
            };
            Err(Failure::Usage(format!(
                "the metadata has no type `{}`\nhelp: {help}",
                folded(written)
            )))
        }
        (several, _) => {
            let names: Vec<String> = several.iter().map(|name| format!("`{name}`")).collect();
            Err(Failure::Usage(format!(
                "several types are called `{}`\nhelp: name one of {}",
                folded(written),
                names.join(", ")
            )))
        }
    }
}

/// The command that lists what a pattern finds, in backticks.
pub(crate) fn list(pattern: &str) -> String {
    let command = shell::command("msgraph list", &[("", Some(pattern))]);
    format!("`{}`", command.as_deref().unwrap_or("msgraph list PATTERN"))
}

/// Whether the namespace of a type is the one that those of all the others stand in.
fn is_root_of(root: &str, all: &[&String]) -> bool {
    let Some((namespace, _)) = root.rsplit_once('.') else {
        return false;
    };
    let inner = |name: &&String| {
        let behind = name.strip_prefix(namespace);
        behind.is_some_and(|behind| behind.starts_with('.'))
    };
    let others = all.iter().filter(|name| name.as_str() != root);
    let same = |name: &&&String| {
        name.rsplit_once('.')
            .is_some_and(|(other, _)| other == namespace)
    };
    all.iter().all(inner) && others.filter(same).count() == 0
}
