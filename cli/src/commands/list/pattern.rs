//! The patterns of `msgraph list`.

use glob::MatchOptions;

use crate::support::failure::Failure;
use crate::support::text::one_line;

/// What selects updates. Case is ignored, and so are the names of placeholders in paths.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// A part of a path or of a type.
    Part(String),
    /// The start of a path.
    Start(String),
    /// A whole path or type.
    Glob(Vec<glob::Pattern>),
}

impl Pattern {
    /// # Errors
    ///
    /// When a glob is invalid.
    pub(crate) fn parse(text: &str) -> Result<Self, Failure> {
        if !text.contains(['*', '?']) {
            return Ok(if text.starts_with('/') {
                Pattern::Start(normalized(text.trim_end_matches('/')))
            } else {
                Pattern::Part(text.to_lowercase())
            });
        }
        let path = normalized(text);
        // `/policies/**` includes `/policies`.
        let parent = path.strip_suffix("/**").map(str::to_owned);
        let globs = parent.into_iter().chain([path]);
        let globs: Result<_, _> = globs.map(|glob| glob::Pattern::new(&glob)).collect();
        globs.map(Pattern::Glob).map_err(|error| {
            Failure::Usage(format!(
                "`{}` is not a glob: {}\nhelp: `*` and `?` match within a segment, and `**` is a whole \
                 segment, as in `/policies/**/*`",
                one_line(text),
                error.msg
            ))
        })
    }

    /// Whether the path or the type of an update matches.
    pub(crate) fn matches(&self, path: &str, ty: &str) -> bool {
        self.matches_type(ty)
            || match self {
                Pattern::Part(part) => path.to_lowercase().contains(part),
                Pattern::Start(start) => normalized(path).starts_with(start),
                Pattern::Glob(globs) => glob_matches(globs, &normalized(path)),
            }
    }

    pub(crate) fn matches_type(&self, ty: &str) -> bool {
        match self {
            Pattern::Part(part) => ty.to_lowercase().contains(part),
            Pattern::Start(_) => false,
            Pattern::Glob(globs) => glob_matches(globs, &ty.to_lowercase()),
        }
    }

    /// The literal start of a path in a pattern: all matches are below it.
    pub(crate) fn below(text: &str) -> Option<String> {
        if !text.starts_with('/') {
            return None;
        }
        let literal = text
            .split('/')
            .take_while(|part| !part.contains(['*', '?']));
        let path = literal.collect::<Vec<_>>().join("/");
        let path = path.trim_end_matches('/');
        (!path.is_empty()).then(|| path.to_owned())
    }
}

fn glob_matches(globs: &[glob::Pattern], text: &str) -> bool {
    let options = MatchOptions {
        case_sensitive: true,
        require_literal_separator: true,
        require_literal_leading_dot: false,
    };
    globs.iter().any(|glob| glob.matches_with(text, options))
}

/// A path in lower case, with `{}` for each placeholder.
fn normalized(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        if segment.starts_with('{') && segment.ends_with('}') {
            "{}".to_owned()
        } else {
            segment.to_lowercase()
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn patterns_match_paths_and_types() {
        let path = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{id}";
        let ty = "microsoft.graph.authenticationMethodConfiguration";
        for (pattern, expected) in [
            ("methodspolicy", true),
            ("graph.AuthenticationMethodConf", true),
            ("methodpolicy", false),
            ("/policies", true),
            ("/policies/", true),
            ("/pol", true),
            (
                "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{other}",
                true,
            ),
            ("/polices", false),
            ("/authenticationMethodsPolicy", false),
            ("**/authenticationMethod*", false),
            ("**/authenticationMethod*/**", true),
            ("**/authenticationMethod*/*", true),
            ("/policies/**", true),
            ("/policies/*", false),
            ("/policies/*/*/*", true),
            ("/*/**/{id}", true),
            ("**", true),
            ("*Configuration", true),
            ("*Configurations", false),
            ("microsoft.?raph.*", true),
            ("", true),
        ] {
            let found = Pattern::parse(pattern).unwrap().matches(path, ty);
            assert_eq!(found, expected, "{pattern}");
        }
        let all = Pattern::parse("/policies/**").unwrap();
        assert!(all.matches("/policies", "a") && !all.matches("/policie", "a"));
        assert!(Pattern::parse("/policies/a**").is_err());
        let hostile = Pattern::parse(&"*a".repeat(500)).unwrap();
        assert!(!hostile.matches(&"a".repeat(400), "b"));
    }

    #[test]
    fn the_literal_start_bounds_the_search() {
        for (pattern, below) in [
            ("/policies/auth*/x", Some("/policies")),
            ("/policies/**", Some("/policies")),
            ("/policies/", Some("/policies")),
            ("/**", None),
            ("**/x", None),
            ("users", None),
        ] {
            assert_eq!(Pattern::below(pattern).as_deref(), below);
        }
    }
}
