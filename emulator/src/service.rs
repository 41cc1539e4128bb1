//! The service without its sockets: a request in, an answer out.

mod json;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::body::Bytes;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};
use msgraph_codegen::schema::TypeId;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::body::reference::Base;
use crate::body::{BodyReader, Change, ReadOnly};
use crate::dispatch::batch;
use crate::fault::{self, Fault, FaultPlan};
use crate::model::Model;
use crate::path::{self, Resource, Target};
use crate::rejection::Refusal;
use crate::state::{Cursor, Entity, Missing, Tenant};

/// A request as it was received, its body read to the end.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Raw, with the API version.
    pub(crate) path: String,
    pub(crate) query: Option<String>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

/// What is answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<Body>,
}

/// The body of an answer.
#[derive(Clone, Debug)]
pub(crate) enum Body {
    Json(Value),
    Text(String),
    /// An error of Graph's shape whose message has this many bytes.
    Oversized(u64),
}

/// The API versions that are served, each with its own state.
pub(crate) struct Service {
    apis: BTreeMap<String, Api>,
    /// Scheme, host and port.
    root: String,
    /// What updates do with read-only properties.
    read_only: ReadOnly,
    pub(crate) faults: FaultPlan,
    updates: AtomicU64,
}

struct Api {
    model: Model,
    tenant: Mutex<Tenant>,
}

const JSON_BODY: HeaderValue = HeaderValue::from_static(
    "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;\
     charset=utf-8",
);
const CLIENT_REQUEST_ID: HeaderName = HeaderName::from_static("client-request-id");
const REQUEST_ID: HeaderName = HeaderName::from_static("request-id");
const PREFER: HeaderName = HeaderName::from_static("prefer");
const PREFERENCE_APPLIED: HeaderName = HeaderName::from_static("preference-applied");

