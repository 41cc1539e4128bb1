//! Routes a request to the service. A `$batch` is taken apart, and its requests are processed one after
//! another. Applies faults, except those of the connection.

mod batch;

use std::collections::BTreeMap;

use hyper::{Method, StatusCode};
use serde_json::json;

use crate::fault::plan::FaultPlan;
use crate::fault::response::gateway_timeout;
use crate::fault::{Fault, Moment};
use crate::path::segment;
use crate::rejection::Refusal;
use crate::service::Service;
use crate::service::headers::authenticated;
use crate::service::message::{Answer, Body, Request};

/// The service and the faults that are planned for it.
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

    /// Responds to a request. Never fails: a rejection is a response too.
    pub(crate) fn answer(&self, request: &Request) -> Answer {
        Answer::finished(request, self.process(request))
    }

    /// Responds to a request that a fault strikes, except for faults of the connection.
    pub(crate) fn answer_struck(&self, request: &Request, fault: &Fault) -> Answer {
        if let Some((status, headers, body)) = fault.foreign() {
            return Answer {
                status,
                headers,
                body: Some(Body::Text(body)),
            };
        }
        if let Some(refusal) = fault.refusal() {
            return Answer::refused(request, refusal);
        }
        match fault {
            Fault::GatewayTimeout { .. } => {
                self.answer(request);
                Answer::refused(request, gateway_timeout())
            }
            Fault::EtagConflict => {
                self.service.touch(&request.path);
                self.answer(request)
            }
            Fault::OversizedError { bytes } => {
                let mut answer = Answer::refused(
                    request,
                    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerError", ""),
                );
                answer.body = Some(Body::Oversized(*bytes));
                answer
            }
            _ => self.answer(request),
        }
    }

    fn process(&self, request: &Request) -> Result<Answer, Refusal> {
        authenticated(&request.headers)?;
        let segments = segment::split(&request.path)?;
        let (api, segments) = self.service.api(&segments)?;
        match (segments, &request.method) {
            ([only], &Method::POST) if segment::is_batch(only) => self.batch(request),
            ([only], method) if segment::is_batch(only) => {
                Err(Refusal::method_not_allowed(method, "POST"))
            }
            _ => self.service.process(api, segments, request),
        }
    }

    /// Responds to a batch: 200 with a response to each request, in the order in which they were
    /// processed.
    fn batch(&self, outer: &Request) -> Result<Answer, Refusal> {
        let items = batch::read(outer)?;
        let mut statuses: BTreeMap<&str, StatusCode> = BTreeMap::new();
        let mut responses = Vec::new();
        while responses.len() < items.len() {
            let ready = items.iter().find(|item| item.is_ready(&statuses));
            let item = ready.ok_or_else(|| {
                Refusal::bad_request("The requests of the batch depend on each other in a circle.")
            })?;
            let answer = match item.failed_dependency(&statuses) {
                Some(refusal) => Answer::refused(&item.request, refusal),
                None => self.answer_item(&item.request),
            };
            statuses.insert(&item.id, answer.status);
            responses.push(batch::response(&item.id, answer));
        }
        Ok(Answer::new(StatusCode::OK).json(json!({"responses": responses})))
    }

    fn answer_item(&self, request: &Request) -> Answer {
        match self.faults.take(&request.method, &request.path, true) {
            None => self.answer(request),
            // What the gateway sees of a connection that it lost.
            Some(Fault::Disconnect { moment }) => self.answer_struck(
                request,
                &Fault::GatewayTimeout {
                    applied: moment == Moment::AfterApplying,
                },
            ),
            Some(Fault::HalfAnswer) => {
                self.answer(request);
                Answer::refused(request, gateway_timeout())
            }
            Some(fault) => self.answer_struck(request, &fault),
        }
    }
}
