//! The query options of a GET (OData URL Conventions 4.01 §5).

mod expand;
mod filter;
mod literal;
mod order;
mod page;

use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};
use url::form_urlencoded;

use crate::model::Model;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::query::filter::Filter;
use crate::service::query::order::Order;
use crate::service::query::page::Page;

pub(super) use crate::service::query::expand::Expanded;
pub(super) use crate::service::query::literal::unquoted;
pub(super) use crate::service::query::order::Position;
pub(super) use crate::service::query::page::next_link;

/// The query options of a GET.
#[derive(Debug, Default)]
pub(super) struct Options {
    /// `$select`; empty for all properties.
    selected: Vec<String>,
    pub(super) filter: Option<Filter>,
    pub(super) order: Order,
    pub(super) page: Page,
    /// `$count=true`.
    pub(super) counts: bool,
    pub(super) expanded: Vec<Expanded>,
    searches: bool,
}

impl Options {
    /// Reads the options of a GET of one entity.
    pub(super) fn of_entity(query: Option<&str>, model: &Model, ty: TypeId) -> Result<Self> {
        for (name, _) in form_urlencoded::parse(query.unwrap_or("").as_bytes()) {
            if let "$count" | "$filter" | "$orderby" | "$search" | "$skip" | "$top" = name.as_ref()
            {
                return Err(bad_request!(
                    "The query specified in the URI is not valid. The requested resource is not a \
                     collection. Query options $filter, $orderby, $count, $skip, and $top can be \
                     applied only on collections."
                ));
            }
        }
        Self::of_collection(query, model, ty)
    }

    /// Reads the options of a GET of a collection.
    pub(super) fn of_collection(query: Option<&str>, model: &Model, ty: TypeId) -> Result<Self> {
        let mut options = Options::default();
        for (name, value) in form_urlencoded::parse(query.unwrap_or("").as_bytes()) {
            let value = value.as_ref();
            match name.as_ref() {
                "$select" => {
                    let names = value.split(',').map(|name| name.trim().to_owned());
                    options.selected.extend(names);
                }
                "$expand" => options.expanded = Expanded::parse_all(value, model, ty)?,
                "$filter" => options.filter = Some(Filter::parse(value, model, ty)?),
                "$orderby" => options.order = Order::parse(value, model, ty)?,
                "$top" => options.page.top = Some(page::size(value)?),
                "$skip" => options.page.skip = page::number(&name, value)?,
                "$skiptoken" => options.page.after = Some(Position::parse(value)?),
                "$count" => options.counts = boolean(&name, value)?,
                "$search" => options.searches = true,
                name if name.starts_with('$') => {
                    let option = format_args!("The query option '{name}'");
                    return Err(Rejection::not_emulated(option));
                }
                _ => {}
            }
        }
        options.check_selected(model, ty)?;
        Ok(options)
    }

    fn check_selected(&mut self, model: &Model, ty: TypeId) -> Result<()> {
        let selected = &mut self.selected;
        if selected.iter().any(|name| name == "*") {
            selected.clear();
        }
        let schema = model.schema();
        for name in selected {
            // `namespace.type/property` selects a property of a derived type, and
            // `property/property` a part of a complex value, which is returned as a whole.
            let (ty, property) = match name.split_once('/') {
                Some((first, rest)) => match model.find_type(first) {
                    Some(cast) => (Some(cast), rest),
                    None => (Some(ty), first),
                },
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
        Ok(())
    }

    /// Checks the combinations that the directory supports only as advanced queries, with the header
    /// `ConsistencyLevel: eventual`. A count is ignored without the header.
    pub(super) fn check_consistency(
        &mut self,
        is_directory: bool,
        is_eventual: bool,
    ) -> Result<()> {
        let unsupported = |message: &str| {
            let status = hyper::StatusCode::BAD_REQUEST;
            Err(Rejection::new(status, "Request_UnsupportedQuery", message))
        };
        if is_directory && !is_eventual && self.searches {
            return unsupported(
                "Request with $search query parameter only works through MSGraph with a special \
                 request header: 'ConsistencyLevel: eventual'",
            );
        }
        if self.searches {
            return Err(Rejection::not_emulated("The query option '$search'"));
        }
        if is_directory {
            let is_sorted_selection = self.filter.is_some() && !self.order.is_empty();
            if is_sorted_selection && !(is_eventual && self.counts) {
                return unsupported("Sorting not supported for current query.");
            }
            self.counts &= is_eventual;
        }
        Ok(())
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

fn boolean(name: &str, value: &str) -> Result<bool> {
    match value {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(bad_request!(
            "Invalid value '{value}' for {name} query option found. The {name} query option \
             requires a Boolean value."
        )),
    }
}
