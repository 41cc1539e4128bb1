//! Compares the cost of an update in several clients. `overhead COUNT` repeatedly sends a Temporary Access Pass update to a
//! loopback server, with the client that a feature selects. `overhead serve PORT` is the server. The script `compare` builds and
//! runs all clients in turn, and prints the ratios.

use std::error::Error;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[cfg(not(feature = "runtime"))]
const TYPE: &str = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration";
#[cfg(not(feature = "graph-rs"))]
const PATH: &str =
    "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass";
const TOKEN: &str = "a token of the bench";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["serve", port] => serve(port.parse()?).await,
        ["send", port, count] => client::send(port, count.parse()?).await,
        _ => Err("usage: overhead serve PORT | send PORT COUNT".into()),
    }
}

async fn serve(port: u16) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind(("127.0.0.1", port)).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        tokio::spawn(answer(stream));
    }
}

/// Responds to each request, which ends with the closing brace of its body.
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

/// The body as a serde struct, for clients without their own.
#[cfg(not(feature = "runtime"))]
#[derive(serde::Serialize)]
struct Patch {
    #[serde(rename = "@odata.type")]
    odata_type: &'static str,
    #[serde(rename = "defaultLength", skip_serializing_if = "Option::is_none")]
    default_length: Option<Option<i32>>,
    #[serde(rename = "isUsableOnce", skip_serializing_if = "Option::is_none")]
    is_usable_once: Option<Option<bool>>,
}

#[cfg(not(feature = "runtime"))]
const PATCH: Patch = Patch {
    odata_type: TYPE,
    default_length: None,
    is_usable_once: Some(Some(true)),
};

#[cfg(feature = "runtime")]
mod client {
    use std::error::Error;

    use msgraph_runtime::{__private as __rt, AccessToken, Client, Cloud, Nullable, Request};

    use crate::{PATH, TOKEN};

    struct TapPatch {
        default_length: Option<Nullable<i32>>,
        is_usable_once: Option<Nullable<bool>>,
    }

    __rt::body! {
        TapPatch: "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration", typed;
        "defaultLength" default_length;
        "isUsableOnce" is_usable_once;
    }

    pub(crate) async fn send(port: &str, count: usize) -> Result<(), Box<dyn Error>> {
        let root = format!("http://127.0.0.1:{port}").parse()?;
        let client = Client::builder(Cloud::Global, AccessToken::new(TOKEN).unwrap())
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
}

/// What a careful developer would write by hand: no redirects, a fresh id, and the body of an error is read.
#[cfg(feature = "by-hand")]
mod client {
    use std::error::Error;
    use std::time::Duration;

    use crate::{PATCH, PATH, TOKEN};

    pub(crate) async fn send(port: &str, count: usize) -> Result<(), Box<dyn Error>> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let url = format!("http://127.0.0.1:{port}/v1.0{PATH}");
        for _ in 0..count {
            let answer = http
                .patch(&url)
                .timeout(Duration::from_secs(30))
                .bearer_auth(TOKEN)
                .header("accept", "application/json")
                .header("content-type", "application/json")
                .header("client-request-id", uuid::Uuid::new_v4().to_string())
                .header("user-agent", "by-hand")
                .body(serde_json::to_vec(&PATCH)?)
                .send()
                .await?;
            let status = answer.status();
            let body = answer.bytes().await?;
            assert!(status == 204, "{status}: {body:?}");
        }
        Ok(())
    }
}

/// The pipeline of the Azure SDK, with the token set by hand, because its token policy rejects http even on loopback.
#[cfg(feature = "azure")]
mod client {
    use std::error::Error;

    use azure_core::http::{ClientOptions, Context, Method, Pipeline, Request};

    use crate::{PATCH, PATH, TOKEN};

    pub(crate) async fn send(port: &str, count: usize) -> Result<(), Box<dyn Error>> {
        let pipeline = Pipeline::new(
            Some("overhead"),
            Some("0.0.0"),
            ClientOptions::default(),
            Vec::new(),
            Vec::new(),
            None,
        );
        let url = format!("http://127.0.0.1:{port}/v1.0{PATH}");
        for _ in 0..count {
            let mut request = Request::new(url.parse()?, Method::Patch);
            request.insert_header("authorization", format!("Bearer {TOKEN}"));
            request.insert_header("accept", "application/json");
            request.insert_header("content-type", "application/json");
            request.insert_header("client-request-id", uuid::Uuid::new_v4().to_string());
            request.set_body(serde_json::to_vec(&PATCH)?);
            let answer = pipeline.send(&Context::new(), &mut request, None).await?;
            assert_eq!(u16::from(answer.status()), 204);
        }
        Ok(())
    }
}

/// The community SDK. Its path lacks `/policies`.
#[cfg(feature = "graph-rs")]
mod client {
    use std::error::Error;

    use graph_rs_sdk::{GraphClient, GraphClientConfiguration};

    use crate::{PATCH, TOKEN};

    pub(crate) async fn send(port: &str, count: usize) -> Result<(), Box<dyn Error>> {
        let settings = GraphClientConfiguration::new()
            .access_token(TOKEN)
            .https_only(false);
        let mut client = GraphClient::from(settings);
        client.use_test_endpoint(&format!("http://127.0.0.1:{port}/v1.0").parse()?);
        for _ in 0..count {
            let answer = client
                .authentication_method_configuration("TemporaryAccessPass")
                .update_authentication_method_configuration(&PATCH)
                .send()
                .await?;
            assert_eq!(answer.status().as_u16(), 204);
        }
        Ok(())
    }
}
