//! A directory of users on loopback, which fails where a test asks for it. It counts what it applies, and pages its list.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpSocket, TcpStream};

use crate::loopback::{Play, Seen, answer, read_request};

/// The number of users that the list starts with.
pub(crate) const USERS: usize = 6;
const PAGE: usize = 2;

/// The failure of a request. Unless documented otherwise, the request is not applied.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    Respond(Vec<u8>),
    /// Applies the request, but responds with something else.
    ApplyAndRespond(Vec<u8>),
    /// Closes the connection with a part of the request unread.
    CloseWhileReading,
    /// Closes the connection after reading the request.
    CloseBeforeApplying,
    /// Applies the request, then closes the connection.
    CloseAfterApplying,
    /// Applies the request, and sends a part of the response's head.
    HalfHead,
    /// Applies the request, and sends the head of the response and half of the body.
    HalfBody,
    /// Applies the request after this time, even if the client no longer waits.
    Delay(Duration),
}

/// The directory. It stops with the async runtime.
#[derive(Clone)]
pub(crate) struct Directory {
    address: SocketAddr,
    /// Bound, to reserve the port.
    socket: Arc<Mutex<Option<TcpSocket>>>,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    users: Vec<String>,
    applied: u32,
    sent: u32,
    in_progress: u32,
    fault: Option<Fault>,
    /// How many requests the fault meets.
    times: u32,
    /// The beginning of the request line of those.
    target: &'static str,
}

impl Directory {
    /// Reserves an address, where connections are refused until [`listen`](Self::listen).
    pub(crate) fn reserve() -> Self {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(([127, 0, 0, 1], 0).into()).unwrap();
        Self {
            address: socket.local_addr().unwrap(),
            socket: Arc::new(Mutex::new(Some(socket))),
            state: Arc::default(),
        }
    }

    pub(crate) fn listen(&self) {
        let socket = self.socket.lock().unwrap().take().unwrap();
        let listener = socket.listen(64).unwrap();
        let directory = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let directory = directory.clone();
                tokio::spawn(async move {
                    let mut stream = stream;
                    while directory.serve(&mut stream).await.is_some() {}
                });
            }
        });
    }

    pub(crate) fn root(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Starts again with the first users. The next `times` requests that begin with `target` meet the fault.
    pub(crate) fn reset(&self, target: &'static str, fault: Option<Fault>, times: u32) {
        *self.state() = State {
            users: (1..=USERS).map(|id| id.to_string()).collect(),
            target,
            fault,
            times,
            ..State::default()
        };
    }

    /// Ends the fault.
    pub(crate) fn recover(&self) {
        self.state().times = 0;
    }

    /// How many requests to the target were sent, and how many of all requests were applied, once none is in progress.
    pub(crate) async fn counts(&self) -> (u32, u32) {
        while self.state().in_progress > 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let state = self.state();
        (state.sent, state.applied)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// Serves a request; `None` if the connection is closed.
    async fn serve(&self, stream: &mut TcpStream) -> Option<()> {
        let line = peek_line(stream).await?;
        let fault = self.begin(&line);
        let served = self.serve_with(stream, fault).await;
        self.state().in_progress -= 1;
        served
    }

    /// Counts the request, and returns the fault that it meets.
    fn begin(&self, line: &str) -> Option<Fault> {
        let mut state = self.state();
        state.in_progress += 1;
        if !line.starts_with(state.target) {
            return None;
        }
        state.sent += 1;
        state.times = state.times.checked_sub(1)?;
        state.fault.clone()
    }

    async fn serve_with(&self, stream: &mut TcpStream, fault: Option<Fault>) -> Option<()> {
        if matches!(fault, Some(Fault::CloseWhileReading)) {
            return None;
        }
        let request = read_request(stream).await?;
        let response = match fault {
            Some(Fault::Respond(bytes)) => bytes,
            Some(Fault::CloseBeforeApplying) => return None,
            fault => {
                if let Some(Fault::Delay(duration)) = fault {
                    tokio::time::sleep(duration).await;
                }
                let response = self.apply(&request);
                match fault {
                    Some(Fault::ApplyAndRespond(bytes)) => bytes,
                    Some(Fault::CloseAfterApplying) => return None,
                    Some(Fault::HalfHead) => {
                        stream.write_all(response.get(..20)?).await.ok()?;
                        return None;
                    }
                    Some(Fault::HalfBody) => {
                        let head = response.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
                        let half = (head + response.len()) / 2;
                        stream.write_all(response.get(..half)?).await.ok()?;
                        return None;
                    }
                    _ => response,
                }
            }
        };
        stream.write_all(&response).await.ok()
    }

    fn apply(&self, request: &Seen) -> Vec<u8> {
        let root = self.root();
        let mut state = self.state();
        let (method, rest) = request.line.split_once(' ').unwrap();
        let path = rest.trim_end_matches(" HTTP/1.1");
        match (method, path) {
            ("POST", "/v1.0/users") => {
                let id = format!("new{}", state.users.len());
                state.users.push(id.clone());
                state.applied += 1;
                let location = format!("{root}/v1.0/users/{id}");
                let body = json!({ "id": id, "displayName": "Adele Vance" }).to_string();
                respond(201, &[("location", &location)], &body)
            }
            ("POST", "/v1.0/users/1/revokeSignInSessions") => {
                state.applied += 1;
                respond(200, &[], &json!({ "value": true }).to_string())
            }
            ("DELETE", "/v1.0/users/1") => match state.users.iter().position(|id| id == "1") {
                Some(at) => {
                    state.users.remove(at);
                    state.applied += 1;
                    respond(204, &[], "")
                }
                None => respond(404, &[], r#"{"error":{"code":"Request_ResourceNotFound"}}"#),
            },
            ("GET", list) => {
                let start = list
                    .split_once("$skiptoken=")
                    .map_or("0", |(_, start)| start);
                let start: usize = start.parse().unwrap();
                let page: Vec<_> = state.users.iter().skip(start).take(PAGE).collect();
                let items: Vec<_> = page.iter().map(|id| json!({ "id": id })).collect();
                let mut body = json!({ "value": items });
                if start + PAGE < state.users.len() {
                    let next = start + PAGE;
                    body["@odata.nextLink"] = json!(format!("{root}/v1.0/users?$skiptoken={next}"));
                }
                respond(200, &[], &body.to_string())
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The bytes of a response from Graph.
pub(crate) fn respond(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut all = vec![
        ("request-id", "6f9619ff"),
        ("content-type", "application/json"),
    ];
    all.extend_from_slice(headers);
    foreign(status, &all, body)
}

/// The bytes of a response with only these headers, as from a gateway.
pub(crate) fn foreign(status: u16, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    match answer(status, headers, body) {
        Play::Answer(bytes) => bytes,
        other => panic!("{other:?}"),
    }
}

/// The request line, which stays unread.
async fn peek_line(stream: &TcpStream) -> Option<String> {
    let mut bytes = [0; 256];
    loop {
        let count = stream.peek(&mut bytes).await.ok()?;
        let text = String::from_utf8_lossy(bytes.get(..count)?);
        if let Some((line, _)) = text.split_once("\r\n") {
            return Some(line.to_owned());
        }
        if count == 0 || count == bytes.len() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
