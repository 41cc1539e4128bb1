//! Content that is stored elsewhere. Graph redirects a GET to a URL that needs no token, and is a secret itself.

use std::time::Duration;

use http::header::{ACCEPT, LOCATION, RANGE, USER_AGENT, WWW_AUTHENTICATE};
use http::{HeaderMap, Request as HttpRequest};
use reqwest::Url;

use super::Sender;
use super::attempt::{Attempt, lost};
use crate::cloud::root::Root;
use crate::response::error::ResponseError;
use crate::response::headers::text;

const MAX_REDIRECTS: u32 = 5;

impl Sender {
    /// Follows the redirects of a GET of content, without the token. Returns any other response unchanged.
    pub(super) async fn follow_to_content(
        &self,
        mut response: reqwest::Response,
        prepared: &HttpRequest<Vec<u8>>,
        remaining: impl Fn() -> Duration,
    ) -> Result<reqwest::Response, Attempt> {
        let request_id = response.headers().get("request-id").cloned();
        let mut redirects = 0;
        while let Some(target) = target_of(&response) {
            if redirects == MAX_REDIRECTS || !may_follow(&target, &self.root_url) {
                return Err(Attempt::Failed(ResponseError::Redirect {
                    status: response.status().as_u16(),
                    // The path and the query may grant access.
                    location: Some(target.origin().ascii_serialization()),
                }));
            }
            redirects += 1;
            let request = self.http.get(target).headers(self.headers_of(prepared));
            let sent = request.timeout(remaining()).send().await;
            response = sent.map_err(|error| Attempt::Lost(lost(error, true)))?;
        }
        if redirects > 0 {
            let is_success = response.status().is_success();
            let headers = response.headers_mut();
            // A challenge of another server must not ask for a token of Graph.
            headers.remove(WWW_AUTHENTICATE);
            // For support cases. It also proves that the content, which may be HTML, is not the page of a captive portal.
            if let Some(id) = request_id.filter(|_| is_success) {
                headers.insert("request-id", id);
            }
        }
        Ok(response)
    }

    fn headers_of(&self, prepared: &HttpRequest<Vec<u8>>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, self.user_agent.clone());
        for name in [ACCEPT, RANGE] {
            if let Some(value) = prepared.headers().get(&name) {
                headers.insert(name, value.clone());
            }
        }
        headers
    }
}

/// Plain HTTP is for tests: only to loopback, and only if the root is plain HTTP too.
fn may_follow(target: &Url, root: &Url) -> bool {
    let is_downgrade = target.scheme() == "http" && root.scheme() != "http";
    // The HTTP client would send it as `authorization`.
    let has_userinfo = !target.username().is_empty() || target.password().is_some();
    let origin = target.origin().ascii_serialization();
    !is_downgrade && !has_userinfo && origin.parse::<Root>().is_ok()
}

/// The target of a redirect.
fn target_of(response: &reqwest::Response) -> Option<Url> {
    match response.status().as_u16() {
        301 | 302 | 303 | 307 | 308 => {
            let location = text(response.headers(), LOCATION)?;
            response.url().join(location).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::may_follow;

    #[test]
    fn plain_http_is_followed_from_loopback_to_loopback_only() {
        let graph = "https://graph.microsoft.com";
        let emulator = "http://127.0.0.1:8080";
        for (target, from_graph, from_emulator) in [
            ("https://contoso.sharepoint.com/x?tempauth=t", true, true),
            ("http://contoso.sharepoint.com/x", false, false),
            ("http://127.0.0.1:9090/x", false, true),
            ("http://localhost/x", false, true),
            ("https://user@contoso.sharepoint.com/x", false, false),
            ("ftp://contoso.sharepoint.com/x", false, false),
            ("data:,x", false, false),
        ] {
            let target = Url::parse(target).unwrap();
            for (root, expected) in [(graph, from_graph), (emulator, from_emulator)] {
                let root = Url::parse(root).unwrap();
                assert_eq!(may_follow(&target, &root), expected, "{target} from {root}");
            }
        }
    }
}
