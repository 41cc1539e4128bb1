//! The templates of a path, by which its permissions are looked up: `/users/{}/messages`.

use std::fmt::Write as _;

use msgraph_csdl::model::Literal;
use url::form_urlencoded::byte_serialize;

/// The templates that fit a path: one with a placeholder for every key, and for each key one in which
/// it is literal, as in `/users/{}/mailFolders/inbox/messages`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Templates {
    generic: Template,
    literal: Vec<Template>,
}

#[derive(Clone, Debug, Default)]
struct Template {
    path: String,
    without_casts: String,
}

impl Templates {
    /// Appends a segment without a key.
    pub(crate) fn push_name(&mut self, name: &str) {
        self.push_text(&format!("/{name}"));
    }

    /// Appends the name of a type.
    pub(super) fn push_cast(&mut self, ty: &str) {
        for template in self.all() {
            template.path.push('/');
            template.path.push_str(ty);
        }
    }

    /// Appends a key.
    pub(super) fn push_key(&mut self, key: &str) {
        let encoded: String = byte_serialize(key.as_bytes()).collect();
        let mut literal = self.generic.clone();
        literal.push(&format!("/{}", encoded.replace('+', "%20")));
        self.push_any_key();
        self.literal.push(literal);
    }

    /// Appends a placeholder.
    pub(crate) fn push_any_key(&mut self) {
        self.push_text("/{}");
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

    /// Looks up each template with and without its casts. Those with a literal key are first, starting with
    /// the last key; the one with placeholders only is last.
    pub(crate) fn find<T>(&self, lookup: impl Fn(&str, &str) -> Option<T>) -> Option<T> {
        let literal = self.literal.iter().rev();
        let mut all = literal.chain(std::iter::once(&self.generic));
        all.find_map(|template| lookup(&template.path, &template.without_casts))
    }

    fn push_text(&mut self, text: &str) {
        self.all().for_each(|template| template.push(text));
    }

    fn all(&mut self) -> impl Iterator<Item = &mut Template> {
        let literal = self.literal.iter_mut();
        literal.chain(std::iter::once(&mut self.generic))
    }
}

impl Template {
    fn push(&mut self, text: &str) {
        self.path.push_str(text);
        self.without_casts.push_str(text);
    }
}
