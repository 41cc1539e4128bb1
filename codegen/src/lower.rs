//! [`Selection`] to [`Api`]: every Rust identifier is decided here, once.
//!
//! # Rules
//!
//! * A type is named in upper camel case. The struct of an entity as the body of an update ends in
//!   `Patch`, and as the body of a request that creates starts with `New`; so do unions of such structs. The parameters
//!   of an action are named after it, in the module of its function. A field, module or function is named in snake case,
//!   a variant in upper camel case. A character outside ASCII becomes `u` and its code, since Rust
//!   folds forms that the wire tells apart.
//! * A key `{id}` is named after its set: `user_id` for `/users/{id}`. So is a numbered one, `{message-id1}`.
//! * Types of the namespace of the entity container are in the root, those of another namespace in
//!   a module named after the rest of that namespace: `microsoft.graph.security` in `security`.
//!   Functions are in modules that mirror the URL.
//! * A name that is a Rust keyword ends in `_`.
//! * If two names of one kind collide in one module, the one in Graph's own style (`lowerCamelCase`)
//!   keeps it, else the first by code points; the others are numbered from `2`. All metadata counts,
//!   not only the selection, so a name does not depend on what else is selected. The fields of
//!   dynamic and of unknown properties always keep their names.
//! * `graph.toml` may give a type, or an update and its type, another name.

mod cycles;
mod deprecations;
mod enumerations;
mod fields;
pub(crate) mod identifier;
mod keys;
pub(crate) mod modules;
mod operations;
mod parameters;
mod places;
mod scope;
mod secrets;
mod structs;
pub(crate) mod type_names;

use std::collections::BTreeMap;

use msgraph_csdl::diagnostic::Diagnostics;
use msgraph_csdl::model::TypeKind;

use crate::ir::{AcceptedType, Api, RustPath, TypeRef, Union};
use crate::read::Input;
use crate::select::{Body, Selection, TypeInRole};
use type_names::TypeNames;

/// The sentinel of an evolvable enumeration (Graph best practices, "evolvable enumerations").
pub(crate) const SENTINEL: &str = "unknownFutureValue";

/// Lowers everything that is selected.
pub(crate) fn lower(
    input: &Input<'_>,
    selection: &Selection,
    api_version: &str,
    diagnostics: &mut Diagnostics,
) -> Api {
    let lowering = Lowering {
        input,
        selection,
        names: type_names::type_names(input, selection, diagnostics),
        components: cycles::components(selection),
    };
    let mut api = Api {
        api_version: api_version.to_owned(),
        setters: input.manifest.setters,
        has_permission_data: input.permissions.is_some(),
        modules: lowering.type_modules(),
        operations: Vec::new(),
        structs: Vec::new(),
        unions: selection
            .unions
            .keys()
            .map(|id| lowering.union(*id))
            .collect(),
        enumerations: Vec::new(),
    };
    for (id, selected) in &selection.types {
        match &input.schema[id.ty].kind {
            TypeKind::Enumeration(ty) => api
                .enumerations
                .push(lowering.enumeration(id.ty, ty, selected)),
            TypeKind::Structured(ty) => api.structs.push(lowering.structure(*id, ty, selected)),
            TypeKind::Definition(_) => {}
        }
    }
    lowering.operations(&mut api);
    api
}

struct Lowering<'s, 'a> {
    input: &'s Input<'a>,
    selection: &'s Selection,
    names: TypeNames,
    /// The component of each type: see [`cycles`].
    components: BTreeMap<TypeInRole, TypeInRole>,
}

impl Lowering<'_, '_> {
    #[expect(
        clippy::expect_used,
        reason = "the selection is closed over the types it refers to"
    )]
    fn path(&self, body: Body) -> &RustPath {
        let path = match body {
            Body::Type(id) => self.names.types.get(&id),
            Body::AnyOf(declared) => self.names.unions.get(&declared),
        };
        path.expect("every selected type has a name")
    }

    /// A type or a union, as named in a module.
    fn type_ref(&self, module: &[String], body: Body) -> TypeRef {
        TypeRef {
            path: self.path(body).seen_from(module),
        }
    }

    fn union(&self, declared: TypeInRole) -> Union {
        Union {
            ty: self.input.schema[declared.ty].qualified_name(),
            role: declared.role,
            rust: self.path(Body::AnyOf(declared)).clone(),
            is_read: self.selection.read_unions.contains(&declared),
            members: self.accepted(Body::AnyOf(declared)),
        }
    }

    /// The types that a position accepts.
    fn accepted(&self, body: Body) -> Vec<AcceptedType> {
        let (types, role) = match body {
            Body::Type(id) => (vec![id.ty], id.role),
            Body::AnyOf(declared) => {
                let taken = self.selection.unions.get(&declared);
                let types = taken.into_iter().flatten().copied();
                (types.collect(), declared.role)
            }
        };
        let accepted = types.into_iter().map(|ty| AcceptedType {
            ty: self.input.schema[ty].qualified_name(),
            rust: self.path(Body::Type(TypeInRole { ty, role })).clone(),
        });
        accepted.collect()
    }
}
