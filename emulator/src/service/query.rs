//! The query options of a GET.

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::model::Model;
use crate::rejection::{Rejection, Result, bad_request};

/// The query options of a GET.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// `$select`; empty for all properties.
    selected: Vec<String>,
}

impl Options {
    pub(super) fn read(query: Option<&str>, model: &Model, ty: TypeId) -> Result<Self> {
        let mut selected = Vec::new();
        for (name, value) in form_urlencoded::parse(query.unwrap_or("").as_bytes()) {
            if name == "$select" {
                selected.extend(value.split(',').map(|name| name.trim().to_owned()));
            } else if name.starts_with('$') {
                let option = format_args!("The query option '{name}'");
                return Err(Rejection::not_emulated(option));
            }
        }
        if selected.iter().any(|name| name == "*") {
            selected.clear();
        }
        let schema = model.schema();
        for name in &mut selected {
            // `namespace.type/property` selects a property of a derived type.
            let (ty, property) = match name.rsplit_once('/') {
                Some((cast, property)) => (model.find_type(cast), property),
                None => (Some(ty), name.as_str()),
            };
            let exists = ty.is_some_and(|ty| {
                schema.declared_property(ty, property).is_some()
                    || schema.structured(ty).is_some_and(|ty| ty.is_open)
            });
            if !exists {
                return Err(bad_request!(
                    "Parsing OData Select and Expand failed: Could not find a property named \
                     '{name}' on type '{}'.",
                    ty.map(|ty| model.type_name(ty)).unwrap_or_default(),
                ));
            }
            *name = property.to_owned();
        }
        Ok(Options { selected })
    }

    /// Removes properties that are not selected. A selected property without a value becomes null.
    pub(super) fn select(&self, object: &mut Map<String, Value>, model: &Model, ty: TypeId) {
        if self.selected.is_empty() {
            return;
        }
        object.retain(|name, _| name.starts_with('@') || self.selected.contains(name));
        for name in &self.selected {
            if let Some(property) = model.schema().property(ty, name)
                && (property.nullable || property.ty.is_collection)
            {
                object.entry(name).or_insert(Value::Null);
            }
        }
    }

    /// The selection in the form of `@odata.context`: `(id,name)`.
    pub(super) fn in_context(&self) -> String {
        match self.selected.is_empty() {
            true => String::new(),
            false => format!("({})", self.selected.join(",")),
        }
    }
}
