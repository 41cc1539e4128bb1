//! The log of what went over the wire.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::{HeaderMap, header};

use crate::fault::Fault;

/// A request that the emulator received and what it answered.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// let url = format!("{}/v1.0/users/1", emulator.root());
/// reqwest::Client::new().get(url).bearer_auth("any will do").send().await?;
/// let exchange = emulator.log().pop().ok_or("nothing was sent")?;
/// assert_eq!((exchange.method.as_str(), exchange.path.as_str()), ("GET", "/v1.0/users/1"));
/// assert_eq!(exchange.header("authorization"), Some("Bearer ***"));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// `GET`, `PATCH`, ….
    pub method: String,
    /// The path as it was sent, with the API version and percent-encoding.
    pub path: String,
    /// What stood behind the `?`.
    pub query: Option<String>,
    /// Names in lower case and values, in the order of sending. The token is not among them: the
    /// value of `authorization` is `Bearer ***`.
    pub headers: Vec<(String, String)>,
    /// The body; bytes that are not UTF-8 are replaced.
    pub body: String,
    /// The answer; `None` when the connection was closed without one.
    pub answer: Option<ExchangeAnswer>,
    /// The fault that struck it.
    pub fault: Option<Fault>,
}

/// What was answered.
///
/// ```
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = msgraph_emulator::Emulator::builder().metadata_text("v1.0", "one.csdl", r#"<edmx:Edmx Version="4.0"
/// #     xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices><Schema Namespace="microsoft.graph"
/// #     xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="user"><Key><PropertyRef Name="id" /></Key>
/// #     <Property Name="id" Type="Edm.String" Nullable="false" /><Property Name="displayName" Type="Edm.String" /></EntityType>
/// #     <EntityContainer Name="GraphService"><EntitySet Name="users" EntityType="microsoft.graph.user" /></EntityContainer>
/// #     </Schema></edmx:DataServices></edmx:Edmx>"#).seed("/v1.0/users/1", serde_json::json!({})).start().await?;
/// let url = format!("{}/v1.0/users/2", emulator.root());
/// reqwest::Client::new().get(url).bearer_auth("any will do").send().await?;
/// let answer = emulator.log().pop().and_then(|exchange| exchange.answer).ok_or("no answer")?;
/// assert_eq!(answer.status, 404);
/// assert!(answer.body.contains("ResourceNotFound"));
/// # Ok(())
/// # }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExchangeAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Names in lower case and values.
    pub headers: Vec<(String, String)>,
    /// The body; empty when there was none.
    pub body: String,
}

impl Exchange {
    /// The value of a header of the request; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }

    /// What it takes in the log, about: a client chooses the size of each part of a request.
    fn bytes(&self) -> usize {
        let headers = |headers: &[(String, String)]| -> usize {
            let sizes = headers.iter().map(|(name, value)| name.len() + value.len());
            sizes.sum()
        };
        let answer = self
            .answer
            .as_ref()
            .map_or(0, |answer| answer.body.len() + headers(&answer.headers));
        let query = self.query.as_ref().map_or(0, String::len);
        self.path.len() + query + headers(&self.headers) + self.body.len() + answer
    }

    /// The status of the answer, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.answer.as_ref().map(|answer| answer.status)
    }
}

impl ExchangeAnswer {
    /// The value of a header; the name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        value_of(&self.headers, name)
    }
}

fn value_of<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers
        .iter()
        .find(|(header, _)| header == name)
        .map(|(_, value)| value.as_str())
}

impl fmt::Display for Exchange {
    /// Request and answer as they stand on the wire, the token hidden.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        if let Some(query) = &self.query {
            write!(f, "?{query}")?;
        }
        writeln!(f, " HTTP/1.1")?;
        for (name, value) in &self.headers {
            writeln!(f, "{name}: {value}")?;
        }
        if !self.body.is_empty() {
            writeln!(f, "\n{}", self.body)?;
        }
        let Some(answer) = &self.answer else {
            return writeln!(f, "\n(connection closed without an answer)");
        };
        let reason = hyper::StatusCode::from_u16(answer.status)
            .ok()
            .and_then(|status| status.canonical_reason())
            .unwrap_or("");
        writeln!(f, "\nHTTP/1.1 {} {reason}", answer.status)?;
        for (name, value) in &answer.headers {
            writeln!(f, "{name}: {value}")?;
        }
        if !answer.body.is_empty() {
            writeln!(f, "\n{}", answer.body)?;
        }
        Ok(())
    }
}

