//! Writes HTML. Every string is escaped, and only addresses of the web become links.

use std::fmt::Display;

use crate::support::text::{one_line, visible};

const STYLE: &str = include_str!("style.css");

/// Nothing is loaded, and nothing runs.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// HTML that is being written. Markup comes only from the names of elements and attributes, which are constants of the
/// program.
#[derive(Debug, Default)]
pub(crate) struct Html {
    out: String,
}

impl Html {
    /// A whole document: the doctype and the root element.
    pub(crate) fn document(language: &'static str, content: impl FnOnce(&mut Html)) -> String {
        let mut html = Html::default();
        html.out.push_str("<!DOCTYPE html>\n");
        html.element("html", &[("lang", language)], content);
        html.out.push('\n');
        html.out
    }

    /// A page of the command in English, with its style and that of one kind of pages.
    pub(crate) fn page(title: &str, style: &'static str, body: impl FnOnce(&mut Html)) -> String {
        Html::document("en", |html| {
            html.element("head", &[], |html| head(html, title, style));
            html.element("body", &[], body);
        })
    }

    /// Any string as text on one line.
    pub(crate) fn text(&mut self, text: impl Display) -> &mut Self {
        self.out.push_str(&escape(&text.to_string()));
        self
    }

    /// A constant of the program that is not escaped: the text of a style sheet.
    pub(crate) fn raw(&mut self, text: &'static str) -> &mut Self {
        self.out.push_str(text);
        self
    }

    /// An element with content.
    pub(crate) fn element(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        content: impl FnOnce(&mut Html),
    ) -> &mut Self {
        if is_block(name) && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.start(name, attributes);
        content(self);
        self.out.push_str(&format!("</{name}>"));
        self
    }

    /// An element with a string.
    pub(crate) fn leaf(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
        text: impl Display,
    ) -> &mut Self {
        self.element(name, attributes, |html| {
            html.text(text);
        })
    }

    /// An element that never has content, such as `<meta>`.
    pub(crate) fn void(
        &mut self,
        name: &'static str,
        attributes: &[(&'static str, &str)],
    ) -> &mut Self {
        if is_block(name) {
            self.out.push('\n');
        }
        self.start(name, attributes)
    }

    /// A name in a fixed-width font, which may break after a dot and before a slash.
    pub(crate) fn code(&mut self, name: &str) -> &mut Self {
        self.element("code", &[], |html| {
            for (nth, part) in name.split_inclusive('.').enumerate() {
                if nth > 0 {
                    html.void("wbr", &[]);
                }
                for (nth, part) in part.split('/').enumerate() {
                    if nth > 0 {
                        html.void("wbr", &[]);
                        html.text('/');
                    }
                    html.text(part);
                }
            }
        })
    }

    /// Lines of code.
    pub(crate) fn pre(&mut self, lines: &str) -> &mut Self {
        self.element("pre", &[], |html| {
            html.element("code", &[], |html| {
                let lines: Vec<String> = lines
                    .lines()
                    .map(|line| escape_markup(&visible(line)))
                    .collect();
                html.out.push_str(&lines.join("\n"));
            });
        })
    }

    /// A link, or the address as text if it is not one of the web.
    pub(crate) fn link(&mut self, url: &str) -> &mut Self {
        if is_web_address(url) {
            let shown = url.split_once("://").map_or(url, |(_, rest)| rest);
            self.leaf("a", &[("href", url), ("rel", "noreferrer")], shown)
        } else {
            self.text(url)
        }
    }

    fn start(&mut self, name: &'static str, attributes: &[(&'static str, &str)]) -> &mut Self {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
        self.out.push('>');
        self
    }
}

fn head(html: &mut Html, title: &str, style: &'static str) {
    html.void("meta", &[("charset", "utf-8")]);
    let meta = [
        ("viewport", "width=device-width, initial-scale=1"),
        ("color-scheme", "light dark"),
        ("generator", concat!("msgraph ", env!("CARGO_PKG_VERSION"))),
    ];
    for (name, content) in meta {
        html.void("meta", &[("name", name), ("content", content)]);
    }
    let policy = [
        ("http-equiv", "Content-Security-Policy"),
        ("content", POLICY),
    ];
    html.void("meta", &policy);
    html.leaf("title", &[], title);
    html.element("style", &[], |html| {
        html.raw("\n").raw(STYLE).raw(style);
    });
}

/// Whether an element starts on a line of its own, where the space before it does not show.
fn is_block(name: &str) -> bool {
    !matches!(
        name,
        "a" | "b" | "code" | "em" | "small" | "span" | "strong" | "wbr"
    )
}

/// Whether a browser opens an address as a page of the web.
fn is_web_address(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    let is_allowed = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"\\`".contains(c);
    rest.is_some_and(|rest| !rest.is_empty() && url.chars().all(is_allowed) && one_line(url) == url)
}

/// A string as the text of an element or the value of an attribute.
fn escape(text: &str) -> String {
    let line = one_line(text);
    // `one_line` trims; a space next to an element matters.
    let start = if text.starts_with(' ') { " " } else { "" };
    let end = if text.len() > 1 && text.ends_with(' ') {
        " "
    } else {
        ""
    };
    format!("{start}{}{end}", escape_markup(&line))
}

fn escape_markup(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fragment(content: impl FnOnce(&mut Html)) -> String {
        let mut html = Html::default();
        content(&mut html);
        html.out
    }

    #[test]
    fn strings_are_not_markup() {
        let hostile = "</p><script>alert('1')</script>\u{1b}\u{202e}\n\"x\"&amp;";
        let html = fragment(|html| {
            html.leaf("span", &[("title", hostile)], hostile);
        });
        let escaped = "&lt;/p&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\\u{1b}\\u{202e} \
                       &quot;x&quot;&amp;amp;";
        assert_eq!(html, format!("<span title=\"{escaped}\">{escaped}</span>"));
    }

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//example.com",
            "https://",
            "https://a.example/\" onclick=\"x",
            "https://a.example/\u{202e}",
            " https://a.example",
        ] {
            let html = fragment(|html| {
                html.link(url);
            });
            assert!(!html.contains("<a"), "{html}");
        }
        let html = fragment(|html| {
            html.link("https://a.example/?a=1&b='2'");
        });
        assert_eq!(
            html,
            "<a href=\"https://a.example/?a=1&amp;b=&#39;2&#39;\" rel=\"noreferrer\">\
             a.example/?a=1&amp;b=&#39;2&#39;</a>"
        );
    }

    #[test]
    fn long_names_may_break() {
        let html = fragment(|html| {
            html.code("/a/B.C<");
        });
        assert_eq!(html, "<code><wbr>/a<wbr>/B.<wbr>C&lt;</code>");
    }

    #[test]
    fn a_space_next_to_an_element_is_kept() {
        let html = fragment(|html| {
            html.text("a ").leaf("b", &[], "c").text(" d").text(" ");
        });
        assert_eq!(html, "a <b>c</b> d ");
    }
}
