//! A document over HTTP, into memory, whole or not at all.

use std::error::Error;
use std::io::{self, Write};
use std::time::{Duration, Instant, SystemTime};

use flate2::write::MultiGzDecoder;
use msgraph_csdl::source::MAX_BYTES;
use msgraph_runtime::{
    FailedAttempt, NextStep, ResponseError, RetryAfter, RetryPolicy, next_step, parse_response,
};
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use reqwest::{Response, StatusCode, Url};

use super::progress::bar;
use crate::support::console::Console;
use crate::support::failure::Failure;
use crate::support::text::folded;

/// How much of an answer that is an error is read.
const MAX_ERROR_BYTES: usize = 64 << 10;

/// How long to wait, and how often to try.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a connection.
    pub(crate) connect: Duration,
    /// For the next bytes.
    pub(crate) idle: Duration,
    /// For everything, waits between tries included.
    pub(crate) total: Duration,
    /// At most.
    pub(crate) tries: u32,
}

/// Why one try gave nothing.
struct Failed {
    /// What the retry rule is asked; nothing where the next try would give the same.
    failure: Option<msgraph_runtime::Failure<'static>>,
    retry_after: Option<Duration>,
    message: String,
}

impl Failed {
    /// Trying again would give the same.
    fn for_good(message: String) -> Self {
        Failed {
            failure: None,
            retry_after: None,
            message,
        }
    }

    fn lost(error: &reqwest::Error, patience: &Patience, received: u64) -> Self {
        let (failure, mut message) = if error.is_connect() {
            // No proxy is asked for the loopback.
            let what = if error.url().is_some_and(|url| url.scheme() == "http") {
                "there is no connection; does a server listen there?"
            } else {
                "there is no connection; check the network, the name of the host and, where one is \
                 needed, the proxy in `HTTPS_PROXY`"
            };
            (msgraph_runtime::Failure::NotSent, what.to_owned())
        } else if error.is_timeout() {
            let idle = patience.idle.as_secs();
            let what = format!(
                "nothing came for {idle} s after {received} bytes; `--idle-timeout` waits longer"
            );
            (msgraph_runtime::Failure::FateUnknown, what)
        } else {
            let what = format!("the connection was lost after {received} bytes; try again");
            (msgraph_runtime::Failure::FateUnknown, what)
        };
        // reqwest says only what it did; what went wrong is at the end of its chain.
        let mut deepest: &dyn Error = error;
        while let Some(next) = deepest.source() {
            deepest = next;
        }
        if !error.is_timeout() || error.is_connect() {
            message.push_str(&format!(" ({deepest})"));
        }
        Failed {
            failure: Some(failure),
            retry_after: None,
            message,
        }
    }
}

/// Gets a document. Redirects are not followed: what is compiled comes from where it was asked for.
///
/// # Errors
///
/// When it cannot be had whole, in time, and within [`MAX_BYTES`]: one line that says what to do.
pub(crate) async fn get(
    url: &Url,
    patience: &Patience,
    console: &mut Console,
) -> Result<Vec<u8>, Failure> {
    let failed = |message: &str| Failure::Outside(format!("cannot fetch `{url}`: {message}"));
    let http = client(url, patience).map_err(|error| failed(&error.to_string()))?;
    let policy = RetryPolicy {
        max_attempts: patience.tries,
        max_total: patience.total,
        ..RetryPolicy::default()
    };
    let start = Instant::now();
    let mut tries = 0;
    loop {
        tries += 1;
        let left = patience.total.saturating_sub(start.elapsed());
        let Ok(tried) = tokio::time::timeout(left, try_once(&http, url, patience, console)).await
        else {
            let total = patience.total.as_secs();
            return Err(failed(&format!(
                "it is not done after {total} s; `--timeout` waits longer"
            )));
        };
        let tried = match tried {
            Ok(bytes) => return Ok(bytes),
            Err(tried) => tried,
        };
        let next = tried.failure.map(|failure| {
            let failed = FailedAttempt {
                failure,
                retry_after: tried.retry_after,
                attempts: tries,
                elapsed: start.elapsed(),
                idempotent: true,
                // One person at a terminal meets nobody.
                jitter: 0.0,
            };
            next_step(&policy, &failed)
        });
        match next {
            Some(NextStep::RetryAfter(wait)) => {
                console.note(&format!(
                    "{}; again in {:.1} s ({tries} of {} tries)",
                    tried.message,
                    wait.as_secs_f64(),
                    patience.tries
                ));
                tokio::time::sleep(wait).await;
            }
            _ if tries > 1 => {
                return Err(failed(&format!("{} (after {tries} tries)", tried.message)));
            }
            _ => return Err(failed(&tried.message)),
        }
    }
}

fn client(url: &Url, patience: &Patience) -> reqwest::Result<reqwest::Client> {
    let mut http = reqwest::Client::builder()
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION")
        ))
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .connect_timeout(patience.connect)
        .read_timeout(patience.idle);
    if url.scheme() == "http" {
        // A proxy that the environment names does not know this machine's loopback.
        http = http.no_proxy();
    }
    http.build()
}

async fn try_once(
    http: &reqwest::Client,
    url: &Url,
    patience: &Patience,
    console: &Console,
) -> Result<Vec<u8>, Failed> {
    let request = http
        .get(url.clone())
        .header(ACCEPT, "application/xml")
        .header(ACCEPT_ENCODING, "gzip");
    let response = request
        .send()
        .await
        .map_err(|error| Failed::lost(&error, patience, 0))?;
    match response.status() {
        StatusCode::OK => body(response, patience, console).await,
        _ => Err(refused(response).await),
    }
}

