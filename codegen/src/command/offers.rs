//! The operations that the metadata and the facts offer.

use msgraph_csdl::diagnostic::Diagnostic;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::{Schema, TypeId, written_type};
use msgraph_csdl::path::{self, Bounds, Call, ResourcePath};

use crate::ir::OperationKind;
use crate::select::operation::suffix;
use crate::select::resources::is_offered;
use crate::select::subtree::MAX_PATHS;

/// An operation that the entry of a subtree selects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// What it does.
    pub kind: OperationKind,
    /// The path template, without the API version.
    pub path: String,
    /// The CSDL name of the declared type at the path; of a call, its result, empty if it has none.
    pub declared: String,
    /// The number of types that the resource may have, if an entry does not name one: the concrete subtypes of an
    /// abstract type, otherwise one.
    pub bodies: usize,
}

/// Why the operations are not listed.
#[derive(Debug)]
pub enum Unlisted {
    /// The path above them does not exist.
    Path(Diagnostic),
    /// There are more than 20,000 paths: containment is cyclic.
    Endless,
}

/// The available operations at and below a path, or in the whole API.
pub(crate) fn offers(
    schema: &Schema<'_>,
    facts: &Facts,
    below: Option<&str>,
    depth: Option<usize>,
) -> Result<Vec<Offer>, Unlisted> {
    let from = below
        .map(|path| path::walk(schema, path))
        .transpose()
        .map_err(|wrong| Unlisted::Path(Diagnostic::error(None, wrong.message).help(wrong.help)))?;
    let bounds = Bounds {
        navigations: depth,
        paths: MAX_PATHS,
    };
    let paths = path::enumerate(schema, facts, from, bounds).map_err(|_| Unlisted::Endless)?;
    let mut offers = Vec::new();
    for path in &paths {
        let template = path.template();
        let bodies = bodies(schema, path.target.ty);
        offers.extend(kinds(facts, path, &template).map(|kind| Offer {
            kind,
            path: format!("{template}{}", suffix(kind, path)),
            declared: match kind.is_of_content() {
                true => "Edm.Stream".to_owned(),
                false => schema[path.target.ty].qualified_name(),
            },
            bodies: if kind.is_of_content() { 1 } else { bodies },
        }));
        offers.extend(path::calls(schema, path).iter().map(|it| call(schema, it)));
    }
    if below.is_none() {
        let imports = schema.imports().iter();
        let calls = imports.filter_map(|import| {
            let path = format!("/{}", import.name.text);
            path::walk_call(schema, &path).ok()
        });
        offers.extend(calls.map(|it| call(schema, &it)));
    }
    offers.sort_by(|a, b| (&a.path, a.kind).cmp(&(&b.path, b.kind)));
    Ok(offers)
}

/// The operations that a path offers. A reference sends nothing.
fn kinds(
    facts: &Facts,
    path: &ResourcePath,
    template: &str,
) -> impl Iterator<Item = OperationKind> {
    let is_reset = facts.resets(template);
    let kinds = OperationKind::OF_RESOURCE.into_iter();
    let kinds = kinds.filter(|kind| *kind != OperationKind::Reference && is_offered(path, *kind));
    let kinds = kinds.filter(move |kind| !is_reset || *kind != OperationKind::Delete);
    kinds.chain(is_reset.then_some(OperationKind::Reset))
}

/// The number of types that a resource may have.
fn bodies(schema: &Schema<'_>, declared: TypeId) -> usize {
    let is_abstract = |ty: TypeId| schema.structured(ty).is_some_and(|ty| ty.is_abstract);
    if !is_abstract(declared) {
        return 1;
    }
    let derived = schema.subtypes(declared).into_iter();
    // An abstract type without subtypes is used as declared.
    derived.filter(|ty| !is_abstract(*ty)).count().max(1)
}

fn call(schema: &Schema<'_>, call: &Call<'_, '_>) -> Offer {
    let result = call.operation.return_type;
    Offer {
        kind: call.operation.kind.into(),
        path: call.template(),
        declared: result.map_or_else(String::new, |ty| written_type(schema, ty)),
        bodies: 1,
    }
}
