use std::time::Duration;

use reqwest::Url;
use reqwest::header::HeaderValue;

use super::token_cache::TokenCache;
use crate::cloud::root::Root;
use crate::response::retry::RetryPolicy;

/// What every call of a client needs.
pub(super) struct Sender {
    pub(super) http: reqwest::Client,
    pub(super) root: Root,
    pub(super) root_url: Url,
    pub(super) tokens: TokenCache,
    pub(super) retry: RetryPolicy,
    pub(super) attempt_timeout: Duration,
    pub(super) token_timeout: Duration,
    pub(super) user_agent: HeaderValue,
    pub(super) log_bodies: bool,
}
