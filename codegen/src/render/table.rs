//! Macro calls with one entry in a line. prettyplease does not format them.

use proc_macro2::Literal;

use super::Part;

/// A macro call in the making.
pub(super) struct Table {
    text: String,
}

impl Table {
    /// A call of this macro of the runtime, with its first line.
    pub(super) fn new(name: &str, head: &str) -> Self {
        let text = format!("__rt::{name}! {{\n    {head};\n");
        Table { text }
    }

    pub(super) fn entry(&mut self, entry: &str) {
        self.text.extend(["    ", entry, ";\n"]);
    }

    /// Writes an entry with one item per line, unless there are no items.
    pub(super) fn list(&mut self, keyword: &str, items: impl Iterator<Item = String>) {
        let items: Vec<String> = items.collect();
        if !items.is_empty() {
            self.entry(&format!("{keyword} {}", items.join(",\n        ")));
        }
    }

    pub(super) fn finish(mut self) -> Part {
        self.text.push_str("}\n");
        Part::Text(self.text)
    }
}

/// A string literal.
pub(super) fn literal(text: &str) -> String {
    Literal::string(text).to_string()
}

/// String literals with spaces between them.
pub(super) fn literals(texts: &[String]) -> String {
    let literals: Vec<String> = texts.iter().map(|text| literal(text)).collect();
    literals.join(" ")
}
