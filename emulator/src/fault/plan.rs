//! The requests that faults apply to: planned ones, and random ones.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use hyper::Method;

use crate::fault::Fault;

impl Fault {
    /// Applies the fault only to requests whose path (with the API version, without the query, in
    /// any case) ends with `path`.
    ///
    /// Only such a fault applies to a request in a `$batch`. There, a fault of the connection becomes
    /// a 504, and a delay has no effect.
    pub fn on(self, path: impl Into<String>) -> PlannedFault {
        PlannedFault::from(self).on(path)
    }

    /// Applies the fault only to requests with this method.
    pub fn with_method(self, method: impl Into<String>) -> PlannedFault {
        PlannedFault::from(self).with_method(method)
    }

    /// Applies the fault to this number of requests.
    pub fn times(self, times: u32) -> PlannedFault {
        PlannedFault::from(self).times(times)
    }
}

/// A fault and the requests that it applies to: by default the next one.
///
/// ```
/// use msgraph_emulator::{Fault, PlannedFault};
///
/// let planned: PlannedFault = Fault::ConcurrencyViolation.on("/users/1").with_method("PATCH").times(3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedFault {
    fault: Fault,
    path: Option<String>,
    method: Option<String>,
    times: u32,
}

impl From<Fault> for PlannedFault {
    fn from(fault: Fault) -> Self {
        PlannedFault {
            fault,
            path: None,
            method: None,
            times: 1,
        }
    }
}

impl PlannedFault {
    /// See [`Fault::on`].
    pub fn on(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// See [`Fault::with_method`].
    pub fn with_method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// See [`Fault::times`].
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn applies_to(&self, method: &Method, path: &str, is_batch_item: bool) -> bool {
        let has_path = match &self.path {
            Some(end) => {
                let start = path.len().checked_sub(end.len());
                let tail = start.and_then(|start| path.get(start..));
                tail.is_some_and(|tail| tail.eq_ignore_ascii_case(end))
            }
            None => !is_batch_item,
        };
        let wanted = self.method.as_ref();
        let has_method = wanted.is_none_or(|wanted| method.as_str().eq_ignore_ascii_case(wanted));
        self.times > 0 && has_path && has_method
    }
}

/// Random faults. The same seed gives the same sequence; concurrent requests get its elements in the
/// order of their arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomFaults {
    /// The seed.
    pub seed: u64,
    /// The percentage of requests that a fault is applied to.
    pub percent: u8,
    /// The faults, each equally likely.
    pub faults: Vec<Fault>,
}

/// The planned and random faults of an emulator.
#[derive(Default)]
pub(crate) struct FaultPlan(Mutex<Plan>);

#[derive(Default)]
struct Plan {
    planned: VecDeque<PlannedFault>,
    random: Option<(fastrand::Rng, RandomFaults)>,
}

impl FaultPlan {
    pub(crate) fn add(&self, fault: PlannedFault) {
        self.lock().planned.push_back(fault);
    }

    pub(crate) fn set_random(&self, random: RandomFaults) {
        self.lock().random = Some((fastrand::Rng::with_seed(random.seed), random));
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Plan::default();
    }

    /// The number of requests that planned faults are still to be applied to.
    pub(crate) fn pending(&self) -> usize {
        let plan = self.lock();
        plan.planned.iter().map(|fault| fault.times as usize).sum()
    }

    /// Takes the fault for a request: the oldest planned one that applies, or else a random one.
    pub(crate) fn take(&self, method: &Method, path: &str, is_batch_item: bool) -> Option<Fault> {
        let mut plan = self.lock();
        let mut planned = plan.planned.iter();
        if let Some(index) = planned.position(|fault| fault.applies_to(method, path, is_batch_item))
        {
            let planned = plan.planned.get_mut(index)?;
            planned.times -= 1;
            return match planned.times {
                0 => plan.planned.remove(index).map(|planned| planned.fault),
                _ => Some(planned.fault.clone()),
            };
        }
        if is_batch_item {
            return None;
        }
        let (rng, random) = plan.random.as_mut()?;
        (rng.u8(0..100) < random.percent).then_some(())?;
        rng.choice(&random.faults).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Plan> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_is_followed_in_order_and_by_request() {
        let plan = FaultPlan::default();
        plan.add(Fault::ConcurrencyViolation.on("/users/1").times(2));
        plan.add(Fault::EtagConflict.with_method("get"));
        let take = |method: Method, path: &str| plan.take(&method, path, false);
        assert_eq!(take(Method::PATCH, "/v1.0/users/2"), None);
        assert_eq!(
            take(Method::GET, "/v1.0/users/2"),
            Some(Fault::EtagConflict)
        );
        assert_eq!(take(Method::GET, "/v1.0/users/2"), None);
        assert_eq!(
            take(Method::GET, "/v1.0/Users/1"),
            Some(Fault::ConcurrencyViolation)
        );
        assert_eq!(plan.pending(), 1);
        assert_eq!(
            plan.take(&Method::PATCH, "/v1.0/users/1", true),
            Some(Fault::ConcurrencyViolation)
        );
        assert_eq!(plan.pending(), 0);
        plan.add(Fault::EtagConflict.into());
        assert_eq!(plan.take(&Method::GET, "/v1.0/users/1", true), None);
    }

    #[test]
    fn one_seed_gives_one_sequence() {
        let sequence = |seed| {
            let plan = FaultPlan::default();
            plan.set_random(RandomFaults {
                seed,
                percent: 30,
                faults: vec![Fault::HalfResponse, Fault::ConcurrencyViolation],
            });
            (0..1000)
                .map(|_| plan.take(&Method::PATCH, "/", false))
                .collect::<Vec<_>>()
        };
        assert_eq!(sequence(7), sequence(7));
        assert_ne!(sequence(7), sequence(8));
        let struck = sequence(7).iter().flatten().count();
        assert!((250..350).contains(&struck), "{struck}");
    }
}
