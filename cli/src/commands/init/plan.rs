//! The steps for the files beside `graph.toml`: the facts, the build script and the module.

use std::path::PathBuf;

use super::existing_text::read_text;
use super::package::Package;
use super::step::{Action, Step};
use super::{Arguments, module};
use crate::support::failure::Failure;
use crate::support::files::read;

/// What this project knows of the service beside the CSDL.
pub(super) const FACTS: &str = include_str!("../../../facts.toml");

const BUILD: &str = "\
//! Generates what `graph.toml` asks for.

fn main() {
    msgraph_codegen::build(\"graph.toml\");
}
";

/// The module that the generated code stands in.
const MODULE: &str = "\
//! Generated in the build from `graph.toml`.

// rustc warns about unused setters, and clippy about Graph's naming.
#![allow(dead_code, clippy::wrong_self_convention, clippy::enum_variant_names)]

include!(concat!(env!(\"OUT_DIR\"), \"/graph.rs\"));
";

/// What the line that brings the generated code in has.
const INCLUDED: &str = "/graph.rs\"";

impl Arguments {
    /// The step for `facts.toml`; none where a `graph.toml` is there that does not name it.
    pub(super) fn facts_step(&self) -> Result<Option<Step>, Failure> {
        let path = self.in_crate("facts.toml");
        let action = match read(&path)? {
            None => Action::Create {
                text: FACTS.to_owned(),
            },
            Some(_) => Action::Keep,
        };
        let manifest = read_text(&self.in_crate("graph.toml"))?;
        let is_named = manifest.is_none_or(|manifest| manifest.contains("facts.toml"));
        Ok(is_named.then_some(Step { path, action }))
    }

    pub(super) fn build_script(&self, package: &Package) -> Result<Step, Failure> {
        let line = "    msgraph_codegen::build(\"graph.toml\");\n";
        let script = match package.build_script() {
            Ok(script) => script,
            Err(instead) => {
                let add = format!(
                    "`{instead}` stands in `[package]`; a build script must say in `main`:\n{line}"
                );
                return Ok(Step {
                    path: package.path.clone(),
                    action: Action::ByHand { add },
                });
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
        Ok(Step { path, action })
    }

    /// The module and its declaration.
    pub(super) fn module(&self, package: &Package) -> Result<Vec<Step>, Failure> {
        let roots = package.roots();
        let root = roots.iter().map(|root| self.in_crate(root));
        let Some(root) = root.clone().find(|root| root.exists()) else {
            let add = format!(
                "there is no such file; in the root of the crate:\nmod graph {{\n    {}}}\n",
                include()
            );
            return Ok(vec![Step {
                path: self.in_crate("src"),
                action: Action::ByHand { add },
            }]);
        };
        let old = read_text(&root)?.unwrap_or_default();
        if old.contains(INCLUDED) {
            let action = Action::Keep;
            return Ok(vec![Step { path: root, action }]);
        }
        let file = root.with_file_name("graph.rs");
        let folder = root.with_file_name("graph").join("mod.rs");
        let file = if folder.exists() { folder } else { file };
        let existing = read_text(&file)?;
        let is_declared = module::is_declared(&old);
        let included = existing.as_ref().is_some_and(|old| old.contains(INCLUDED));
        let is_taken = module::is_taken(&old) || package.knows(module::NAME);
        if (is_taken && !is_declared) || ((existing.is_some() || is_declared) && !included) {
            return Ok(vec![own_graph(root)]);
        }
        let declared = if is_declared {
            Action::Keep
        } else {
            match module::declare(&old) {
                Some(text) => Action::Edit { old, text },
                None => Action::ByHand {
                    add: format!("{}\n", module::DECLARATION),
                },
            }
        };
        let module = match existing {
            Some(_) => Action::Keep,
            None => Action::Create {
                text: MODULE.to_owned(),
            },
        };
        Ok(vec![
            Step {
                path: file,
                action: module,
            },
            Step {
                path: root,
                action: declared,
            },
        ])
    }
}

/// The line that brings the generated code in.
fn include() -> &'static str {
    MODULE
        .find("include!")
        .and_then(|start| MODULE.get(start..))
        .unwrap_or_default()
}

/// The step where the crate has a `graph` of its own.
fn own_graph(root: PathBuf) -> Step {
    let add = format!(
        "the crate has a `graph` of its own; where the generated code shall stand, in a module of \
         another name:\n    {}",
        include()
    );
    Step {
        action: Action::ByHand { add },
        path: root,
    }
}
