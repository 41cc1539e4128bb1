use std::time::Duration;

/// When and how often to retry. The defaults suit a person who waits at a terminal.
///
/// ```
/// use std::time::Duration;
/// use msgraph_runtime::RetryPolicy;
///
/// // For a batch job. `..Default::default()` keeps this compiling if fields are added.
/// let patient = RetryPolicy {
///     max_attempts: 8,
///     max_total: Duration::from_secs(900),
///     max_retry_after: Duration::from_secs(300),
///     ..Default::default()
/// };
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct RetryPolicy {
    /// Maximum number of attempts, including the first. Default 4.
    pub max_attempts: u32,
    /// Time limit for a call, including its waits. Default 60 s.
    pub max_total: Duration,
    /// The wait before the second attempt if Graph asks for none. It doubles with each attempt. Default 500 ms.
    pub base_delay: Duration,
    /// Maximum of that wait. Default 8 s.
    pub max_delay: Duration,
    /// Maximum `Retry-After`. If Graph asks for a longer wait, the call fails at once. Default 30 s.
    pub max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            max_total: Duration::from_secs(60),
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(30),
        }
    }
}

impl RetryPolicy {
    /// Makes a single attempt.
    pub fn never() -> Self {
        Self {
            max_attempts: 1,
            ..Self::default()
        }
    }
}
