//! Paths of items.

use std::fmt;
use std::ops::Deref;

/// The path of an item from the root of the output. It dereferences to `module::Name`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RustPath {
    /// The modules.
    pub module: Vec<String>,
    /// The name of the item in its module.
    pub name: String,
    text: String,
}

impl RustPath {
    /// The path of a name in a module.
    pub fn new(module: Vec<String>, name: String) -> Self {
        let text = module
            .iter()
            .flat_map(|segment| [segment, "::"])
            .chain([&*name])
            .collect();
        RustPath { module, name, text }
    }

    /// `module::Name`.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The path as written in a module: `super::Name`.
    pub fn seen_from(&self, module: &[String]) -> Vec<String> {
        let pairs = module.iter().zip(&self.module);
        let shared = pairs.take_while(|(from, to)| from == to).count();
        let up = std::iter::repeat_n("super".to_owned(), module.len() - shared);
        let down = self.module.iter().skip(shared).cloned();
        up.chain(down).chain([self.name.clone()]).collect()
    }
}

impl Deref for RustPath {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for RustPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}
