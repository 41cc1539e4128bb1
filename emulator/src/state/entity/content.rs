//! Media streams and stream properties.

use hyper::body::Bytes;
use hyper::header::HeaderValue;

/// The value of a stream.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    pub(crate) media_type: HeaderValue,
    pub(crate) bytes: Bytes,
}
