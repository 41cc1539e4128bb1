//! The step for `graph.toml`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use msgraph_codegen::Config;
use msgraph_codegen::index::Index;
use msgraph_csdl::facts::Facts;
use msgraph_csdl::source::Sources;

use super::entry::{Entry, asks_for_something, keyed, quoted};
use super::existing_text::read_text;
use super::paths::{is_in_checkout, relative};
use super::plan::FACTS;
use super::step::{Action, Step};
use super::{Arguments, existing};
use crate::support::console::Console;
use crate::support::failure::Failure;
use crate::support::shell;
use crate::support::text::{folded, shown};
use crate::support::type_name::resolve;

/// How many of the paths of a type are named.
const MAX_PATHS: usize = 20;

impl Arguments {
    /// The step for `graph.toml`, and what it generates, which is checked by it.
    pub(super) fn manifest(&self, console: &mut Console) -> Result<(Step, Index, Entry), Failure> {
        let path = self.in_crate("graph.toml");
        let old = read_text(&path)?;
        if let Some(old) = &old {
            let version = self.api_version.as_deref();
            existing::agree(&path, old, version, self.metadata.as_deref())?;
        }
        let head = self.head(console, old.as_deref())?;
        let config = |text: &str| self.config(text, old.as_deref() == Some(text));
        // A manifest selects something, also where that is replaced by everything.
        let everything = Entry {
            path: Some("/**".to_owned()),
            ty: None,
            name: None,
        };
        let everything = everything.appended(&head);
        let catalogue = || config(&everything).whole(Some(0)).catalogue(None, Some(0));
        let ty = match &self.ty {
            None => None,
            Some(written) => Some(resolve(written, &catalogue()?)?),
        };
        let entry = self.entry(console, ty, || survey(&config(&everything)))?;
        if old.as_deref().is_some_and(|old| entry.stands_in(old)) {
            // Of what is there, the build will say what is wrong.
            let index = config(&head).survey()?.index;
            let action = Action::Keep;
            return Ok((Step { path, action }, entry.first(index), entry));
        }
        let text = entry.appended(&head);
        let whole = config(&text);
        // The first finds every error; the second knows what will be generated.
        let generated = whole.generate().map_err(|error| {
            // What is sound without the entry is wrong by what was asked.
            let is_sound = match &old {
                Some(old) if asks_for_something(old) => config(old).generate().is_ok(),
                _ => config(&everything).whole(Some(0)).survey().is_ok(),
            };
            match is_sound {
                true => Failure::Usage(error.to_string()),
                false => error.into(),
            }
        })?;
        for slip in generated.likely_typos.iter() {
            console.warning(&slip.render(&generated.sources));
        }
        let index = entry.first(whole.survey()?.index);
        let action = match old {
            None => Action::Create { text },
            Some(old) => Action::Edit { old, text },
        };
        Ok((Step { path, action }, index, entry))
    }

    /// The configuration of a manifest of this text, which is that of the file or is to become it.
    fn config(&self, text: &str, is_written: bool) -> Config {
        // Errors point into what is not on disk yet.
        let name = match is_written {
            true => "graph.toml",
            false => "graph.toml (as it would be written)",
        };
        let config = Config::new(self.in_crate(name)).manifest_text(text);
        let facts = self.in_crate("facts.toml");
        if facts.exists() {
            config
        } else {
            config.text(facts, FACTS)
        }
    }

    /// The manifest before the entry is added: the one that is there, or the start of a new one.
    fn head(&self, console: &mut Console, old: Option<&str>) -> Result<String, Failure> {
        Ok(match old {
            Some(old) => old.to_owned(),
            None => format!(
                "# What the build generates; the format is described in docs/manifest.md of msgraph-codegen.\n\
                 api-version = {version}\nfacts = \"facts.toml\"\n\n[metadata]\n{version} = {document}\n",
                version = quoted(self.version()),
                document = quoted(&self.document(console)?),
            ),
        })
    }

