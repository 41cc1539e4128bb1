//! `graph.toml`: what to generate, and from what.

pub(crate) mod added;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use msgraph_csdl::facts::UpdateMethod;
use msgraph_csdl::source::{FileId, Source, Span};
use msgraph_csdl::table::{self, Setting};

/// A manifest as it is written; paths are relative to it.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The manifest as a whole, for errors that have no better place.
    pub(crate) span: Span,
    pub(crate) api_version: Option<Setting>,
    /// `[metadata]`: documents by API version.
    pub(crate) metadata: Vec<(Setting, Vec<Setting>)>,
    /// `[other-clouds]`: documents of clouds that nothing is generated from.
    pub(crate) other_clouds: Vec<(Setting, Vec<Setting>)>,
    pub(crate) facts: Vec<Setting>,
    /// The crate that emitted code stands on, as a path.
    pub(crate) runtime: TokenStream,
    pub(crate) updates: Vec<Update>,
    /// `[[struct]]`: types without a path.
    pub(crate) structs: Vec<Setting>,
    pub(crate) types: BTreeMap<String, TypeSettings>,
    pub(crate) properties: BTreeMap<String, PropertySettings>,
    pub(crate) send_read_only: bool,
    pub(crate) inline_all: bool,
    pub(crate) setters: bool,
    pub(crate) read: bool,
    /// Whether what is selected is asked for by a caller, not by the manifest's text: then a key in a
    /// path is an example of any key, and a type may be an enumeration too.
    pub(crate) is_question: bool,
    /// How many days before something is removed a build warns.
    pub(crate) deprecation_warning_days: i64,
}

/// The settings that are no tables.
const TOP_LEVEL: [&str; 8] = [
    "api-version",
    "facts",
    "runtime",
    "send-read-only",
    "inline-all",
    "setters",
    "read",
    "deprecation-warning-days",
];

/// [`Manifest::deprecation_warning_days`] unless set.
const DEPRECATION_WARNING_DAYS: i64 = 90;

/// `[[update]]`: one path, or a subtree.
#[derive(Debug)]
pub(crate) struct Update {
    pub(crate) path: Setting,
    pub(crate) ty: Option<Setting>,
    pub(crate) name: Option<Setting>,
    pub(crate) updatable: Option<(Span, bool)>,
    pub(crate) method: Option<UpdateMethod>,
    pub(crate) exclude: Vec<Setting>,
    pub(crate) depth: Option<(Span, usize)>,
}

/// `[type."…"]`.
#[derive(Debug)]
pub(crate) struct TypeSettings {
    pub(crate) span: Span,
    pub(crate) name: Option<Setting>,
    pub(crate) inline: Vec<Setting>,
    pub(crate) replaces: Option<bool>,
}

/// `[property."…"]`.
#[derive(Debug)]
pub(crate) struct PropertySettings {
    pub(crate) span: Span,
    pub(crate) send: Option<bool>,
    pub(crate) replaces: Option<bool>,
    /// Of a navigation property: whether an update can change single items of the collection.
    pub(crate) delta: Option<bool>,
    /// Its type, where the metadata lacks the property.
    pub(crate) ty: Option<Setting>,
}

impl Manifest {
    /// `None` where it is not TOML.
    pub(crate) fn read(
        file: FileId,
        source: &Source,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut top = table::parse(file, source, diagnostics)?;
        top.hoist(&TOP_LEVEL, diagnostics);
        let span = Span::new(file, 0..0);
        let manifest = Manifest {
            span,
            api_version: top.string("api-version", diagnostics),
            metadata: top.named_strings("metadata", diagnostics),
            other_clouds: top.named_strings("other-clouds", diagnostics),
            facts: top.strings("facts", diagnostics),
            runtime: runtime(&mut top, diagnostics),
            updates: updates(&mut top, diagnostics),
            structs: structs(&mut top, diagnostics),
            types: type_settings(&mut top, diagnostics),
            properties: property_settings(&mut top, diagnostics),
            send_read_only: top.boolean("send-read-only", diagnostics).unwrap_or(false),
            inline_all: top.boolean("inline-all", diagnostics).unwrap_or(false),
            setters: top.boolean("setters", diagnostics).unwrap_or(true),
            read: top.boolean("read", diagnostics).unwrap_or(false),
            is_question: false,
            deprecation_warning_days: deprecation_warning_days(&mut top, diagnostics),
        };
        top.finish(diagnostics);
        manifest.check(source, diagnostics);
        Some(manifest)
    }

