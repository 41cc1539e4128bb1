//! Faults: what a network and a busy service do to requests, chosen by the test.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use hyper::header::{self, HeaderName, HeaderValue};
use hyper::{HeaderMap, Method, StatusCode};

use crate::rejection::Refusal;

/// Something that goes wrong with one request.
///
/// Unless it says so, the request is not applied. Headers such as `request-id` are on every answer
/// that Graph itself would give, and missing on those that it would not.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// use msgraph_emulator::Fault;
///
/// emulator.fault(Fault::Forbidden.on("/users/1"));
/// emulator.fault(Fault::Raw { status: 418, headers: vec![("x-a".into(), "b".into())], body: "tea".into() });
/// let url = format!("{}/v1.0/users/1", emulator.root());
/// let answer = reqwest::Client::new().get(url).bearer_auth("any will do").send().await?;
/// assert_eq!(answer.status(), 403);
/// assert_eq!(emulator.pending_faults(), 1);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// 429 `TooManyRequests`.
    Throttle {
        /// `Retry-After`; `None` leaves it out.
        retry_after: Option<RetryAfter>,
    },
    /// 503 `ServiceUnavailable`.
    Unavailable {
        /// `Retry-After`; `None` leaves it out.
        retry_after: Option<RetryAfter>,
    },
    /// 504 `GatewayTimeout`.
    GatewayTimeout {
        /// Whether the service behind the gateway applied the request all the same.
        applied: bool,
    },
    /// The request is processed as usual, after this time, whether the client still waits or not.
    Delay {
        /// How long the emulator waits before it looks at the request.
        duration: Duration,
    },
    /// The connection is closed without an answer.
    Disconnect {
        /// How far the request had come.
        moment: Moment,
    },
    /// The request is applied; of the answer only the first half of its bytes is sent, then the
    /// connection is closed. Of an answer without a body that is half of its head.
    HalfAnswer,
    /// A page of HTML from something on the way, without any of Graph's headers.
    Page {
        /// The status; 200 is what a sign-in page of a hotel answers.
        status: u16,
    },
    /// An error of Graph's shape whose message is this long. It is sent as it is made, so that a
    /// size beyond any memory can be asked for.
    OversizedError {
        /// The length of the message in bytes.
        bytes: u64,
    },
    /// An answer with `Location`.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// Where it points.
        location: String,
    },
    /// 401 for a token whose time is over, without a claims challenge.
    ExpiredToken,
    /// 403 `Authorization_RequestDenied`: the token does not grant enough.
    Forbidden,
    /// 401 with a claims challenge: continuous access evaluation asks for a new token.
    ClaimsChallenge {
        /// The claims as JSON; on the wire they are base64.
        claims: String,
    },
    /// Somebody else changes the resource just before the request is processed, so that its ETag
    /// is another one. The request then goes its usual way: with `If-Match` to a 412.
    EtagConflict,
    /// 409 `Directory_ConcurrencyViolation`.
    ConcurrencyViolation,
    /// Just this answer.
    Raw {
        /// The status.
        status: u16,
        /// Names and values; those that HTTP does not allow are left out, and so are
        /// `content-length` and `transfer-encoding`, which follow from the body.
        headers: Vec<(String, String)>,
        /// The body.
        body: String,
    },
}

/// A `Retry-After` header.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// use msgraph_emulator::{Fault, RetryAfter};
///
/// emulator.fault(Fault::Throttle { retry_after: Some(RetryAfter::Seconds(7)) });
/// let url = format!("{}/v1.0/users/1", emulator.root());
/// let answer = reqwest::Client::new().get(url).bearer_auth("any will do").send().await?;
/// assert_eq!((answer.status().as_u16(), &answer.headers()["retry-after"]), (429, &"7".parse()?));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// As a number of seconds.
    Seconds(u64),
    /// As a date, this long after the answer is made; HTTP dates have whole seconds.
    DateIn(Duration),
    /// As just this text.
    Text(String),
}

/// How far a request had come when its connection was closed.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// use msgraph_emulator::{Fault, Moment};
///
/// emulator.fault(Fault::Disconnect { moment: Moment::AfterApplying });
/// let url = format!("{}/v1.0/users/1", emulator.root());
/// let body = serde_json::json!({ "displayName": "Ada" });
/// let lost = reqwest::Client::new().patch(url).bearer_auth("any will do").json(&body).send().await;
/// assert!(lost.is_err());
/// assert_eq!(emulator.updates_applied(), 1);
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Moment {
    /// Its head was read, its body not to the end.
    WhileReading,
    /// It was read, and not applied.
    BeforeApplying,
    /// It was applied.
    AfterApplying,
}

impl Fault {
    /// The fault for requests whose path (with the API version, without the query, in either case)
    /// ends like this. Only such a fault reaches a request inside of a `$batch`; what concerns the
    /// connection becomes a 504 there, and a delay is none.
    pub fn on(self, path: impl Into<String>) -> PlannedFault {
        PlannedFault::from(self).on(path)
    }

    /// The fault for requests with this method.
    pub fn with_method(self, method: impl Into<String>) -> PlannedFault {
        PlannedFault::from(self).with_method(method)
    }

