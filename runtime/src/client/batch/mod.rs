//! Sends batches.

mod envelope;
mod responses;

use std::time::Duration;

use serde_json::Value as Untyped;
use tracing::{Instrument, Span};

use crate::auth::error::TokenError;
use crate::client::attempt::{Attempt, Completed};
use crate::client::bearer::Bearer;
use crate::client::call::Call;
use crate::client::error::Error;
use crate::client::progress::Progress;
use crate::client::send::fresh_id;
use crate::client::trace::{ResultFields, record_batch};
use crate::client::url_template::UrlTemplate;
use crate::client::{Client, Sender};
use crate::request::batch::{Batch, Item};
use crate::request::error::RequestError;
use crate::response::attempts::Attempts;
use crate::response::error::ResponseError;
use crate::response::fate::Fate;
use crate::response::success::Success;
use crate::response::typed::ReceivedBody;
use envelope::{Entry, MAX_ITEMS, envelope, parse_item};
pub use responses::BatchResponses;
use responses::Results;

impl Client {
    /// Sends requests together. The responses have a result for each.
    ///
    /// The rule for single requests decides which items to retry. They are sent again together, without the others, after
    /// the longest wait that Graph asked of one of them. The time limits are the client's; the
    /// [`timeout`](crate::Request::timeout) of an item is ignored.
    ///
    /// ```no_run
    /// # use msgraph_runtime::{Client, Error, Request};
    /// # use msgraph_runtime::request::Batch;
    /// # async fn example(client: Client, update: Request<'_>) -> Result<(), Error> {
    /// let mut batch = Batch::new();
    /// let user = batch.push(Request::get("v1.0", "/users/{id}", &[&"adele@contoso.com"]));
    /// let update = batch.push(update);
    /// let mut responses = client.send_batch(batch).await;
    /// println!("{}", responses.take(user)?.value["displayName"]);
    /// responses.take(update)?;
    /// # Ok(()) }
    /// ```
    pub async fn send_batch(&self, batch: Batch<'_>) -> BatchResponses {
        let mut results = Results::new();
        let mut chunk: Vec<(usize, &Item<'_>)> = Vec::new();
        for (index, item) in batch.items.iter().enumerate() {
            let other_version = chunk.first().is_some_and(|(_, first)| {
                first.request.api_version() != item.request.api_version()
            });
            if other_version || chunk.len() == MAX_ITEMS {
                self.sender.send_chunk(&chunk, &mut results).await;
                chunk.clear();
            }
            chunk.push((index, item));
        }
        self.sender.send_chunk(&chunk, &mut results).await;
        BatchResponses::new(batch.id, results)
    }
}

/// An item without a final result.
struct Pending<'i, 'r> {
    item: &'i Item<'r>,
    entry: Entry,
    attempts: Attempts,
}

impl Pending<'_, '_> {
    fn call(&self) -> Call {
        let id = &self.entry.client_request_id;
        Call::new(&self.item.request, id, &self.attempts)
    }

    /// The error of an item that depends on `other`, which failed.
    fn skipped(&self, other: usize) -> Error {
        Error::dependency(other, self.call())
    }