impl Answer {
    pub(crate) fn new(status: StatusCode) -> Self {
        Answer {
            status,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    fn etag(self, etag: &str) -> Self {
        match HeaderValue::from_str(etag) {
            Ok(value) => self.with(header::ETAG, value),
            Err(_) => self,
        }
    }

    pub(crate) fn json(mut self, body: Value) -> Self {
        self.body = Some(Body::Json(body));
        self.with(header::CONTENT_TYPE, JSON_BODY)
    }
}

impl Service {
    pub(crate) fn new(models: BTreeMap<String, Model>, root: String, read_only: ReadOnly) -> Self {
        let apis = models
            .into_iter()
            .map(|(version, model)| {
                let tenant = Mutex::new(Tenant::default());
                (version, Api { model, tenant })
            })
            .collect();
        Service {
            apis,
            root,
            read_only,
            faults: FaultPlan::default(),
            updates: AtomicU64::new(0),
        }
    }

    /// How many requests have changed the state.
    pub(crate) fn updates(&self) -> u64 {
        self.updates.load(Ordering::Relaxed)
    }

    /// Answers a request: never fails, for a refusal is an answer too.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        self.finish(request, self.process(request))
    }

    /// Answers a request that a fault strikes, as far as that is not the connection's matter.
    pub(crate) fn answer_struck(&self, request: &Request, fault: &Fault) -> Answer {
        if let Some((status, headers, body)) = fault.foreign() {
            return Answer {
                status,
                headers,
                body: Some(Body::Text(body)),
            };
        }
        if let Some(refusal) = fault.refusal() {
            return self.refuse(request, refusal);
        }
        match fault {
            Fault::GatewayTimeout { .. } => {
                self.answer(request);
                self.refuse(request, fault::gateway_timeout())
            }
            Fault::EtagConflict => {
                self.touch(&request.path);
                self.answer(request)
            }
            Fault::OversizedError { bytes } => {
                let mut answer = self.refuse(
                    request,
                    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", ""),
                );
                answer.body = Some(Body::Oversized(*bytes));
                answer
            }
            _ => self.answer(request),
        }
    }

    /// Changes the ETag of what is at a path, as another writer would.
    fn touch(&self, path: &str) {
        let touched = path::split(path).and_then(|segments| {
            let (api, segments) = self.api(&segments)?;
            let resource = path::walk(&api.model, segments)?;
            let mut tenant = api.lock();
            let revision = tenant.next_revision();
            tenant.entity(&api.model, &resource.steps)?.touch(revision);
            Ok(())
        });
        // Where nothing is there is nothing to change; the request will be told.
        drop(touched);
    }

    /// Answers a request that is refused before it is looked at.
    pub(crate) fn refuse(&self, request: &Request, refusal: Refusal) -> Answer {
        self.finish(request, Err(refusal))
    }

    fn finish(&self, request: &Request, outcome: Result<Answer, Refusal>) -> Answer {
        let client_request_id = request.headers.get(&CLIENT_REQUEST_ID).cloned();
        let request_id = Uuid::new_v4().to_string();
        let mut answer = match outcome {
            Ok(answer) => answer,
            Err(refusal) => refused(refusal, &request_id, client_request_id.as_ref()),
        };
        if let Ok(value) = HeaderValue::from_str(&request_id) {
            // Graph makes one up where the caller sends none.
            let echo = client_request_id.unwrap_or_else(|| value.clone());
            answer.headers.insert(REQUEST_ID, value);
            answer.headers.insert(CLIENT_REQUEST_ID, echo);
        }
        answer
    }

    fn process(&self, request: &Request) -> Result<Answer, Refusal> {
        authenticated(&request.headers)?;
        let segments = path::split(&request.path)?;
        let (api, segments) = self.api(&segments)?;
        if matches!(segments, [only] if path::is_batch(only)) {
            return match request.method {
                Method::POST => batch::answer(self, request),
                _ => Err(Refusal::method_not_allowed(&request.method, "POST")),
            };
        }
        let resource = path::walk(&api.model, segments)?;
        let call = Call {
            api,
            base: Base::of_request(&self.root, &request.path)?,
            read_only: self.read_only,
            metadata: self.metadata(&request.path),
            resource,
            request,
        };
        let answer = match (&request.method, &call.resource.target) {
            (&Method::GET, Target::Collection(ty)) => call.list(*ty),
            (&Method::GET, Target::Entity { declared }) => call.get(*declared),
            (&Method::GET, Target::Property { .. }) => call.get_property(),
            (&Method::PATCH | &Method::PUT, Target::Entity { declared }) => call.update(*declared),
            (&Method::PATCH | &Method::PUT, Target::Property { .. }) => call.update_property(),
            (&Method::DELETE, Target::Entity { .. }) => call.delete(),
            (&Method::DELETE, Target::Property { .. }) => call.clear_property(),
            (method, Target::Collection(_)) => Err(Refusal::method_not_allowed(method, "GET")),
            (method, Target::Entity { .. }) => {
                Err(Refusal::method_not_allowed(method, "GET, PATCH, DELETE"))
            }
            (method, Target::Property { .. }) => {
                Err(Refusal::method_not_allowed(method, "GET, PATCH, DELETE"))
            }
        };
        if answer.is_ok() && request.method != Method::GET {
            self.updates.fetch_add(1, Ordering::Relaxed);
        }
        answer
    }

    fn api<'s, 'p>(&'s self, segments: &'p [String]) -> Result<(&'s Api, &'p [String]), Refusal> {
        let (version, rest) = segments
            .split_first()
            .ok_or_else(|| Refusal::no_segment(""))?;
        let api = self
            .apis
            .get(version)
            .ok_or_else(|| Refusal::bad_request(format!("Invalid version: {version}")))?;
        Ok((api, rest))
    }

    /// The URL that `@odata.context` begins with.
    fn metadata(&self, path: &str) -> String {
        let version = path.split('/').find(|part| !part.is_empty()).unwrap_or("");
        format!("{}/{version}/$metadata#", self.root)
    }

    /// Puts an entity in place; entities on the way are made.
    pub(crate) fn seed(&self, path: &str, body: Value) -> Result<(), Refusal> {
        if !json::is_bounded(&body) {
            return Err(Refusal::bad_request("The entity nests too deep."));
        }
        let segments = path::split(path)?;
        let (api, segments) = self.api(&segments)?;
        let resource = path::walk(&api.model, segments)?;
        let base = Base::of_request(&self.root, path)?;
        let reader = BodyReader {
            model: &api.model,
            current: None,
            has_known_key: false,
            read_only: ReadOnly::Set,
            base: &base,
            takes_evolved_members: true,
            ieee754_compatible: false,
            replaces: false,
        };
        let mut tenant = api.lock();
        let revision = tenant.next_revision();
        let found = tenant.find(&api.model, &resource.steps, Missing::Created)?;
        match (&resource.target, found) {
            (Target::Entity { declared }, Cursor::Entity(entity)) => {
                // An entity that exists already may be of a derived type that the body leaves out.
                let expected = match body.get("@odata.type") {
                    Some(_) => *declared,
                    None => entity.ty,
                };
                let reader = reader.updating(&entity.properties, entity.has_known_key);
                let changes = reader.update_of_abstract(expected, body)?;
                entity.apply(&api.model, changes, revision)
            }
            (target @ Target::Property { path, ty, .. }, Cursor::Entity(entity))
                if target.is_complex(&api.model) && !ty.is_collection && body.is_object() =>
            {
                let name = path.last().map_or("", String::as_str);
                let change = reader.property(name, *ty, false, body)?;
                entity.apply_at(path, change, revision)
            }
            _ => Err(Refusal::bad_request(
                "The path does not lead to an entity or a complex value.",
            )),
        }
    }

    /// What is at a path: the entity, with what is bound by reference.
    pub(crate) fn state(&self, path: &str) -> Option<Value> {
        let segments = path::split(path).ok()?;
        let (api, segments) = self.api(&segments).ok()?;
        let resource = path::walk(&api.model, segments).ok()?;
        let mut tenant = api.lock();
        let model = &api.model;
        let json = |entity: &Entity, declared: TypeId| {
            let mut object = entity.json(model, declared);
            object.extend(entity.references());
            Value::Object(object)
        };
        match tenant.find(model, &resource.steps, Missing::Refused).ok()? {
            Cursor::Root(_) => None,
            Cursor::Items(collection, ty) => Some(
                collection
                    .items
                    .iter()
                    .filter(|entity| model.schema().is_a(entity.ty, ty))
                    .map(|entity| json(entity, ty))
                    .collect(),
            ),
            Cursor::Entity(entity) => match resource.target {
                Target::Entity { declared } => Some(json(entity, declared)),
                Target::Property { path, .. } => {
                    entity.value_at(&format!("/{}", path.join("/"))).cloned()
                }
                Target::Collection(_) => None,
            },
        }
    }
}

impl Api {
    fn lock(&self) -> MutexGuard<'_, Tenant> {
        // No code that holds the lock leaves the state half changed.
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One request to a place that the metadata knows.
struct Call<'s> {
    api: &'s Api,
    resource: Resource,
    request: &'s Request,
    base: Base,
    read_only: ReadOnly,
    metadata: String,
}

impl Call<'_> {
    fn list(&self, ty: TypeId) -> Result<Answer, Refusal> {
        let options = Options::read(self.request.query.as_deref(), &self.api.model, ty)?;
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let found = tenant.find(model, &self.resource.steps, Missing::Refused)?;
        let Cursor::Items(collection, ty) = found else {
            return Err(Refusal::no_resource(""));
        };
        let value: Value = collection
            .items
            .iter()
            .filter(|entity| model.schema().is_a(entity.ty, ty))
            .map(|entity| {
                let mut object = self.readable(entity.json(model, ty), entity.ty);
                options.select(&mut object, model, entity.ty);
                object.insert("@odata.etag".into(), entity.etag(model).into());
                Value::Object(object)
            })
            .collect();
        Ok(Answer::new(StatusCode::OK).json(json!({
            "@odata.context": self.context(&options),
            "value": value,
        })))
    }

