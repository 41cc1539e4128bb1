//! What the user asks to explain.

use msgraph_csdl::path::segment;

/// What to explain.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) is_path: bool,
    /// A path from the service root, or a name.
    pub(super) text: String,
    /// The API version in the path.
    pub(super) version: Option<String>,
}

impl Target {
    /// Whether this is a path that starts with a segment.
    pub(super) fn starts_with(&self, segment: &str) -> bool {
        let first = segment::split(&self.text).next();
        first.is_some_and(|first| first.eq_ignore_ascii_case(segment))
    }

    pub(super) fn parse(written: &str) -> Self {
        let mut text = written.trim();
        // `PATCH /users/1`, as in the reference.
        if let Some((method, rest)) = text.split_once(char::is_whitespace)
            && method.bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            text = rest.trim();
        }
        let mut is_path = text.contains('/');
        if let Some((_, url)) = text.split_once("://") {
            is_path = true;
            text = url.split_once('/').map_or("", |(_, path)| path);
        }
        if !is_path {
            return Target {
                is_path,
                text: text.to_owned(),
                version: None,
            };
        }
        text = text.split(['?', '#']).next().unwrap_or_default();
        let mut segments = segment::split(text)
            .filter(|part| !part.is_empty())
            .peekable();
        let version = segments.next_if(|first| matches!(*first, "v1.0" | "beta"));
        // Some pages write `<id>` instead of `{id}`.
        let segments = segments.map(|segment| {
            let inner = segment.strip_prefix('<');
            match inner.and_then(|inner| inner.strip_suffix('>')) {
                Some(name) => format!("/{{{name}}}"),
                None => format!("/{segment}"),
            }
        });
        let path: String = segments.collect();
        Target {
            is_path,
            text: if path.is_empty() {
                "/".to_owned()
            } else {
                path
            },
            version: version.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_may_be_written_in_several_ways() {
        let path = |text: &str, version: Option<&str>| Target {
            is_path: true,
            text: text.to_owned(),
            version: version.map(str::to_owned),
        };
        let table = [
            ("/users/{id}", path("/users/{id}", None)),
            ("users/{id}", path("/users/{id}", None)),
            ("/users/<id>", path("/users/{id}", None)),
            ("/v1.0/users/1/", path("/users/1", Some("v1.0"))),
            ("beta/users/1", path("/users/1", Some("beta"))),
            (
                "https://graph.microsoft.us/beta/users/1?$select=id",
                path("/users/1", Some("beta")),
            ),
            ("https://graph.microsoft.com", path("/", None)),
            (
                "PATCH https://graph.microsoft.com/v1.0/users/1",
                path("/users/1", Some("v1.0")),
            ),
            ("patch /users/1", path("/users/1", None)),
        ];
        for (written, target) in table {
            assert_eq!(Target::parse(written), target, "{written}");
        }
        let ty = Target::parse("microsoft.graph.user");
        assert!(!ty.is_path && ty.text == "microsoft.graph.user");
    }
}