    /// The metadata, relative to the crate and with slashes.
    fn document(&self, console: &mut Console) -> Result<String, Failure> {
        let path = match &self.metadata {
            Some(path) => path.clone(),
            None => {
                let name = format!("{}.csdl", self.version());
                let path = self.in_crate("metadata").join(name);
                if !path.exists() {
                    let version = ("--api-version", Some(self.version()));
                    let fetch = shell::command("msgraph fetch", &[version, ("-o", path.to_str())]);
                    let fetch = fetch.map_or_else(String::new, |fetch| format!(" with `{fetch}`"));
                    return Err(Failure::Usage(format!(
                        "there is no `{}`; download it{fetch}, or name a document with `--metadata`",
                        shown(&path)
                    )));
                }
                path
            }
        };
        let document = relative(&path, &self.crate_dir)?;
        if !is_in_checkout(&path, &self.crate_dir) {
            console.warning(&format!(
                "`{}` is not in the checkout of the crate: another one will not find it\n\
                 help: copy it into the crate, `{}`, or `msgraph fetch` it there",
                folded(&document),
                shown(&self.in_crate("metadata"))
            ));
        }
        Ok(document)
    }

    /// What `graph.toml` shall ask for. A type alone is looked for in everything there is.
    fn entry(
        &self,
        console: &mut Console,
        ty: Option<String>,
        everything: impl FnOnce() -> Result<(Index, Option<usize>), Failure>,
    ) -> Result<Entry, Failure> {
        if let Some(path) = &self.path {
            return Ok(Entry {
                path: Some(path.clone()),
                ty,
                name: self.name.clone(),
            });
        }
        let ty = ty.unwrap_or_default();
        let (index, depth) = everything()?;
        let facts = self.facts();
        let updates = |of_this_type_alone: bool| -> BTreeSet<String> {
            index
                .operations
                .iter()
                .filter(|operation| {
                    operation.method != "DELETE"
                        && operation.bodies.iter().any(|body| body.ty == ty)
                        && (operation.bodies.len() == 1 || !of_this_type_alone)
                })
                .map(|operation| keyed(&operation.path, &ty, &facts))
                .collect()
        };
        let mut paths = updates(true);
        if paths.is_empty() {
            paths = updates(false);
        }
        if let (true, Some(depth)) = (paths.is_empty(), depth) {
            console.warning(&format!(
                "the paths of this metadata have no end; none with up to {depth} navigation \
                 properties updates `{ty}`, and `--path` names a longer one"
            ));
        }
        let mut found = paths.iter();
        match (found.next(), found.next()) {
            (Some(_), Some(_)) => {
                let mut message = format!("`{ty}` is updated at {} paths:", paths.len());
                for path in paths.iter().take(MAX_PATHS) {
                    let _ = write!(message, "\n  {path}");
                }
                if paths.len() > MAX_PATHS {
                    let _ = write!(message, "\n  and {} more", paths.len() - MAX_PATHS);
                }
                message.push_str("\nhelp: name one of them with `--path`");
                Err(Failure::Usage(message))
            }
            (path, _) => Ok(Entry {
                path: path.cloned(),
                ty: Some(ty),
                name: None,
            }),
        }
    }

    /// The facts that will stand beside the manifest; none where something is wrong in them, which
    /// is told when the manifest is checked.
    fn facts(&self) -> Facts {
        let mut sources = Sources::new();
        let path = self.in_crate("facts.toml");
        let id = msgraph_csdl::read::read_file(&mut sources, &path);
        let id = id.unwrap_or_else(|_| sources.add("facts.toml", FACTS));
        msgraph_csdl::read::read_facts(&sources, &[id]).unwrap_or_default()
    }
}

/// Everything there is to generate, and the depth that bounds it.
fn survey(everything: &Config) -> Result<(Index, Option<usize>), Failure> {
    // Not all metadata has an end of paths, so the first that has one.
    for depth in [None, Some(4), Some(3), Some(2)] {
        let survey = everything.clone().whole(depth).survey()?;
        if !survey.unavailable.has_errors() {
            return Ok((survey.index, depth));
        }
    }
    Err(Failure::Usage(
        "the metadata has no end of paths to look for a type in; name one with `--path`".to_owned(),
    ))
}
