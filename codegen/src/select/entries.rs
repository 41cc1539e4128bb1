//! `[[update]]`: one path, or a subtree.

use msgraph_csdl::diagnostic::{Diagnostic, nearest, nearest_or};
use msgraph_csdl::facts::UpdateMethod;
use msgraph_csdl::model::TypeId;
use msgraph_csdl::path::segment;
use msgraph_csdl::path::{self, ResourcePath};
use msgraph_csdl::source::Span;
use msgraph_csdl::toml_table::Setting;

use super::subtree::{MAX_PATHS, excludes, paths_below, subtree};
use super::{Body, Reason, SelectedUpdate, Selector, TypeInRole};
use crate::manifest::Update;

impl<'s> Selector<'s, '_, '_> {
    pub(super) fn entry(&mut self, update: &'s Update) {
        match subtree(update) {
            Some(prefix) => self.subtree(update, prefix),
            None => self.single(update),
        }
    }

    fn single(&mut self, update: &'s Update) {
        let depth = update.depth.map(|(span, _)| (span, "depth"));
        let exclude = update.exclude.first().map(|it| (it.span, "exclude"));
        for (span, key) in depth.into_iter().chain(exclude) {
            let help = "end the path with `/**`, or remove the key";
            self.error(span, format!("`{key}` applies to subtrees only"), help);
        }
        // Checked before the path decides, so that errors in both are reported.
        let path = self.walk(&update.path, &update.path.text);
        let ty = match &update.ty {
            Some(name) => match self.named_type(&name.text, name.span) {
                Some(id) => Some((id, name.span)),
                None => return,
            },
            None => None,
        };
        let Some(mut path) = path else { return };
        let (schema, facts) = (self.schema(), &self.input.facts);
        if self.is_query() {
            path =
                path::with_placeholders(schema, &path, &|set, key| facts.key(set, key).is_some());
        }
        let mut path = path::corrected(schema, facts, path);
        if let Some(method) = update.method {
            path.target.restrictions.put = method == UpdateMethod::Put;
        }
        if !self.check_updatable(update, &path) {
            return;
        }
        let body = match ty.or_else(|| self.known_key_type(&path)) {
            Some((ty, span)) if !self.check_subtype(&path, ty, span) => return,
            Some((ty, _)) => self.body(&path, ty),
            None => self.position(TypeInRole::body(schema, path.target.ty)),
        };
        // The method of an entry for one path replaces the one that a subtree found.
        if update.method.is_some()
            && let Some(known) = self.updates.get_mut(&(path.template(), body))
        {
            known.path = path.clone();
        }
        self.take(path, body, update.name.clone());
    }

    fn subtree(&mut self, update: &'s Update, prefix: &str) {
        let keys = [
            (update.ty.as_ref().map(|ty| ty.span), "type"),
            (update.name.as_ref().map(|name| name.span), "name"),
            (update.updatable.map(|(span, _)| span), "updatable"),
            (update.method.map(|_| update.path.span), "method"),
        ];
        for (span, key) in keys {
            if let Some(span) = span {
                let help = "add an entry for the path, or remove the key";
                self.error(span, format!("`{key}` applies to a single path only"), help);
            }
        }
        if !prefix.is_empty() && self.walk(&update.path, prefix).is_none() {
            return;
        }
        let subtree = &update.path.text;
        let Ok(paths) = paths_below(self.schema(), &self.input.facts, update, prefix) else {
            self.error(
                update.path.span,
                format!("more than {MAX_PATHS} paths below `{subtree}`"),
                "containment in this metadata is cyclic; set `depth = 2`, the maximum number of \
                 navigation properties on a path, or name smaller subtrees",
            );
            return;
        };
        let templates: Vec<String> = paths.iter().map(ResourcePath::template).collect();
        for pattern in &update.exclude {
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
        let all = paths.len();
        let is_excluded = |template: &str| {
            let mut patterns = update.exclude.iter();
            patterns.any(|pattern| excludes(&pattern.text, template))
        };
        let updates = paths.into_iter().zip(&templates);
        let updates = updates
            .filter(|(path, template)| path.target.offers_update() && !is_excluded(template));
        let mut is_empty = true;
        for (path, _) in updates {
            is_empty = false;
            let body = self.position(TypeInRole::body(self.schema(), path.target.ty));
            self.take(path, body, None);
        }
        if is_empty {
            let help = format!("it has {all} paths; none can be updated, or all are excluded");
            let message = format!("`{subtree}` selects no update");
            self.error(update.path.span, message, help);
        }
    }

    fn walk(&mut self, path: &Setting, text: &str) -> Option<ResourcePath> {
        match path::walk(self.schema(), text) {
            Ok(walked) => {
                if !self.is_query() {
                    self.check_keys(path, &walked);
                }
                Some(walked)
            }
            Err(wrong) => {
                let sources = self.input.sources;
                let span = sources.quoted(path.span, &path.text, wrong.start..wrong.end);
                self.error(span, wrong.message, wrong.help);
                None
            }
        }
    }

    /// Warns about a key that nearly matches one documented in the facts. Other keys may exist: the facts need not be
    /// complete.
    fn check_keys(&mut self, path: &Setting, walked: &ResourcePath) {
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
                    self.selection
                        .likely_typos
                        .push(Diagnostic::warning(span, message).help(format!(
                            "did you mean {near}? Otherwise, add the key to the facts: \
                             `[keys.\"{set}\"]`"
                        )));
                }
            }
            set.push('/');
            set.push_str(&segment.text);
            start += 1 + written.len();
        }
    }

    fn check_updatable(&mut self, update: &Update, path: &ResourcePath) -> bool {
        let template = path.template();
        let span = update.path.span;
        let target = &path.target;
        if target.is_collection && !target.offers_update() {
            let help = format!("update one item: `{template}/{{id}}`");
            self.error(span, format!("`{template}` is a collection"), help);
            return false;
        }
        let configured = update.updatable.map(|(_, updatable)| updatable);
        if configured.or(target.restrictions.updatable) != Some(false) {
            return true;
        }
        let facts = self.input.facts.operation(&template);
        let from = if configured.is_some() {
            "the manifest".to_owned()
        } else if facts.is_some_and(|facts| facts.update.updatable == Some(false)) {
            "the facts".to_owned()
        } else {
            format!("{} (`UpdateRestrictions`)", self.input.metadata_name())
        };
        self.error(
            span,
            format!("`{template}` is marked not updatable in {from}"),
            "if that is wrong, add `updatable = true` to the entry",
        );
        false
    }

    fn check_subtype(&mut self, path: &ResourcePath, ty: TypeId, span: Span) -> bool {
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
    fn known_key_type(&self, path: &ResourcePath) -> Option<(TypeId, Span)> {
        let (last, before) = path.segments.split_last()?;
        let (name, key) = last.literal_key()?;
        let before = before.iter().map(|segment| segment.text.as_str());
        let set: Vec<&str> = [""].into_iter().chain(before).chain(name).collect();
        let known = self.input.facts.key(&set.join("/"), &key)?;
        Some((self.schema().find(&known.ty)?, self.input.manifest.span))
    }

    /// Selects an update. Subtrees overlap, and an entry for one path may name an update that a subtree has found.
    fn take(&mut self, path: ResourcePath, body: Body, name: Option<Setting>) {
        let template = path.template();
        for ty in self.body_types(body) {
            self.need(ty, Reason::Body(template.clone()));
        }
        let update = self.updates.entry((template, body));
        let update = update.or_insert(SelectedUpdate {
            path,
            body,
            response: None,
            name: None,
        });
        update.name = update.name.take().or(name);
    }
}
