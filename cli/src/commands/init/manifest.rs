//! The step for `graph.toml`.

use std::collections::BTreeSet;

use msgraph_codegen::Config;
use msgraph_codegen::command::Survey;
use msgraph_codegen::ir::{Api, OperationKind};

use super::Arguments;
use super::entry::{Entry, has_entries, keyed};
use super::existing::{check_options, read_text};
use super::paths::{is_in_repository, relative};
use super::step::{Action, InitStep};
use crate::support::arguments::quoted;
use crate::support::console::Console;
use crate::support::failure::Failure;
use crate::support::shell;
use crate::support::text::{one_line, show_path};
use crate::support::type_name::resolve;

/// How many paths of a type are named in an error.
const MAX_PATHS: usize = 20;

impl Arguments {
    /// The step for `graph.toml`, and what the manifest generates.
    pub(super) fn manifest(
        &self,
        console: &mut Console,
    ) -> Result<(InitStep, Api, Entry), Failure> {
        let path = self.in_crate("graph.toml");
        let old = read_text(&path)?;
        if let Some(old) = &old {
            let version = self.api_version.as_deref();
            check_options(&path, old, version, self.metadata.as_deref())?;
        }
        let start = match &old {
            Some(old) => old.clone(),
            None => self.new_manifest(console)?,
        };
        let config = |text: &str| self.config(text, old.as_deref() == Some(text));
        // The manifest needs an entry, even if `whole` selects everything.
        let everything = Entry {
            table: "update",
            path: Some("/**".to_owned()),
            ty: None,
            name: None,
            operations: Vec::new(),
        };
        let everything = config(&everything.added_to(&start));
        let entry = self.entry(console, &everything)?;
        let text = entry.added_to(&start);
        let whole = config(&text);
        let generated = whole.generate().map_err(|error| {
            // If the manifest is valid without the entry, the arguments are wrong.
            let is_valid = match &old {
                Some(old) if has_entries(old) => config(old).generate().is_ok(),
                _ => everything.clone().whole(Some(0)).survey().is_ok(),
            };
            if is_valid {
                Failure::Usage(error.to_string())
            } else {
                error.into()
            }
        })?;
        let before = old.as_deref().and_then(|old| config(old).generate().ok());
        let adds_nothing = before.is_some_and(|before| before.code == generated.code);
        let action = match old {
            _ if adds_nothing => Action::Keep,
            None => Action::Create { text },
            Some(old) => Action::Edit { old, text },
        };
        if !adds_nothing {
            for mistake in generated.likely_mistakes.iter() {
                console.warning(&mistake.render(&generated.sources));
            }
        }
        let index = entry.first(whole.survey()?.index);
        Ok((InitStep::new(path, action), index, entry))
    }

    /// The configuration of a manifest, which may not be on disk yet.
    fn config(&self, text: &str, is_on_disk: bool) -> Config {
        let name = if is_on_disk {
            "graph.toml"
        } else {
            "graph.toml (as it would be written)"
        };
        Config::new(self.in_crate(name)).manifest_text(text)
    }

    fn new_manifest(&self, console: &mut Console) -> Result<String, Failure> {
        Ok(format!(
            "# What the build generates; docs/manifest.md of msgraph-codegen describes the format.\n\
             api-version = {version}\n\n[metadata]\n{version} = {document}\n",
            version = quoted(self.version()),
            document = quoted(&self.document(console)?),
        ))
    }

    /// The path of the metadata, relative to the crate.
    fn document(&self, console: &mut Console) -> Result<String, Failure> {
        let path = self.metadata.clone().unwrap_or_else(|| {
            let name = format!("{}.csdl", self.version());
            self.in_crate("metadata").join(name)
        });
        if self.metadata.is_none() && !path.exists() {
            let version = ("--api-version", Some(self.version()));
            let fetch = shell::command("msgraph fetch", &[version, ("-o", path.to_str())]);
            let fetch = fetch.map_or_else(String::new, |fetch| format!(" with `{fetch}`"));
            return Err(Failure::Usage(format!(
                "there is no `{}`; download it{fetch}, or name a CSDL file with `--metadata`",
                show_path(&path)
            )));
        }
        let document = relative(&path, &self.crate_dir)?;
        if !is_in_repository(&path, &self.crate_dir) {
            console.warning(&format!(
                "`{}` is outside the crate's repository, so a build elsewhere will not find it\n\
                 help: copy it into the crate, `{}`, or `msgraph fetch` it there",
                one_line(&document),
                show_path(&self.in_crate("metadata"))
            ));
        }
        Ok(document)
    }

