//! The form in which the map writes paths.

use crate::path::segment::{self, SegmentParts};

/// A path in the form of the map: lower case, `{}` for every placeholder and argument, keys as segments, the names of
/// arguments in alphabetical order.
///
/// `/Users('{id}')/reminderView(StartDateTime={a})` is `/users/{}/reminderview(startdatetime={})`.
pub fn map_path(path: &str) -> String {
    let mut all = String::with_capacity(path.len());
    // Most paths have no parentheses, and build scripts are not optimized.
    let is_simple = !path.contains('(') && !path.contains('%');
    if is_simple {
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            all.push('/');
            push_name(&mut all, segment);
        }
    } else {
        for segment in segment::split(path).filter(|segment| !segment.is_empty()) {
            all.push('/');
            push_segment(&mut all, segment);
        }
    }
    all
}

fn push_segment(all: &mut String, segment: &str) {
    let parts = SegmentParts::parse(segment).ok();
    let Some((name, arguments)) = parts.and_then(|parts| Some((parts.name, parts.arguments?)))
    else {
        push_name(all, segment);
        return;
    };
    push_name(all, name);
    match arguments.as_slice() {
        [] => {}
        // The key of a type is `id` everywhere in Graph: `x(id='a')` is `x/a`.
        [key] if key.name.is_none_or(|name| name.eq_ignore_ascii_case("id")) => {
            if !name.is_empty() {
                all.push('/');
            }
            push_name(all, &key.value().unwrap_or_default());
        }
        arguments => {
            let mut names: Vec<String> = arguments
                .iter()
                .map(|argument| argument.name.unwrap_or_default().trim().to_lowercase())
                .collect();
            names.sort_unstable();
            all.push('(');
            for (nth, name) in names.iter().enumerate() {
                all.push_str(if nth == 0 { "" } else { "," });
                all.push_str(name);
                all.push_str("={}");
            }
            all.push(')');
        }
    }
}

/// Appends a name in lower case without whitespace. Placeholders become `{}`.
fn push_name(all: &mut String, name: &str) {
    let mut rest = name;
    while let Some((before, (_, after))) = rest
        .split_once('{')
        .and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        push_lower(all, before);
        all.push_str("{}");
        // Microsoft's data has `{id}}`.
        rest = after.trim_start_matches('}');
    }
    push_lower(all, rest);
}

fn push_lower(all: &mut String, text: &str) {
    if text.is_ascii() && !text.contains(' ') {
        let start = all.len();
        all.push_str(text);
        if let Some(added) = all.get_mut(start..) {
            added.make_ascii_lowercase();
        }
        return;
    }
    let visible = text.chars().filter(|c| !c.is_whitespace());
    all.extend(visible.flat_map(char::to_lowercase));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_path_are_the_same() {
        for (path, written) in [
            ("/users/{user-id}/Messages/", "/users/{}/messages"),
            ("/users('{id}')", "/users/{}"),
            ("/users(id='{id}')", "/users/{}"),
            ("/users(UserId={id})", "/users(userid={})"),
            ("/x('Email')/y", "/x/email/y"),
            ("/a/f(b={c}, a='{d}')", "/a/f(a={},b={})"),
            ("/a/f(a='x',b=2)", "/a/f(a={},b={})"),
            ("/users/delta()", "/users/delta"),
            (
                "/drive/root:/{item path}:/content",
                "/drive/root:/{}:/content",
            ),
            ("/applications/{id}}/repair", "/applications/{}/repair"),
            ("/groups/{id}/members/$ref", "/groups/{}/members/$ref"),
            ("/a/{b", "/a/{b"),
            ("/a(b", "/a(b"),
            ("", ""),
        ] {
            assert_eq!(map_path(path), written, "{path}");
        }
    }
}
