//! The steps for the facts, the build script and the module.

use super::existing::read_text;
use super::package::Package;
use super::step::{Action, InitStep};
use super::{Arguments, FACTS, module};
use crate::support::failure::Failure;

const BUILD: &str = "\
//! Generates what `graph.toml` selects.

fn main() {
    msgraph_codegen::build(\"graph.toml\");
}
";

const MODULE: &str = "\
//! Generated in the build from `graph.toml`.

// rustc warns about unused setters, and clippy about Graph's naming.
#![allow(dead_code, clippy::wrong_self_convention, clippy::enum_variant_names)]

include!(concat!(env!(\"OUT_DIR\"), \"/graph.rs\"));
";

/// The line that includes the generated code.
const INCLUDE: &str = "include!(concat!(env!(\"OUT_DIR\"), \"/graph.rs\"));";

/// The part of that line by which an existing one is recognized.
const INCLUDED: &str = "/graph.rs\"";

impl Arguments {
    /// The step for `facts.toml`; none if an existing manifest does not use it.
    pub(super) fn facts_step(&self) -> Result<Option<InitStep>, Failure> {
        let path = self.in_crate("facts.toml");
        let action = if path.exists() {
            Action::Keep
        } else {
            Action::Create {
                text: FACTS.to_owned(),
            }
        };
        let manifest = read_text(&self.in_crate("graph.toml"))?;
        let is_used = manifest.is_none_or(|manifest| manifest.contains("facts.toml"));
        Ok(is_used.then(|| InitStep::new(path, action)))
    }

    pub(super) fn build_script(&self, package: &Package) -> Result<InitStep, Failure> {
        let line = "    msgraph_codegen::build(\"graph.toml\");\n";
        let script = match package.build_script() {
            Ok(script) => script,
            Err(setting) => {
                let add = format!(
                    "`[package]` has `{setting}`; a build script must have in `main`:\n{line}"
                );
                return Ok(InitStep::new(package.path.clone(), Action::ByHand { add }));
            }
        };
        let path = self.in_crate(script);
        let action = match read_text(&path)? {
            None => Action::Create {
                text: BUILD.to_owned(),
            },
            Some(old) if old.contains("msgraph_codegen::") => Action::Keep,
            Some(_) => Action::ByHand {
                add: format!("in `main`:\n{line}"),
            },
        };
        Ok(InitStep::new(path, action))
    }

    /// The module and its declaration.
    pub(super) fn module(&self, package: &Package) -> Result<Vec<InitStep>, Failure> {
        let mut roots = package.roots().into_iter().map(|root| self.in_crate(&root));
        let Some(root) = roots.find(|root| root.exists()) else {
            let add = format!(
                "there is no such file; in the root of the crate:\nmod graph {{\n    {INCLUDE}\n}}\n"
            );
            return Ok(vec![InitStep::new(
                self.in_crate("src"),
                Action::ByHand { add },
            )]);
        };
        let old = read_text(&root)?.unwrap_or_default();
        if old.contains(INCLUDED) {
            return Ok(vec![InitStep::new(root, Action::Keep)]);
        }
        let folder = root.with_file_name("graph").join("mod.rs");
        let file = if folder.exists() {
            folder
        } else {
            root.with_file_name("graph.rs")
        };
        let existing = read_text(&file)?;
        let is_declared = module::is_declared(&old);
        let is_included = existing.as_ref().is_some_and(|old| old.contains(INCLUDED));
        let is_taken = package.has_dependency(module::NAME) && !is_declared;
        if is_taken || ((existing.is_some() || is_declared) && !is_included) {
            let add = format!(
                "the crate already has a `graph`; in a module of another name:\n    {INCLUDE}\n"
            );
            return Ok(vec![InitStep::new(root, Action::ByHand { add })]);
        }
        let module = match existing {
            Some(_) => Action::Keep,
            None => Action::Create {
                text: MODULE.to_owned(),
            },
        };
        let declaration = match module::declare(&old) {
            _ if is_declared => Action::Keep,
            Some(text) => Action::Edit { old, text },
            None => Action::ByHand {
                add: format!("{}\n", module::DECLARATION),
            },
        };
        Ok(vec![
            InitStep::new(file, module),
            InitStep::new(root, declaration),
        ])
    }
}
