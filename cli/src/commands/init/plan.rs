//! The steps for the build script and the module.

use super::existing::read_text;
use super::package::Package;
use super::step::{Action, InitStep};
use super::{Arguments, module};
use crate::support::failure::Failure;

const BUILD: &str = "\
//! Generates what `graph.toml` selects.

fn main() {
    msgraph_codegen::build(\"graph.toml\");
}
";

impl Arguments {
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

    /// The step that declares the module in the root file.
    pub(super) fn module(&self, package: &Package) -> Result<InitStep, Failure> {
        let by_hand = |why: &str, line: &str| Action::ByHand {
            add: format!("{why}    {line}\n"),
        };
        let mut roots = package.roots().into_iter().map(|root| self.in_crate(&root));
        let Some(root) = roots.find(|root| root.exists()) else {
            let why = "there is no such file; in the root of the crate:\n";
            let action = by_hand(why, module::DECLARATION);
            return Ok(InitStep::new(self.in_crate("src"), action));
        };
        let old = read_text(&root)?.unwrap_or_default();
        let folder = root.with_file_name("graph").join("mod.rs");
        let file = if folder.exists() {
            folder
        } else {
            root.with_file_name("graph.rs")
        };
        let file = read_text(&file)?;
        let is_declared = module::is_declared(&old);
        let in_file = file.as_deref().filter(|_| is_declared);
        let action = if module::is_included(&old) || in_file.is_some_and(module::is_included) {
            Action::Keep
        } else if is_declared || file.is_some() || package.has_dependency(module::NAME) {
            by_hand(
                "the crate already has a `graph`; choose another name for the module:\n",
                module::OTHER_DECLARATION,
            )
        } else {
            match module::declare(&old) {
                Some(text) => Action::Edit { old, text },
                None => by_hand("", module::DECLARATION),
            }
        };
        Ok(InitStep::new(root, action))
    }
}
