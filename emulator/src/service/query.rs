//! The query options of a GET.

use msgraph_csdl::model::TypeId;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::model::Model;
use crate::rejection::Refusal;

/// The query options of a GET.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// `$select`; empty for everything.
    selected: Vec<String>,
}

impl Options {
    pub(super) fn read(query: Option<&str>, model: &Model, ty: TypeId) -> Result<Self, Refusal> {
        let mut selected = Vec::new();
        for option in query
            .unwrap_or("")
            .split('&')
            .filter(|text| !text.is_empty())
        {
            let (name, value) = option.split_once('=').unwrap_or((option, ""));
            let decoded = |text: &str| {
                percent_decode_str(text)
                    .decode_utf8()
                    .map(String::from)
                    .map_err(|_| Refusal::bad_request("The query is not UTF-8."))
            };
            let (name, value) = (decoded(name)?, decoded(value)?);
            match name.as_str() {
                "$select" => selected.extend(value.split(',').map(str::trim).map(str::to_owned)),
                system if system.starts_with('$') => {
                    return Err(Refusal::not_emulated(format_args!(
                        "The query option '{system}'"
                    )));
                }
                // Others mean nothing to OData.
                _ => {}
            }
        }
        if selected.iter().any(|name| name == "*") {
            selected.clear();
        }
        for name in &mut selected {
            // `namespace.type/property` selects a property of a derived type.
            let (ty, property) = match name.rsplit_once('/') {
                Some((cast, property)) => (model.find_type(cast), property),
                None => (Some(ty), name.as_str()),
            };
            let exists = ty.is_some_and(|ty| {
                model.schema().property(ty, property).is_some()
                    || model.schema().navigation_property(ty, property).is_some()
                    || model.schema().structured(ty).is_some_and(|ty| ty.is_open)
            });
            if !exists {
                return Err(Refusal::bad_request(format!(
                    "Parsing OData Select and Expand failed: Could not find a property named \
                     '{name}' on type '{}'.",
                    ty.map(|ty| model.type_name(ty)).unwrap_or_default(),
                )));
            }
            *name = property.to_owned();
        }
        Ok(Options { selected })
    }

    /// Leaves what is selected; a property that nobody set is null, or an empty collection.
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

    pub(super) fn in_context(&self) -> String {
        match self.selected.is_empty() {
            true => String::new(),
            false => format!("({})", self.selected.join(",")),
        }
    }
}
