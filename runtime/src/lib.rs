//! msgraph-runtime.
