//! Sends many concurrent updates through random faults. Acknowledged updates are applied, the fate of all others is reported
//! correctly, and memory does not grow. `docs/performance.md` has the figures of a longer run:
//!
//! ```sh
//! MSGRAPH_SOAK=10000 cargo test --test soak -- --nocapture
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test reports failures by panicking"
)]

mod tenant;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use msgraph_emulator::{Emulator, Fault, Moment, RandomFaults, RetryAfter};
use msgraph_tap::runtime::auth::TokenRequest;
use msgraph_tap::runtime::edm::Untyped;
use msgraph_tap::runtime::request::Batch;
use msgraph_tap::runtime::{
    AccessToken, Client, Cloud, Error, ErrorKind, Fate, Outcome, RetryPolicy,
};
use serde_json::json;
use tenant::{PersonPatch, tenant, update};

/// Total number of updates.
const UPDATES: usize = 1_000;
const AT_A_TIME: usize = 32;
/// People per worker; no two workers share one. The faults include no delay longer than the timeout, because an update that
/// is applied late may undo a later one, which only `If-Match` can prevent.
const PEOPLE: usize = 20;
/// A worker sends a batch of `IN_BATCH` instead of every `BATCH_EVERY`th update.
const BATCH_EVERY: usize = 8;
const IN_BATCH: usize = 5;
const SEED: u64 = 20_261_124;
/// Maximum growth of memory from the first quarter to the end, in bytes.
const GROWTH: u64 = 4 << 20;

fn faults() -> Vec<Fault> {
    let disconnect = |moment| Fault::Disconnect { moment };
    vec![
        Fault::Throttle {
            retry_after: Some(RetryAfter::Seconds(0)),
        },
        Fault::Throttle { retry_after: None },
        Fault::Throttle {
            retry_after: Some(RetryAfter::Seconds(86_400)),
        },
        Fault::Unavailable { retry_after: None },
        Fault::GatewayTimeout { applied: false },
        Fault::GatewayTimeout { applied: true },
        Fault::Delay {
            duration: Duration::from_millis(5),
        },
        disconnect(Moment::WhileReading),
        disconnect(Moment::BeforeApplying),
        disconnect(Moment::AfterApplying),
        Fault::HalfResponse,
        Fault::Page { status: 200 },
        Fault::Page { status: 502 },
        Fault::OversizedError { bytes: 1 << 20 },
        Fault::Redirect {
            status: 308,
            location: "https://elsewhere.example/".to_owned(),
        },
        Fault::ExpiredToken,
        Fault::ClaimsChallenge {
            claims: "{}".to_owned(),
        },
        Fault::Forbidden,
        Fault::EtagConflict,
        Fault::ConcurrencyViolation,
    ]
}

fn client(emulator: &Emulator) -> Client {
    let asked = AtomicU64::new(0);
    let source = move |_: TokenRequest| {
        let number = asked.fetch_add(1, Ordering::Relaxed);
        async move { AccessToken::new(format!("token {number}")) }
    };
    Client::builder(Cloud::Global, source)
        .root(emulator.root().parse().unwrap())
        .retry(RetryPolicy {
            base_delay: Duration::from_millis(2),
            ..RetryPolicy::default()
        })
        .build()
        .unwrap()
}

/// One update of a worker. The new name of the person is its number.
#[derive(Clone, Copy)]
struct Update {
    worker: usize,
    number: usize,
}

impl Update {
    fn person(self) -> String {
        person(self.worker, self.number % PEOPLE)
    }

    /// The last update that was applied to the person.
    fn seen_by_person(self, emulator: &Emulator) -> Option<usize> {
        name(emulator, &self.person()).parse().ok()
    }
}

fn person(worker: usize, number: usize) -> String {
    format!("{worker}-{number}")
}

fn name(emulator: &Emulator, person: &str) -> String {
    let state = emulator.state(&format!("/v1.0/people/{person}")).unwrap();
    state["displayName"].as_str().unwrap().to_owned()
}

/// The result of an update in a word. Panics if the error is undocumented, or contradicts the state.
fn verdict(result: &Result<Outcome<Option<Untyped>>, Error>, applied: bool) -> String {
    let error = match result {
        Ok(_) => {
            assert!(applied, "acknowledged, but not applied");
            return "acknowledged".to_owned();
        }
        Err(error) => error,
    };
    match error.fate() {
        Fate::Applied => assert!(applied, "{error}"),
        Fate::Rejected | Fate::NotSent => assert!(!applied, "{error}"),
        Fate::Unknown => {}
        other => panic!("{other:?}: {error}"),
    }
    match error.kind() {
        ErrorKind::Service => {
            let status = error.status().unwrap_or_default();
            let known = [401, 403, 409, 429, 500, 502, 503, 504];
            assert!(known.contains(&status), "{error}");
            status.to_string()
        }
        ErrorKind::Redirect => "redirect".to_owned(),
        ErrorKind::InvalidResponse => "not Graph".to_owned(),
        ErrorKind::Transport => "no answer".to_owned(),
        other => panic!("{other:?}: {error}"),
    }
}