    fn get(&self, declared: TypeId) -> Result<Answer, Refusal> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let entity = tenant.entity(model, &self.resource.steps)?;
        let options = Options::read(self.request.query.as_deref(), model, entity.ty)?;
        Ok(self.representation(entity, declared, &options))
    }

    fn representation(&self, entity: &Entity, declared: TypeId, options: &Options) -> Answer {
        let model = &self.api.model;
        let mut object = self.readable(entity.json(model, declared), entity.ty);
        options.select(&mut object, model, entity.ty);
        let etag = entity.etag(model);
        object.insert("@odata.etag".into(), etag.clone().into());
        object.insert("@odata.context".into(), self.context(options));
        Answer::new(StatusCode::OK)
            .etag(&etag)
            .json(Value::Object(object))
    }

    /// Members behind the sentinel of an enumeration are for those who ask for them.
    fn readable(&self, mut object: Map<String, Value>, ty: TypeId) -> Map<String, Value> {
        if !takes_evolved_members(&self.request.headers) {
            self.api.model.hide_evolved_members(ty, &mut object);
        }
        object
    }

    fn context(&self, options: &Options) -> Value {
        let selected = options.in_context();
        let resource = self.resource.context(&self.api.model, &selected);
        Value::String(format!("{}{resource}", self.metadata))
    }

    fn update(&self, declared: TypeId) -> Result<Answer, Refusal> {
        let restrictions = &self.resource.restrictions;
        let by_put = self.request.method == Method::PUT;
        if restrictions.updatable == Some(false) {
            return Err(Refusal::method_not_allowed(
                &self.request.method,
                "GET, DELETE",
            ));
        }
        // PATCH stays allowed where the metadata or the facts say PUT: some pages document the one and
        // show the other.
        if by_put && !restrictions.by_put {
            return Err(Refusal::method_not_allowed(
                &Method::PUT,
                "GET, PATCH, DELETE",
            ));
        }
        let (reader, body) = self.read_body()?;
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.if_match(entity)?;
        let reader = reader.updating(&entity.properties, entity.has_known_key);
        let changes = match model.needs_derived_type(entity.ty) {
            true => reader.update_of_abstract(entity.ty, body)?,
            false => reader.update(entity.ty, declared, &self.resource.canonical(), body)?,
        };
        if by_put {
            // What the body leaves out goes back to its default (OData Protocol 4.01 §11.4.3).
            let mut replaced = entity.clone();
            replaced.reset(model, revision);
            replaced.apply(model, changes, revision)?;
            *entity = replaced;
        } else {
            entity.apply(model, changes, revision)?;
        }
        if preferences(&self.request.headers).any(|prefer| prefer == "return=representation") {
            let answer = self.representation(entity, declared, &Options::default());
            let applied = HeaderValue::from_static("return=representation");
            return Ok(answer.with(PREFERENCE_APPLIED, applied));
        }
        Ok(Answer::new(StatusCode::NO_CONTENT).etag(&entity.etag(model)))
    }

    fn delete(&self) -> Result<Answer, Refusal> {
        if self.resource.restrictions.deletable == Some(false) || self.resource.steps.len() == 1 {
            return Err(Refusal::method_not_allowed(&Method::DELETE, "GET, PATCH"));
        }
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.if_match(entity)?;
        if model.resets(&self.resource.canonical()) {
            entity.reset(model, revision);
        } else {
            tenant.remove(model, &self.resource.steps)?;
        }
        Ok(Answer::new(StatusCode::NO_CONTENT))
    }

    fn get_property(&self) -> Result<Answer, Refusal> {
        let Target::Property { path, .. } = &self.resource.target else {
            return Err(Refusal::no_segment(""));
        };
        let mut tenant = self.api.lock();
        let entity = tenant.entity(&self.api.model, &self.resource.steps)?;
        let context = self.context(&Options::default());
        // A property without a value has no content (OData Protocol 4.01 §11.2.6).
        let body = match entity.value_at(&format!("/{}", path.join("/"))) {
            None | Some(Value::Null) => return Ok(Answer::new(StatusCode::NO_CONTENT)),
            Some(Value::Object(object)) => {
                let mut object = object.clone();
                object.insert("@odata.context".into(), context);
                Value::Object(object)
            }
            Some(value) => json!({"@odata.context": context, "value": value}),
        };
        Ok(Answer::new(StatusCode::OK).json(body))
    }

    /// A complex value merges (OData Protocol 4.01 §11.4.9.3), and PUT replaces a collection of them;
    /// other properties are updated with the entity.
    fn update_property(&self) -> Result<Answer, Refusal> {
        let Target::Property {
            path,
            ty,
            nullable,
            is_read_only,
            ..
        } = &self.resource.target
        else {
            return Err(Refusal::no_segment(""));
        };
        let model = &self.api.model;
        let method = &self.request.method;
        let takes = match ty.is_collection {
            true => method == Method::PUT && self.resource.restrictions.by_put,
            false => method == Method::PATCH,
        };
        if !self.resource.target.is_complex(model) || *is_read_only || !takes {
            return Err(Refusal::method_not_allowed(method, "GET"));
        }
        let (reader, mut body) = self.read_body()?;
        if ty.is_collection {
            body = body
                .get_mut("value")
                .map(Value::take)
                .ok_or_else(|| Refusal::bad_request("The body has no property 'value'."))?;
        } else if !body.is_object() {
            return Err(Refusal::bad_request("The body is not a JSON object."));
        }
        let name = path.last().map_or("", String::as_str);
        self.change_property(path, |current| {
            let current = current.cloned().map(|value| (name.to_owned(), value));
            let current = Map::from_iter(current);
            let reader = reader.updating(&current, false);
            reader.property(name, *ty, *nullable, body)
        })
    }

    fn clear_property(&self) -> Result<Answer, Refusal> {
        match &self.resource.target {
            Target::Property {
                path,
                nullable: true,
                is_read_only: false,
                ..
            } => self.change_property(path, |_| Ok(Change::Set(Value::Null))),
            _ => Err(Refusal::method_not_allowed(&Method::DELETE, "GET")),
        }
    }

    /// `change` is given the value that is there.
    fn change_property(
        &self,
        path: &[String],
        change: impl FnOnce(Option<&Value>) -> Result<Change, Refusal>,
    ) -> Result<Answer, Refusal> {
        let model = &self.api.model;
        let mut tenant = self.api.lock();
        let revision = tenant.next_revision();
        let entity = tenant.entity(model, &self.resource.steps)?;
        self.if_match(entity)?;
        let change = change(entity.value_at(&format!("/{}", path.join("/"))))?;
        entity.apply_at(path, change, revision)?;
        Ok(Answer::new(StatusCode::NO_CONTENT).etag(&entity.etag(model)))
    }

    /// `If-Match` (RFC 9110 §13.1.1), with the weak comparison that OData asks for.
    fn if_match(&self, entity: &Entity) -> Result<(), Refusal> {
        let model = &self.api.model;
        let Some(value) = self.request.headers.get(header::IF_MATCH) else {
            return match self.resource.restrictions.if_match_required {
                // The reference of Planner lists 400, not 428.
                true => Err(Refusal::bad_request(
                    "The If-Match header must be specified for this type of request.",
                )),
                false => Ok(()),
            };
        };
        let value = value.to_str().unwrap_or("");
        let current = entity.etag(model);
        let opaque = |tag: &str| {
            let tag = tag.trim();
            tag.strip_prefix("W/").unwrap_or(tag).to_owned()
        };
        let matches =
            value.trim() == "*" || value.split(',').any(|tag| opaque(tag) == opaque(&current));
        matches
            .then_some(())
            .ok_or_else(Refusal::precondition_failed)
    }

    fn read_body(&self) -> Result<(BodyReader<'_>, Value), Refusal> {
        let headers = &self.request.headers;
        let (media_type, value) = read_json(self.request)?;
        let reader = BodyReader {
            model: &self.api.model,
            current: None,
            has_known_key: false,
            read_only: self.read_only,
            base: &self.base,
            takes_evolved_members: takes_evolved_members(headers),
            ieee754_compatible: media_type.ieee754_compatible,
            replaces: false,
        };
        Ok((reader, value))
    }
}

