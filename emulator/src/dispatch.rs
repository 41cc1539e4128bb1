//! Routes a request to the service, or each request of a `$batch`, and applies faults other than those
//! of the connection.

mod batch;

use std::collections::BTreeMap;

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::fault::plan::FaultPlan;
use crate::fault::{Fault, Moment};
use crate::path::segment;
use crate::rejection::{Rejection, Result};
use crate::service::message::{ServiceRequest, ServiceResponse};
use crate::service::{DOWNLOAD, Service};

/// The service and its planned faults.
pub(crate) struct Dispatcher {
    pub(crate) service: Service,
    pub(crate) faults: FaultPlan,
}

/// The response to a request and, for a batch, the requests in it with their responses and faults.
pub(crate) struct Response {
    pub(crate) main: ServiceResponse,
    pub(crate) items: Vec<(ServiceRequest, ServiceResponse, Option<Fault>)>,
}

impl From<ServiceResponse> for Response {
    fn from(main: ServiceResponse) -> Self {
        Response {
            main,
            items: Vec::new(),
        }
    }
}

impl Dispatcher {
    pub(crate) fn new(service: Service) -> Self {
        Dispatcher {
            service,
            faults: FaultPlan::default(),
        }
    }

    pub(crate) fn respond(&self, request: &ServiceRequest) -> Response {
        match self.process(request) {
            Ok(response) => Response {
                main: ServiceResponse::finish(request, Ok(response.main)),
                items: response.items,
            },
            Err(rejection) => ServiceResponse::rejected(request, rejection).into(),
        }
    }

    /// Applies a fault, except for its effect on the connection.
    pub(crate) fn respond_with_fault(&self, request: &ServiceRequest, fault: &Fault) -> Response {
        match fault {
            Fault::GatewayTimeout { applied: true } => drop(self.respond(request)),
            Fault::EtagConflict => self.service.touch(&request.path),
            _ => {}
        }
        match fault.response(request) {
            Some(response) => response.into(),
            None => self.respond(request),
        }
    }

    fn process(&self, request: &ServiceRequest) -> Result<Response> {
        if request.path.starts_with(DOWNLOAD) {
            return self.service.download(request).map(Response::from);
        }
        let granted = self.service.authenticate(&request.headers)?;
        let segments = segment::split(&request.path)?;
        let (api, segments) = self.service.api(&segments)?;
        match (segments, &request.method) {
            ([only], &Method::POST) if segment::is_batch(only) => self.batch(request),
            ([only], method) if segment::is_batch(only) => {
                Err(Rejection::method_not_allowed(method, "POST"))
            }
            _ => self
                .service
                .process(api, segments, request, granted.as_ref())
                .map(Response::from),
        }
    }

    /// Responds to a batch: 200 with a response to each request, in processing order.
    fn batch(&self, outer: &ServiceRequest) -> Result<Response> {
        let items = batch::read(outer)?;
        let mut exchanges = Vec::new();
        let mut statuses: BTreeMap<&str, StatusCode> = BTreeMap::new();
        let mut responses = Vec::new();
        while responses.len() < items.len() {
            let ready = items.iter().find(|item| item.is_ready(&statuses));
            let item = ready.ok_or_else(|| {
                Rejection::bad_request("The requests of the batch have a dependency cycle.")
            })?;
            let (response, fault) = match item.failed_dependency(&statuses) {
                Some(rejection) => (ServiceResponse::rejected(&item.request, rejection), None),
                None => self.respond_to_item(&item.request),
            };
            statuses.insert(&item.id, response.status);
            responses.push(batch::response(&item.id, response.clone()));
            exchanges.push((item.request.clone(), response, fault));
        }
        let main = ServiceResponse::new(StatusCode::OK).json(json!({"responses": responses}));
        Ok(Response {
            main,
            items: exchanges,
        })
    }

    fn respond_to_item(&self, request: &ServiceRequest) -> (ServiceResponse, Option<Fault>) {
        let fault = self.faults.take(&request.method, &request.path, true);
        let response = match &fault {
            None => self.respond(request),
            // The gateway behind `$batch` loses the connection instead of the client.
            Some(Fault::Disconnect { moment }) => {
                let applied = *moment == Moment::AfterApplying;
                self.respond_with_fault(request, &Fault::GatewayTimeout { applied })
            }
            Some(Fault::HalfResponse) => {
                self.respond_with_fault(request, &Fault::GatewayTimeout { applied: true })
            }
            Some(fault) => self.respond_with_fault(request, fault),
        };
        (response.main, fault)
    }
}
