//! What the client costs beside `reqwest` by hand: `serve` answers 204 to everything, `runtime` and `by-hand` send it the
//! same update over and over. Pin both ends to one core and take turns:
//!
//! ```text
//! taskset -c 0 target/release/examples/update_overhead serve 4600 &
//! for round in 1 2 3 4 5; do for way in runtime by-hand; do
//!   bash -c "time taskset -c 0 target/release/examples/update_overhead $way 4600 20000"
//! done; done
//! ```
//!
//! and compare user + system time.

use std::error::Error;

use msgraph_runtime::{
    Client, Cloud, FieldVisitor, Nullable, Request, Secret, Structured, VisitResult,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TYPE: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
const PATH: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";

#[derive(Debug, Default)]
struct TapPatch {
    default_length: Option<Nullable<i32>>,
    is_usable_once: Option<Nullable<bool>>,
}
impl Structured for TapPatch {
    fn type_name(&self) -> &'static str {
        "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
    }
    fn odata_type(&self) -> Option<&'static str> {
        Some(TYPE)
    }
    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        visitor.fields(&[
            ("defaultLength", &self.default_length),
            ("isUsableOnce", &self.is_usable_once),
        ])
    }
}

#[derive(serde::Serialize)]
struct ByHand {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    #[serde(rename = "defaultLength", skip_serializing_if = "Option::is_none")]
    default_length: Option<Option<i32>>,
    #[serde(rename = "isUsableOnce", skip_serializing_if = "Option::is_none")]
    is_usable_once: Option<Option<bool>>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve", port] => serve(port.parse()?).await,
        ["runtime", port, count] => through_the_runtime(port, count.parse()?).await,
        ["by-hand", port, count] => by_hand(port, count.parse()?).await,
        _ => Err(
            "usage: update_overhead serve PORT | runtime PORT COUNT | by-hand PORT COUNT".into(),
        ),
    }
}

async fn through_the_runtime(port: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let root = format!("http://127.0.0.1:{port}").parse()?;
    let client = Client::builder(Cloud::Global, Secret::new("a-token"))
        .root(root)
        .build()?;
    let patch = TapPatch {
        is_usable_once: Some(true.into()),
        ..TapPatch::default()
    };
    for _ in 0..count {
        let outcome = client
            .send(Request::patch("v1.0", PATH, &[], &patch))
            .await?;
        assert_eq!(outcome.status, 204);
    }
    Ok(())
}

/// What a careful hand would write: no redirects, a fresh id, the body of an error read.
async fn by_hand(port: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()?;
    let url = format!("http://127.0.0.1:{port}/v1.0{PATH}");
    let patch = ByHand {
        odata_type: TYPE,
        default_length: None,
        is_usable_once: Some(Some(true)),
    };
    for _ in 0..count {
        let answer = http
            .patch(&url)
            .timeout(std::time::Duration::from_secs(30))
            .bearer_auth("a-token")
            .header("accept", "application/json")
            .header("content-type", "application/json")
            .header("client-request-id", uuid_text())
            .header("user-agent", "by-hand")
            .body(serde_json::to_vec(&patch)?)
            .send()
            .await?;
        let status = answer.status();
        let body = answer.bytes().await?;
        assert!(status == 204, "{status}: {body:?}");
    }
    Ok(())
}

fn uuid_text() -> String {
    msgraph_runtime::Uuid::new_v4().hyphenated().to_string()
}

async fn serve(port: u16) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(answer(stream));
    }
}

/// Answers each request, which ends with its body's closing brace.
async fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut seen = Vec::new();
    while stream.read_buf(&mut seen).await? > 0 {
        if seen.ends_with(b"true}") {
            seen.clear();
            stream
                .write_all(b"HTTP/1.1 204 No Content\r\nrequest-id: r\r\n\r\n")
                .await?;
        }
    }
    Ok(())
}
