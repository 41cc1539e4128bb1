//! Finds a property by its name.

use msgraph_codegen::command::catalogue::{Catalogue, DeclaredProperty};

use super::page::{MAX_SHOWN, Page, PropertySubject};
use crate::support::arguments::Inputs;
use crate::support::failure::Failure;
use crate::support::type_name::{resolve, supertypes};

/// The page of a property, with the types that declare it. `all`: without shortening that list.
pub(super) fn page(
    inputs: &Inputs,
    catalogue: &Catalogue,
    written: &str,
    all: bool,
) -> Result<Option<Page>, Failure> {
    let Some((name, declared)) = find(catalogue, written) else {
        return Ok(None);
    };
    let property = PropertySubject {
        name: name.to_owned(),
        declared: declared.to_vec(),
    };
    page_of(inputs, catalogue, property, all).map(Some)
}

/// The page of a property of one type, `microsoft.graph.user/displayName`, which may be inherited.
pub(super) fn page_of_type(
    inputs: &Inputs,
    catalogue: &Catalogue,
    written: &str,
) -> Result<Option<Page>, Failure> {
    let found = written.split_once('/').and_then(|(ty, name)| {
        let ty = resolve(ty, catalogue).ok()?;
        Some((ty, find(catalogue, name)?))
    });
    let Some((ty, (name, declared))) = found else {
        return Ok(None);
    };
    let supertypes: Vec<&str> = supertypes(&ty, &catalogue.types).collect();
    let declared = declared
        .iter()
        .filter(|it| supertypes.contains(&it.declared_by.as_str()));
    let property = PropertySubject {
        name: name.to_owned(),
        declared: declared.cloned().collect(),
    };
    if property.declared.is_empty() {
        return Ok(None);
    }
    page_of(inputs, catalogue, property, true).map(Some)
}

/// Finds a property by its exact name, in another case, or as Rust writes it.
fn find<'c>(catalogue: &'c Catalogue, written: &str) -> Option<(&'c str, &'c [DeclaredProperty])> {
    let folded = |name: &str| name.replace('_', "").to_lowercase();
    let wanted = folded(written);
    let exact = catalogue.properties.get_key_value(written);
    let (name, declared) = exact.or_else(|| {
        let mut properties = catalogue.properties.iter();
        properties.find(|(name, _)| !wanted.is_empty() && folded(name) == wanted)
    })?;
    Some((name, declared))
}

fn page_of(
    inputs: &Inputs,
    catalogue: &Catalogue,
    property: PropertySubject,
    all: bool,
) -> Result<Page, Failure> {
    let max_types = if all { usize::MAX } else { MAX_SHOWN };
    let types = property.declared.iter().take(max_types);
    let types = types.map(|it| it.declared_by.as_str());
    let survey = inputs.config.clone().only([""; 0], types).survey()?;
    // The manifest may rename types that it generates.
    let indexes = [&catalogue.survey.index, &survey.index];
    Ok(Page::of_property(inputs, indexes, property, max_types))
}
