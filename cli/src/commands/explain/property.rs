//! Finds a property by its name.

use msgraph_codegen::command::catalogue::{Catalogue, DeclaredProperty};
use msgraph_csdl::diagnostic::nearest_or;

use super::page::{Page, PropertySubject};
use super::sheet::MAX_SHOWN;
use crate::support::arguments::Inputs;
use crate::support::failure::Failure;
use crate::support::text::one_line;
use crate::support::type_name::supertypes;

/// The page of a property with the types that declare it, or of a property of one type, which may inherit
/// it. `all`: without shortening the list of types.
pub(super) fn page(
    inputs: &Inputs,
    catalogue: &Catalogue,
    ty: Option<&str>,
    name: &str,
    all: bool,
) -> Result<Option<Page>, Failure> {
    let Some((name, declared)) = find(catalogue, name) else {
        return Ok(None);
    };
    let mut declared = declared.to_vec();
    if let Some(ty) = ty {
        declared.retain(|it| declares(catalogue, ty, it));
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
    let page = Page::of_property(inputs, indexes, property, max_types);
    Ok(Some(page.with_facts(&catalogue.survey)))
}

/// The error about a property that a type lacks.
pub(super) fn unknown(catalogue: &Catalogue, ty: &str, name: &str) -> Failure {
    let properties = catalogue.properties.iter();
    let own = properties
        .filter(|(_, declared)| declared.iter().any(|it| declares(catalogue, ty, it)))
        .map(|(name, _)| name.as_str());
    let otherwise = format!("`msgraph explain {ty}` shows its properties");
    Failure::Usage(format!(
        "`{ty}` has no property `{}`\nhelp: {}",
        one_line(name),
        nearest_or(name, own, &otherwise)
    ))
}

/// Whether a declaration is in the type or in one of its supertypes.
fn declares(catalogue: &Catalogue, ty: &str, property: &DeclaredProperty) -> bool {
    supertypes(ty, &catalogue.survey.types).any(|it| it == property.declared_by)
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
