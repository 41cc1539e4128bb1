//! A running emulator.

use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::fault::plan::{PlannedFault, RandomFaults};
use crate::http::exchange::Exchange;
use crate::http::handler::Shared;
use crate::http::server::Server;
use crate::rejection::Rejection;
use crate::service::Service;
use crate::start_error::StartError;

/// A running emulator. When dropped, it stops and frees its port.
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
    /// Scheme, host and port, without a trailing slash: `http://127.0.0.1:49152`. Append the API
    /// version.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// The latest requests and their responses, oldest first. A batch is one of them, with its requests
    /// in [`Exchange::items`]. See
    /// [`Builder::log_limit`](crate::Builder::log_limit).
    pub fn log(&self) -> Vec<Exchange> {
        self.shared.log.exchanges()
    }

    /// The number of requests received.
    pub fn requests_seen(&self) -> u64 {
        self.shared.log.seen()
    }

    /// The number of requests that changed something: creations, updates, resets, deletions, changes of
    /// references and content, and calls of actions, including those in batches and those whose response
    /// was lost or late.
    pub fn updates_applied(&self) -> u64 {
        self.shared.dispatcher.service.updates()
    }

    /// The state at a path with its API version, percent-encoded as in a request: an entity with its
    /// references as `name@odata.bind`, the entities of a collection, or a property. `None` if a GET
    /// would return 404.
    pub fn state(&self, path: &str) -> Option<Value> {
        self.shared.dispatcher.service.state(path)
    }

    /// Creates or updates an entity, like [`Builder::seed`](crate::Builder::seed).
    ///
    /// # Errors
    ///
    /// [`StartError::Seed`] if the metadata does not allow the path or the entity.
    pub fn seed(&self, path: &str, entity: Value) -> Result<(), StartError> {
        seed(&self.shared.dispatcher.service, path, entity)
    }

    /// Plans a fault: for the next request, or for those that it specifies. If several apply to a
    /// request, the oldest is used.
    pub fn fault(&self, fault: impl Into<PlannedFault>) {
        self.shared.dispatcher.faults.add(fault.into());
    }

    /// Applies random faults to requests without a planned one.
    pub fn random_faults(&self, faults: RandomFaults) {
        self.shared.dispatcher.faults.set_random(faults);
    }

    /// Removes all planned and random faults.
    pub fn clear_faults(&self) {
        self.shared.dispatcher.faults.clear();
    }

    /// The number of requests that planned faults are still to be applied to.
    pub fn pending_faults(&self) -> usize {
        self.shared.dispatcher.faults.pending()
    }
}

pub(crate) fn seed(service: &Service, path: &str, entity: Value) -> Result<(), StartError> {
    let seeded = service.seed(path, entity);
    seeded.map_err(|rejection| seed_error(path.to_owned(), rejection))
}

pub(crate) fn seed_error(path: String, rejection: Rejection) -> StartError {
    StartError::Seed {
        path,
        reason: rejection.message,
    }
}