/// A caller's function that sees each exchange.
#[derive(Clone, Default)]
pub(crate) struct Observer(Option<Arc<Function>>);

type Function = dyn Fn(&Exchange) + Send + Sync;

impl Observer {
    pub(crate) fn new(function: impl Fn(&Exchange) + Send + Sync + 'static) -> Self {
        Observer(Some(Arc::new(function)))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}

/// The latest exchanges, and how many there were.
#[derive(Debug)]
pub(crate) struct Log {
    observer: Observer,
    kept: Mutex<Kept>,
    /// The most that are kept: a long run must not fill the memory.
    limit: usize,
}

/// The most bytes of exchanges that are kept, headers included.
const MAX_BYTES: usize = 64 << 20;

#[derive(Debug, Default)]
struct Kept {
    exchanges: VecDeque<Exchange>,
    /// Of all exchanges together.
    bytes: usize,
    seen: u64,
}

impl Log {
    pub(crate) fn new(limit: usize, observer: Observer) -> Self {
        Log {
            observer,
            kept: Mutex::default(),
            limit,
        }
    }

    pub(crate) fn push(&self, exchange: Exchange) {
        if let Observer(Some(observer)) = &self.observer {
            observer(&exchange);
        }
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.seen += 1;
        kept.bytes += exchange.bytes();
        kept.exchanges.push_back(exchange);
        while kept.exchanges.len() > self.limit || kept.bytes > MAX_BYTES {
            let Some(oldest) = kept.exchanges.pop_front() else {
                break;
            };
            kept.bytes -= oldest.bytes();
        }
    }

    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.exchanges.iter().cloned().collect()
    }

    pub(crate) fn seen(&self) -> u64 {
        self.kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .seen
    }
}

/// Headers for the log, without secrets.
pub(crate) fn shown(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            let text = if *name == header::AUTHORIZATION {
                hidden(value.as_bytes())
            } else {
                String::from_utf8_lossy(value.as_bytes()).into_owned()
            };
            (name.as_str().to_owned(), text)
        })
        .collect()
}

/// The scheme of an `authorization` header; all that is behind it may be secret.
fn hidden(value: &[u8]) -> String {
    match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case(b"bearer ") => "Bearer ***".to_owned(),
        _ => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_is_bounded_in_number_and_size() {
        let exchange = |body: usize| Exchange {
            method: "PATCH".into(),
            path: String::new(),
            query: None,
            headers: Vec::new(),
            body: "x".repeat(body),
            answer: None,
            fault: None,
        };
        let log = Log::new(3, Observer::default());
        for size in 0..5 {
            log.push(exchange(size));
        }
        let kept = |log: &Log| -> Vec<usize> {
            let exchanges = log.exchanges();
            exchanges
                .iter()
                .map(|exchange| exchange.body.len())
                .collect()
        };
        assert_eq!((kept(&log), log.seen()), (vec![2, 3, 4], 5));
        log.push(exchange(MAX_BYTES));
        assert_eq!(kept(&log), [MAX_BYTES]);
        log.push(exchange(1));
        assert_eq!(kept(&log), [1]);
        // Headers, paths and queries are the client's to make large, too.
        let half = "x".repeat(MAX_BYTES / 2 + 1);
        let by_header = || Exchange {
            headers: vec![("x".into(), half.clone())],
            ..exchange(2)
        };
        log.push(by_header());
        log.push(by_header());
        assert_eq!(log.exchanges().len(), 1);
        log.push(Exchange {
            path: half.clone(),
            ..exchange(3)
        });
        assert_eq!(kept(&log), [3]);
        log.push(Exchange {
            query: Some(half.clone()),
            ..exchange(4)
        });
        assert_eq!(kept(&log), [4]);
        log.push(Exchange {
            answer: Some(ExchangeAnswer {
                status: 200,
                headers: vec![("x".into(), half.clone())],
                body: String::new(),
            }),
            ..exchange(5)
        });
        assert_eq!(kept(&log), [5]);
    }

    #[test]
    fn tokens_are_hidden_whatever_their_scheme() {
        assert_eq!(hidden(b"Bearer abc"), "Bearer ***");
        assert_eq!(hidden(b"bearer abc"), "Bearer ***");
        assert_eq!(hidden(b"abc"), "***");
        assert_eq!(hidden(b"Basic abc"), "***");
    }
}
