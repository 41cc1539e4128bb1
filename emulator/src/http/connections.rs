//! The limit on connections. At the limit, the connection that has been idle longest is closed, so
//! that idle clients do not block others.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

const MAX_CONNECTIONS: usize = 512;

/// The open connections.
#[derive(Debug)]
pub(super) struct Connections {
    slots: Arc<Semaphore>,
    /// Those without a request, the one idle longest first.
    idle: Mutex<VecDeque<Arc<Connection>>>,
    became_idle: Notify,
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// `None` once the connection was asked to close.
    slot: Mutex<Option<OwnedSemaphorePermit>>,
    /// Notified when the connection is to close.
    pub(super) close: Notify,
    is_busy: AtomicBool,
}

impl Connections {
    pub(super) fn new() -> Self {
        Connections {
            slots: Arc::new(Semaphore::new(MAX_CONNECTIONS)),
            idle: Mutex::default(),
            became_idle: Notify::new(),
        }
    }

    /// Waits until another connection is allowed, closing an idle one if necessary.
    pub(super) async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            if let Ok(slot) = self.slots.clone().try_acquire_owned() {
                return Some(slot);
            }
            if !self.close_longest_idle() {
                tokio::select! {
                    slot = self.slots.clone().acquire_owned() => return slot.ok(),
                    () = self.became_idle.notified() => {}
                }
            }
        }
    }

    /// Adds a connection, which is idle until its first request.
    pub(super) fn add(&self, slot: OwnedSemaphorePermit) -> Arc<Connection> {
        let connection = Arc::new(Connection {
            slot: Mutex::new(Some(slot)),
            close: Notify::new(),
            is_busy: AtomicBool::new(false),
        });
        self.set_idle(&connection);
        connection
    }

    pub(super) fn set_idle(&self, connection: &Arc<Connection>) {
        if connection.lock().is_some() {
            connection.is_busy.store(false, Ordering::Relaxed);
            self.lock().push_back(connection.clone());
            self.became_idle.notify_one();
        }
    }

    /// Protects a connection from being closed to make room.
    pub(super) fn set_busy(&self, connection: &Arc<Connection>) {
        connection.is_busy.store(true, Ordering::Relaxed);
        self.remove(connection);
    }

    pub(super) fn remove(&self, connection: &Arc<Connection>) {
        self.lock().retain(|other| !Arc::ptr_eq(other, connection));
    }

    fn close_longest_idle(&self) -> bool {
        let Some(connection) = self.lock().pop_front() else {
            return false;
        };
        connection.lock().take();
        connection.close.notify_one();
        true
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Connection>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    pub(super) fn is_busy(&self) -> bool {
        self.is_busy.load(Ordering::Relaxed)
    }

    fn lock(&self) -> MutexGuard<'_, Option<OwnedSemaphorePermit>> {
        self.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_longest_idle_connection_is_closed_and_a_busy_one_is_not() {
        let connections = Connections::new();
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(connections.add(connections.slot().await.unwrap()));
        }
        connections.set_busy(&all[0]);
        assert!(all[0].is_busy() && !all[1].is_busy());
        connections.set_idle(&all[0]);
        connections.set_busy(&all[2]);
        assert!(connections.close_longest_idle());
        let is_closed = |number: usize| all[number].lock().is_none();
        assert!(!is_closed(0) && is_closed(1) && !is_closed(2));
        // A request that arrived meanwhile gets a response, and is the last.
        connections.set_busy(&all[1]);
        connections.set_idle(&all[1]);
        assert!(all[1].is_busy());
        assert!(connections.close_longest_idle());
        assert!(!connections.close_longest_idle());
        assert!(is_closed(0) && !is_closed(2));
    }
}
