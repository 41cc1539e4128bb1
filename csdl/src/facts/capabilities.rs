//! Facts about operations, which correct the capability annotations of the metadata.

use super::{Facts, TypeFacts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Schema, TypeId};
use crate::toml_table::Table;

/// The HTTP method of an update.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateMethod {
    /// Changes the properties in the body.
    Patch,
    /// Replaces the whole resource.
    Put,
}

/// Facts about the operations at a path, on the resource that a property leads to, or on a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CapabilityFacts {
    /// `method`: the method of the update, if `UpdateMethod` is missing or wrong.
    pub method: Option<UpdateMethod>,
    /// `if-match`: whether an update must carry the ETag. The metadata may require it too.
    pub if_match: bool,
    /// `updatable`: whether there is an update, if `Updatable` is missing or wrong.
    pub updatable: Option<bool>,
    /// `readable`: whether there is a GET, if `Readable` is missing or wrong.
    pub readable: Option<bool>,
    /// `insertable`: whether items can be created, if `Insertable` is missing or wrong.
    pub insertable: Option<bool>,
    /// `deletable`: whether there is a DELETE, if `Deletable` is missing or wrong.
    pub deletable: Option<bool>,
    /// `referenceable`: whether references can be added, removed or set, if `Referenceable` is
    /// missing or wrong.
    pub referenceable: Option<bool>,
}

impl CapabilityFacts {
    pub(super) fn read(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Self {
        CapabilityFacts {
            method: UpdateMethod::read(table, diagnostics),
            if_match: table.boolean("if-match", diagnostics).unwrap_or(false),
            updatable: table.boolean("updatable", diagnostics),
            readable: table.boolean("readable", diagnostics),
            insertable: table.boolean("insertable", diagnostics),
            deletable: table.boolean("deletable", diagnostics),
            referenceable: table.boolean("referenceable", diagnostics),
        }
    }

    /// These facts, completed by `further` ones.
    pub(super) fn or(self, further: CapabilityFacts) -> Self {
        CapabilityFacts {
            method: self.method.or(further.method),
            if_match: self.if_match || further.if_match,
            updatable: self.updatable.or(further.updatable),
            readable: self.readable.or(further.readable),
            insertable: self.insertable.or(further.insertable),
            deletable: self.deletable.or(further.deletable),
            referenceable: self.referenceable.or(further.referenceable),
        }
    }
}

impl UpdateMethod {
    /// The value of the key `method`.
    pub fn read(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Option<Self> {
        let method = table.string("method", diagnostics)?;
        let read = match method.text.as_ref() {
            "PATCH" => Some(UpdateMethod::Patch),
            "PUT" => Some(UpdateMethod::Put),
            _ => None,
        };
        if read.is_none() {
            let message = format!("`{}` is not the method of an update", method.text);
            diagnostics
                .push(Diagnostic::error(method.span, message).help("write `PATCH` or `PUT`"));
        }
        read
    }
}

impl Facts {
    /// The facts about the operations at a path: those of the path, then those of the property that
    /// leads there (`position`: the type that has it, and its name), then those of its type.
    pub fn capabilities(
        &self,
        schema: &Schema<'_>,
        of_path: impl IntoIterator<Item = CapabilityFacts>,
        position: Option<(TypeId, &str)>,
        ty: TypeId,
    ) -> CapabilityFacts {
        let of_property = position.map(|(ty, name)| self.property_capabilities(schema, ty, name));
        let of_types = schema
            .supertypes(ty)
            .filter_map(|ty| self.types.get(&schema[ty].qualified_name()));
        of_path
            .into_iter()
            .chain(of_property)
            .chain(of_types.map(|facts| facts.capabilities))
            .fold(CapabilityFacts::default(), CapabilityFacts::or)
    }

    /// The facts about operations on the resource that a property of a type leads to.
    pub fn property_capabilities(
        &self,
        schema: &Schema<'_>,
        ty: TypeId,
        name: &str,
    ) -> CapabilityFacts {
        if !self.names.contains(name) {
            return CapabilityFacts::default();
        }
        schema
            .supertypes(ty)
            .filter_map(|ty| self.properties.get(&format!("{}/{name}", schema[ty])))
            .fold(CapabilityFacts::default(), |known, facts| {
                known.or(facts.capabilities)
            })
    }

    /// Whether an update sends a property, according to the facts about this type. Supertypes are
    /// not searched.
    pub fn sends(&self, ty: &str, property: &str) -> Option<bool> {
        let of_property = self.properties.get(&format!("{ty}/{property}"));
        of_property.and_then(|facts| facts.send).or_else(|| {
            let TypeFacts {
                read_only,
                create_only,
                ..
            } = self.types.get(ty)?;
            (read_only.contains(property) || create_only.contains(property)).then_some(false)
        })
    }
}
