//! The log of exchanges.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::http::exchange::Exchange;

/// A caller's function that receives each exchange.
#[derive(Clone)]
pub(crate) struct Observer(Arc<dyn Fn(&Exchange) + Send + Sync>);

impl Observer {
    pub(crate) fn new(function: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        Observer(Arc::new(function))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}

/// The latest exchanges and the number of all.
pub(crate) struct Log {
    observer: Option<Observer>,
    entries: Mutex<Entries>,
    max_entries: usize,
}

const MAX_BYTES: usize = 64 << 20;

#[derive(Default)]
struct Entries {
    exchanges: VecDeque<Exchange>,
    bytes: usize,
    seen: u64,
}

impl Log {
    pub(crate) fn new(max_entries: usize, observer: Option<Observer>) -> Self {
        Log {
            observer,
            entries: Mutex::default(),
            max_entries,
        }
    }

    pub(super) fn push(&self, exchange: Exchange) {
        if let Some(Observer(observer)) = &self.observer {
            observer(&exchange);
        }
        let mut entries = self.lock();
        entries.seen += 1;
        entries.bytes += exchange.bytes();
        entries.exchanges.push_back(exchange);
        while entries.exchanges.len() > self.max_entries || entries.bytes > MAX_BYTES {
            let Some(oldest) = entries.exchanges.pop_front() else {
                break;
            };
            entries.bytes -= oldest.bytes();
        }
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.lock().exchanges.iter().cloned().collect()
    }

    pub(crate) fn seen(&self) -> u64 {
        self.lock().seen
    }

    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::exchange::ExchangeResponse;

    #[test]
    fn the_log_is_bounded_in_number_and_size() {
        let exchange = |body: usize| Exchange {
            method: "PATCH".into(),
            path: String::new(),
            query: None,
            headers: Vec::new(),
            body: "x".repeat(body),
            response: None,
            note: None,
            fault: None,
            items: Vec::new(),
        };
        let log = Log::new(3, None);
        for size in 0..5 {
            log.push(exchange(size));
        }
        let kept = |log: &Log| -> Vec<usize> {
            let exchanges = log.exchanges();
            exchanges
                .iter()
                .map(|exchange| exchange.body.len())
                .collect()
        };
        assert_eq!((kept(&log), log.seen()), (vec![2, 3, 4], 5));
        log.push(exchange(MAX_BYTES));
        assert_eq!(kept(&log), [MAX_BYTES]);
        log.push(exchange(1));
        assert_eq!(kept(&log), [1]);
        // The client also chooses the size of headers, path and query.
        let half = "x".repeat(MAX_BYTES / 2 + 1);
        let by_header = || Exchange {
            headers: vec![("x".into(), half.clone())],
            ..exchange(2)
        };
        log.push(by_header());
        log.push(by_header());
        assert_eq!(log.exchanges().len(), 1);
        log.push(Exchange {
            path: half.clone(),
            ..exchange(3)
        });
        assert_eq!(kept(&log), [3]);
        log.push(Exchange {
            query: Some(half.clone()),
            ..exchange(4)
        });
        assert_eq!(kept(&log), [4]);
        log.push(Exchange {
            response: Some(ExchangeResponse {
                status: 200,
                headers: vec![("x".into(), half.clone())],
                body: String::new(),
            }),
            ..exchange(5)
        });
        assert_eq!(kept(&log), [5]);
    }
}
