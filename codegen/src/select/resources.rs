//! `[[resource]]`: the operations on a resource or a collection.

use msgraph_csdl::model::TypeId;
use msgraph_csdl::path::{self, ResourceOperation, ResourcePath, SegmentKind, TargetKind};
use msgraph_csdl::source::Span;

use super::mismatch::{allowed, links, mismatch, misses_reference};
use super::operation::{Name, Response, ResponseValue, SelectedOperation, UNTYPED};
use super::updates::Typing;
use super::{Body, Selector, TypeInRole};
use crate::ir::{OperationKind, Role};
use crate::manifest::Resource;

impl<'s> Selector<'s, '_, '_> {
    pub(super) fn resource(&mut self, entry: &'s Resource) {
        match entry.at.subtree() {
            _ if self.is_query() => self.query(&entry.at.path),
            Some(prefix) => self.resources_below(entry, prefix),
            None => self.single_resource(entry),
        }
    }

    fn resources_below(&mut self, entry: &'s Resource, prefix: &str) {
        self.check_subtree([
            (entry.ty.as_ref().map(|ty| ty.span), "type"),
            (entry.name.as_ref().map(|name| name.span), "name"),
        ]);
        let Some(paths) = self.paths_in(&entry.at, prefix) else {
            return;
        };
        let all = paths.len();
        let mut is_empty = true;
        for path in self.without_excluded(&entry.at, paths, ResourcePath::template) {
            is_empty &= !self.take_offered(&path, None, None, |kind| is_wanted(entry, kind));
        }
        if is_empty {
            let subtree = &entry.at.path;
            let message = format!("`{}` selects no operation", subtree.text);
            let help = format!("it has {all} paths; none offers an operation, or all are excluded");
            self.error(subtree.span, message, help);
        }
    }

    fn single_resource(&mut self, entry: &'s Resource) {
        let Some((path, ty)) = self.path_and_type(&entry.at, entry.ty.as_ref()) else {
            return;
        };
        if ty.is_some_and(|(ty, span)| !self.check_subtype(&path, ty, span)) {
            return;
        }
        let ty = ty.map(|(ty, _)| ty);
        let (schema, facts) = (self.schema(), &self.input.facts);
        let item = path.target.is_collection && path.target.kind != TargetKind::Complex;
        let item = item.then(|| path::item(schema, &path));
        let corrected = |path: &ResourcePath| path::corrected(schema, facts, path.clone());
        let name = entry.name.clone().map(Name::Module);
        if entry.operations.is_empty() {
            let is_reached = |item: &&ResourcePath| item.target.restrictions.is_indexable();
            let reached = item.as_ref().filter(is_reached);
            let mut is_empty = true;
            for path in [&path].into_iter().chain(reached) {
                let is_wanted = |kind| is_wanted(entry, kind);
                is_empty &= !self.take_offered(&corrected(path), ty, name.as_ref(), is_wanted);
            }
            if is_empty {
                let span = entry.at.path.span;
                let message = format!("`{}` offers no operation", path.template());
                self.error(span, message, "name the `operations` to generate");
            }
        }
        for (span, kind) in &entry.operations {
            let on = match &item {
                Some(item) if !kind.is_of_collection() => item,
                _ => &path,
            };
            if let Some((what, help)) = mismatch(*kind, &path, on) {
                let (verb, template) = (kind.name(), path.template());
                let message = format!("`{verb}` does not apply to `{template}`, {what}");
                self.error(*span, message, help);
                continue;
            }
            let corrected = corrected(on);
            if let Some(help) = misses_reference(*kind, &corrected) {
                let (verb, template) = (kind.name(), corrected.template());
                let message = format!(
                    "`{verb}` does not apply to `{template}`, which is linked, not contained"
                );
                self.error(*span, message, help);
                continue;
            }
            self.warn_if_ruled_out(*kind, on, &corrected, *span);
            self.take_operation(*kind, corrected, ty, name.clone());
        }
    }

    /// Selects the operations that a path offers, if they are wanted. Returns whether there are any.
    pub(super) fn take_offered(
        &mut self,
        path: &ResourcePath,
        ty: Option<TypeId>,
        name: Option<&Name>,
        is_wanted: impl Fn(OperationKind) -> bool,
    ) -> bool {
        let mut has_any = false;
        for kind in OperationKind::OF_RESOURCE {
            if is_wanted(kind) && is_offered(path, kind) {
                has_any = true;
                self.take_operation(kind, path.clone(), ty, name.cloned());
            }
        }
        has_any
    }

