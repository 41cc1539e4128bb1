//! Checks the body of a request for documented limits.

#[cfg(feature = "client")]
use std::collections::BTreeSet;

use http::Method;
use serde_json::Value as Untyped;

use crate::body::diff::Current;
use crate::body::error::BodyError;
use crate::body::json_writer::JsonWriter;
#[cfg(feature = "client")]
use crate::body::limit::Limit;
use crate::body::limit::LimitViolation;
use crate::body::purpose::Purpose;
#[cfg(feature = "client")]
use crate::body::structured::selection;
use crate::request::builder::Request;
#[cfg(feature = "client")]
use crate::response::typed::Response;

/// What the client does if a request violates a documented limit: a range of a number, or a bound that is another property.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub enum LimitCheck {
    /// Sends the request without a check.
    Off,
    /// Logs a warning, and sends the request: the documentation may be outdated, and Graph decides.
    #[default]
    Warn,
    /// Fails with [`RequestError::Limits`](crate::error::RequestError::Limits), and does not send the request.
    Reject,
}

impl<R> Request<'_, R> {
    /// The documented limits that the body violates, in nested values too. A bound that is another property is checked if
    /// the body sets both.
    ///
    /// Limits are documented for few properties, and only those are checked.
    ///
    /// # Errors
    /// If a value cannot be sent.
    pub fn limit_violations(&self) -> Result<Vec<LimitViolation>, BodyError> {
        self.violations_with(&Untyped::Null)
    }

    /// As [`limit_violations`](Self::limit_violations), for the state after the update: bounds that the body does not set are
    /// those of `current`, the resource as it was read. Only what the update changes is checked.
    ///
    /// # Errors
    /// If a value cannot be sent.
    pub fn limit_violations_from(
        &self,
        current: &impl Current,
    ) -> Result<Vec<LimitViolation>, BodyError> {
        self.violations_with(&*current.json()?)
    }

    pub(crate) fn violations_with(
        &self,
        current: &Untyped,
    ) -> Result<Vec<LimitViolation>, BodyError> {
        let Some(body) = self.body() else {
            return Ok(Vec::new());
        };
        let (purpose, current) = match *self.method() {
            Method::POST => (Purpose::Creation, &Untyped::Null),
            // It replaces the resource.
            Method::PUT => (Purpose::Update, &Untyped::Null),
            _ => (Purpose::Update, current),
        };
        JsonWriter::limit_violations(body, purpose, current)
    }

    /// As [`to_get`](Self::to_get), also for the properties that are bounds of those that the body sets, or the reverse.
    #[cfg(feature = "client")]
    pub(crate) fn to_get_with_bounds(&self) -> Request<'static, R::Item>
    where
        R: Response,
    {
        let get = self.to_get();
        let Some(body) = self.body().filter(|body| !body.replaces()) else {
            return get;
        };
        let selected = selection(body);
        let is_selected = |name: &str| selected.iter().any(|other| other == name);
        let mut added: BTreeSet<&str> = BTreeSet::new();
        for (name, limit) in body.info().limits {
            if let Limit::Between(low, high) = limit {
                let all = [*name, *low, *high];
                if all.into_iter().any(is_selected) {
                    added.extend(all.into_iter().filter(|name| !is_selected(name)));
                }
            }
        }
        let added: Vec<String> = added.into_iter().map(str::to_owned).collect();
        get.select_names(&added)
    }
}