/// Resident memory of the process in bytes, if the system reports it.
fn memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes << 10)
}

struct Soak {
    emulator: Emulator,
    client: Client,
    /// Updates per worker.
    updates: usize,
    verdicts: Mutex<BTreeMap<String, usize>>,
    attempts: AtomicU64,
    first_quarter: Mutex<Option<u64>>,
}

impl Soak {
    async fn work(&self, worker: usize) {
        let mut acknowledged: BTreeMap<String, usize> = BTreeMap::new();
        let mut number = 0;
        for turn in 1.. {
            let wanted = if turn % BATCH_EVERY == 0 { IN_BATCH } else { 1 };
            let updates: Vec<Update> = (number..(number + wanted).min(self.updates))
                .map(|number| Update { worker, number })
                .collect();
            if updates.is_empty() {
                break;
            }
            number += updates.len();
            if number * 4 > self.updates {
                let mut first_quarter = self.first_quarter.lock().unwrap();
                *first_quarter = first_quarter.or_else(memory);
            }
            let patches: Vec<(String, PersonPatch)> = updates
                .iter()
                .map(|one| (one.person(), PersonPatch::named(one.number.to_string())))
                .collect();
            let mut requests = patches.iter().map(|(id, patch)| update(id, patch));
            let results = match wanted {
                1 => vec![self.client.send(requests.next().unwrap()).await],
                _ => {
                    let batch: Batch<'_> = requests.collect();
                    self.client.send_batch(batch).await.into_rest()
                }
            };
            assert_eq!(results.len(), updates.len());
            for (one, result) in updates.iter().zip(&results) {
                let applied = one.seen_by_person(&self.emulator) == Some(one.number);
                let verdict = verdict(result, applied);
                *self.verdicts.lock().unwrap().entry(verdict).or_default() += 1;
                let attempts = match result {
                    Ok(outcome) => {
                        acknowledged.insert(one.person(), one.number);
                        outcome.attempts
                    }
                    Err(error) => error.call().map_or(0, |call| call.attempts),
                };
                self.attempts.fetch_add(attempts.into(), Ordering::Relaxed);
            }
        }
        for (person, number) in acknowledged {
            let last: usize = name(&self.emulator, &person).parse().unwrap();
            assert!(last >= number, "{person}: {number} was undone by {last}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_acknowledged_is_there_and_what_is_not_says_so() {
    let updates: usize = match std::env::var("MSGRAPH_SOAK") {
        Ok(updates) => updates.parse().unwrap(),
        Err(_) => UPDATES,
    };
    // All workers send the same number.
    let updates = updates.next_multiple_of(AT_A_TIME);
    let mut tenant = tenant().log_limit(64);
    for worker in 0..AT_A_TIME {
        for number in 0..PEOPLE {
            let path = format!("/v1.0/people/{}", person(worker, number));
            tenant = tenant.seed(path, json!({"displayName": "nobody yet"}));
        }
    }
    let emulator = tenant.start().await.unwrap();
    emulator.random_faults(RandomFaults {
        seed: SEED,
        percent: 40,
        faults: faults(),
    });
    let soak = Arc::new(Soak {
        client: client(&emulator),
        emulator,
        updates: updates / AT_A_TIME,
        verdicts: Mutex::default(),
        attempts: AtomicU64::new(0),
        first_quarter: Mutex::new(None),
    });
    let started = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for worker in 0..AT_A_TIME {
        let soak = Arc::clone(&soak);
        workers.spawn(async move { soak.work(worker).await });
    }
    while let Some(ended) = workers.join_next().await {
        ended.unwrap();
    }
    let took = started.elapsed();
    let at_end = memory();

    let verdicts = soak.verdicts.lock().unwrap().clone();
    assert_eq!(verdicts.values().sum::<usize>(), updates);
    // At least half of the updates meet a fault, and many of these succeed all the same.
    assert!(verdicts["acknowledged"] > updates / 2, "{verdicts:?}");
    for kind in ["401", "403", "429", "502", "redirect", "not Graph"] {
        assert!(verdicts.contains_key(kind), "no {kind}: {verdicts:?}");
    }
    let attempts = soak.attempts.load(Ordering::Relaxed);
    println!(
        "{updates} updates, {AT_A_TIME} at a time, in {took:.1?}: {attempts} attempts, {} requests, {} applied; {verdicts:?}",
        soak.emulator.requests_seen(),
        soak.emulator.updates_applied(),
    );
    let before = *soak.first_quarter.lock().unwrap();
    match before.zip(at_end) {
        Some((before, at_end)) => {
            let megabytes = |bytes: u64| bytes >> 20;
            println!(
                "{} MB at the first quarter, {} MB at the end",
                megabytes(before),
                megabytes(at_end)
            );
            assert!(
                at_end < before + GROWTH,
                "memory grew from {before} to {at_end} bytes"
            );
        }
        None => eprintln!(
            "SKIPPED the memory of soak::what_is_acknowledged_is_there_and_what_is_not_says_so: no /proc/self/status"
        ),
    }
}
