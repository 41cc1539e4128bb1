//! The page of a type.

use msgraph_codegen::command::catalogue::{Catalogue, Kind};
use msgraph_codegen::ir::OperationKind;

use super::page::{Page, RequestOfType, TypeSubject};
use super::path::unavailable;
use crate::support::arguments::Inputs;
use crate::support::failure::Failure;
use crate::support::index::has_type;
use crate::support::type_name::{resolve, supertypes};

/// The page of the type with a name.
pub(super) fn type_page(
    inputs: &Inputs,
    catalogue: &Catalogue,
    depth: Option<usize>,
    name: &str,
) -> Result<Page, Failure> {
    let name = resolve(name, catalogue)?;
    let subject = subject(&name, catalogue, depth);
    if inputs.manifest.is_some() && has_type(&catalogue.survey.index, &name) {
        return Ok(Page::of_type(inputs, &catalogue.survey, subject, true));
    }
    let survey = inputs.config.clone().only([""; 0], [&name]).survey()?;
    if !has_type(&survey.index, &name) {
        return Err(unavailable(&survey));
    }
    Ok(Page::of_type(inputs, &survey, subject, false))
}

fn subject(name: &str, catalogue: &Catalogue, depth: Option<usize>) -> TypeSubject {
    let types = &catalogue.survey.types;
    let supertypes: Vec<&str> = supertypes(name, types).collect();
    let offers = catalogue.offers.iter().flatten();
    let sends = |kind: OperationKind| kind.is_update() || kind == OperationKind::Create;
    let offers =
        offers.filter(|offer| sends(offer.kind) && supertypes.contains(&offer.declared.as_str()));
    let declaration = types.get(name);
    let derived = types.iter();
    let derived = derived.filter(|(_, ty)| ty.base.as_deref() == Some(name));
    TypeSubject {
        ty: name.to_owned(),
        kind: declaration.map_or(Kind::Complex, |ty| ty.kind),
        is_abstract: declaration.is_some_and(|ty| ty.is_abstract),
        bases: supertypes.iter().skip(1).map(|&it| it.to_owned()).collect(),
        derived: derived.map(|(name, _)| name.clone()).collect(),
        used_by: declaration.map(|ty| ty.used_by.clone()).unwrap_or_default(),
        requests: offers
            .map(|offer| RequestOfType {
                method: offer.kind.method().to_string(),
                path: offer.path.clone(),
                declared: (offer.declared != name).then(|| offer.declared.clone()),
            })
            .collect(),
        depth,
    }
}
