//! What `msgraph explain` makes of the name of a property.

use msgraph_codegen::command::catalogue::{Catalogue, DeclaredProperty};

use super::page::{MOST, Page, Property};
use crate::support::arguments::Asked;
use crate::support::failure::Failure;
use crate::support::type_name::resolve;

use super::lineage;

/// The page of a property: of every type that declares it. `None` where there is none of that name.
///
/// `is_all`: whether more types are wanted than a page has room for.
pub(super) fn page(
    asked: &Asked,
    catalogue: &Catalogue,
    written: &str,
    is_all: bool,
) -> Result<Option<Page>, Failure> {
    let Some((name, declared)) = find(catalogue, written) else {
        return Ok(None);
    };
    let property = Property {
        name: name.to_owned(),
        declared: declared.to_vec(),
    };
    page_of(asked, catalogue, property, is_all).map(Some)
}

/// The same of one type, `microsoft.graph.user/displayName`: of the type that declares it, which may
/// be a base type. `None` where this is no type and property.
pub(super) fn page_of_type(
    asked: &Asked,
    catalogue: &Catalogue,
    written: &str,
) -> Result<Option<Page>, Failure> {
    let Some((ty, name)) = written.split_once('/') else {
        return Ok(None);
    };
    let Ok(ty) = resolve(ty, catalogue) else {
        return Ok(None);
    };
    let Some((name, declared)) = find(catalogue, name) else {
        return Ok(None);
    };
    let lineage = lineage(&ty, &catalogue.survey.types);
    let declared = declared
        .iter()
        .filter(|it| lineage.contains(&it.declared_by.as_str()));
    let property = Property {
        name: name.to_owned(),
        declared: declared.cloned().collect(),
    };
    if property.declared.is_empty() {
        return Ok(None);
    }
    page_of(asked, catalogue, property, true).map(Some)
}

/// The property of a name: just that, or the same in another case or as Rust writes it.
fn find<'c>(catalogue: &'c Catalogue, written: &str) -> Option<(&'c str, &'c [DeclaredProperty])> {
    let folded = |name: &str| name.replace('_', "").to_lowercase();
    let wanted = folded(written);
    let mut properties = catalogue.properties.iter();
    let found = match catalogue.properties.get_key_value(written) {
        None if wanted.is_empty() => None,
        None => properties.find(|(name, _)| folded(name) == wanted),
        exact => exact,
    };
    found.map(|(name, declared)| (name.as_str(), declared.as_slice()))
}

fn page_of(
    asked: &Asked,
    catalogue: &Catalogue,
    property: Property,
    is_all: bool,
) -> Result<Page, Failure> {
    let most = if is_all { usize::MAX } else { MOST };
    let types = property.declared.iter().take(most);
    let types: Vec<&str> = types.map(|it| it.declared_by.as_str()).collect();
    let survey = asked
        .config
        .clone()
        .only([""; 0], types.iter().copied())
        .survey()?;
    // The names that the manifest gives count where it generates a type.
    let indexes = [&catalogue.survey.index, &survey.index];
    Ok(Page::of_property(asked, indexes, property, most))
}
