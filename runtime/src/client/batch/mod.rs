//! Sends batches.

mod envelope;

use std::collections::BTreeMap;
use std::time::Duration;

use tracing::Instrument;
use tracing::field::Empty;

use crate::client::Client;
use crate::client::attempt::Attempt;
use crate::client::bearer::Bearer;
use crate::client::call::{Attempts, Call};
use crate::client::error::Error;
use crate::client::send::{Sending, fresh_id};
use crate::client::sender::Sender;
use crate::client::token::TokenError;
use crate::client::trace::Told;
use crate::request::batch::{Batch, Item};
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::outcome::{Effect, Outcome};
use crate::response::retry::{GiveUpReason, NextStep};
use envelope::{Entry, MOST_IN_BATCH, envelope, response_to};

/// The answers that stand, by place.
type Settled = BTreeMap<usize, Result<Outcome, Error>>;

impl Client {
    /// Sends requests together and gives back an outcome for each, in their order; the failure of one hides nothing of
    /// the others.
    ///
    /// What Graph had no time for is sent again, without the rest, by the rule for single requests and after the longest
    /// wait that one of them is told. Limits of time are the client's; an item's own
    /// [`timeout`](crate::Request::timeout) does not count here.
    ///
    /// # Errors
    /// Each item's own, as for [`send`](Self::send); [`Error::Dependency`] for one that was to wait for one that failed.
    pub async fn send_batch(&self, batch: &Batch<'_>) -> Vec<Result<Outcome, Error>> {
        let mut settled = Settled::new();
        let mut chunk: Vec<(usize, &Item<'_>)> = Vec::new();
        for (index, item) in batch.items().iter().enumerate() {
            let other_version = chunk.first().is_some_and(|(_, first)| {
                first.request.api_version() != item.request.api_version()
            });
            if other_version || chunk.len() == MOST_IN_BATCH {
                self.sender.send_chunk(&chunk, &mut settled).await;
                chunk.clear();
            }
            chunk.push((index, item));
        }
        self.sender.send_chunk(&chunk, &mut settled).await;
        settled.into_values().collect()
    }
}

/// An item under way.
struct Pending<'i, 'r> {
    item: &'i Item<'r>,
    entry: Entry,
    attempts: Attempts,
}

impl Pending<'_, '_> {
    fn call(&self, gave_up: GiveUpReason) -> Call {
        Call::new(
            &self.item.request,
            &self.entry.client_request_id,
            self.attempts,
            gave_up,
        )
    }

    /// The end of an item that was to wait for another one.
    fn not_done(&self, other: usize) -> Error {
        Error::Dependency {
            index: other,
            call: self.call(GiveUpReason::Final),
        }
    }

