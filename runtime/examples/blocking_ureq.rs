//! Sends an update with `ureq`: without async, and without the feature `client`.
//!
//! `cargo run -p msgraph-runtime --no-default-features --example blocking_ureq`
//!
//! [`send`] is the recipe for any HTTP client: prepare the request, send it, parse the response, apply the retry rule. The
//! server is part of this program. For Graph, enable a TLS feature of `ureq`, and use the root `Cloud::Global.into()` and a
//! token for `Cloud::Global.scope()`.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use msgraph_runtime::error::ResponseError;
use msgraph_runtime::request::{Response, Root};
use msgraph_runtime::sans_io::{DryRun, http, parse_response};
use msgraph_runtime::{
    __private as __rt, AccessToken, Fate, Nullable, Outcome, Request, RetryPolicy,
};

/// Like a generated type.
struct TapPatch {
    is_usable_once: Option<Nullable<bool>>,
}

__rt::body! {
    TapPatch: "microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration", typed;
    "isUsableOnce" is_usable_once;
}

fn update_tap(patch: &TapPatch) -> Request<'_> {
    Request::patch(
        "v1.0",
        "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/TemporaryAccessPass",
        &[],
        patch,
    )
    .permissions(&["Policy.ReadWrite.AuthenticationMethod"])
    .roles(&["Authentication Policy Administrator"])
}

/// Sends a request, and retries it as the retry rule decides.
fn send<R: Response>(
    agent: &ureq::Agent,
    root: &Root,
    token: &AccessToken,
    request: &Request<'_, R>,
) -> Result<Outcome<R>, Box<dyn Error>> {
    let mut prepared = request.prepare(root)?;
    let bearer = format!("Bearer {}", token.secret().expose()).parse()?;
    let headers = prepared.headers_mut();
    headers.insert(http::header::AUTHORIZATION, bearer);
    let mut attempts = RetryPolicy::default().start(request);
    loop {
        let attempt = attempt(agent, prepared.clone());
        let wait = match &attempt {
            Ok(result) => attempts.after(result, Instant::now()),
            Err(error) => {
                let fate = if nothing_was_sent(error) {
                    Fate::NotSent
                } else {
                    Fate::Unknown
                };
                attempts.after_loss(fate, Instant::now())
            }
        };
        if let Some(wait) = wait {
            thread::sleep(wait);
            continue;
        }
        return match attempt? {
            Ok(mut outcome) => {
                outcome.attempts = attempts.made();
                Ok(outcome)
            }
            Err(ResponseError::Service(error)) => {
                Err(error.for_request(request).for_token(token).into())
            }
            Err(error) => Err(error.into()),
        };
    }
}

/// Sends the prepared request once.
fn attempt<R: Response>(
    agent: &ureq::Agent,
    prepared: http::Request<Vec<u8>>,
) -> Result<Result<Outcome<R>, ResponseError>, ureq::Error> {
    let response = if prepared.body().is_empty() {
        agent.run(prepared.map(drop))?
    } else {
        agent.run(prepared)?
    };
    let (head, mut body) = response.into_parts();
    let body = body.with_config().limit(1 << 20).read_to_vec()?;
    Ok(parse_response(&http::Response::from_parts(head, body)))
}

fn nothing_was_sent(error: &ureq::Error) -> bool {
    match error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => true,
        ureq::Error::Timeout(when) => {
            matches!(when, ureq::Timeout::Resolve | ureq::Timeout::Connect)
        }
        ureq::Error::Io(error) => error.kind() == std::io::ErrorKind::ConnectionRefused,
        _ => false,
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (root, server) = start_server()?;
    // The client does the same: no redirects, error statuses as responses, a time limit.
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        // Plain HTTP to loopback must not use a proxy from the environment; HTTPS to Graph may.
        .proxy(None)
        .max_redirects_will_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into();
    let patch = TapPatch {
        is_usable_once: Some(true.into()),
    };
    let request = update_tap(&patch);
    println!("{}\n", DryRun::from(request.prepare(&root)?));
    let outcome = send(&agent, &root, &AccessToken::new("a-token")?, &request)?;
    println!(
        "{} after {} attempts, request-id {}",
        outcome.status,
        outcome.attempts,
        outcome.request_id.unwrap_or_default()
    );
    server.join().map_err(|_| "the server failed")??;
    Ok(())
}

type Server = thread::JoinHandle<std::io::Result<()>>;

/// Throttles the first request and accepts the second.
fn start_server() -> Result<(Root, Server), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let root = format!("http://{}", listener.local_addr()?).parse()?;
    let responses = [
        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        "HTTP/1.1 204 No Content\r\nrequest-id: 7f1c\r\nconnection: close\r\n\r\n",
    ];
    let server = thread::spawn(move || {
        for response in responses {
            let (mut stream, _) = listener.accept()?;
            read_request(&mut stream)?;
            stream.write_all(response.as_bytes())?;
        }
        Ok(())
    });
    Ok((root, server))
}

/// Reads up to the end of the body, a JSON object.
fn read_request(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut seen = Vec::new();
    let mut byte = [0];
    while !seen.ends_with(b"true}") && stream.read(&mut byte)? > 0 {
        seen.extend_from_slice(&byte);
    }
    Ok(())
}
