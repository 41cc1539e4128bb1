//! Shows the logs of a call that is throttled once, and passes the caller's trace on.
//!
//! `cargo run -p msgraph-runtime --example tracing_setup`

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::thread;

use msgraph_runtime::sans_io::http::{HeaderMap, HeaderName, HeaderValue};
use msgraph_runtime::{AccessToken, Client, Cloud, Request};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::FmtSpan;
use tracing_subscriber::prelude::*;

tokio::task_local! {
    /// The context of the request that this program handles. With OpenTelemetry, its propagator writes it.
    static TRACEPARENT: HeaderValue;
}

/// Called in the span of each attempt. Outside of a trace, there is no header.
fn trace_headers() -> HeaderMap {
    let header = |value: &HeaderValue| (HeaderName::from_static("traceparent"), value.clone());
    let header = TRACEPARENT.try_with(header);
    header.into_iter().collect()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let spans = FmtSpan::CLOSE;
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_span_events(spans))
        .with("msgraph_runtime=debug".parse::<Targets>()?)
        .init();

    let listener = TcpListener::bind("127.0.0.1:0")?;
    let root = format!("http://{}", listener.local_addr()?).parse()?;
    let server = thread::spawn(move || serve(&listener));
    let client = Client::builder(Cloud::Global, AccessToken::new("a-token")?)
        .root(root)
        .attempt_headers(trace_headers)
        .build()?;
    let request = Request::delete("v1.0", "/users/{id}", &[&"adele@contoso.com"]);
    let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse()?;
    TRACEPARENT.scope(traceparent, client.send(request)).await?;
    server.join().map_err(|_| "the server failed")??;
    Ok(())
}

/// Throttles the first request, accepts the second, and prints the trace of each.
fn serve(listener: &TcpListener) -> std::io::Result<()> {
    for response in [
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nrequest-id: 7f1c\r\nconnection: close\r\n\r\n",
    ] {
        let (mut stream, _) = listener.accept()?;
        for line in BufReader::new(&stream).lines() {
            let line = line?;
            if line.is_empty() {
                break;
            }
            if line.starts_with("traceparent") {
                println!("received {line}");
            }
        }
        stream.write_all(response.as_bytes())?;
    }
    Ok(())
}
