//! Facts about updates, which correct the `UpdateRestrictions` of the metadata.

use super::Facts;
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

/// Facts about updates: of a path, of the resource that a property leads to, or of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpdateFacts {
    /// `method`: the method of the update, if `UpdateMethod` is missing or wrong.
    pub method: Option<UpdateMethod>,
    /// `if-match`: whether an update must carry the ETag. The metadata may require it too.
    pub if_match: bool,
    /// `updatable`: whether there is an update, if `Updatable` is missing or wrong.
    pub updatable: Option<bool>,
}

impl UpdateFacts {
    pub(super) fn read(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Self {
        UpdateFacts {
            method: UpdateMethod::read(table, diagnostics),
            if_match: table.boolean("if-match", diagnostics).unwrap_or(false),
            updatable: table.boolean("updatable", diagnostics),
        }
    }

    /// These facts, completed by `further` ones.
    fn or(self, further: UpdateFacts) -> Self {
        UpdateFacts {
            method: self.method.or(further.method),
            if_match: self.if_match || further.if_match,
            updatable: self.updatable.or(further.updatable),
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
    /// The facts about the update at a path: those of the path, then those of the property that
    /// leads there (`position`: the type that has it, and its name), then those of its type.
    pub fn update(
        &self,
        schema: &Schema<'_>,
        of_path: impl IntoIterator<Item = UpdateFacts>,
        position: Option<(TypeId, &str)>,
        ty: TypeId,
    ) -> UpdateFacts {
        let of_property = position.map(|(ty, name)| self.update_of_property(schema, ty, name));
        let of_types = schema
            .supertypes(ty)
            .filter_map(|ty| self.types.get(&schema[ty].qualified_name()));
        of_path
            .into_iter()
            .chain(of_property)
            .chain(of_types.map(|facts| facts.update))
            .fold(UpdateFacts::default(), UpdateFacts::or)
    }

    /// The facts about updates of the resource that a property of a type leads to.
    pub fn update_of_property(&self, schema: &Schema<'_>, ty: TypeId, name: &str) -> UpdateFacts {
        if !self.names.contains(name) {
            return UpdateFacts::default();
        }
        schema
            .supertypes(ty)
            .filter_map(|ty| self.properties.get(&format!("{}/{name}", schema[ty])))
            .fold(UpdateFacts::default(), |known, facts| {
                known.or(facts.update)
            })
    }

    /// Whether an update sends a property, according to the facts about this type. Supertypes are
    /// not searched.
    pub fn sends(&self, ty: &str, property: &str) -> Option<bool> {
        let of_property = self.properties.get(&format!("{ty}/{property}"));
        of_property.and_then(|facts| facts.send).or_else(|| {
            let read_only = &self.types.get(ty)?.read_only;
            read_only.contains(property).then_some(false)
        })
    }
}