    /// The fault for as many requests.
    pub fn times(self, times: u32) -> PlannedFault {
        PlannedFault::from(self).times(times)
    }
}

/// A fault and the requests that it is for: by default the next one, whichever it is.
///
/// ```
/// use msgraph_emulator::{Fault, PlannedFault};
///
/// let planned: PlannedFault = Fault::ConcurrencyViolation.on("/users/1").with_method("PATCH").times(3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFault {
    fault: Fault,
    path: Option<String>,
    method: Option<String>,
    times: u32,
}

impl From<Fault> for PlannedFault {
    fn from(fault: Fault) -> Self {
        PlannedFault {
            fault,
            path: None,
            method: None,
            times: 1,
        }
    }
}

impl PlannedFault {
    /// See [`Fault::on`].
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// See [`Fault::with_method`].
    pub fn with_method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// See [`Fault::times`].
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn is_for(&self, method: &Method, path: &str, is_batch_item: bool) -> bool {
        let has_path = match &self.path {
            Some(end) => ends_with(path, end),
            None => !is_batch_item,
        };
        let has_method = self
            .method
            .as_ref()
            .is_none_or(|wanted| method.as_str().eq_ignore_ascii_case(wanted));
        self.times > 0 && has_path && has_method
    }
}

fn ends_with(path: &str, end: &str) -> bool {
    let start = path.len().checked_sub(end.len());
    start
        .and_then(|start| path.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// Faults by chance: the same seed gives the same sequence. Which request of several at one time
/// gets which is decided by the order of their arrival.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// use msgraph_emulator::{Fault, RandomFaults};
///
/// emulator.random_faults(RandomFaults { seed: 7, percent: 25, faults: vec![Fault::HalfAnswer, Fault::ExpiredToken] });
/// emulator.clear_faults();
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomFaults {
    /// The seed.
    pub seed: u64,
    /// How many of a hundred requests are struck.
    pub percent: u8,
    /// What they are struck with, each as likely as the others.
    pub faults: Vec<Fault>,
}

/// What is planned.
#[derive(Default)]
pub(crate) struct FaultPlan {
    plan: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    planned: VecDeque<PlannedFault>,
    random: Option<(fastrand::Rng, RandomFaults)>,
}

impl fmt::Debug for FaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultPlan").finish_non_exhaustive()
    }
}

impl FaultPlan {
    pub(crate) fn add(&self, fault: PlannedFault) {
        self.lock().planned.push_back(fault);
    }

    pub(crate) fn set_random(&self, random: RandomFaults) {
        self.lock().random = Some((fastrand::Rng::with_seed(random.seed), random));
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Plan::default();
    }

    /// How many faults are still to come.
    pub(crate) fn pending(&self) -> usize {
        let plan = self.lock();
        plan.planned.iter().map(|fault| fault.times as usize).sum()
    }

    /// The fault for a request: the oldest planned one that is for it, else one by chance.
    pub(crate) fn take(&self, method: &Method, path: &str, is_batch_item: bool) -> Option<Fault> {
        let mut plan = self.lock();
        let found = plan
            .planned
            .iter()
            .position(|fault| fault.is_for(method, path, is_batch_item));
        if let Some(index) = found {
            let planned = plan.planned.get_mut(index)?;
            planned.times -= 1;
            let fault = planned.fault.clone();
            if planned.times == 0 {
                plan.planned.remove(index);
            }
            return Some(fault);
        }
        if is_batch_item {
            return None;
        }
        let (rng, random) = plan.random.as_mut()?;
        (rng.u8(0..100) < random.percent).then_some(())?;
        rng.choice(&random.faults).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    /// The error in Graph's shape that the fault stands for, where it is one.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        let busy = |status, code, message: &str, retry_after: &Option<RetryAfter>| {
            let refusal = Refusal::new(status, code, message);
            match retry_after.as_ref().and_then(RetryAfter::value) {
                Some(value) => refusal.header(header::RETRY_AFTER, value),
                None => refusal,
            }
        };
        Some(match self {
            Fault::Throttle { retry_after } => busy(
                StatusCode::TOO_MANY_REQUESTS,
                "TooManyRequests",
                "Too many requests.",
                retry_after,
            ),
            Fault::Unavailable { retry_after } => busy(
                StatusCode::SERVICE_UNAVAILABLE,
                "ServiceUnavailable",
                "The service is temporarily unavailable.",
                retry_after,
            ),
            Fault::GatewayTimeout { applied: false } => gateway_timeout(),
            Fault::ExpiredToken => Refusal::new(
                StatusCode::UNAUTHORIZED,
                "InvalidAuthenticationToken",
                "Lifetime validation failed, the token is expired.",
            )
            .header(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static(
                    "Bearer realm=\"\", \
                     authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
                     client_id=\"00000003-0000-0000-c000-000000000000\", error=\"invalid_token\", \
                     error_description=\"The token is expired.\"",
                ),
            ),
            Fault::Forbidden => Refusal::new(
                StatusCode::FORBIDDEN,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.",
            ),
            Fault::ClaimsChallenge { claims } => claims_challenge(claims),
            Fault::ConcurrencyViolation => Refusal::new(
                StatusCode::CONFLICT,
                "Directory_ConcurrencyViolation",
                "Failed to acquire lock to process the request. Please retry later.",
            ),
            _ => return None,
        })
    }

    /// An answer that is not Graph's: status, headers and body.
    pub(crate) fn foreign(&self) -> Option<(StatusCode, HeaderMap, String)> {
        let (status, headers, body) = match self {
            Fault::Page { status } => (
                *status,
                vec![("content-type".to_owned(), "text/html".to_owned())],
                "<!DOCTYPE html><html><head><title>Gateway</title></head><body>\
                 <p>The \"service\" cannot be reached.</p></body></html>"
                    .to_owned(),
            ),
            Fault::Redirect { status, location } => (
                *status,
                vec![("location".to_owned(), location.clone())],
                String::new(),
            ),
            Fault::Raw {
                status,
                headers,
                body,
            } => (*status, headers.clone(), body.clone()),
            _ => return None,
        };
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = headers
            .into_iter()
            .filter_map(|(name, value)| {
                let name = HeaderName::try_from(name).ok()?;
                let framing = name == header::CONTENT_LENGTH || name == header::TRANSFER_ENCODING;
                (!framing).then_some((name, HeaderValue::try_from(value).ok()?))
            })
            .collect();
        Some((status, headers, body))
    }
}

