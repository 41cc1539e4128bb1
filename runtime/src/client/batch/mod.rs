//! Sends batches.

mod envelope;

use std::collections::BTreeMap;
use std::time::Duration;

use tracing::Instrument;
use tracing::field::Empty;

use crate::client::attempt::Tried;
use crate::client::bearer::Bearer;
use crate::client::{Call, Client, Error, Inner, Sending, TokenError, Told, Tries, fresh_id};
use crate::request::batch::{Batch, Item};
use crate::response::fate::Fate;
use crate::response::outcome::{AnswerError, Effect, Outcome};
use crate::response::retry::{GiveUpReason, NextStep};
use envelope::{Entry, MOST_IN_BATCH, answer_to, envelope};

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
                self.inner.send_chunk(&chunk, &mut settled).await;
                chunk.clear();
            }
            chunk.push((index, item));
        }
        self.inner.send_chunk(&chunk, &mut settled).await;
        settled.into_values().collect()
    }
}

/// An item under way.
struct Pending<'i, 'r> {
    item: &'i Item<'r>,
    entry: Entry,
    tries: Tries,
}

impl Pending<'_, '_> {
    fn call(&self, gave_up: GiveUpReason) -> Call {
        Call::new(
            &self.item.request,
            &self.entry.client_request_id,
            self.tries,
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

impl Inner {
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
            tries = Empty,
            request_id = Empty,
        );
        let mut pending: Vec<Pending<'_, '_>> = Vec::new();
        for (index, item) in chunk {
            let id = fresh_id();
            match Entry::new(*index, &item.request, id, &self.root) {
                Ok(entry) => pending.push(Pending {
                    item,
                    entry,
                    tries: Tries::default(),
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
            let entries: Vec<(&Entry, Vec<usize>)> = pending
                .iter()
                .map(|waiting| {
                    // Those that are settled by now have succeeded, and this batch does not know of them.
                    let after = waiting
                        .item
                        .after
                        .iter()
                        .copied()
                        .filter(|other| !settled.contains_key(other));
                    (&waiting.entry, after.collect())
                })
                .collect();
            let prepared = envelope(&self.root, api_version, &entries);
            let sent_before = sending.tries.made;
            let batch = self
                .try_authorized(&prepared, &mut sending, self.try_timeout)
                .await?;
            record(&batch, sending.tries, &sending.token);
            let mut again: Vec<Pending<'_, '_>> = Vec::new();
            let mut longest = Duration::ZERO;
            let mut claims = None;
            let mut refused_token = false;
            for mut waiting in pending.drain(..) {
                waiting.tries.made += sending.tries.made - sent_before;
                let index = waiting.entry.index;
                let tried = of_item(&batch, &waiting.entry, &sending);
                if let Tried::Failed(AnswerError::Service(error)) = &tried
                    && error.status() == 401
                {
                    match error.claims_challenge() {
                        Some(asked) if !sending.challenged => {
                            claims.get_or_insert_with(|| asked.to_owned());
                            again.push(waiting);
                            continue;
                        }
                        _ => refused_token = true,
                    }
                }
                let not_begun = matches!(&tried, Tried::Failed(AnswerError::Service(error)) if error.status() == 424);
                // Items stand in their order, so what this one waits for has been looked at.
                if not_begun
                    && again
                        .iter()
                        .any(|other| waiting.item.after.contains(&other.entry.index))
                {
                    again.push(waiting);
                    continue;
                }
                if not_begun && let Some(other) = waiting.failed_dependency(settled) {
                    settled.insert(index, Err(waiting.not_done(other)));
                    continue;
                }
                match self.step_after(
                    &tried,
                    &waiting.item.request,
                    waiting.tries.made,
                    sending.started,
                ) {
                    NextStep::RetryAfter(wait) => {
                        longest = longest.max(wait);
                        waiting.tries.go_on(&tried);
                        again.push(waiting);
                    }
                    NextStep::GiveUp(reason) => {
                        let call = waiting.call(reason);
                        settled.insert(index, tried.settle(&waiting.item.request, call));
                    }
                }
            }
            *pending = again;
            drop_without_dependency(pending, settled);
            if refused_token {
                self.tokens.forget(&sending.token);
            }
            if pending.is_empty() {
                return Ok(());
            }
            let wait_ms = u64::try_from(longest.as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(
                items = pending.len(),
                wait_ms,
                "sending the rest of a batch again"
            );
            tokio::time::sleep(longest).await;
            self.renew(&mut sending, claims.as_deref()).await?;
        }
    }
}

/// Tells the span of the batch what became of it.
fn record(batch: &Tried, tries: Tries, token: &Bearer) {
    let span = tracing::Span::current();
    span.record("status", batch.status());
    span.record("tries", tries.made);
    let request_id = match batch {
        Tried::Done(outcome) => outcome.request_id.as_deref(),
        Tried::Failed(AnswerError::Service(error)) => error.request_id(),
        Tried::Failed(_) | Tried::Lost(_) => None,
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
        tries = told.tries,
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
fn of_item(batch: &Tried, entry: &Entry, sending: &Sending) -> Tried {
    match batch {
        Tried::Done(Outcome {
            effect: Effect::Resource(answer),
            ..
        }) => answer_to(entry, answer, &sending.client_request_id, &sending.token),
        Tried::Done(outcome) => Tried::Failed(AnswerError::NotGraph {
            status: outcome.status,
            content_type: None,
            excerpt: String::new(),
        }),
        Tried::Failed(error) => Tried::Failed(error.clone()),
        Tried::Lost(error) => {
            let mut error = error.clone();
            // That Graph took the batch says nothing of an item in it.
            if error.fate != Fate::NotSent {
                error.fate = Fate::Unknown;
            }
            Tried::Lost(error)
        }
    }
}
