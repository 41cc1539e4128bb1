//! The pages of paths, and of actions and functions by name.

use std::collections::BTreeSet;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::{Catalogue, Offer};
use msgraph_codegen::ir::{Api, Operation, Struct};
use msgraph_csdl::path::segment;
use msgraph_csdl::path::template::same_template;

use super::call;
use super::matching::operations_at;
use super::page::{Page, RequestOfType};
use crate::support::arguments::Inputs;
use crate::support::failure::{Failure, joined, message};
use crate::support::index::resource_path;
use crate::support::text::one_line;
use crate::support::type_name::list_command;

/// The page of the resource or call at a path.
pub(super) fn path_page(inputs: &Inputs, path: &str) -> Result<Page, Failure> {
    if path.contains('*') {
        return Err(Failure::Usage(format!(
            "`{}` may be many resources\nhelp: name one; {} lists them",
            one_line(path),
            list_command(path)
        )));
    }
    let path = resource_path(path);
    if inputs.manifest.is_some() {
        let survey = inputs.config.survey()?;
        let operations = operations_at(&survey.index, path);
        if !operations.is_empty() {
            let mut page = Page::of_path(inputs, &survey, operations, true);
            page.others = others(inputs, &page)?;
            return Ok(page);
        }
    }
    let survey = inputs.config.clone().only([path], [""; 0]).survey()?;
    if survey.index.operations.is_empty() {
        let misspelt = call::misspelt(inputs, path, &survey);
        return Err(misspelt.unwrap_or_else(|| unavailable(&survey)));
    }
    let operations = survey.index.operations.iter().collect();
    let mut page = Page::of_path(inputs, &survey, operations, false);
    page.others = others(inputs, &page)?;
    page.reference = reference(inputs, path)?;
    Ok(page)
}

/// The page of the action or function with a name.
pub(super) fn call_page(
    inputs: &Inputs,
    catalogue: &Catalogue,
    name: &str,
) -> Result<Option<Page>, Failure> {
    let Some(path) = call::path(catalogue, name)? else {
        return Ok(None);
    };
    let page = path_page(inputs, &path)?;
    let is_it = |operation: &Operation| call::is_named(&operation.declared, name);
    let has_name = page.operations().any(is_it);
    Ok(has_name.then_some(page))
}

/// The operations at the path of a page, on the items of a collection there, and the calls there that the
/// page has no request of.
fn others(inputs: &Inputs, page: &Page) -> Result<Vec<RequestOfType>, Failure> {
    let Some(first) = page
        .operations()
        .find(|operation| !operation.kind.is_call())
    else {
        return Ok(Vec::new());
    };
    let template = resource_path(&first.path);
    let names = segment::split(template).filter(|it| !it.is_empty() && !it.starts_with('{'));
    let depth = Some(names.count());
    let offers = inputs.config.catalogue(Some(template), depth)?.offers;
    let is_here = |offer: &Offer| {
        let path = resource_path(&offer.path);
        let (parent, last) = path.rsplit_once('/').unwrap_or_default();
        let is_below = offer.kind.is_call() || last.starts_with('{');
        same_template(path, template) || (is_below && same_template(parent, template))
    };
    let is_shown = |offer: &Offer| {
        let mut shown = page.operations();
        shown.any(|it| it.kind == offer.kind && same_template(&it.path, &offer.path))
    };
    let offers = offers.unwrap_or_default().into_iter();
    let others = offers.filter(|offer| is_here(offer) && !is_shown(offer));
    Ok(others
        .map(|offer| RequestOfType {
            method: offer.kind.method().to_string(),
            path: offer.path,
            declared: None,
        })
        .collect())
}

/// How to change the target of a navigation property at the end of a path, if an update can do that.
fn reference(inputs: &Inputs, path: &str) -> Result<Option<String>, Failure> {
    let Some((parent, name)) = path.rsplit_once('/').filter(|(it, _)| !it.is_empty()) else {
        return Ok(None);
    };
    let survey = inputs.config.clone().only([parent], [""; 0]).survey()?;
    let wire = format!("{name}@odata.bind");
    let Api {
        operations,
        structs,
        ..
    } = &survey.index;
    let bodies = operations.iter().flat_map(|operation| &operation.bodies);
    let bodies: BTreeSet<&str> = bodies.map(|body| body.ty.as_str()).collect();
    let is_body = |ty: &&Struct| bodies.contains(ty.ty.as_str());
    let mut fields = structs.iter().filter(is_body).flat_map(|ty| &ty.fields);
    let field = fields.find(|field| field.wire.eq_ignore_ascii_case(&wire));
    Ok(field.map(|field| {
        format!(
            "To refer to another entity instead, set `{}` in the update of `{}`.",
            field.rust, parent
        )
    }))
}

/// The error about what the metadata lacks.
pub(super) fn unavailable(survey: &Survey) -> Failure {
    let errors: Vec<String> = survey.unavailable.iter().map(message).collect();
    Failure::Usage(joined(&errors))
}
