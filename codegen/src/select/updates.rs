//! `[[update]]`.

use msgraph_csdl::facts::UpdateMethod;
use msgraph_csdl::path::{self, ResourcePath, TargetKind};

use super::operation::{Key, Name, Response, ResponseValue, SelectedOperation, UNTYPED};
use super::{Body, Selector, TypeInRole};
use crate::ir::OperationKind;
use crate::manifest::Update;

impl<'s> Selector<'s, '_, '_> {
    pub(super) fn update(&mut self, update: &'s Update) {
        match update.at.subtree() {
            Some(prefix) => self.updates_below(update, prefix),
            None => self.single_update(update),
        }
    }

    fn single_update(&mut self, update: &'s Update) {
        let Some((path, ty)) = self.path_and_type(&update.at, update.ty.as_ref()) else {
            return;
        };
        let (schema, facts) = (self.schema(), &self.input.facts);
        let mut path = path::corrected(schema, facts, path);
        if let Some(method) = update.method {
            path.target.restrictions.put = method == UpdateMethod::Put;
        }
        if !self.check_updatable(update, &path) {
            return;
        }
        let body = match ty {
            Some((ty, span)) if !self.check_subtype(&path, ty, span) => return,
            Some((ty, _)) => self.body(&path, ty),
            None => self.position(TypeInRole::body(schema, path.target.ty)),
        };
        if update.method.is_some() {
            self.replace_method(&path, body);
        }
        let typing = Typing {
            name: update.name.clone().map(Name::Function),
            is_read: false,
        };
        self.take_update(update_kind(&path), path, body, &typing);
    }

    /// The method of an entry for one path replaces the one that a subtree found.
    fn replace_method(&mut self, path: &ResourcePath, body: Body) {
        let other = match update_kind(path) {
            OperationKind::Update => OperationKind::Replace,
            _ => OperationKind::Update,
        };
        let other = SelectedOperation {
            subject: Some(body),
            ..SelectedOperation::on(other, path.clone(), UNTYPED)
        };
        self.operations.remove(&Key::from(&other));
    }

    fn updates_below(&mut self, update: &'s Update, prefix: &str) {
        self.check_subtree([
            (update.ty.as_ref().map(|ty| ty.span), "type"),
            (update.name.as_ref().map(|name| name.span), "name"),
            (update.updatable.map(|(span, _)| span), "updatable"),
            (update.method.map(|_| update.at.path.span), "method"),
        ]);
        let Some(paths) = self.paths_in(&update.at, prefix) else {
            return;
        };
        let all = paths.len();
        let mut paths = self.without_excluded(&update.at, paths, ResourcePath::template);
        paths.retain(|path| path.target.offers_update());
        if paths.is_empty() {
            let subtree = &update.at.path;
            let help = format!("it has {all} paths; none can be updated, or all are excluded");
            let message = format!("`{}` selects no update", subtree.text);
            self.error(subtree.span, message, help);
        }
        for path in paths {
            let body = self.position(TypeInRole::body(self.schema(), path.target.ty));
            self.take_update(update_kind(&path), path, body, &Typing::default());
        }
    }

    fn check_updatable(&mut self, update: &Update, path: &ResourcePath) -> bool {
        let template = path.template();
        let span = update.at.path.span;
        let target = &path.target;
        if target.kind == TargetKind::Stream {
            let help = "use a `[[resource]]` with the operation `put-content`";
            self.error(span, format!("`{template}` is a stream"), help);
            return false;
        }
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
        } else if facts.is_some_and(|facts| facts.capabilities.updatable == Some(false)) {
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

    pub(super) fn take_update(
        &mut self,
        kind: OperationKind,
        path: ResourcePath,
        body: Body,
        entry: &Typing,
    ) {
        let response = match entry.is_read || self.input.manifest.read {
            true => Response::Optional(ResponseValue::Structured(body.plain())),
            false => UNTYPED,
        };
        self.take(SelectedOperation {
            subject: Some(body),
            body: Some(body),
            name: entry.name.clone(),
            ..SelectedOperation::on(kind, path, response)
        });
    }
}

/// How the update of an entry is named and read.
#[derive(Default)]
pub(super) struct Typing {
    pub(super) name: Option<Name>,
    /// Whether the response has the type of the resource.
    pub(super) is_read: bool,
}

fn update_kind(path: &ResourcePath) -> OperationKind {
    match path.target.restrictions.put {
        true => OperationKind::Replace,
        false => OperationKind::Update,
    }
}
