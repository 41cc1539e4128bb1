//! The templates of a path, by which permissions are found: `/users/{}/messages`.

use std::fmt::Write as _;

use msgraph_csdl::model::Literal;
use url::form_urlencoded::byte_serialize;

/// The templates that fit a path: one with a placeholder for every key, and for each key one in which
/// it is literal, as in `/users/{}/mailFolders/inbox/messages`.
#[derive(Clone, Debug)]
pub(crate) struct Templates {
    generic: String,
    literal: Vec<String>,
}

impl Templates {
    pub(super) fn new() -> Self {
        Templates {
            generic: String::new(),
            literal: Vec::new(),
        }
    }

    /// Appends a segment without a key.
    pub(super) fn push_name(&mut self, name: &str) {
        self.push_text(&format!("/{name}"));
    }

    /// Appends a key.
    pub(super) fn push_key(&mut self, key: &str) {
        let encoded: String = byte_serialize(key.as_bytes()).collect();
        let literal = format!("{}/{}", self.generic, encoded.replace('+', "%20"));
        self.push_text("/{}");
        self.literal.push(literal);
    }

    /// Appends the arguments of a function or the parts of a key to the last segment, each with the
    /// form of its literal.
    pub(super) fn push_arguments<'n>(&mut self, names: impl Iterator<Item = (&'n str, Literal)>) {
        let mut arguments = String::new();
        for (name, literal) in names {
            let open = if arguments.is_empty() { '(' } else { ',' };
            let value = match literal {
                Literal::Quoted => "'{}'",
                _ => "{}",
            };
            // Writing to a string never fails.
            let _ = write!(arguments, "{open}{name}={value}");
        }
        if !arguments.is_empty() {
            arguments.push(')');
            self.push_text(&arguments);
        }
    }

    /// Looks up the templates with a literal key, that of the last key first, then the one without.
    pub(crate) fn find<T>(&self, lookup: impl Fn(&str) -> Option<T>) -> Option<T> {
        let literal = self.literal.iter().rev();
        let mut all = literal.chain(std::iter::once(&self.generic));
        all.find_map(|template| lookup(template))
    }

    fn push_text(&mut self, text: &str) {
        let literal = self.literal.iter_mut();
        let all = literal.chain(std::iter::once(&mut self.generic));
        all.for_each(|template| template.push_str(text));
    }
}