/// The JSON value that a request carries.
pub(crate) fn read_json(request: &Request) -> Result<(MediaType, Value), Refusal> {
    let media_type = MediaType::read(&request.headers)?;
    let body = &request.body;
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::bad_request(
            "Empty Payload. JSON content expected.",
        ));
    }
    let value = json::parse(body).map_err(|error| {
        Refusal::bad_request(format!("Unable to read JSON request payload: {error}."))
    })?;
    Ok((media_type, value))
}

fn refused(refusal: Refusal, request_id: &str, client_request_id: Option<&HeaderValue>) -> Answer {
    let client_request_id = client_request_id
        .and_then(|value| value.to_str().ok())
        .unwrap_or(request_id);
    let date = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S");
    let mut answer = Answer::new(refusal.status).json(json!({
        "error": {
            "code": refusal.code,
            "message": refusal.message,
            "innerError": {
                "date": date.to_string(),
                "request-id": request_id,
                "client-request-id": client_request_id,
            },
        }
    }));
    for (name, value) in refusal.headers {
        answer.headers.insert(name, value);
    }
    answer
}

/// Whether the request carries a bearer token. Any will do: what it grants is not emulated.
fn authenticated(headers: &HeaderMap) -> Result<(), Refusal> {
    let token = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, token)| {
            scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty()
        });
    match token {
        Some(_) => Ok(()),
        None => Err(Refusal::new(
            StatusCode::UNAUTHORIZED,
            "InvalidAuthenticationToken",
            "Access token is empty.",
        )
        .header(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(
                "Bearer realm=\"\", \
                 authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
                 client_id=\"00000003-0000-0000-c000-000000000000\"",
            ),
        )),
    }
}

