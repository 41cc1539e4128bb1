use std::fmt;
use std::time::Duration;

/// When and how often to retry.
///
/// The default suits most programs: it waits as long as Graph asks, which may be minutes. For a person who waits for
/// the result, use [`interactive`](Self::interactive); for a job without a deadline, [`patient`](Self::patient).
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::RetryPolicy;
///
/// // `..` keeps this compiling if fields are added.
/// let until_the_next_run = RetryPolicy {
///     max_total: Duration::from_secs(4 * 60),
///     ..RetryPolicy::patient()
/// };
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// Maximum number of attempts, including the first. Default 4.
    pub max_attempts: u32,
    /// Time limit for a call, including its waits. Default 10 minutes.
    pub max_total: Duration,
    /// The wait before the second attempt if Graph asks for none. It doubles with each attempt. Default 500 ms.
    pub base_delay: Duration,
    /// Maximum of that wait. Default 8 s.
    pub max_delay: Duration,
    /// Maximum `Retry-After`. If Graph asks for a longer wait, the call fails at once. Default 6 minutes.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            // One longest wait with its tenth, and four attempts of 30 s.
            max_total: Duration::from_secs(600),
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            // The windows of Graph's limits are up to 5 minutes long, and waits of up to 315 s are reported.
            max_retry_after: Duration::from_secs(360),
        }
    }
}

impl RetryPolicy {
    /// For a person who waits for the result: at most 60 s for a call, and 30 s for a `Retry-After`. A call that is
    /// throttled for longer fails at once, and the error contains the wait that Graph asks for.
    pub fn interactive() -> Self {
        Self {
            max_total: Duration::from_secs(60),
            max_retry_after: Duration::from_secs(30),
            ..Self::default()
        }
    }

    /// For a job: 10 attempts within one hour, its own waits up to 60 s, and a `Retry-After` up to 15 minutes. It outlasts
    /// an outage of about three minutes, and several throttled windows.
    pub fn patient() -> Self {
        Self {
            max_attempts: 10,
            max_total: Duration::from_secs(3600),
            max_delay: Duration::from_secs(60),
            max_retry_after: Duration::from_secs(900),
            ..Self::default()
        }
    }

    /// Makes a single attempt.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }
}

/// The limit of a [`RetryPolicy`] that ended a call.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RetryLimit {
    /// [`RetryPolicy::max_attempts`] is reached.
    Attempts {
        /// The limit.
        max: u32,
    },
    /// The next attempt would begin after [`RetryPolicy::max_total`].
    Total {
        /// The limit.
        max: Duration,
    },
    /// Graph asks for a longer wait than [`RetryPolicy::max_retry_after`].
    RetryAfter {
        /// The wait that Graph asks for.
        asked: Duration,
        /// The limit.
        max: Duration,
    },
}

impl fmt::Display for RetryLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attempts { max } => write!(f, "`max_attempts` is {max}"),
            Self::Total { max } => write!(
                f,
                "the next attempt would begin after `max_total`, which is {max:?}"
            ),
            Self::RetryAfter { asked, max } => write!(
                f,
                "Graph asks to wait {asked:?}, but `max_retry_after` is {max:?}"
            ),
        }
    }
}
