//! Resolves the paths of entries.

use msgraph_csdl::diagnostic::{nearest, nearest_or};
use msgraph_csdl::model::TypeId;
use msgraph_csdl::path::segment;
use msgraph_csdl::path::{self, ResourcePath, WrongSegment};
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::Setting;

use super::Selector;
use super::subtree::{MAX_PATHS, excludes, paths_below};
use crate::manifest::EntryPath;

impl Selector<'_, '_, '_> {
    /// Rejects keys that apply to subtrees only.
    pub(super) fn check_single(&mut self, entry: &EntryPath) {
        let depth = entry.depth.map(|(span, _)| (span, "depth"));
        let exclude = entry.exclude.first().map(|it| (it.span, "exclude"));
        for (span, key) in depth.into_iter().chain(exclude) {
            let help = "end the path with `/**`, or remove the key";
            self.error(span, format!("`{key}` applies to subtrees only"), help);
        }
    }

    /// Resolves the path of an entry for a single path, and the type that it names or the facts document for its key.
    pub(super) fn path_and_type(
        &mut self,
        entry: &EntryPath,
        named: Option<&Setting>,
    ) -> Option<(ResourcePath, Option<(TypeId, Span)>)> {
        self.check_single(entry);
        // The type is resolved even if the path is wrong, so that errors in both are reported.
        let path = self.walk(&entry.path, &entry.path.text);
        let ty = match named {
            Some(name) => Some((self.named_type(&name.text, name.span)?, name.span)),
            None => None,
        };
        let path = path?;
        let ty = ty.or_else(|| self.known_key_type(&path));
        Some((path, ty))
    }

    /// Rejects keys that apply to a single path only.
    pub(super) fn check_subtree(
        &mut self,
        keys: impl IntoIterator<Item = (Option<Span>, &'static str)>,
    ) {
        for (span, key) in keys {
            if let Some(span) = span {
                let help = "add an entry for the path, or remove the key";
                self.error(span, format!("`{key}` applies to a single path only"), help);
            }
        }
    }

    /// All paths of a subtree.
    pub(super) fn paths_in(
        &mut self,
        entry: &EntryPath,
        prefix: &str,
    ) -> Option<Vec<ResourcePath>> {
        if !prefix.is_empty() && self.walk(&entry.path, prefix).is_none() {
            return None;
        }
        let Ok(paths) = paths_below(self.schema(), &self.input.facts, entry, prefix) else {
            self.error(
                entry.path.span,
                format!("more than {MAX_PATHS} paths below `{}`", entry.path.text),
                "containment in this metadata is cyclic; set `depth = 2`, the maximum number of \
                 navigation properties on a path, or name smaller subtrees",
            );
            return None;
        };
        Some(paths)
    }

    /// The elements whose templates the entry does not exclude.
    pub(super) fn without_excluded<T>(
        &mut self,
        entry: &EntryPath,
        mut all: Vec<T>,
        template: impl Fn(&T) -> String,
    ) -> Vec<T> {
        if entry.exclude.is_empty() {
            return all;
        }
        let templates: Vec<String> = all.iter().map(template).collect();
        for pattern in &entry.exclude {
            if !templates.iter().any(|path| excludes(&pattern.text, path)) {
                let names = templates.iter().map(String::as_str);
                let help = "write the template of a path, or a part of it and `/**`";
                self.error(
                    pattern.span,
                    format!("`{}` excludes nothing", pattern.text),
                    nearest_or(&pattern.text, names, help),
                );
            }
        }
        let is_excluded = |template: &str| {
            let mut patterns = entry.exclude.iter();
            patterns.any(|pattern| excludes(&pattern.text, template))
        };
        let mut templates = templates.iter();
        all.retain(|_| {
            templates
                .next()
                .is_none_or(|template| !is_excluded(template))
        });
        all
    }

    pub(super) fn walk(&mut self, path: &Setting, text: &str) -> Option<ResourcePath> {
        match path::walk(self.schema(), text) {
            Ok(walked) => {
                if !self.is_query() {
                    self.check_keys(path, &walked);
                }
                Some(walked)
            }
            Err(mut wrong) => {
                if path::walk_call(self.schema(), text).is_ok() {
                    wrong.help =
                        "it is an action or function: select it with a `[[call]]`".to_owned();
                }
                self.wrong_segment(path, wrong);
                None
            }
        }
    }

    pub(super) fn wrong_segment(&mut self, path: &Setting, wrong: WrongSegment) {
        let sources = self.input.sources;
        let span = sources.quoted(path.span, &path.text, wrong.start..wrong.end);
        self.error(span, wrong.message, wrong.help);
    }

    /// Warns about a key that nearly matches one documented in the facts. Other keys may exist: the facts need not be
    /// complete.
    pub(super) fn check_keys(&mut self, path: &Setting, walked: &ResourcePath) {
        let facts = &self.input.facts;
        let mut set = String::new();
        let mut start = 0;
        let written = segment::split(&path.text).skip(1);
        for (segment, written) in walked.segments.iter().zip(written) {
            if let Some((name, key)) = segment.literal_key() {
                let set = name.map_or(set.clone(), |name| format!("{set}/{name}"));
                if let Some(known) = facts.keys_of(&set)
                    && facts.key(&set, &key).is_none()
                    && let Some(near) = nearest(&key, known.iter().map(|it| it.value.as_str()))
                {
                    let location = start + 1..start + 1 + written.len();
                    let span = self.input.sources.quoted(path.span, &path.text, location);
                    let message = format!("unknown key `{key}` in `{set}`");
                    let help = format!(
                        "did you mean {near}? Otherwise, add the key to the facts: \
                         `[keys.\"{set}\"]`"
                    );
                    self.warn(span, message, help);
                }
            }
            set.push('/');
            set.push_str(&segment.text);
            start += 1 + written.len();
        }
    }

    pub(super) fn check_subtype(&mut self, path: &ResourcePath, ty: TypeId, span: Span) -> bool {
        let (schema, declared) = (self.schema(), path.target.ty);
        if schema.is_subtype_of(ty, declared) {
            return true;
        }
        let message = format!(
            "`{}` does not derive from `{}`, the type of `{}`",
            schema[ty],
            schema[declared],
            path.template()
        );
        let help = path::derivation_help(schema, declared, &schema[ty].qualified_name());
        self.error(span, message, help);
        false
    }

    /// The type that the facts document for the key at the end of a path.
    pub(super) fn known_key_type(&self, path: &ResourcePath) -> Option<(TypeId, Span)> {
        let (last, before) = path.segments.split_last()?;
        let (name, key) = last.literal_key()?;
        let before = before.iter().map(|segment| segment.text.as_str());
        let set: Vec<&str> = [""].into_iter().chain(before).chain(name).collect();
        let known = self.input.facts.key(&set.join("/"), &key)?;
        Some((self.schema().find(&known.ty)?, self.input.manifest.span))
    }
}
