//! `$ref`: the references of a navigation property (OData Protocol 4.01 §11.4.6).

use hyper::{Method, StatusCode};
use msgraph_csdl::model::TypeId;
use serde_json::{Value, json};

use crate::body::BodyReader;
use crate::body::navigation::next_number;
use crate::body::reference::Reference;
use crate::path::{Key, PathStep};
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::message::ServiceResponse;
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;
use crate::state::Tenant;
use crate::state::entity::{Child, Entity};

impl ResourceRequest<'_> {
    /// A request to `$ref` of a navigation property with the type `declared`.
    pub(super) fn references(
        &self,
        declared: TypeId,
        is_collection: bool,
    ) -> Result<ServiceResponse> {
        let is_item = matches!(self.resource.steps.last(), Some(PathStep::Key(_)));
        let method = &self.request.method;
        match (method, is_collection, is_item) {
            (&Method::GET, true, false) => self.list_references(),
            (&Method::GET, false, _) => self.get_reference(),
            (&Method::POST, true, false) => self.add_reference(declared, true),
            (&Method::PUT, false, _) => self.add_reference(declared, false),
            (&Method::DELETE, ..) => self.remove_reference(is_item, is_collection),
            (_, true, true) => Err(Rejection::method_not_allowed(method, "DELETE")),
            (_, true, false) => Err(Rejection::method_not_allowed(method, "GET, POST, DELETE")),
            (_, false, _) => Err(Rejection::method_not_allowed(method, "GET, PUT, DELETE")),
        }
    }

    fn list_references(&self) -> Result<ServiceResponse> {
        let mut tenant = self.api.lock();
        let linked = tenant.linked(&self.api.model, &self.resource.steps)?;
        let value: Vec<Value> = linked
            .into_iter()
            .map(|(reference, _)| json!({"@odata.id": reference.url}))
            .collect();
        let context = self.context(&Options::default());
        Ok(ServiceResponse::new(StatusCode::OK)
            .json(json!({"@odata.context": context, "value": value})))
    }

    fn get_reference(&self) -> Result<ServiceResponse> {
        let mut tenant = self.api.lock();
        let linked = tenant.linked(&self.api.model, &self.resource.steps)?;
        let Some((reference, _)) = linked.into_iter().next() else {
            return Err(Rejection::no_resource(self.navigation()?));
        };
        let context = self.context(&Options::default());
        let body = json!({"@odata.context": context, "@odata.id": reference.url});
        Ok(ServiceResponse::new(StatusCode::OK).json(body))
    }

    /// Adds a reference, or replaces that of a single-valued navigation property.
    fn add_reference(&self, declared: TypeId, adds: bool) -> Result<ServiceResponse> {
        let (reader, body) = self.read_body()?;
        let model = &self.api.model;
        let navigation = self.navigation()?;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let reader = BodyReader { revision, ..reader };
        let mut reference = reader.reference_body(declared, body)?;
        let located = tenant.locate(model, &reference);
        if located.is_none() {
            let key = reference.key().map(|key| key.join(","));
            return Err(Rejection::no_resource(&key.unwrap_or_default()));
        }
        let owner = self.owner(&mut tenant)?;
        let references = owner.references.entry(navigation.to_owned()).or_default();
        if !adds {
            references.clear();
        }
        let has_item = match (owner.children.get(navigation), reference.key()) {
            (Some(Child::Many(items)), Some(key)) => items.find_values(key).is_some(),
            _ => false,
        };
        if has_item || references.iter().any(|other| other.is_same(&reference)) {
            return Err(bad_request!(
                "One or more added object references already exist for the following modified \
                 properties: '{navigation}'."
            ));
        }
        reference.number = next_number(references, revision);
        references.push(reference);
        owner.revision = revision;
        Ok(ServiceResponse::new(StatusCode::NO_CONTENT))
    }

    /// Removes the reference to the item with the key in the path or with the URL in `$id`, or that of
    /// a single-valued navigation property.
    fn remove_reference(&self, is_item: bool, is_collection: bool) -> Result<ServiceResponse> {
        let navigation = self.navigation()?;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let key = match self.resource.steps.last() {
            Some(PathStep::Key(Key::Values(key))) if is_item => Some(key.clone()),
            _ if is_collection => Some(self.key_in_query()?),
            _ => None,
        };
        let owner = self.owner(&mut tenant)?;
        let references = owner.references.entry(navigation.to_owned()).or_default();
        let before = references.len();
        match &key {
            Some(key) => references.retain(|it| it.key() != Some(key.as_slice())),
            None => references.clear(),
        }
        let mut is_removed = references.len() < before;
        owner
            .references
            .retain(|_, references| !references.is_empty());
        match (&key, owner.children.get_mut(navigation)) {
            // An item that was seeded at the path of the navigation property.
            (Some(key), Some(Child::Many(items))) => {
                if let Some(number) = items.find_values(key) {
                    items.remove(number);
                    is_removed = true;
                }
            }
            (None, Some(child @ Child::One(Some(_)))) => {
                *child = Child::One(None);
                is_removed = true;
            }
            (None, None) => {
                let none = Child::One(None);
                owner.children.insert(navigation.to_owned(), none);
            }
            _ => {}
        }
        owner.revision = revision;
        match is_removed {
            true => Ok(ServiceResponse::new(StatusCode::NO_CONTENT)),
            false => Err(Rejection::no_resource(
                &key.map_or_else(|| navigation.to_owned(), |key| key.join(",")),
            )),
        }
    }

    /// The key of the entity whose URL is in `$id`.
    fn key_in_query(&self) -> Result<Vec<String>> {
        let Some(url) = self.request.query_option("$id") else {
            return Err(bad_request!(
                "The reference to remove is missing: put the key before '/$ref', or the URL of the \
                 entity in '$id'."
            ));
        };
        let reference = Reference::parse(&self.api.model, &self.base, &url);
        let key = reference.as_ref().and_then(Reference::key);
        let key = key.ok_or_else(|| bad_request!("'{url}' in '$id' is not the URL of an item."));
        key.map(<[String]>::to_vec)
    }

    /// The name of the navigation property.
    fn navigation(&self) -> Result<&str> {
        let name = self
            .resource
            .steps
            .iter()
            .rev()
            .find_map(|step| match step {
                PathStep::Name { name, .. } => Some(name.as_str()),
                PathStep::Key(_) | PathStep::Cast(_) => None,
            });
        name.ok_or_else(|| Rejection::no_segment("$ref"))
    }

    /// The entity with the navigation property.
    fn owner<'t>(&self, tenant: &'t mut Tenant) -> Result<&'t mut Entity> {
        let steps = &self.resource.steps;
        let is_name = |step: &PathStep| matches!(step, PathStep::Name { .. });
        let end = steps.iter().rposition(is_name).unwrap_or(0);
        let before = steps.get(..end).unwrap_or_default().to_vec();
        let before = tenant.follow(&self.api.model, before);
        tenant.entity(&self.api.model, &before)
    }
}
