//! Where a request goes: to the service, or to `$batch`, which holds several.

pub(crate) mod batch;
