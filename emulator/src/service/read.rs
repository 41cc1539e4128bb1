//! GET of an entity or a collection.

use hyper::StatusCode;
use hyper::header::HeaderValue;
use msgraph_csdl::model::TypeId;
use serde_json::{Map, Value};

use crate::rejection::{Rejection, Result};
use crate::service::headers::{accepts_unknown_enum_members, is_eventual, preference};
use crate::service::message::ServiceResponse;
use crate::service::query::{Options, Position, next_link};
use crate::service::resource_request::ResourceRequest;
use crate::state::entity::Entity;
use crate::state::{Cursor, OnMissing, Tenant};

/// The base of entities for which the service supports some queries only with
/// `ConsistencyLevel: eventual`.
const DIRECTORY_OBJECT: &str = "microsoft.graph.directoryObject";

/// A page of a collection, in its order.
struct Listed {
    entities: Vec<Entity>,
    /// The number of entities on all pages.
    count: usize,
    /// The position of the last entity, if there are more.
    last: Option<Position>,
}

impl ResourceRequest<'_> {
    pub(super) fn list(&self, ty: TypeId) -> Result<ServiceResponse> {
        let options = self.list_options(ty)?;
        self.check_expanded(&options)?;
        let mut tenant = self.api.lock();
        let page = self.page(&mut tenant, &options)?;
        let entities = page.entities.iter();
        let value: Value = entities
            .map(|entity| {
                let mut object = self.object(entity, ty, &options);
                self.expand(&mut tenant, entity, &options, &mut object);
                object
            })
            .collect();
        let mut body = self.list_body(&options, &page);
        body.insert("value".into(), value);
        let mut response = ServiceResponse::new(StatusCode::OK).json(Value::Object(body));
        if let Some(size) = preference(&self.request.headers, "odata.maxpagesize")
            && let Ok(applied) = HeaderValue::try_from(format!("odata.maxpagesize={size}"))
        {
            response.headers.insert("preference-applied", applied);
        }
        Ok(response)
    }

    /// The annotations of a page.
    fn list_body(&self, options: &Options, page: &Listed) -> Map<String, Value> {
        let mut body = Map::new();
        body.insert("@odata.context".into(), self.context(options));
        // Graph counts on the first page only.
        if options.counts && options.page.after.is_none() {
            body.insert("@odata.count".into(), page.count.into());
        }
        if let Some(last) = &page.last {
            let url = format!("{}{}", self.service.root, self.request.path);
            let next = next_link(&url, self.request.query.as_deref(), last);
            body.insert("@odata.nextLink".into(), next.into());
        }
        body
    }

    /// `$count` of a collection.
    pub(super) fn count(&self, ty: TypeId) -> Result<ServiceResponse> {
        if self.is_directory(ty) && !is_eventual(&self.request.headers) {
            let message = "$count is not currently supported.";
            let status = StatusCode::BAD_REQUEST;
            return Err(Rejection::new(status, "Request_BadRequest", message));
        }
        let options = self.list_options(ty)?;
        let mut tenant = self.api.lock();
        let count = self.page(&mut tenant, &options)?.count;
        Ok(ServiceResponse::new(StatusCode::OK).text(count.to_string()))
    }

    fn is_directory(&self, ty: TypeId) -> bool {
        let schema = self.api.model.schema();
        let base = schema.find(DIRECTORY_OBJECT);
        base.is_some_and(|base| schema.is_subtype_of(ty, base))
    }

    fn list_options(&self, ty: TypeId) -> Result<Options> {
        let query = self.request.query.as_deref();
        let mut options = Options::of_collection(query, &self.api.model, ty)?;
        let is_eventual = is_eventual(&self.request.headers);
        options.check_consistency(self.is_directory(ty), is_eventual)?;
        Ok(options)
    }

    fn page(&self, tenant: &mut Tenant, options: &Options) -> Result<Listed> {
        let model = &self.api.model;
        let steps = &self.resource.steps;
        let linked = tenant.linked(model, steps)?;
        let Cursor::Items(collection, ty) = tenant.find(model, steps, OnMissing::Reject)? else {
            return Err(Rejection::no_resource(""));
        };
        let own = collection.numbered(model, ty);
        let own = own.map(|(number, entity)| (entity, false, number));
        let linked = linked
            .iter()
            .filter(|(_, entity)| model.schema().is_subtype_of(entity.ty, ty))
            .map(|(reference, entity)| (entity, true, reference.number));
        let filter = options.filter.as_ref();
        let mut items: Vec<(Position, &Entity)> = own
            .chain(linked)
            .filter(|(entity, ..)| filter.is_none_or(|filter| filter.matches(entity)))
            .map(|(entity, is_linked, number)| {
                (options.order.position(entity, is_linked, number), entity)
            })
            .collect();
        let count = items.len();
        items.sort_by(|(one, _), (other, _)| options.order.compare(one, other));
        if let Some(after) = &options.page.after {
            items.retain(|(position, _)| options.order.compare(position, after).is_gt());
        }
        let size = options.page.size(&self.request.headers);
        let mut items = items.into_iter().skip(options.page.skip).peekable();
        let mut entities = Vec::new();
        let mut last = None;
        while entities.len() < size
            && let Some((position, entity)) = items.next()
        {
            entities.push(entity.clone());
            last = Some(position);
        }
        Ok(Listed {
            entities,
            count,
            last: last.filter(|_| items.peek().is_some()),
        })
    }

    pub(super) fn get(&self, declared: TypeId) -> Result<ServiceResponse> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let entity = tenant.entity(model, &self.resource.steps)?.clone();
        let options = Options::of_entity(self.request.query.as_deref(), model, entity.ty)?;
        self.check_expanded(&options)?;
        let mut response = self.representation(&entity, declared, &options);
        let mut expanded = Map::new();
        self.expand(&mut tenant, &entity, &options, &mut expanded);
        response.add_properties(expanded);
        Ok(response)
    }

    pub(super) fn representation(
        &self,
        entity: &Entity,
        declared: TypeId,
        options: &Options,
    ) -> ServiceResponse {
        let mut object = self.object(entity, declared, options);
        object.insert("@odata.context".into(), self.context(options));
        ServiceResponse::new(StatusCode::OK)
            .etag(&entity.etag(&self.api.model))
            .json(Value::Object(object))
    }

    pub(super) fn object(
        &self,
        entity: &Entity,
        declared: TypeId,
        options: &Options,
    ) -> Map<String, Value> {
        let model = &self.api.model;
        let mut object = entity.json(model, declared);
        if !accepts_unknown_enum_members(&self.request.headers) {
            model.hide_unknown_enum_members(entity.ty, &mut object);
        }
        options.select(&mut object, model, entity.ty);
        object.insert("@odata.etag".into(), entity.etag(model).into());
        object
    }
}
