use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value as Untyped;

use crate::client::attempt::Completed;
use crate::client::error::Error;
use crate::request::batch::Ticket;
use crate::request::error::RequestError;
use crate::response::outcome::Outcome;
use crate::response::typed::Response;

/// The final results, by position in the batch.
pub(super) type Results = BTreeMap<usize, Result<Completed, Error>>;

/// The outcome or error of each request of a batch.
#[must_use = "each request of the batch may have failed"]
pub struct BatchResponses {
    batch: u64,
    results: Results,
}

impl BatchResponses {
    pub(super) const fn new(batch: u64, results: Results) -> Self {
        Self { batch, results }
    }

    /// Takes the outcome of one request.
    ///
    /// # Errors
    /// As [`Client::send`](crate::Client::send); [`ErrorKind::Dependency`](crate::ErrorKind::Dependency) if the request
    /// depends on one that failed; [`RequestError::ForeignTicket`] if the ticket belongs to another batch.
    pub fn take<R: Response>(&mut self, ticket: Ticket<R>) -> Result<Outcome<R>, Error> {
        self.result(&ticket)?.into_outcome()
    }

    fn result<R>(&mut self, ticket: &Ticket<R>) -> Result<Completed, Error> {
        let id = ticket.id();
        let result = match id.batch == self.batch {
            true => self.results.remove(&id.index()),
            false => None,
        };
        result.unwrap_or_else(|| Err(RequestError::ForeignTicket.into()))
    }

    /// Returns the outcomes not yet taken by ticket, in the order of the requests, with untyped bodies.
    pub fn into_rest(self) -> Vec<Result<Outcome<Option<Untyped>>, Error>> {
        let results = self.results.into_values();
        results.map(|result| result?.into_outcome()).collect()
    }
}

impl fmt::Debug for BatchResponses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let statuses = self.results.iter().map(|(index, result)| match result {
            Ok(completed) => (index, Some(completed.success.status)),
            Err(error) => (index, error.status()),
        });
        f.write_str("BatchResponses ")?;
        f.debug_map().entries(statuses).finish()
    }
}
