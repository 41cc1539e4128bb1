//! A loopback server that follows a script, with one action per request. It uses plain sockets, because an HTTP library
//! would not misbehave like this.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The server's action for one request.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) enum Play {
    /// Responds with these bytes and keeps the connection.
    Answer(Vec<u8>),
    /// Responds with these bytes, fewer than announced, and closes.
    Half(Vec<u8>),
    /// Closes without a response after reading the whole request.
    Drop,
    /// Waits this long without a response, then closes.
    Hang(Duration),
    /// Responds with these bytes and then one more at a time, at this interval, forever.
    Drip(Vec<u8>, Duration),
}

/// A request received by the server.
#[derive(Clone, Debug)]
#[allow(dead_code, reason = "each test file uses its part")]
pub(crate) struct Seen {
    /// The request line.
    pub(crate) line: String,
    /// The header lines, names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: String,
}

impl Seen {
    /// The value of a header; empty if missing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

/// The server. It stops with the async runtime.
#[derive(Clone)]
pub(crate) struct Loopback {
    /// `http://127.0.0.1:port`
    pub(crate) root: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Loopback {
    /// Starts a server that follows `script`, and responds with 500 to further requests.
    pub(crate) async fn play(script: impl IntoIterator<Item = Play>) -> Self {
        Self::play_at(|_| script.into_iter().collect()).await
    }

    /// Like [`play`](Self::play), for responses that contain the server's root.
    pub(crate) async fn play_at(script: impl FnOnce(&str) -> Vec<Play>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(VecDeque::from(script(&root))));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let server = Self {
            root,
            seen: Arc::clone(&seen),
        };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script), Arc::clone(&seen)));
            }
        });
        server
    }

    /// The requests so far.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// A response with or without a JSON body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Play {
    let mut text = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        text.push_str(&format!("{name}: {value}\r\n"));
    }
    Play::Answer(format!("{text}\r\n{body}").into_bytes())
}

async fn serve(
    mut stream: TcpStream,
    script: Arc<Mutex<VecDeque<Play>>>,
    seen: Arc<Mutex<Vec<Seen>>>,
) {
    while let Some(request) = read_request(&mut stream).await {
        seen.lock().unwrap().push(request);
        let play = script.lock().unwrap().pop_front();
        match play.unwrap_or_else(|| answer(500, &[], "the script is over")) {
            Play::Answer(bytes) => stream.write_all(&bytes).await.unwrap_or_default(),
            Play::Half(bytes) => {
                let _ = stream.write_all(&bytes).await;
                return;
            }
            Play::Drop => return,
            Play::Hang(time) => {
                tokio::time::sleep(time).await;
                return;
            }
            Play::Drip(head, pause) => {
                let mut sent = stream.write_all(&head).await;
                while sent.is_ok() {
                    tokio::time::sleep(pause).await;
                    sent = stream.write_all(b" ").await;
                }
                return;
            }
        }
    }
}

/// `None` if the client closes the connection.
pub(crate) async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let head = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let text = String::from_utf8(bytes.get(..head)?.to_vec()).ok()?;
    let mut lines = text.split("\r\n");
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<(String, String)> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let mut request = Seen {
        line,
        headers,
        body: String::new(),
    };
    let length: usize = request.header("content-length").parse().unwrap_or(0);
    while bytes.len() < head + 4 + length {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    request.body = String::from_utf8(bytes.get(head + 4..)?.to_vec()).ok()?;
    Some(request)
}
