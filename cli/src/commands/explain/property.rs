//! Finds a property by its name.

use msgraph_codegen::command::catalogue::{Catalogue, DeclaredProperty};

use super::page::{MAX_SHOWN, Page, PropertySubject};
use crate::support::arguments::Inputs;
use crate::support::failure::Failure;
use crate::support::type_name::{resolve, supertypes};

/// The page of a property with the types that declare it, or of a property of one type,
/// `microsoft.graph.user/displayName`, which may be inherited. `all`: without shortening the list of types.
pub(super) fn page(
    inputs: &Inputs,
    catalogue: &Catalogue,
    written: &str,
    all: bool,
) -> Result<Option<Page>, Failure> {
    let (ty, name) = match written.split_once('/') {
        None => (None, written),
        Some((ty, name)) => match resolve(ty, catalogue) {
            Ok(ty) => (Some(ty), name),
            Err(_) => return Ok(None),
        },
    };
    let Some((name, declared)) = find(catalogue, name) else {
        return Ok(None);
    };
    let mut declared = declared.to_vec();
    if let Some(ty) = &ty {
        let supertypes: Vec<&str> = supertypes(ty, &catalogue.survey.types).collect();
        declared.retain(|it| supertypes.contains(&it.declared_by.as_str()));
    }
    if declared.is_empty() {
        return Ok(None);
    }
    let is_short = !all && ty.is_none();
    let max_types = if is_short { MAX_SHOWN } else { usize::MAX };
    let types = declared.iter().take(max_types);
    let types = types.map(|it| it.declared_by.as_str());
    let survey = inputs.config.clone().only([""; 0], types).survey()?;
    let name = name.to_owned();
    let property = PropertySubject { name, declared };
    // The manifest may rename types that it generates.
    let indexes = [&catalogue.survey.index, &survey.index];
    Ok(Some(Page::of_property(
        inputs, indexes, property, max_types,
    )))
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
