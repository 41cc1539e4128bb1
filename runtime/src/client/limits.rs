//! What the client does if a request violates a documented limit.

use serde_json::Value as Untyped;

use super::Sender;
use super::url_template::UrlTemplate;
use crate::request::builder::Request;
use crate::request::error::RequestError;
use crate::request::limits::LimitCheck;

impl Sender {
    /// Checks the limits of the values that the request writes, merged into `current`, which is `Null` if it is unknown.
    pub(super) fn check_limits(
        &self,
        request: &Request<'_>,
        current: &Untyped,
    ) -> Result<(), RequestError> {
        if self.limit_check == LimitCheck::Off {
            return Ok(());
        }
        let violations = request.violations_with(current)?;
        if self.limit_check == LimitCheck::Reject && !violations.is_empty() {
            return Err(RequestError::Limits(violations));
        }
        // Without the values, which belong to the tenant.
        for violation in violations {
            tracing::warn!(
                http.request.method = request.method().as_str(),
                url.template = %UrlTemplate::of(request),
                r#type = violation.type_name,
                property = violation.property,
                limit = violation.bound.rule(),
                "the request violates a documented limit"
            );
        }
        Ok(())
    }
}