pub(crate) fn gateway_timeout() -> Refusal {
    Refusal::new(
        StatusCode::GATEWAY_TIMEOUT,
        "GatewayTimeout",
        "The service did not answer the gateway in time.",
    )
}

/// As continuous access evaluation writes it.
fn claims_challenge(claims: &str) -> Refusal {
    let refusal = Refusal::new(
        StatusCode::UNAUTHORIZED,
        "InvalidAuthenticationToken",
        "Continuous access evaluation resulted in challenge with result: InteractionRequired and \
         code: TokenIssuedBeforeRevocationTimestamp",
    );
    let claims = base64::engine::general_purpose::STANDARD.encode(claims);
    let challenge = HeaderValue::try_from(format!(
        "Bearer realm=\"\", \
         authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", \
         client_id=\"00000003-0000-0000-c000-000000000000\", error=\"insufficient_claims\", \
         claims=\"{claims}\""
    ));
    match challenge {
        Ok(challenge) => refusal.header(header::WWW_AUTHENTICATE, challenge),
        Err(_) => refusal,
    }
}

impl RetryAfter {
    fn value(&self) -> Option<HeaderValue> {
        let text = match self {
            RetryAfter::Seconds(seconds) => seconds.to_string(),
            RetryAfter::DateIn(duration) => {
                let at = jiff::Timestamp::now().checked_add(*duration).ok()?;
                jiff::fmt::rfc2822::DateTimePrinter::new()
                    .timestamp_to_rfc9110_string(&at)
                    .ok()?
            }
            RetryAfter::Text(text) => text.clone(),
        };
        HeaderValue::try_from(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_followed_in_order_and_by_request() {
        let plan = FaultPlan::default();
        plan.add(Fault::ConcurrencyViolation.on("/users/1").times(2));
        plan.add(Fault::EtagConflict.with_method("get"));
        let take = |method: Method, path: &str| plan.take(&method, path, false);
        assert_eq!(take(Method::PATCH, "/v1.0/users/2"), None);
        assert_eq!(
            take(Method::GET, "/v1.0/users/2"),
            Some(Fault::EtagConflict)
        );
        assert_eq!(take(Method::GET, "/v1.0/users/2"), None);
        assert_eq!(
            take(Method::GET, "/v1.0/Users/1"),
            Some(Fault::ConcurrencyViolation)
        );
        assert_eq!(plan.pending(), 1);
        assert_eq!(
            plan.take(&Method::PATCH, "/v1.0/users/1", true),
            Some(Fault::ConcurrencyViolation)
        );
        assert_eq!(plan.pending(), 0);
        plan.add(Fault::EtagConflict.into());
        assert_eq!(plan.take(&Method::GET, "/v1.0/users/1", true), None);
    }

    #[test]
    fn one_seed_gives_one_sequence() {
        let sequence = |seed| {
            let plan = FaultPlan::default();
            plan.set_random(RandomFaults {
                seed,
                percent: 30,
                faults: vec![Fault::HalfAnswer, Fault::ConcurrencyViolation],
            });
            (0..1000)
                .map(|_| plan.take(&Method::PATCH, "/", false))
                .collect::<Vec<_>>()
        };
        assert_eq!(sequence(7), sequence(7));
        assert_ne!(sequence(7), sequence(8));
        let struck = sequence(7).iter().flatten().count();
        assert!((250..350).contains(&struck), "{struck}");
    }

    #[test]
    fn dates_are_http_dates() {
        let value = RetryAfter::DateIn(Duration::from_secs(5)).value().unwrap();
        let text = value.to_str().unwrap();
        assert!(text.ends_with(" GMT") && text.len() == 29, "{text}");
    }
}
