use std::fmt;

use http::Method;

use crate::request::builder::Request;
use crate::request::payload::Payload;
use crate::response::attempts::Attempts;
use crate::response::fate::Fate;
use crate::response::retry::RetryLimit;
use crate::response::retry_rule::GiveUpReason;

/// The call that failed.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Call {
    /// The HTTP method.
    pub method: Method,
    /// `v1.0` or `beta`.
    pub api_version: &'static str,
    /// The path with its placeholders.
    pub template: &'static str,
    /// The `client-request-id`, which is the same in every attempt.
    pub client_request_id: String,
    /// How many times the request was sent.
    pub attempts: u32,
    /// The fate of earlier attempts, if one was applied ([`Fate::Applied`]) or may have been ([`Fate::Unknown`]).
    pub earlier: Option<Fate>,
    gave_up: GiveUpReason,
    effect: Effect,
}

/// What a request changes.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Effect {
    Nothing,
    Resource,
    NewResource,
    NewReference,
    /// What an action does.
    Action,
}

impl Effect {
    fn of(request: &Request<'_>) -> Self {
        match (request.method(), request.payload()) {
            (&Method::GET, _) => Self::Nothing,
            (&Method::POST, Payload::Empty) => Self::Action,
            (&Method::POST, Payload::Structured(body)) if body.info().is_parameters() => {
                Self::Action
            }
            (&Method::POST, Payload::Reference(_)) => Self::NewReference,
            (&Method::POST, _) => Self::NewResource,
            _ => Self::Resource,
        }
    }

    /// The participle: `it was applied`.
    const fn done(self) -> &'static str {
        match self {
            Self::NewResource => "created",
            Self::NewReference => "added",
            Self::Nothing | Self::Resource | Self::Action => "applied",
        }
    }
}

impl Call {
    pub(super) fn new(request: &Request<'_>, client_request_id: &str, attempts: &Attempts) -> Self {
        Self {
            method: request.method().clone(),
            api_version: request.api_version(),
            template: request.template(),
            client_request_id: client_request_id.to_owned(),
            attempts: attempts.made(),
            earlier: attempts.earlier(),
            gave_up: attempts.gave_up(),
            effect: Effect::of(request),
        }
    }

    /// The limit of the [`RetryPolicy`](crate::RetryPolicy) that ended the call, if one did.
    pub const fn retry_limit(&self) -> Option<RetryLimit> {
        self.gave_up.limit()
    }

    /// Method and path template: `PATCH /v1.0/policies/...`.
    pub fn operation(&self) -> String {
        format!("{} /{}{}", self.method, self.api_version, self.template)
    }

    /// Writes the fate of the last attempt, unless an earlier one decides.
    pub(super) fn write_fate(&self, f: &mut fmt::Formatter<'_>, last: Fate) -> fmt::Result {
        let done = self.effect.done();
        match (last, self.earlier) {
            _ if self.effect == Effect::Nothing => Ok(()),
            (Fate::Applied, _) => write!(f, "; it was {done}"),
            (Fate::NotSent, None) => f.write_str("; nothing was sent"),
            (Fate::Unknown, None) => {
                write!(f, "; it may have been {done}: ")?;
                self.write_advice(f)
            }
            _ => Ok(()),
        }
    }

    /// Writes what to do before the request is sent again.
    fn write_advice(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let template = self.template.strip_suffix("/$ref").unwrap_or(self.template);
        match self.effect {
            Effect::NewResource | Effect::NewReference => write!(
                f,
                "look for it with GET /{}{template} before sending it again",
                self.api_version
            ),
            Effect::Action => f.write_str("check what the action did before sending it again"),
            Effect::Resource | Effect::Nothing => f.write_str("read the resource before retrying"),
        }
    }

    pub(super) fn write_id(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "; client-request-id {}", self.client_request_id)
    }

    /// Writes the end of an error message, after an attempt with the fate `last`.
    pub(super) fn write_attempts(&self, f: &mut fmt::Formatter<'_>, last: Fate) -> fmt::Result {
        if self.attempts > 1 {
            write!(f, "; after {} attempts", self.attempts)?;
        }
        match self.earlier {
            _ if self.effect == Effect::Nothing || last == Fate::Applied => {}
            Some(Fate::Applied) => f.write_str("; an earlier attempt was applied")?,
            Some(_) => {
                f.write_str("; an earlier attempt may have been applied: ")?;
                self.write_advice(f)?;
            }
            None => {}
        }
        match self.gave_up {
            GiveUpReason::Limit(limit) => write!(f, "; not retried: {limit}"),
            GiveUpReason::NotIdempotent => {
                f.write_str("; not retried: the request is not idempotent")
            }
            GiveUpReason::Final => Ok(()),
        }
    }
}
