//! Which request a fault strikes: planned ones, and faults by chance.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use hyper::Method;

use crate::fault::Fault;

impl Fault {
    /// The fault for requests whose path (with the API version, without the query, in either case)
    /// ends like this. Only such a fault reaches a request inside of a `$batch`; what concerns the
    /// connection becomes a 504 there, and a delay is none.
    pub fn on(self, path: impl Into<String>) -> PlannedFault {
        PlannedFault::from(self).on(path)
    }

    /// The fault for requests with this method.
    pub fn with_method(self, method: impl Into<String>) -> PlannedFault {
        PlannedFault::from(self).with_method(method)
    }

    /// The fault for as many requests.
    pub fn times(self, times: u32) -> PlannedFault {
        PlannedFault::from(self).times(times)
    }
}

/// A fault and the requests that it is for: by default the next one, whichever it is.
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

    fn is_for(&self, method: &Method, path: &str, is_batch_item: bool) -> bool {
        let has_path = match &self.path {
            Some(end) => ends_with(path, end),
            None => !is_batch_item,
        };
        let has_method = self
            .method
            .as_ref()
            .is_none_or(|wanted| method.as_str().eq_ignore_ascii_case(wanted));
        self.times > 0 && has_path && has_method
    }
}

fn ends_with(path: &str, end: &str) -> bool {
    let start = path.len().checked_sub(end.len());
    start
        .and_then(|start| path.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(end))
}

/// Faults by chance: the same seed gives the same sequence. Which request of several at one time
/// gets which is decided by the order of their arrival.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// use msgraph_emulator::{Fault, RandomFaults};
///
/// emulator.random_faults(RandomFaults { seed: 7, percent: 25, faults: vec![Fault::HalfAnswer, Fault::ExpiredToken] });
/// emulator.clear_faults();
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RandomFaults {
    /// The seed.
    pub seed: u64,
    /// How many of a hundred requests are struck.
    pub percent: u8,
    /// What they are struck with, each as likely as the others.
    pub faults: Vec<Fault>,
}

/// What is planned.
#[derive(Default)]
pub(crate) struct FaultPlan {
    plan: Mutex<Plan>,
}

#[derive(Default)]
struct Plan {
    planned: VecDeque<PlannedFault>,
    random: Option<(fastrand::Rng, RandomFaults)>,
}

impl fmt::Debug for FaultPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultPlan").finish_non_exhaustive()
    }
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

    /// How many faults are still to come.
    pub(crate) fn pending(&self) -> usize {
        let plan = self.lock();
        plan.planned.iter().map(|fault| fault.times as usize).sum()
    }

    /// The fault for a request: the oldest planned one that is for it, else one by chance.
    pub(crate) fn take(&self, method: &Method, path: &str, is_batch_item: bool) -> Option<Fault> {
        let mut plan = self.lock();
        let found = plan
            .planned
            .iter()
            .position(|fault| fault.is_for(method, path, is_batch_item));
        if let Some(index) = found {
            let planned = plan.planned.get_mut(index)?;
            planned.times -= 1;
            let fault = planned.fault.clone();
            if planned.times == 0 {
                plan.planned.remove(index);
            }
            return Some(fault);
        }
        if is_batch_item {
            return None;
        }
        let (rng, random) = plan.random.as_mut()?;
        (rng.u8(0..100) < random.percent).then_some(())?;
        rng.choice(&random.faults).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
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
                faults: vec![Fault::HalfAnswer, Fault::ConcurrencyViolation],
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