/// The body of an answer, unpacked.
async fn body(
    mut response: Response,
    patience: &Patience,
    console: &Console,
) -> Result<Vec<u8>, Failed> {
    let header = |name| {
        let value = response.headers().get(name);
        value.map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
    };
    if let Some(kind) = header(CONTENT_TYPE).filter(|kind| !is_xml(kind)) {
        return Err(Failed::for_good(format!(
            "the answer is `{kind}`, not XML; is a proxy or a sign-in page in the way, or is the \
             root not that of a Graph?"
        )));
    }
    let mut unpacked = match header(CONTENT_ENCODING).as_deref() {
        None | Some("" | "identity") => Unpacked::Plain(Bounded::default()),
        Some("gzip" | "x-gzip") => {
            Unpacked::Gzip(Box::new(MultiGzDecoder::new(Bounded::default())))
        }
        Some(other) => {
            return Err(Failed::for_good(format!(
                "the answer is packed with `{other}`, and gzip was asked for; is a proxy in the way?"
            )));
        }
    };
    let length = response.content_length();
    if length.is_some_and(|length| length > MAX_BYTES) {
        return Err(Failed::for_good(too_large()));
    }
    let bar = bar(length, console);
    let mut received = 0;
    loop {
        let chunk = response
            .chunk()
            .await
            .map_err(|error| Failed::lost(&error, patience, received))?;
        let Some(chunk) = chunk else { break };
        received += chunk.len() as u64;
        bar.set_position(received);
        unpacked.write_all(&chunk).map_err(|error| wrong(&error))?;
    }
    let bytes = unpacked.finish().map_err(|error| wrong(&error))?;
    if bytes.is_empty() {
        return Err(Failed::for_good(
            "the answer is empty; is a proxy in the way?".to_owned(),
        ));
    }
    Ok(bytes)
}

/// Whether a content type may be that of CSDL.
fn is_xml(kind: &str) -> bool {
    let kind = kind.split(';').next().unwrap_or_default().trim();
    // A server of files may not know the ending `.csdl`.
    kind.ends_with("/xml")
        || kind.ends_with("+xml") && kind != "application/xhtml+xml"
        || matches!(kind, "" | "text/plain" | "application/octet-stream")
}

fn too_large() -> String {
    format!(
        "the document has more than the {MAX_BYTES} bytes that are read; Graph's whole metadata \
         has about 4 MB"
    )
}

fn wrong(error: &io::Error) -> Failed {
    Failed::for_good(if error.kind() == io::ErrorKind::FileTooLarge {
        too_large()
    } else {
        format!(
            "the answer says that it is packed with gzip, but it cannot be unpacked ({error}); \
                 is a proxy in the way?"
        )
    })
}

/// An answer that is not the document.
async fn refused(mut response: Response) -> Failed {
    let status = response.status();
    let headers: Vec<(String, String)> = response
        .headers()
        .iter()
        .map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.as_str().to_owned(), value.into_owned())
        })
        .collect();
    let location = response.headers().get(LOCATION);
    let location = location.map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
    let mut body = Vec::new();
    // What cannot be read of an error is not missed.
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() > MAX_ERROR_BYTES {
            body.truncate(MAX_ERROR_BYTES);
            break;
        }
    }
    let retry_after =
        RetryAfter::read(headers.as_slice()).map(|retry_after| retry_after.wait(SystemTime::now()));
    let message = if status.is_redirection() {
        let to = location.map_or_else(|| "nowhere".to_owned(), |to| folded(&to));
        format!(
            "the answer is {status}, to `{to}`, and redirects are not followed; is a proxy or a \
             sign-in page in the way? `--root` names another root"
        )
    } else if status == StatusCode::NOT_FOUND {
        format!("the answer is {status}; Graph has the API versions `v1.0` and `beta`")
    } else if status.is_success() {
        format!("the answer is {status}, without the whole document; is a proxy in the way?")
    } else {
        explained(status, &headers, &body, retry_after)
    };
    Failed {
        failure: Some(msgraph_runtime::Failure::Response {
            status: status.as_u16(),
            code: "",
        }),
        retry_after,
        message,
    }
}

/// An answer that is an error of the service.
fn explained(
    status: StatusCode,
    headers: &[(String, String)],
    body: &[u8],
    retry_after: Option<Duration>,
) -> String {
    // Not the whole of the error's text, which gives advice about tokens.
    let said = match parse_response(status.as_u16(), headers, body) {
        Err(ResponseError::Service(error)) if !error.code().is_empty() => {
            format!(
                "{status}, {}: {}",
                folded(error.code()),
                folded(error.message())
            )
        }
        _ => status.to_string(),
    };
    let wait = match retry_after {
        Some(wait) => format!("; it asks to wait {} s", wait.as_secs()),
        None => String::new(),
    };
    let hint = if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
        "try again later"
    } else {
        "metadata needs no token: is this the root of a Graph, and no proxy in the way?"
    };
    format!("the answer is {said}{wait}; {hint}")
}

/// Memory for one document.
#[derive(Default)]
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if (self.0.len() + bytes.len()) as u64 > MAX_BYTES {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Unpacks as the bytes come, so that little that becomes much is stopped in time.
enum Unpacked {
    Plain(Bounded),
    Gzip(Box<MultiGzDecoder<Bounded>>),
}

impl Unpacked {
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Unpacked::Plain(to) => to.write_all(bytes),
            Unpacked::Gzip(to) => to.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Unpacked::Plain(to) => Ok(to.0),
            Unpacked::Gzip(to) => Ok(to.finish()?.0),
        }
    }
}