/// The preferences of all `Prefer` headers (RFC 7240), without white space.
fn preferences(headers: &HeaderMap) -> impl Iterator<Item = String> {
    headers
        .get_all(&PREFER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .map(|prefer| {
            prefer
                .chars()
                .filter(|c| !c.is_whitespace() && *c != '"')
                .collect::<String>()
                .to_ascii_lowercase()
        })
}

fn takes_evolved_members(headers: &HeaderMap) -> bool {
    preferences(headers).any(|prefer| prefer == "include-unknown-enum-members")
}

pub(crate) struct MediaType {
    ieee754_compatible: bool,
}

impl MediaType {
    fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        if let Some(encoding) = headers.get(header::CONTENT_ENCODING)
            && encoding != "identity"
        {
            return Err(Refusal::unsupported_media_type(
                "The content encoding of the request is not supported.",
            ));
        }
        let text = headers
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or("");
        let mut parts = text.split(';').map(str::trim);
        let media_type = parts.next().unwrap_or("");
        if !media_type.eq_ignore_ascii_case("application/json") {
            return Err(Refusal::unsupported_media_type(
                "Entity only allows writes with a JSON Content-Type header.",
            ));
        }
        let mut ieee754_compatible = false;
        for parameter in parts {
            let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            let value = value.trim_matches('"');
            if name.eq_ignore_ascii_case("ieee754compatible") {
                ieee754_compatible = value.eq_ignore_ascii_case("true");
            } else if name.eq_ignore_ascii_case("charset") && !value.eq_ignore_ascii_case("utf-8") {
                return Err(Refusal::unsupported_media_type(format!(
                    "The charset '{value}' is not supported; JSON is UTF-8."
                )));
            }
        }
        Ok(MediaType { ieee754_compatible })
    }
}

/// The query options of a GET.
#[derive(Debug, Default)]
struct Options {
    /// `$select`; empty for everything.
    selected: Vec<String>,
}

impl Options {
    fn read(query: Option<&str>, model: &Model, ty: TypeId) -> Result<Self, Refusal> {
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
    fn select(&self, object: &mut Map<String, Value>, model: &Model, ty: TypeId) {
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

    fn in_context(&self) -> String {
        match self.selected.is_empty() {
            true => String::new(),
            false => format!("({})", self.selected.join(",")),
        }
    }
}
