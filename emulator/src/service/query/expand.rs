//! `$expand`: navigation properties of the resource, each with an optional `$select`.

use msgraph_csdl::model::TypeId;

use crate::model::Model;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::query::Options;

/// A navigation property that is returned with its entities.
#[derive(Debug)]
pub(in crate::service) struct Expanded {
    pub(in crate::service) name: String,
    pub(in crate::service) target: TypeId,
    pub(in crate::service) is_collection: bool,
    pub(in crate::service) is_contained: bool,
    /// The options in parentheses.
    pub(in crate::service) options: Options,
}

impl Expanded {
    pub(super) fn parse_all(text: &str, model: &Model, ty: TypeId) -> Result<Vec<Self>> {
        let items = split(text);
        let items = items.iter().map(|item| Self::parse(item, model, ty));
        items.collect()
    }

    fn parse(item: &str, model: &Model, ty: TypeId) -> Result<Self> {
        let (path, options) = match item.split_once('(') {
            Some((path, options)) => (path, options.strip_suffix(')')),
            None => (item, Some("")),
        };
        let (ty, name) = match path.split_once('/') {
            Some((cast, name)) => (model.find_type(cast).unwrap_or(ty), name),
            None => (ty, path),
        };
        if name == "*" || name.contains('/') {
            let path = format_args!("'{path}' in '$expand'");
            return Err(Rejection::not_emulated(path));
        }
        let Some((_, navigation)) = model.schema().navigation_property(ty, name) else {
            return Err(bad_request!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' \
                 on type '{}'.",
                model.type_name(ty),
            ));
        };
        let mut expanded = Expanded {
            name: name.to_owned(),
            target: navigation.target,
            is_collection: navigation.is_collection,
            is_contained: navigation.contains_target,
            options: Options::default(),
        };
        match options.map(|options| options.split_once('=')) {
            Some(None) if options == Some("") => {}
            Some(Some(("$select", names))) if !names.contains(';') => {
                expanded.options.selected =
                    names.split(',').map(|it| it.trim().to_owned()).collect();
                expanded.options.check_selected(model, navigation.target)?;
            }
            _ => {
                let item = format_args!("'{item}' in '$expand'");
                return Err(Rejection::not_emulated(item));
            }
        }
        Ok(expanded)
    }
}

/// Splits at commas outside parentheses.
fn split(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        match items.last_mut() {
            Some(item) if c != ',' || depth > 0 => item.push(c),
            _ => items.push(String::new()),
        }
    }
    items.iter().map(|item| item.trim().to_owned()).collect()
}
