/// What failed. [`Error`](crate::Error) has the details.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client cannot be built: see [`setup_error`](crate::Error::setup_error).
    Setup,
    /// The request is invalid, and was not sent: see [`request_error`](crate::Error::request_error).
    Request,
    /// The token source did not provide a token: see [`token_error`](crate::Error::token_error).
    Token,
    /// There is no complete response: no connection, the connection was lost, or a time limit was exceeded.
    Transport,
    /// The response exceeds 16 MiB, its JSON values would take more than 128 MiB of memory, or content exceeds the
    /// [`content_limit`](crate::ClientBuilder::content_limit).
    TooLarge,
    /// Graph rejected the request, or failed: see [`service`](crate::Error::service).
    Service,
    /// The response is a redirect that is not followed: see [`response_error`](crate::Error::response_error).
    Redirect,
    /// The response is not Graph's response to this request: it comes from a captive portal or a proxy, belongs to another
    /// request, or is a batch response without this item. See [`response_error`](crate::Error::response_error).
    InvalidResponse,
    /// The batch item depends on another one, which failed: see [`failed_dependency`](crate::Error::failed_dependency).
    Dependency,
}
