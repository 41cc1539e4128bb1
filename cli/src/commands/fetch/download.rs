//! Downloads a CSDL file into memory.

use std::error::Error;
use std::io::Read as _;
use std::time::{Duration, Instant, SystemTime};

use flate2::read::MultiGzDecoder;
use msgraph_csdl::source::MAX_BYTES;
use msgraph_runtime::error::{ResponseError, RetryAfter};
use msgraph_runtime::sans_io::{Attempts, http, parse_response};
use msgraph_runtime::{Fate, Outcome, Request, RetryPolicy};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use reqwest::{Response, StatusCode, Url};

use super::Arguments;
use super::progress::Progress;
use crate::support::console::Console;
use crate::support::failure::Failure;
use crate::support::text::one_line;

/// How much of an error response is read.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// Why an attempt failed.
struct AttemptError {
    failure: AttemptFailure,
    message: String,
}

/// Decides whether to retry.
enum AttemptFailure {
    /// A retry is useless.
    Permanent,
    Lost(Fate),
    Response(Box<Result<Outcome<()>, ResponseError>>),
}

impl AttemptError {
    fn permanent(message: String) -> Self {
        AttemptError {
            failure: AttemptFailure::Permanent,
            message,
        }
    }

    /// The wait before the next attempt; `None` if this was the last.
    fn wait(&self, attempts: &mut Attempts) -> Option<Duration> {
        let now = Instant::now();
        match &self.failure {
            AttemptFailure::Permanent => None,
            AttemptFailure::Lost(fate) => attempts.after_loss(*fate, now),
            AttemptFailure::Response(result) => attempts.after(result, now),
        }
    }

    fn connection(error: &reqwest::Error, arguments: &Arguments, received: u64) -> Self {
        let is_timeout = error.is_timeout() && !error.is_connect();
        let mut message = if error.is_connect() {
            if error.url().is_some_and(|url| url.scheme() == "http") {
                "there is no connection; is a server running there?".to_owned()
            } else {
                "there is no connection; check the network, the host name, and the proxy in \
                 `HTTPS_PROXY` if you need one"
                    .to_owned()
            }
        } else if is_timeout {
            let idle = arguments.idle_timeout;
            format!("no data for {idle} s after {received} bytes; `--idle-timeout` waits longer")
        } else {
            format!("the connection was lost after {received} bytes; try again")
        };
        if !is_timeout {
            // The innermost error names the cause.
            let mut cause: &dyn Error = error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            message.push_str(&format!(" ({cause})"));
        }
        AttemptError {
            failure: AttemptFailure::Lost(if error.is_connect() {
                Fate::NotSent
            } else {
                Fate::Unknown
            }),
            message,
        }
    }
}

/// Downloads a CSDL file of at most [`MAX_BYTES`]. Redirects are not followed, because the metadata is
/// compiled and must come from the requested host.
///
/// # Errors
///
/// When all attempts fail.
pub(crate) async fn get(
    url: &Url,
    arguments: &Arguments,
    console: &mut Console,
) -> Result<Vec<u8>, Failure> {
    let failed = |message: &str| Failure::External(format!("cannot fetch `{url}`: {message}"));
    let client = client(url, arguments).map_err(|error| failed(&error.to_string()))?;
    let total = Duration::from_secs(arguments.timeout);
    let policy = RetryPolicy {
        max_attempts: arguments.tries,
        max_total: total,
        ..RetryPolicy::interactive()
    };
    let start = Instant::now();
    let mut attempts = policy.start(&Request::get("", "/", &[]));
    loop {
        let left = total.saturating_sub(start.elapsed());
        let attempt = tokio::time::timeout(left, attempt(&client, url, arguments, console));
        let error = match attempt.await {
            Ok(Ok(bytes)) => return Ok(bytes),
            Ok(Err(error)) => error,
            Err(_) => {
                return Err(failed(&format!(
                    "not complete after {} s; `--timeout` waits longer",
                    arguments.timeout
                )));
            }
        };
        let wait = error.wait(&mut attempts);
        let (message, made) = (error.message, attempts.made());
        match wait {
            Some(wait) => {
                console.note(&format!(
                    "{message}; retrying in {:.1} s (attempt {made} of {})",
                    wait.as_secs_f64(),
                    arguments.tries
                ));
                tokio::time::sleep(wait).await;
            }
            None if made > 1 => {
                return Err(failed(&format!("{message} (after {made} attempts)")));
            }
            None => return Err(failed(&message)),
        }
    }
}

fn client(url: &Url, arguments: &Arguments) -> reqwest::Result<reqwest::Client> {
    // Fails if it is installed already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let mut http = reqwest::Client::builder()
        .user_agent(agent)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(Duration::from_secs(arguments.connect_timeout))
        .read_timeout(Duration::from_secs(arguments.idle_timeout));
    if url.scheme() == "http" {
        // A proxy cannot reach the loopback of this machine.
        http = http.no_proxy();
    }
    http.build()
}