    /// The place of an item that this one was to wait for and that failed.
    fn failed_dependency(&self, settled: &Settled) -> Option<usize> {
        self.item
            .after
            .iter()
            .copied()
            .find(|other| settled.get(other).is_some_and(Result::is_err))
    }
}

impl Sender {
    /// Settles every item of `chunk`, whose items share an API version and are no more than Graph takes.
    async fn send_chunk(&self, chunk: &[(usize, &Item<'_>)], settled: &mut Settled) {
        let Some((_, first)) = chunk.first() else {
            return;
        };
        let api_version = first.request.api_version();
        let id = fresh_id();
        let span = tracing::info_span!(
            "graph_batch",
            api_version,
            items = chunk.len(),
            client_request_id = id.as_str(),
            status = Empty,
            attempts = Empty,
            request_id = Empty,
        );
        let mut pending: Vec<Pending<'_, '_>> = Vec::new();
        for (index, item) in chunk {
            let id = fresh_id();
            match Entry::new(*index, &item.request, id, &self.root) {
                Ok(entry) => pending.push(Pending {
                    item,
                    entry,
                    attempts: Attempts::default(),
                }),
                Err(error) => {
                    settled.insert(*index, Err(Error::Request(error)));
                }
            }
        }
        let sending = async {
            if let Err(error) = self.settle(api_version, id, &mut pending, settled).await {
                for waiting in &pending {
                    let call = waiting.call(GiveUpReason::Final);
                    settled.insert(
                        waiting.entry.index,
                        Err(Error::Token {
                            error: error.clone(),
                            call,
                        }),
                    );
                }
            }
            for (index, item) in chunk {
                if let Some(result) = settled.get(index) {
                    tell(*index, item, result);
                }
            }
        };
        sending.instrument(span).await;
    }

    /// Sends `pending` until nothing is left in it, or there is no token.
    async fn settle(
        &self,
        api_version: &str,
        client_request_id: String,
        pending: &mut Vec<Pending<'_, '_>>,
        settled: &mut Settled,
    ) -> Result<(), TokenError> {
        drop_without_dependency(pending, settled);
        if pending.is_empty() {
            return Ok(());
        }
        let mut sending = self.begin(client_request_id).await?;
        loop {
            let prepared = envelope(&self.root, api_version, &entries(pending, settled));
            let sent_before = sending.attempts.made;
            let batch = self
                .attempt_authorized(&prepared, &mut sending, self.attempt_timeout)
                .await?;
            record(&batch, sending.attempts, &sending.token);
            let mut round = Round::default();
            for mut waiting in pending.drain(..) {
                waiting.attempts.made += sending.attempts.made - sent_before;
                let attempt = of_item(&batch, &waiting.entry, &sending);
                self.settle_item(waiting, attempt, &sending, &mut round, settled);
            }
            *pending = round.again;
            drop_without_dependency(pending, settled);
            if round.token_rejected {
                self.tokens.forget(&sending.token);
            }
            if pending.is_empty() {
                return Ok(());
            }
            let wait_ms = u64::try_from(round.wait.as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(
                items = pending.len(),
                wait_ms,
                "sending the rest of a batch again"
            );
            tokio::time::sleep(round.wait).await;
            self.renew(&mut sending, round.claims.as_deref()).await?;
        }
    }

    /// Settles an item, or leaves it to the next round.
    fn settle_item<'i, 'r>(
        &self,
        mut waiting: Pending<'i, 'r>,
        attempt: Attempt,
        sending: &Sending,
        round: &mut Round<'i, 'r>,
        settled: &mut Settled,
    ) {
        let index = waiting.entry.index;
        if round.is_challenged(&attempt, sending) {
            round.again.push(waiting);
            return;
        }
        if status_of(&attempt) == Some(424) {
            // Items stand in their order, so what this one waits for has been looked at.
            if round.repeats_dependency_of(&waiting) {
                round.again.push(waiting);
                return;
            }
            if let Some(other) = waiting.failed_dependency(settled) {
                settled.insert(index, Err(waiting.not_done(other)));
                return;
            }
        }
        let request = &waiting.item.request;
        match self.step_after(&attempt, request, waiting.attempts.made, sending.started) {
            NextStep::RetryAfter(wait) => {
                round.wait = round.wait.max(wait);
                waiting.attempts.go_on(attempt.fate());
                round.again.push(waiting);
            }
            NextStep::GiveUp(reason) => {
                let call = waiting.call(reason);
                settled.insert(index, attempt.settle(request, call));
            }
        }
    }
}

/// What comes of sending a batch once.
#[derive(Default)]
struct Round<'i, 'r> {
    /// The items to be sent again.
    again: Vec<Pending<'i, 'r>>,
    /// The longest wait that one of them is told.
    wait: Duration,
    /// The claims that a new token must bring.
    claims: Option<String>,
    token_rejected: bool,
}

impl Round<'_, '_> {
    /// Whether Graph asks for more claims, and the item is to be sent again with a token that brings them.
    fn is_challenged(&mut self, attempt: &Attempt, sending: &Sending) -> bool {
        let Attempt::Failed(ResponseError::Service(error)) = attempt else {
            return false;
        };
        if error.status() != 401 {
            return false;
        }
        match error.claims_challenge() {
            Some(claims) if !sending.challenged => {
                self.claims.get_or_insert_with(|| claims.to_owned());
                true
            }
            _ => {
                self.token_rejected = true;
                false
            }
        }
    }

    fn repeats_dependency_of(&self, waiting: &Pending<'_, '_>) -> bool {
        let mut again = self.again.iter();
        again.any(|other| waiting.item.after.contains(&other.entry.index))
    }
}

/// The status of Graph's own error.
fn status_of(attempt: &Attempt) -> Option<u16> {
    match attempt {
        Attempt::Failed(ResponseError::Service(error)) => Some(error.status()),
        _ => None,
    }
}

/// The entries of the pending items, each with those that it waits for.
fn entries<'p>(pending: &'p [Pending<'_, '_>], settled: &Settled) -> Vec<(&'p Entry, Vec<usize>)> {
    // Those that are settled by now have succeeded, and the batch does not have them.
    let is_open = |other: &usize| !settled.contains_key(other);
    pending
        .iter()
        .map(|waiting| {
            let after = waiting.item.after.iter().copied().filter(is_open);
            (&waiting.entry, after.collect())
        })
        .collect()
}

/// Tells the span of the batch what became of it.
fn record(batch: &Attempt, attempts: Attempts, token: &Bearer) {
    let span = tracing::Span::current();
    span.record("status", batch.status());
    span.record("attempts", attempts.made);
    let request_id = match batch {
        Attempt::Done(outcome) => outcome.request_id.as_deref(),
        Attempt::Failed(ResponseError::Service(error)) => error.request_id(),
        Attempt::Failed(_) | Attempt::Lost(_) => None,
    };
    let request_id = request_id.map(|id| token.redactor().shown(id));
    span.record("request_id", request_id);
}

/// Tells what became of one item.
fn tell(index: usize, item: &Item<'_>, result: &Result<Outcome, Error>) {
    let told = Told::of(result);
    tracing::debug!(
        index,
        method = item.request.method().as_str(),
        path = item.request.template(),
        status = told.status,
        attempts = told.attempts,
        request_id = told.request_id,
        "item of a batch"
    );
    if let Err(error) = result {
        tracing::warn!(index, %error, "item of a batch failed");
    }
}

/// Settles the items that were to wait for one that failed.
fn drop_without_dependency(pending: &mut Vec<Pending<'_, '_>>, settled: &mut Settled) {
    pending.retain(|waiting| match waiting.failed_dependency(settled) {
        Some(index) => {
            let error = waiting.not_done(index);
            settled.insert(waiting.entry.index, Err(error));
            false
        }
        None => true,
    });
}

/// What became of one item, by what became of the batch.
fn of_item(batch: &Attempt, entry: &Entry, sending: &Sending) -> Attempt {
    match batch {
        Attempt::Done(Outcome {
            effect: Effect::Resource(answer),
            ..
        }) => response_to(entry, answer, &sending.client_request_id, &sending.token),
        Attempt::Done(outcome) => Attempt::Failed(ResponseError::NotGraph {
            status: outcome.status,
            content_type: None,
            excerpt: String::new(),
        }),
        Attempt::Failed(error) => Attempt::Failed(error.clone()),
        Attempt::Lost(error) => {
            let mut error = error.clone();
            // That Graph took the batch says nothing of an item in it.
            if error.fate != Fate::NotSent {
                error.fate = Fate::Unknown;
            }
            Attempt::Lost(error)
        }
    }
}
