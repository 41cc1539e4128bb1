//! `graph.toml`: what to generate, and from what.

mod added;
mod check;
mod entries;
mod settings;

pub(crate) use entries::{Call, EntryPath, Resource, SelectionSource, Update};
pub(crate) use settings::PropertySettings;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::source::{FileId, Source, Span};
use msgraph_csdl::toml_table::{self, Setting};

use settings::TypeSettings;

/// A manifest as written; paths are relative to it.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// The whole file, for errors without a better location.
    pub(crate) span: Span,
    pub(crate) api_version: Option<Setting>,
    /// `[metadata]`: documents by API version.
    pub(crate) metadata: Vec<(Setting, Vec<Setting>)>,
    /// `[other-clouds]`: documents that nothing is generated from, by cloud.
    pub(crate) other_clouds: Vec<(Setting, Vec<Setting>)>,
    pub(crate) facts: Vec<Setting>,
    pub(crate) built_in_facts: bool,
    pub(crate) permissions: PermissionData,
    /// The path of the runtime crate.
    pub(crate) runtime: TokenStream,
    /// `[[update]]`.
    pub(crate) updates: Vec<Update>,
    /// `[[resource]]`.
    pub(crate) resources: Vec<Resource>,
    /// `[[call]]`.
    pub(crate) calls: Vec<Call>,
    /// `[[struct]]`: types without a path.
    pub(crate) structs: Vec<Setting>,
    pub(crate) types: BTreeMap<String, TypeSettings>,
    pub(crate) properties: BTreeMap<String, PropertySettings>,
    pub(crate) send_read_only: bool,
    pub(crate) inline_all: bool,
    pub(crate) setters: bool,
    pub(crate) read: bool,
    /// How many days before a removal a build warns.
    pub(crate) deprecation_warning_days: i64,
}

/// Where the permissions of operations come from, unless the facts document them.
#[derive(Debug)]
pub(crate) enum PermissionData {
    /// The map that `msgraph-csdl` includes.
    BuiltIn,
    /// A file, written by `msgraph permissions import`.
    File(Setting),
    /// No permission data.
    Off,
}

impl PermissionData {
    fn read(top: &mut toml_table::Table<'_>, diagnostics: &mut Diagnostics) -> Self {
        match top.string_or_false("permissions", diagnostics) {
            None => PermissionData::BuiltIn,
            Some(Some(file)) => PermissionData::File(file),
            Some(None) => PermissionData::Off,
        }
    }
}

/// The keys that are not tables.
const TOP_LEVEL: [&str; 10] = [
    "api-version",
    "facts",
    "built-in-facts",
    "permissions",
    "runtime",
    "send-read-only",
    "inline-all",
    "setters",
    "read",
    "deprecation-warning-days",
];

const DEPRECATION_WARNING_DAYS: i64 = 90;

impl Manifest {
    /// Returns `None` if the source is not TOML.
    pub(crate) fn read(
        file: FileId,
        source: &Source,
        diagnostics: &mut Diagnostics,
    ) -> Option<Self> {
        let mut top = toml_table::parse(file, source, diagnostics)?;
        top.hoist(&TOP_LEVEL, diagnostics);
        let manifest = Manifest {
            span: Span::new(file, 0..0),
            api_version: top.string("api-version", diagnostics),
            metadata: top.named_strings("metadata", diagnostics),
            other_clouds: top.named_strings("other-clouds", diagnostics),
            facts: top.strings("facts", diagnostics),
            built_in_facts: top.boolean("built-in-facts", diagnostics).unwrap_or(true),
            permissions: PermissionData::read(&mut top, diagnostics),
            runtime: runtime(&mut top, diagnostics),
            updates: entries::updates(&mut top, diagnostics),
            resources: entries::resources(&mut top, diagnostics),
            calls: entries::calls(&mut top, diagnostics),
            structs: entries::structs(&mut top, diagnostics),
            types: settings::types(&mut top, diagnostics),
            properties: settings::properties(&mut top, diagnostics),
            send_read_only: top.boolean("send-read-only", diagnostics).unwrap_or(false),
            inline_all: top.boolean("inline-all", diagnostics).unwrap_or(false),
            setters: top.boolean("setters", diagnostics).unwrap_or(true),
            read: top.boolean("read", diagnostics).unwrap_or(false),
            deprecation_warning_days: deprecation_warning_days(&mut top, diagnostics),
        };
        top.finish(diagnostics);
        manifest.check(source, diagnostics);
        Some(manifest)
    }

    /// Replaces the entries by those of another source.
    pub(crate) fn select(&mut self, source: &SelectionSource) {
        if !matches!(source, SelectionSource::Manifest) {
            self.resources = Vec::new();
            self.calls = Vec::new();
        }
        // There is no location for them in the manifest.
        let span = self.span;
        let setting = |text: &str| Setting {
            text: text.to_owned().into(),
            span,
        };
        match source {
            SelectionSource::Manifest => {}
            SelectionSource::Everything { depth } => {
                self.structs = Vec::new();
                let mut update = Update::new(setting("/**"));
                update.at.depth = depth.map(|depth| (span, depth));
                self.updates = vec![update];
            }
            SelectionSource::Only { paths, types } => {
                self.structs = types.iter().map(|ty| setting(ty)).collect();
                let paths = paths.iter().map(|path| Resource::new(setting(path)));
                self.resources = paths.collect();
                self.updates = Vec::new();
            }
        }
    }

    /// The paths of the entries.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &EntryPath> {
        let updates = self.updates.iter().map(|entry| &entry.at);
        let resources = self.resources.iter().map(|entry| &entry.at);
        let calls = self.calls.iter().map(|entry| &entry.at);
        updates.chain(resources).chain(calls)
    }

    /// The documents of the API version.
    pub(crate) fn documents(&self) -> Option<&[Setting]> {
        let wanted = self.api_version.as_ref()?;
        let mut versions = self.metadata.iter();
        let (_, documents) = versions.find(|(version, _)| version.text == wanted.text)?;
        Some(documents)
    }
}

fn runtime(top: &mut toml_table::Table<'_>, diagnostics: &mut Diagnostics) -> TokenStream {
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

fn deprecation_warning_days(top: &mut toml_table::Table<'_>, diagnostics: &mut Diagnostics) -> i64 {
    let days = top.integer("deprecation-warning-days", diagnostics);
    if days.is_some_and(|days| days < 0) {
        diagnostics.push(
            Diagnostic::error(top.span(), "`deprecation-warning-days` is negative")
                .help("it is a number of days before a removal; `0` warns from that day on"),
        );
    }
    days.unwrap_or(DEPRECATION_WARNING_DAYS)
}
