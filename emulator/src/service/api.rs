//! One API version: its metadata and its state.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::model::Model;
use crate::state::Tenant;

/// One API version.
pub(crate) struct Api {
    pub(super) model: Model,
    pub(super) tenant: Mutex<Tenant>,
}

impl Api {
    pub(super) fn lock(&self) -> MutexGuard<'_, Tenant> {
        // A panic never leaves the state half changed, so a poisoned lock is fine.
        self.tenant.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
