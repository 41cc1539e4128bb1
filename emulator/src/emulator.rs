//! A running emulator.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::fault::plan::{PlannedFault, RandomFaults};
use crate::http::exchange::Exchange;
use crate::http::server::{Server, Shared};
use crate::service::Service;
use crate::start_error::StartError;

/// A running emulator. It ends, promptly and with its port free again, when it is dropped.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// assert!(emulator.root().starts_with("http://127.0.0.1:"));
/// emulator.seed("/v1.0/users/2", serde_json::json!({ "displayName": "Ada" }))?;
/// assert_eq!(emulator.state("/v1.0/users/2").ok_or("gone")?["displayName"], "Ada");
/// assert_eq!((emulator.requests_seen(), emulator.updates_applied()), (0, 0));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
pub struct Emulator {
    pub(crate) root: String,
    pub(crate) shared: Arc<Shared>,
    pub(crate) _server: Server,
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("root", &self.root)
            .finish_non_exhaustive()
    }
}

impl Emulator {
    /// Scheme, host and port, without a slash at the end: `http://127.0.0.1:49152`. The API version
    /// comes behind it.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The requests that were received with their answers, oldest first; of a long run the latest,
    /// see [`crate::Builder::log_limit`].
    pub fn log(&self) -> Vec<Exchange> {
        self.shared.log.exchanges()
    }

    /// How many requests were received since the start.
    pub fn requests_seen(&self) -> u64 {
        self.shared.log.seen()
    }

    /// How many updates, resets and removals were applied since the start: those of a batch each, and those too whose
    /// answer was lost or late.
    pub fn updates_applied(&self) -> u64 {
        self.shared.dispatcher.service.updates()
    }

    /// What the tenant holds at a path (with its API version, percent-encoded as in a request): an
    /// entity with what is bound by reference as `name@odata.bind`, the entities of a collection, or
    /// the value of a property. `None` where a GET would answer 404.
    pub fn state(&self, path: &str) -> Option<Value> {
        self.shared.dispatcher.service.state(path)
    }

    /// Puts an entity in place, as [`crate::Builder::seed`] does before the start.
    ///
    /// # Errors
    ///
    /// [`StartError::Seed`] when the metadata does not allow the path or the entity.
    pub fn seed(&self, path: &str, entity: Value) -> Result<(), StartError> {
        seed(&self.shared.dispatcher.service, path, entity)
    }
}

impl Emulator {
    /// Plans a fault: for the next request, or for the requests that it names. Of several that are
    /// for one request, the oldest strikes.
    ///
    /// ```
    /// # use msgraph_emulator::{Emulator, Fault, Moment, RetryAfter};
    /// # fn plan(emulator: &Emulator) {
    /// emulator.fault(Fault::Throttle { retry_after: Some(RetryAfter::Seconds(2)) });
    /// emulator.fault(Fault::Disconnect { moment: Moment::AfterApplying }.on("/users/1").times(2));
    /// # }
    /// ```
    pub fn fault(&self, fault: impl Into<PlannedFault>) {
        self.shared.dispatcher.faults.add(fault.into());
    }

    /// Strikes requests that no planned fault is for by chance, until [`Emulator::clear_faults`].
    pub fn random_faults(&self, faults: RandomFaults) {
        self.shared.dispatcher.faults.set_random(faults);
    }

    /// Plans no more faults.
    pub fn clear_faults(&self) {
        self.shared.dispatcher.faults.clear();
    }

    /// How many requests the planned faults are still to strike.
    pub fn pending_faults(&self) -> usize {
        self.shared.dispatcher.faults.pending()
    }
}

/// Puts an entity in place.
pub(crate) fn seed(service: &Service, path: &str, entity: Value) -> Result<(), StartError> {
    service
        .seed(path, entity)
        .map_err(|refusal| StartError::Seed {
            path: path.to_owned(),
            reason: refusal.message,
        })
}