    /// Selects an operation on a resource whose type may be named.
    fn take_operation(
        &mut self,
        kind: OperationKind,
        path: ResourcePath,
        ty: Option<TypeId>,
        name: Option<Name>,
    ) {
        let plain = |response: fn(ResponseValue) -> Response, body| {
            response(ResponseValue::Structured(body))
        };
        let (subject, body, response) = match kind {
            OperationKind::List => {
                let items = self.resource_types(&path, ty, Role::Plain);
                (Some(items), None, plain(Response::Page, items))
            }
            OperationKind::Get => {
                let value = self.resource_types(&path, ty, Role::Plain);
                (Some(value), None, plain(Response::Required, value))
            }
            OperationKind::Create => {
                let declared = TypeInRole::new(self.schema(), ty.unwrap_or(path.target.ty));
                let body = match ty {
                    Some(_) => Body::Type(declared),
                    None => self.position(declared),
                };
                let response = match path.target.kind {
                    // Graph responds with the new item or with the whole collection.
                    TargetKind::Complex => UNTYPED,
                    _ => plain(Response::Optional, body.plain()),
                };
                (Some(body), Some(body), response)
            }
            OperationKind::Update | OperationKind::Replace => {
                let role = TypeInRole::body(self.schema(), path.target.ty).role;
                let body = self.resource_types(&path, ty, role);
                let typing = Typing {
                    name,
                    is_read: true,
                };
                return self.take_update(kind, path, body, &typing);
            }
            OperationKind::Delete if self.input.facts.resets(&path.template()) => {
                return self.take_reset(path, ty, name);
            }
            OperationKind::GetContent => (None, None, Response::Content),
            OperationKind::PutContent => (None, None, UNTYPED),
            _ => (None, None, Response::Nothing),
        };
        self.take(SelectedOperation {
            subject,
            body,
            name,
            ..SelectedOperation::on(kind, path, response)
        });
    }

    fn take_reset(&mut self, path: ResourcePath, ty: Option<TypeId>, name: Option<Name>) {
        let role = TypeInRole::body(self.schema(), path.target.ty).role;
        let subject = self.resource_types(&path, ty, role);
        self.take(SelectedOperation {
            subject: Some(subject),
            name,
            ..SelectedOperation::on(OperationKind::Reset, path, Response::Nothing)
        });
    }

    /// The types of a resource. The items of a collection may also have the declared type.
    fn resource_types(&mut self, path: &ResourcePath, ty: Option<TypeId>, role: Role) -> Body {
        match ty {
            Some(ty) => self.named_body(path, ty, role),
            None => self.position(TypeInRole {
                ty: path.target.ty,
                role,
            }),
        }
    }

    /// Warns about an operation that the annotations, or the facts that correct them, rule out.
    fn warn_if_ruled_out(
        &mut self,
        kind: OperationKind,
        annotated: &ResourcePath,
        corrected: &ResourcePath,
        span: Span,
    ) {
        let Some((term, property)) = annotation(kind) else {
            return;
        };
        if kind.is_of_content() && !corrected.target.has_stream {
            let ty = &self.schema()[corrected.target.ty];
            let message = format!("`{ty}` is not annotated with `HasStream`");
            return self.warn(span, message, is_generated(kind));
        }
        let template = corrected.template();
        if kind.is_of_reference() && is_cast(corrected) {
            let message = format!("`{template}` is a cast, which has no references");
            return self.warn(span, message, is_generated(kind));
        }
        // The reference documents references to resources that are contained according to the metadata.
        if kind.is_of_reference() && !links(corrected) {
            let message = format!("`{template}` contains its targets in the metadata");
            return self.warn(span, message, is_generated(kind));
        }
        if allowed(corrected, kind) != Some(false) {
            return;
        }
        let from = match allowed(annotated, kind) {
            Some(false) => format!("{} (`{term}`)", self.input.metadata_name()),
            _ => "the facts".to_owned(),
        };
        self.warn(
            span,
            format!("`{template}` has `{property}=false` in {from}"),
            is_generated(kind),
        );
    }
}

/// The help of a warning.
fn is_generated(kind: OperationKind) -> String {
    format!(
        "`{}` is generated because the manifest names it",
        kind.name()
    )
}

/// Whether an entry wants an operation that is offered.
fn is_wanted(entry: &Resource, kind: OperationKind) -> bool {
    match entry.operations.as_slice() {
        [] => !kind.is_of_content(),
        named => named.iter().any(|(_, named)| *named == kind),
    }
}

/// Whether the metadata and the facts offer an operation.
pub(crate) fn is_offered(path: &ResourcePath, kind: OperationKind) -> bool {
    if kind.is_of_reference() && is_cast(path) {
        return false;
    }
    match ResourceOperation::parse(kind.name()) {
        Some(operation) => path.target.offers(operation),
        None => path.target.kind == TargetKind::Entity && path.target.is_item,
    }
}

/// Whether a path is a cast, or an item of one.
fn is_cast(path: &ResourcePath) -> bool {
    let mut segments = path.segments.iter().rev();
    let last = segments.find(|segment| segment.kind != SegmentKind::Key);
    last.is_some_and(|segment| segment.kind == SegmentKind::Cast)
}

/// The annotation that rules out an operation: its term, and a property.
fn annotation(kind: OperationKind) -> Option<(&'static str, &'static str)> {
    match kind {
        OperationKind::List | OperationKind::Get | OperationKind::GetContent => {
            Some(("ReadRestrictions", "Readable"))
        }
        OperationKind::Create => Some(("InsertRestrictions", "Insertable")),
        OperationKind::Update | OperationKind::Replace | OperationKind::PutContent => {
            Some(("UpdateRestrictions", "Updatable"))
        }
        OperationKind::Delete => Some(("DeleteRestrictions", "Deletable")),
        OperationKind::AddRef | OperationKind::RemoveRef | OperationKind::SetRef => {
            Some(("NavigationRestrictions", "Referenceable"))
        }
        OperationKind::Reset
        | OperationKind::Reference
        | OperationKind::Action
        | OperationKind::Function => None,
    }
}