    fn check(&self, source: &Source, diagnostics: &mut Diagnostics) {
        if source.text.trim().is_empty() {
            diagnostics.push(
                Diagnostic::error(self.span, format!("`{}` is empty", source.name)).help(
                    "name an `api-version`, its `[metadata]`, and the updates to generate; \
                     docs/manifest.md has an example",
                ),
            );
            return;
        }
        let is_segment = |text: &str| {
            let mut bytes = text.bytes();
            !text.is_empty() && bytes.all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        };
        if let Some(version) = self.api_version.as_ref().filter(|v| !is_segment(&v.text)) {
            diagnostics.push(
                Diagnostic::error(version.span, "`api-version` is no segment of a URL")
                    .help("write `v1.0` or `beta`"),
            );
        }
        if self.api_version.is_none() {
            diagnostics.push(
                Diagnostic::error(self.span, format!("`{}` has no `api-version`", source.name))
                    .help("add `api-version = \"v1.0\"`"),
            );
        }
        // A misspelt `[[update]]` is an unknown key, and that is what is to be said.
        if self.updates.is_empty() && self.structs.is_empty() && !diagnostics.has_errors() {
            diagnostics.push(
                Diagnostic::error(self.span, format!("`{}` selects nothing", source.name))
                    .help("add an `[[update]]` with a `path`"),
            );
        }
    }

    /// Every update there is, instead of those that are selected.
    pub(crate) fn select_whole(&mut self, depth: Option<usize>) {
        let whole = self.asked("/**");
        self.structs = Vec::new();
        self.updates = vec![Update {
            depth: depth.map(|depth| (self.span, depth)),
            ..self.update(whole)
        }];
    }

    /// These paths and types, instead of those that are selected.
    pub(crate) fn select_only(&mut self, paths: &[String], types: &[String]) {
        self.is_question = true;
        self.structs = types.iter().map(|ty| self.asked(ty)).collect();
        let paths = paths.iter().map(|path| self.update(self.asked(path)));
        self.updates = paths.collect();
    }

    /// What a caller asks for has no place in the manifest's text.
    fn asked(&self, text: &str) -> Setting {
        Setting {
            text: text.to_owned().into(),
            span: self.span,
        }
    }

    fn update(&self, path: Setting) -> Update {
        Update {
            path,
            ty: None,
            name: None,
            updatable: None,
            method: None,
            exclude: Vec::new(),
            depth: None,
        }
    }

    /// Whether there is metadata for the API version.
    pub(crate) fn check_version(&self, diagnostics: &mut Diagnostics) {
        let Some(version) = &self.api_version else {
            return;
        };
        if self.documents().is_none() {
            let versions: Vec<&str> = self
                .metadata
                .iter()
                .map(|(version, _)| version.text.as_ref())
                .collect();
            let help = did_you_mean(&version.text, versions).unwrap_or_else(|| {
                format!("add `[metadata]` with `\"{}\" = \"…csdl\"`", version.text)
            });
            diagnostics.push(
                Diagnostic::error(
                    version.span,
                    format!("`[metadata]` has no document for `{}`", version.text),
                )
                .help(help),
            );
        }
    }

    /// The documents of the API version.
    pub(crate) fn documents(&self) -> Option<&[Setting]> {
        let wanted = self.api_version.as_ref()?;
        self.metadata
            .iter()
            .find(|(version, _)| version.text == wanted.text)
            .map(|(_, documents)| documents.as_slice())
    }
}