    fn failed_dependency(&self, results: &Results) -> Option<usize> {
        let mut others = self.item.after.iter().copied();
        others.find(|other| results.get(other).is_some_and(Result::is_err))
    }
}

impl Sender {
    /// Sends up to [`MAX_ITEMS`] items that share an API version.
    async fn send_chunk(&self, chunk: &[(usize, &Item<'_>)], results: &mut Results) {
        let Some((_, first)) = chunk.first() else {
            return;
        };
        let api_version = first.request.api_version();
        let id = fresh_id();
        let span = self.batch_span(api_version, chunk.len(), &id);
        let mut pending: Vec<Pending<'_, '_>> = Vec::new();
        for (index, item) in chunk {
            if item.is_misplaced {
                results.insert(*index, Err(RequestError::ForeignDependency.into()));
                continue;
            }
            let checked = self.check_limits(&item.request, &Untyped::Null);
            let entry =
                checked.and_then(|()| Entry::new(*index, &item.request, fresh_id(), &self.root));
            match entry {
                Ok(entry) => pending.push(Pending {
                    item,
                    attempts: Attempts::new(&self.retry, entry.idempotent),
                    entry,
                }),
                Err(error) => {
                    results.insert(*index, Err(error.into()));
                }
            }
        }
        let sending = async {
            let sent = self.send_pending(api_version, id, &span, &mut pending, results);
            if let Err(error) = sent.await {
                for waiting in &pending {
                    let call = waiting.call();
                    let error = Error::token(error.clone(), call);
                    results.insert(waiting.entry.index, Err(error));
                }
            }
            for (index, item) in chunk {
                if let Some(result) = results.get(index) {
                    log(*index, item, result);
                }
            }
        };
        sending.instrument(span.clone()).await;
    }

    /// Sends `pending` until every item has a result. If there is no token, the others stay in `pending`.
    async fn send_pending(
        &self,
        api_version: &'static str,
        client_request_id: String,
        span: &Span,
        pending: &mut Vec<Pending<'_, '_>>,
        results: &mut Results,
    ) -> Result<(), TokenError> {
        skip_dependents_of_failed(pending, results);
        if pending.is_empty() {
            return Ok(());
        }
        // The rule applies to each item, not to the batch.
        let mut progress = Progress::new(
            client_request_id,
            UrlTemplate::of_batch(api_version),
            Attempts::new(&self.retry, false),
            false,
        );
        let mut token = self.first_token(&mut progress).await?;
        loop {
            let entries = pending.iter().map(|waiting| {
                let after = waiting.item.after.iter().copied();
                // An item that succeeded is not in the batch any more.
                let open = after.filter(|other| !results.contains_key(other));
                (&waiting.entry, open)
            });
            let prepared = envelope(&self.root, api_version, entries);
            let made_before = progress.attempts.made();
            let batch = self
                .attempt_authorized(&prepared, self.attempt_timeout, &mut progress, &mut token)
                .await?;
            record(span, &batch, progress.attempts.made(), &token);
            let mut round = Round::default();
            for mut waiting in pending.drain(..) {
                let attempts = &mut waiting.attempts;
                attempts.start_at(progress.attempts.started());
                attempts.count_more(progress.attempts.made() - made_before);
                let attempt = attempt_of_item(&batch, &waiting.entry, &progress, &token);
                settle(waiting, attempt, progress.challenged, &mut round, results);
            }
            *pending = round.retried;
            skip_dependents_of_failed(pending, results);
            if round.token_rejected {
                self.tokens.forget(&token);
            }
            if pending.is_empty() {
                return Ok(());
            }
            let wait_ms = u64::try_from(round.wait.as_millis()).unwrap_or(u64::MAX);
            tracing::debug!(
                items = pending.len(),
                wait_ms,
                "retrying the rest of a batch"
            );
            tokio::time::sleep(round.wait).await;
            self.renew(&mut progress, &mut token, round.claims.as_deref())
                .await?;
        }
    }
}

/// Gives the item its result, or passes it on to the next round.
fn settle<'i, 'r>(
    mut waiting: Pending<'i, 'r>,
    attempt: Attempt,
    challenged: bool,
    round: &mut Round<'i, 'r>,
    results: &mut Results,
) {
    let index = waiting.entry.index;
    let service = match &attempt {
        Attempt::Failed(ResponseError::Service(error)) => Some(error),
        _ => None,
    };
    match service.map(|error| (error.status(), error.claims_challenge())) {
        Some((401, Some(claims))) if !challenged => {
            round.claims.get_or_insert_with(|| claims.to_owned());
            round.retried.push(waiting);
            return;
        }
        Some((401, _)) => round.token_rejected = true,
        // 424: the items are in order, so the ones that this depends on were already settled or passed on.
        Some((424, _)) if round.retries_dependency_of(&waiting) => {
            round.retried.push(waiting);
            return;
        }
        Some((424, _)) => {
            if let Some(other) = waiting.failed_dependency(results) {
                results.insert(index, Err(waiting.skipped(other)));
                return;
            }
        }
        _ => {}
    }
    match attempt.wait(&mut waiting.attempts) {
        Some(wait) => {
            round.wait = round.wait.max(wait);
            round.retried.push(waiting);
        }
        None => {
            let call = waiting.call();
            let result = attempt.into_result(&waiting.item.request, call);
            results.insert(index, result);
        }
    }
}

/// Items left for the next round after sending a batch once.
#[derive(Default)]
struct Round<'i, 'r> {
    retried: Vec<Pending<'i, 'r>>,
    /// The longest wait of a retried item.
    wait: Duration,
    /// The claims that the next token must have.
    claims: Option<String>,
    token_rejected: bool,
}

impl Round<'_, '_> {
    fn retries_dependency_of(&self, waiting: &Pending<'_, '_>) -> bool {
        let mut retried = self.retried.iter();
        retried.any(|other| waiting.item.after.contains(&other.entry.index))
    }
}

fn skip_dependents_of_failed(pending: &mut Vec<Pending<'_, '_>>, results: &mut Results) {
    pending.retain(|waiting| match waiting.failed_dependency(results) {
        Some(index) => {
            results.insert(waiting.entry.index, Err(waiting.skipped(index)));
            false
        }
        None => true,
    });
}

/// The attempt of one item, taken from the attempt of its batch.
fn attempt_of_item(batch: &Attempt, entry: &Entry, progress: &Progress, token: &Bearer) -> Attempt {
    match batch {
        Attempt::Done(Success {
            body: ReceivedBody::Json(response),
            ..
        }) => parse_item(entry, response, &progress.client_request_id, token),
        Attempt::Done(success) => Attempt::Failed(ResponseError::NotGraph {
            status: success.status,
            content_type: None,
            excerpt: String::new(),
        }),
        Attempt::Failed(error) => Attempt::Failed(error.clone()),
        Attempt::Lost(error) => {
            let mut error = error.clone();
            // A success status of the batch is no proof that an item succeeded.
            if error.fate != Fate::NotSent {
                error.fate = Fate::Unknown;
            }
            Attempt::Lost(error)
        }
    }
}

/// Records the result of the whole batch in its span.
fn record(span: &Span, batch: &Attempt, attempts: u32, token: &Bearer) {
    record_batch(span, batch, attempts);
    let request_id = match batch {
        Attempt::Done(success) => success.request_id.as_deref(),
        Attempt::Failed(ResponseError::Service(error)) => error.request_id(),
        Attempt::Failed(_) | Attempt::Lost(_) => None,
    };
    if let Some(mut id) = request_id.map(str::to_owned) {
        token.redactor().text(&mut id);
        span.record("request_id", id);
    }
}

fn log(index: usize, item: &Item<'_>, result: &Result<Completed, Error>) {
    let fields = ResultFields::of(result);
    tracing::debug!(
        index,
        http.request.method = item.request.method().as_str(),
        url.template = %UrlTemplate::of(&item.request),
        http.response.status_code = fields.status,
        http.request.resend_count = fields.resends,
        error.type = fields.error_type.as_deref(),
        request_id = fields.request_id,
        "item of a batch"
    );
    if let Err(error) = result {
        tracing::warn!(index, %error, "item of a batch failed");
    }
}
