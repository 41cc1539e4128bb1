//! Questions about the index of what is generated.

use std::collections::{HashMap, HashSet, VecDeque};

use msgraph_codegen::ir::{Api, Enumeration, Field, Operation, OperationKind, Role, Struct, Union};

/// Whether a body of a type has `@odata.type`, because of its position.
pub(crate) fn names_type(operation: &Operation, ty: &str) -> bool {
    !operation.odata_type.is_differing() || operation.declared != ty
}

/// Whether the body is a collection in `value`.
pub(crate) fn takes_collection(operation: &Operation) -> bool {
    let body = operation.body.as_ref();
    body.is_some_and(|body| body.is_collection)
}

/// The path of the resource whose reference or content has this path.
pub(crate) fn resource_path(path: &str) -> &str {
    let of_reference = path.strip_suffix("/$ref");
    of_reference
        .or_else(|| path.strip_suffix("/$value"))
        .unwrap_or(path)
}

/// The CSDL type of a field and whether it is nullable and sent, with backticks.
pub(crate) fn field_text(field: &Field) -> String {
    let kind = if field.is_reference() {
        "reference to "
    } else {
        ""
    };
    let null = match (field.csdl.is_collection, field.nullable) {
        (true, _) => "",
        (false, true) => ", nullable",
        (false, false) => ", not nullable",
    };
    let sent = match (field.read_only, field.immutable) {
        (true, _) => ", read-only",
        (false, true) => ", set on creation only",
        (false, false) => "",
    };
    format!("{kind}`{}`{null}{sent}", field.csdl)
}

/// A type and the role of its struct, its union, or both; the role of an enumeration is [`Role::Plain`].
pub(crate) type NameInRole<'i> = (&'i str, Role);

pub(crate) struct TypesByName<'i> {
    structs: HashMap<NameInRole<'i>, &'i Struct>,
    unions: HashMap<NameInRole<'i>, &'i Union>,
    pub(crate) enumerations: HashMap<&'i str, &'i Enumeration>,
}

impl<'i> TypesByName<'i> {
    pub(crate) fn new(index: &'i Api) -> Self {
        let structs = index.structs.iter();
        let unions = index.unions.iter();
        let enumerations = index.enumerations.iter().map(|ty| (ty.ty.as_str(), ty));
        TypesByName {
            structs: structs.map(|ty| ((ty.ty.as_str(), ty.role), ty)).collect(),
            unions: unions.map(|ty| ((ty.ty.as_str(), ty.role), ty)).collect(),
            enumerations: enumerations.collect(),
        }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'i str> {
        let in_role = self.structs.keys().chain(self.unions.keys());
        let in_role = in_role.map(|(name, _)| *name);
        in_role.chain(self.enumerations.keys().copied())
    }

    pub(crate) fn structure(&self, ty: NameInRole<'i>) -> Option<&'i Struct> {
        self.structs.get(&ty).copied()
    }

    pub(crate) fn union(&self, ty: NameInRole<'i>) -> Option<&'i Union> {
        self.unions.get(&ty).copied()
    }

    /// Whether a type has a struct or a union in this role.
    fn is_structured(&self, ty: &NameInRole<'i>) -> bool {
        self.structs.contains_key(ty) || self.unions.contains_key(ty)
    }

    /// A type in the roles that are generated, the body of an update first.
    pub(crate) fn in_roles(&self, name: &'i str) -> impl Iterator<Item = NameInRole<'i>> {
        let all = [Role::Patch, Role::New, Role::Plain].map(|role| (name, role));
        all.into_iter().filter(|ty| {
            self.is_structured(ty) || (ty.1 == Role::Plain && self.enumerations.contains_key(name))
        })
    }

    /// The types that an operation sends and reads.
    pub(crate) fn of_operation(&self, operation: &'i Operation) -> Vec<NameInRole<'i>> {
        let role = match operation.kind {
            OperationKind::Create => Role::New,
            _ => Role::Patch,
        };
        let parameters = (operation.declared.as_str(), Role::Parameters);
        let sent = operation.bodies.iter().map(|body| {
            let ty = (body.ty.as_str(), role);
            // Complex types have one role.
            if self.is_structured(&ty) {
                ty
            } else {
                (ty.0, Role::Plain)
            }
        });
        let read = operation.results.iter();
        let read = read.map(|result| (result.ty.as_str(), Role::Plain));
        let parameters = [parameters]
            .into_iter()
            .filter(|ty| operation.kind == OperationKind::Action && self.structs.contains_key(ty));
        parameters.chain(sent).chain(read).collect()
    }

    /// These types and all types that their fields need, breadth first.
    pub(crate) fn closure(
        &self,
        roots: impl IntoIterator<Item = NameInRole<'i>>,
    ) -> Vec<NameInRole<'i>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut open: VecDeque<NameInRole<'i>> = roots.into_iter().collect();
        while let Some(ty) = open.pop_front() {
            if !seen.insert(ty) {
                continue;
            }
            found.push(ty);
            if let Some(union) = self.union(ty) {
                let members = union.members.iter();
                open.extend(members.map(|member| (member.ty.as_str(), ty.1)));
            }
            if let Some(ty) = self.structure(ty) {
                let values = ty.fields.iter().filter(|field| !field.is_reference());
                let values = values.map(|field| field.csdl.item.as_str());
                let values = values.filter(|name| !name.starts_with("Edm."));
                open.extend(values.map(|name| (name, Role::Plain)));
            }
        }
        found
    }
}

/// Whether a type is generated, by CSDL name.
pub(crate) fn has_type(index: &Api, name: &str) -> bool {
    index.structs.iter().any(|ty| ty.ty == name)
        || index.enumerations.iter().any(|ty| ty.ty == name)
}