async fn attempt(
    http: &reqwest::Client,
    url: &Url,
    arguments: &Arguments,
    console: &Console,
) -> Result<Vec<u8>, AttemptError> {
    let request = http
        .get(url.clone())
        .header(ACCEPT, "application/xml")
        .header(ACCEPT_ENCODING, "gzip");
    let response = request.send().await;
    let response = response.map_err(|error| AttemptError::connection(&error, arguments, 0))?;
    match response.status() {
        StatusCode::OK => body(response, arguments, console).await,
        _ => Err(error_response(response).await),
    }
}

/// Reads and decompresses the body of a response.
async fn body(
    mut response: Response,
    arguments: &Arguments,
    console: &Console,
) -> Result<Vec<u8>, AttemptError> {
    let header = |name| {
        let value = response.headers().get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
    };
    if let Some(kind) = header(CONTENT_TYPE).filter(|kind| !may_be_xml(kind)) {
        return Err(AttemptError::permanent(format!(
            "the response is `{kind}`, not XML; is it from a proxy, a sign-in page, or a server other \
             than Graph?"
        )));
    }
    let is_compressed = match header(CONTENT_ENCODING).as_deref() {
        None | Some("" | "identity") => false,
        Some("gzip" | "x-gzip") => true,
        Some(other) => {
            return Err(AttemptError::permanent(format!(
                "the response has the encoding `{other}`, not gzip; is it from a proxy?"
            )));
        }
    };
    let length = response.content_length();
    if length.is_some_and(|length| length > MAX_BYTES) {
        return Err(too_large());
    }
    let mut progress = Progress::new(length, console);
    let mut bytes = Vec::new();
    loop {
        let received = bytes.len() as u64;
        if received > MAX_BYTES {
            return Err(too_large());
        }
        progress.show(received);
        let chunk = response.chunk().await;
        match chunk.map_err(|error| AttemptError::connection(&error, arguments, received))? {
            Some(chunk) => bytes.extend_from_slice(&chunk),
            None => break,
        }
    }
    if is_compressed {
        bytes = decompress(&bytes)?;
    }
    if bytes.is_empty() {
        return Err(AttemptError::permanent(
            "the response is empty; is it from a proxy?".to_owned(),
        ));
    }
    Ok(bytes)
}

fn decompress(bytes: &[u8]) -> Result<Vec<u8>, AttemptError> {
    let mut decompressed = Vec::new();
    let decoder = MultiGzDecoder::new(bytes);
    match decoder.take(MAX_BYTES + 1).read_to_end(&mut decompressed) {
        Ok(length) if length as u64 > MAX_BYTES => Err(too_large()),
        Ok(_) => Ok(decompressed),
        Err(error) => Err(AttemptError::permanent(format!(
            "the response is invalid gzip ({error}); is it from a proxy?"
        ))),
    }
}

/// Whether a content type may be that of CSDL. File servers may not know the extension `.csdl`.
fn may_be_xml(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.ends_with("/xml")
        || kind.ends_with("+xml") && kind != "application/xhtml+xml"
        || matches!(kind, "" | "text/plain" | "application/octet-stream")
}

fn too_large() -> AttemptError {
    AttemptError::permanent(format!(
        "the metadata has more than {MAX_BYTES} bytes; that of Graph has about 4 MB"
    ))
}

async fn error_response(mut response: Response) -> AttemptError {
    let status = response.status();
    let text = |value: &reqwest::header::HeaderValue| {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    };
    let location = response.headers().get(LOCATION).map(text);
    let mut body = Vec::new();
    while body.len() < MAX_ERROR_BYTES
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    body.truncate(MAX_ERROR_BYTES);
    let retry_after = RetryAfter::read(response.headers()).map(|at| at.wait(SystemTime::now()));
    let mut whole = http::Response::new(body);
    *whole.status_mut() = status;
    *whole.headers_mut() = response.headers().clone();
    let result = parse_response(&whole);
    let message = if status.is_redirection() {
        let location = one_line(&location.unwrap_or_default());
        format!(
            "the response is {status}, to `{location}`; redirects are not followed. Is it from a proxy \
             or a sign-in page? `--root` names another root"
        )
    } else if status == StatusCode::NOT_FOUND {
        format!("the response is {status}; Graph has the API versions `v1.0` and `beta`")
    } else if status.is_success() {
        format!("the response is {status}, without the whole file; is it from a proxy?")
    } else {
        service_error(status, &result, retry_after)
    };
    AttemptError {
        failure: AttemptFailure::Response(Box::new(result)),
        message,
    }
}

fn service_error(
    status: StatusCode,
    result: &Result<Outcome<()>, ResponseError>,
    retry_after: Option<Duration>,
) -> String {
    // The runtime's whole message has help about tokens, which are not needed here.
    let error = match result {
        Err(ResponseError::Service(error)) if !error.code().is_empty() => {
            let (code, message) = (one_line(error.code()), one_line(error.message()));
            format!(", {code}: {message}")
        }
        _ => String::new(),
    };
    let wait = retry_after.map(|wait| format!("; `Retry-After` is {} s", wait.as_secs()));
    let wait = wait.unwrap_or_default();
    let help = if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        "try again later"
    } else {
        "metadata needs no token: is this response from Graph, or from a proxy?"
    };
    format!("the response is {status}{error}{wait}; {help}")
}
