//! Connections without a request. At the limit of connections the one that has waited longest is
//! closed, so that a client's pool, or a client that connects and sends nothing, keeps nobody out.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// The connections that wait for a request.
#[derive(Debug, Default)]
pub(crate) struct Idle {
    waiting: Mutex<Waiting>,
    /// Notified when a connection begins to wait.
    pub(crate) added: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    next: u64,
    /// In the order in which they began to wait.
    connections: BTreeMap<u64, Arc<Notify>>,
    /// How many were asked to close and are still there.
    closing: usize,
}

impl Idle {
    /// Asks the connection that has waited longest to close, if one waits.
    pub(crate) fn close_oldest(&self) {
        let mut waiting = self.lock();
        if let Some((_, close)) = waiting.connections.pop_first() {
            waiting.closing += 1;
            close.notify_one();
        }
    }

    /// How many connections were asked to close and are still there.
    pub(crate) fn closing(&self) -> usize {
        self.lock().closing
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a connection does, as the accept loop sees it.
#[derive(Debug)]
pub(crate) struct Entry {
    idle: Arc<Idle>,
    /// Notified when the connection is to close.
    pub(crate) close: Arc<Notify>,
    state: Mutex<State>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    /// It waits, under this number; if that is gone, it was asked to close.
    Waits(u64),
    Works,
    /// It works, and was asked to close just before.
    WorksLast,
}

impl Entry {
    /// The entry of a new connection, which waits for its first request.
    pub(crate) fn new(idle: Arc<Idle>) -> Self {
        let entry = Entry {
            idle,
            close: Arc::default(),
            state: Mutex::new(State::Works),
        };
        entry.wait();
        entry
    }

    /// The connection waits for a request from now on.
    pub(crate) fn wait(&self) {
        let mut state = self.state();
        if let State::Works = *state {
            let mut waiting = self.idle.lock();
            let number = waiting.next;
            waiting.next += 1;
            waiting.connections.insert(number, self.close.clone());
            *state = State::Waits(number);
            self.idle.added.notify_one();
        }
    }

    /// The connection has a request.
    pub(crate) fn work(&self) {
        let mut state = self.state();
        if let State::Waits(number) = *state {
            *state = match self.idle.lock().connections.remove(&number) {
                Some(_) => State::Works,
                None => State::WorksLast,
            };
        }
    }

    /// Whether the connection has a request.
    pub(crate) fn works(&self) -> bool {
        !matches!(*self.state(), State::Waits(_))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.work();
        if let State::WorksLast = *self.state() {
            let mut waiting = self.idle.lock();
            waiting.closing = waiting.closing.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_ends_first_and_work_is_not_disturbed() {
        let idle = Arc::new(Idle::default());
        let [first, second, third] = [(); 3].map(|()| Entry::new(idle.clone()));
        first.work();
        assert!(first.works() && !second.works());
        first.wait();
        drop(third);
        let order = || {
            let waiting = idle.lock();
            let entries = waiting.connections.values();
            entries
                .map(|close| Arc::ptr_eq(close, &first.close))
                .collect::<Vec<_>>()
        };
        assert_eq!(order(), [false, true]);
        idle.close_oldest();
        assert_eq!((order(), idle.closing()), (vec![true], 1));
        // A request that came meanwhile is answered, and is the last.
        second.work();
        second.wait();
        assert!(second.works());
        drop(second);
        assert_eq!(idle.closing(), 0);
        idle.close_oldest();
        idle.close_oldest();
        assert_eq!((order(), idle.closing()), (vec![], 1));
        drop(first);
        assert_eq!(idle.closing(), 0);
    }
}
