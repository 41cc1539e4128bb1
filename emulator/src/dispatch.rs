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
use crate::service::Service;
use crate::service::headers::authenticate;
use crate::service::message::{ServiceRequest, ServiceResponse};

/// The service and its planned faults.
pub(crate) struct Dispatcher {
    pub(crate) service: Service,
    pub(crate) faults: FaultPlan,
}

impl Dispatcher {
    pub(crate) fn new(service: Service) -> Self {
        Dispatcher {
            service,
            faults: FaultPlan::default(),
        }
    }

    pub(crate) fn respond(&self, request: &ServiceRequest) -> ServiceResponse {
        ServiceResponse::finish(request, self.process(request))
    }

    /// Applies a fault, except for its effect on the connection.
    pub(crate) fn respond_with_fault(
        &self,
        request: &ServiceRequest,
        fault: &Fault,
    ) -> ServiceResponse {
        match fault {
            Fault::GatewayTimeout { applied: true } => drop(self.respond(request)),
            Fault::EtagConflict => self.service.touch(&request.path),
            _ => {}
        }
        let response = fault.response(request);
        response.unwrap_or_else(|| self.respond(request))
    }

    fn process(&self, request: &ServiceRequest) -> Result<ServiceResponse> {
        authenticate(&request.headers)?;
        let segments = segment::split(&request.path)?;
        let (api, segments) = self.service.api(&segments)?;
        match (segments, &request.method) {
            ([only], &Method::POST) if segment::is_batch(only) => self.batch(request),
            ([only], method) if segment::is_batch(only) => {
                Err(Rejection::method_not_allowed(method, "POST"))
            }
            _ => self.service.process(api, segments, request),
        }
    }

    /// Responds to a batch: 200 with a response to each request, in processing order.
    fn batch(&self, outer: &ServiceRequest) -> Result<ServiceResponse> {
        let items = batch::read(outer)?;
        let mut statuses: BTreeMap<&str, StatusCode> = BTreeMap::new();
        let mut responses = Vec::new();
        while responses.len() < items.len() {
            let ready = items.iter().find(|item| item.is_ready(&statuses));
            let item = ready.ok_or_else(|| {
                Rejection::bad_request("The requests of the batch have a dependency cycle.")
            })?;
            let response = match item.failed_dependency(&statuses) {
                Some(rejection) => ServiceResponse::rejected(&item.request, rejection),
                None => self.respond_to_item(&item.request),
            };
            statuses.insert(&item.id, response.status);
            responses.push(batch::response(&item.id, response));
        }
        Ok(ServiceResponse::new(StatusCode::OK).json(json!({"responses": responses})))
    }

    fn respond_to_item(&self, request: &ServiceRequest) -> ServiceResponse {
        let applied = match self.faults.take(&request.method, &request.path, true) {
            None => return self.respond(request),
            // The gateway behind `$batch` loses the connection instead of the client.
            Some(Fault::Disconnect { moment }) => moment == Moment::AfterApplying,
            Some(Fault::HalfResponse) => true,
            Some(fault) => return self.respond_with_fault(request, &fault),
        };
        self.respond_with_fault(request, &Fault::GatewayTimeout { applied })
    }
}
