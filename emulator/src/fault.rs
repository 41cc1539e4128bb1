//! Faults: what a network and a busy service do to requests, chosen by the test.

pub(crate) mod plan;
pub(crate) mod response;

use std::time::Duration;

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