/// The path of the runtime crate, `::msgraph_runtime` unless set.
fn runtime(top: &mut table::Table<'_>, diagnostics: &mut Diagnostics) -> TokenStream {
    let Some(path) = top.string("runtime", diagnostics) else {
        return quote!(::msgraph_runtime);
    };
    match (syn::parse_str::<syn::Path>(&path.text), path.text.parse()) {
        (Ok(_), Ok(tokens)) => tokens,
        _ => {
            diagnostics.push(
                Diagnostic::error(path.span, format!("`{}` is not a Rust path", path.text))
                    .help("write the path of the runtime crate: `::msgraph_runtime`"),
            );
            TokenStream::new()
        }
    }
}

fn deprecation_warning_days(top: &mut table::Table<'_>, diagnostics: &mut Diagnostics) -> i64 {
    let span = top.span();
    let days = top.integer("deprecation-warning-days", diagnostics);
    if days.is_some_and(|days| days < 0) {
        diagnostics.push(
            Diagnostic::error(span, "`deprecation-warning-days` is negative")
                .help("it counts the days before a removal; `0` warns from the day itself"),
        );
    }
    days.unwrap_or(DEPRECATION_WARNING_DAYS)
}

fn updates(top: &mut table::Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Update> {
    let mut updates = Vec::new();
    for mut table in top.tables("update", diagnostics) {
        let path = table.string("path", diagnostics);
        let ty = table.string("type", diagnostics);
        let name = table.string("name", diagnostics);
        let entry = table.span();
        let updatable = table
            .boolean("updatable", diagnostics)
            .map(|updatable| (entry, updatable));
        let method = UpdateMethod::read(&mut table, diagnostics);
        let exclude = table.strings("exclude", diagnostics);
        let span = table.span();
        let depth = table.integer("depth", diagnostics).and_then(|depth| {
            let depth = usize::try_from(depth).ok();
            if depth.is_none() {
                diagnostics.push(
                    Diagnostic::error(span, "`depth` is negative")
                        .help("it counts the navigation properties on a path"),
                );
            }
            Some((span, depth?))
        });
        table.finish(diagnostics);
        match path {
            Some(path) => updates.push(Update {
                path,
                ty,
                name,
                updatable,
                method,
                exclude,
                depth,
            }),
            None => diagnostics.push(
                Diagnostic::error(span, "an `[[update]]` without `path`")
                    .help("write the path of the resource: `path = \"/users/{id}\"`"),
            ),
        }
    }
    updates
}

fn structs(top: &mut table::Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Setting> {
    let mut structs = Vec::new();
    for mut table in top.tables("struct", diagnostics) {
        let ty = table.string("type", diagnostics);
        let span = table.span();
        table.finish(diagnostics);
        match ty {
            Some(ty) => structs.push(ty),
            None => diagnostics.push(
                Diagnostic::error(span, "a `[[struct]]` without `type`")
                    .help("write the qualified name of the type"),
            ),
        }
    }
    structs
}

fn type_settings(
    top: &mut table::Table<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, TypeSettings> {
    top.named_tables("type", diagnostics)
        .into_iter()
        .map(|(name, mut table)| {
            let settings = TypeSettings {
                span: name.span,
                name: table.string("name", diagnostics),
                inline: table.strings("inline", diagnostics),
                replaces: table.boolean("replaces", diagnostics),
            };
            table.finish(diagnostics);
            (name.text.into_owned(), settings)
        })
        .collect()
}

fn property_settings(
    top: &mut table::Table<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, PropertySettings> {
    top.named_tables("property", diagnostics)
        .into_iter()
        .map(|(name, mut table)| {
            let settings = PropertySettings {
                span: name.span,
                send: table.boolean("send", diagnostics),
                replaces: table.boolean("replaces", diagnostics),
                delta: table.boolean("delta", diagnostics),
                ty: table.string("type", diagnostics),
            };
            table.finish(diagnostics);
            (name.text.into_owned(), settings)
        })
        .collect()
}
