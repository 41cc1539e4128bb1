//! The patterns of `msgraph list`.

/// What a path or a type is held against; the case of letters does not matter.
#[derive(Debug)]
pub(crate) enum Pattern {
    /// A part of a path or of a type.
    Part(String),
    /// A start of a path.
    Start(String),
    /// A whole path or type: `*` and `?` within a segment, `**` over segments.
    Glob(Vec<String>),
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Self {
        let folded = text.to_lowercase();
        if text.contains(['*', '?']) {
            Pattern::Glob(folded.split('/').map(str::to_owned).collect())
        } else if text.starts_with('/') {
            Pattern::Start(folded.trim_end_matches('/').to_owned())
        } else {
            Pattern::Part(folded)
        }
    }

    /// Whether an update is meant.
    pub(crate) fn takes(&self, path: &str, ty: &str) -> bool {
        let (path, ty) = (path.to_lowercase(), ty.to_lowercase());
        match self {
            Pattern::Part(part) => path.contains(part) || ty.contains(part),
            Pattern::Start(start) => starts_with(start, &path),
            Pattern::Glob(segments) => {
                let path: Vec<&str> = path.split('/').collect();
                globs(segments, &path) || globs(segments, &[&ty])
            }
        }
    }

    /// Whether a type is meant, whatever the path of its update.
    pub(crate) fn takes_type(&self, ty: &str) -> bool {
        let ty = ty.to_lowercase();
        match self {
            Pattern::Part(part) => ty.contains(part),
            Pattern::Start(_) => false,
            Pattern::Glob(segments) => globs(segments, &[&ty]),
        }
    }

    /// Whether just this path, as far as it is literal, need be looked below.
    pub(crate) fn below(text: &str) -> Option<String> {
        if !text.starts_with('/') {
            return None;
        }
        let literal = text
            .split('/')
            .take_while(|part| !part.contains(['*', '?']));
        let literal: Vec<&str> = literal.collect();
        let path = literal.join("/");
        let path = path.trim_end_matches('/');
        (!path.is_empty()).then(|| path.to_owned())
    }
}

/// Whether a path starts so, whatever its placeholders are called. The last segment need not be
/// whole.
fn starts_with(start: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    let mut wanted = start.split('/').peekable();
    while let Some(want) = wanted.next() {
        let Some(segment) = segments.next() else {
            return false;
        };
        let is_last = wanted.peek().is_none();
        let fits = same_segment(want, segment) || (is_last && segment.starts_with(want));
        if !fits {
            return false;
        }
    }
    true
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

/// Whether two segments in lower case are the same, whatever a placeholder is called.
pub(crate) fn same_segment(one: &str, other: &str) -> bool {
    one == other || (is_placeholder(one) && is_placeholder(other))
}

/// Whether segments fit a glob. What of the glob has been left so far is kept as a set of places, so
/// that no pattern takes more than its length times that of the path.
fn globs(pattern: &[String], segments: &[&str]) -> bool {
    matches(
        pattern,
        segments,
        |part| part == "**",
        |part, segment| {
            let pattern: Vec<char> = part.chars().collect();
            let text: Vec<char> = segment.chars().collect();
            same_segment(part, segment)
                || matches(
                    &pattern,
                    &text,
                    |c| *c == '*',
                    |want, is| *want == '?' || want == is,
                )
        },
    )
}

/// Whether items fit a pattern in which some parts (`is_any`) stand for any number of items.
fn matches<P, T>(
    pattern: &[P],
    items: &[T],
    is_any: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &T) -> bool,
) -> bool {
    // Of each place in the pattern, whether the items so far lead to it.
    let mut reached = vec![false; pattern.len() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    let skip = |reached: &mut Vec<bool>| {
        let mut before = false;
        for (nth, place) in reached.iter_mut().enumerate() {
            let is_behind_any = nth
                .checked_sub(1)
                .and_then(|nth| pattern.get(nth))
                .is_some_and(&is_any);
            *place |= before && is_behind_any;
            before = *place;
        }
    };
    skip(&mut reached);
    for item in items {
        let mut next = vec![false; pattern.len() + 1];
        for ((nth, part), _) in pattern
            .iter()
            .enumerate()
            .zip(&reached)
            .filter(|(_, at)| **at)
        {
            let to = if is_any(part) { nth } else { nth + 1 };
            if (is_any(part) || fits(part, item))
                && let Some(place) = next.get_mut(to)
            {
                *place = true;
            }
        }
        reached = next;
        skip(&mut reached);
    }
    reached.last().copied().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_take_what_they_say() {
        let path = "/policies/authenticationMethodsPolicy/authenticationMethodConfigurations/{id}";
        let ty = "microsoft.graph.authenticationMethodConfiguration";
        let table = [
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
        ];
        for (pattern, taken) in table {
            assert_eq!(Pattern::new(pattern).takes(path, ty), taken, "{pattern}");
        }
        let hostile = "*a".repeat(2_000);
        assert!(!Pattern::new(&hostile).takes(&"a".repeat(1_000), "b"));
    }

    #[test]
    fn what_is_literal_bounds_the_search() {
        assert_eq!(
            Pattern::below("/policies/auth*/x").as_deref(),
            Some("/policies")
        );
        assert_eq!(Pattern::below("/policies/**").as_deref(), Some("/policies"));
        assert_eq!(Pattern::below("/policies/").as_deref(), Some("/policies"));
        assert_eq!(Pattern::below("/**"), None);
        assert_eq!(Pattern::below("**/x"), None);
        assert_eq!(Pattern::below("users"), None);
    }
}