    fn entry(&self, console: &mut Console, everything: &Config) -> Result<Entry, Failure> {
        let ty = match &self.ty {
            None => None,
            Some(written) => {
                let config = everything.clone().whole(Some(0));
                Some(resolve(written, &config.catalogue(None, Some(0))?)?)
            }
        };
        match &self.path {
            Some(path) => Ok(Entry {
                table: self.table(path, everything),
                path: Some(path.clone()),
                ty,
                name: self.name.clone(),
                operations: self.operations.clone(),
            }),
            None => self.entry_of_type(console, ty.unwrap_or_default(), everything),
        }
    }

    /// The entry for the only update of a type; for the struct alone if it has none.
    fn entry_of_type(
        &self,
        console: &mut Console,
        ty: String,
        everything: &Config,
    ) -> Result<Entry, Failure> {
        let (survey, depth) = survey(everything)?;
        let paths = |is_only_body: bool| -> BTreeSet<String> {
            let updates = survey.index.operations.iter().filter(|operation| {
                operation.body.is_some()
                    && operation.bodies.iter().any(|body| body.ty == ty)
                    && (operation.bodies.len() == 1 || !is_only_body)
            });
            updates
                .map(|operation| keyed(&operation.path, &ty, &survey.keys))
                .collect()
        };
        let mut found = paths(true);
        if found.is_empty() {
            found = paths(false);
        }
        if let (true, Some(depth)) = (found.is_empty(), depth) {
            console.warning(&format!(
                "containment in this metadata is cyclic; none of the paths with up to {depth} navigation \
                 properties updates `{ty}`; name a longer one with `--path`"
            ));
        }
        if found.len() > 1 {
            let shown = found.iter().take(MAX_PATHS);
            let mut lines: String = shown.map(|path| format!("\n  {path}")).collect();
            if found.len() > MAX_PATHS {
                lines.push_str(&format!("\n  and {} more", found.len() - MAX_PATHS));
            }
            return Err(Failure::Usage(format!(
                "`{ty}` is updated at {} paths:{lines}\nhelp: name one of them with `--path`",
                found.len()
            )));
        }
        let path = found.pop_first();
        Ok(Entry {
            table: if path.is_some() { "update" } else { "struct" },
            path,
            ty: Some(ty),
            name: None,
            operations: Vec::new(),
        })
    }

    /// The table of an entry for a path. Without `--operations`, a resource that can be updated needs only an
    /// `[[update]]`.
    fn table(&self, path: &str, everything: &Config) -> &'static str {
        if !self.operations.is_empty() {
            return "resource";
        }
        let index = everything
            .clone()
            .only([path], [""; 0])
            .survey()
            .map(|it| it.index);
        let operations = index.map(|index| index.operations).unwrap_or_default();
        let kinds = || operations.iter().map(|operation| operation.kind);
        if kinds().any(OperationKind::is_call) {
            "call"
        } else if operations.is_empty() || kinds().any(OperationKind::is_update) {
            // Errors in the path are reported by the entry.
            "update"
        } else {
            "resource"
        }
    }
}

/// Surveys all updates, with the largest bound on navigation properties for which there are not too many.
fn survey(everything: &Config) -> Result<(Survey, Option<usize>), Failure> {
    for depth in [None, Some(4), Some(3), Some(2)] {
        let survey = everything.clone().whole(depth).survey()?;
        if !survey.unavailable.has_errors() {
            return Ok((survey, depth));
        }
    }
    Err(Failure::Usage(
        "the metadata has too many paths to find those of a type; name one with `--path`"
            .to_owned(),
    ))
}
