//! Annotations: replaces aliases in terms, and moves annotations with an external target.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::members::declared_names;
use super::resolver::Resolver;
use super::scope::Scope;
use crate::annotations::TERMS;
use crate::diagnostic::Diagnostic;
use crate::document::{self, Annotation, Expression, Text};
use crate::model::{Schema, TypeId, TypeKind, written_type};

impl<'a> Resolver<'a, '_> {
    /// The annotations with aliases in terms replaced. A dynamic value is ignored.
    pub(super) fn canonical_terms(
        &mut self,
        scope: &Scope<'a>,
        mut annotations: Vec<Annotation<'a>>,
    ) -> Vec<Annotation<'a>> {
        if !scope.aliases.is_empty() {
            for annotation in &mut annotations {
                if !annotation.term.text.starts_with("Org.OData.") {
                    annotation.term.text = scope.canonical(&annotation.term.text);
                }
            }
        }
        annotations.retain(|annotation| {
            let value = annotation.value.as_ref();
            let is_ignored = value.is_some_and(Expression::is_dynamic)
                && TERMS.iter().any(|term| annotation.term.text == term.name);
            if is_ignored {
                let term = &annotation.term;
                self.diagnostics.push(
                    Diagnostic::warning(
                        term.span,
                        format!("`{}` does not have a constant value", term.text),
                    )
                    .help(
                        "the annotation is ignored; write a constant (OData CSDL XML 4.01 §14.3)",
                    ),
                );
            }
            !is_ignored
        });
        annotations
    }

    /// Moves annotations with an external target to it.
    pub(super) fn annotate(
        &mut self,
        schema: &mut Schema<'a>,
        targeted: Vec<(&Scope<'a>, document::TargetedAnnotations<'a>)>,
        terms: Vec<(Text<'a>, document::Term<'a>)>,
    ) {
        let term_names: HashSet<String> = terms
            .into_iter()
            .map(|(namespace, term)| format!("{namespace}.{}", term.name.text))
            .collect();
        let operations: HashSet<String> = schema
            .operations
            .iter()
            .map(|operation| format!("{}.{}", operation.namespace, operation.name.text))
            .collect();
        for (scope, annotations) in targeted {
            let annotations_of_target = self.canonical_terms(scope, annotations.annotations);
            let written = annotations.target.text.as_ref();
            let (head, path) = match written.split_once('/') {
                Some((head, path)) => (head, Some(path)),
                None => (written, None),
            };
            let (qualified, overload) = match head.split_once('(') {
                Some((name, parameters)) => (name, Some(parameters)),
                None => (head, None),
            };
            let canonical = scope.canonical(&Cow::Borrowed(qualified));
            let known = if let (Some(id), None) = (schema.find(&canonical), overload) {
                self.annotate_type(schema, id, written, path, annotations_of_target)
            } else if schema.container_name.as_deref() == Some(&*canonical) {
                self.annotate_container(schema, written, path, annotations_of_target)
            } else if operations.contains(&*canonical) {
                annotate_operation(
                    schema,
                    scope,
                    &canonical,
                    overload,
                    path,
                    &annotations_of_target,
                )
            } else {
                term_names.contains(&*canonical)
            };
            if !known {
                self.diagnostics.push(
                    Diagnostic::warning(
                        annotations.target.span,
                        format!("annotations target `{written}`, which is not declared"),
                    )
                    .help("they are ignored"),
                );
            }
        }
    }

    fn annotate_type(
        &mut self,
        schema: &mut Schema<'a>,
        id: TypeId,
        target: &str,
        path: Option<&str>,
        annotations: Vec<Annotation<'a>>,
    ) -> bool {
        let inherited = path.is_some_and(|name| {
            schema
                .supertypes(id)
                .skip(1)
                .any(|base| declared_names(schema, base).any(|declared| declared.text == name))
        });
        let Some(declaration) = schema.types.get_mut(id.0 as usize) else {
            return false;
        };
        let Some(name) = path else {
            self.merge(target, &mut declaration.annotations, annotations);
            return true;
        };
        match &mut declaration.kind {
            TypeKind::Structured(ty) => {
                let own = ty
                    .properties
                    .iter_mut()
                    .map(|property| (&property.name, &mut property.annotations));
                let navigation = ty
                    .navigation_properties
                    .iter_mut()
                    .map(|property| (&property.name, &mut property.annotations));
                if let Some((_, list)) = own.chain(navigation).find(|(own, _)| own.text == name) {
                    self.merge(target, list, annotations);
                    return true;
                }
                if inherited {
                    ty.inherited_annotations
                        .push((Cow::Owned(name.to_owned()), annotations));
                }
                inherited
            }
            TypeKind::Enumeration(ty) => {
                match ty
                    .members
                    .iter_mut()
                    .find(|member| member.name.text == name)
                {
                    Some(member) => {
                        self.merge(target, &mut member.annotations, annotations);
                        true
                    }
                    None => false,
                }
            }
            TypeKind::Definition(_) => false,
        }
    }

    fn annotate_container(
        &mut self,
        schema: &mut Schema<'a>,
        target: &str,
        path: Option<&str>,
        annotations: Vec<Annotation<'a>>,
    ) -> bool {
        let Some(name) = path else {
            // Annotations of the container are not used.
            return true;
        };
        let child = schema
            .container
            .iter_mut()
            .find(|child| child.name.text == name);
        match child {
            Some(child) => {
                self.merge(target, &mut child.annotations, annotations);
                true
            }
            None => false,
        }
    }

    /// Adds targeted annotations to inline ones. A term may occur once per qualifier (OData CSDL
    /// XML 4.01 §14.2.1), but Graph's metadata has duplicates.
    fn merge(&mut self, target: &str, list: &mut Vec<Annotation<'a>>, added: Vec<Annotation<'a>>) {
        let key = |annotation: &Annotation<'a>| {
            (annotation.term.text.clone(), annotation.qualifier.clone())
        };
        // A linear scan is faster for short lists, but quadratic for long ones.
        let mut places: Option<HashMap<_, usize>> =
            (added.len() > 16).then(|| list.iter().map(key).zip(0..).collect());
        for annotation in added {
            let first = match &places {
                Some(places) => places.get(&key(&annotation)).and_then(|at| list.get(*at)),
                None => list.iter().find(|there| {
                    there.term.text == annotation.term.text
                        && there.qualifier == annotation.qualifier
                }),
            };
            if let Some(first) = first {
                self.diagnostics.push(
                    Diagnostic::warning(
                        annotation.term.span,
                        format!(
                            "`{target}` has duplicate annotation `{}`",
                            annotation.term.text
                        ),
                    )
                    .help("the first one is used")
                    .related(first.term.span, "the first one"),
                );
                continue;
            }
            if let Some(places) = &mut places {
                places.insert(key(&annotation), list.len());
            }
            list.push(annotation);
        }
    }
}

/// Annotations of an operation: of one overload, or of all if none is named. Those of its
/// parameters and result are ignored.
fn annotate_operation<'a>(
    schema: &mut Schema<'a>,
    scope: &Scope<'a>,
    canonical: &str,
    overload: Option<&str>,
    path: Option<&str>,
    annotations: &[Annotation<'a>],
) -> bool {
    if path.is_some() {
        return true;
    }
    let wanted: Option<Vec<String>> = overload.map(|parameters| {
        let parameters = parameters.strip_suffix(')').unwrap_or(parameters);
        parameters
            .split(',')
            .map(str::trim)
            .filter(|parameter| !parameter.is_empty())
            .map(|parameter| {
                let (open, name, close) = match parameter
                    .strip_prefix("Collection(")
                    .and_then(|inner| inner.strip_suffix(')'))
                {
                    Some(inner) => ("Collection(", inner, ")"),
                    None => ("", parameter, ""),
                };
                format!("{open}{}{close}", scope.canonical(&Cow::Borrowed(name)))
            })
            .collect()
    });
    let mut found = false;
    let mut operations = std::mem::take(&mut schema.operations);
    for operation in &mut operations {
        if canonical
            .strip_suffix(operation.name.text.as_ref())
            .and_then(|rest| rest.strip_suffix('.'))
            != Some(operation.namespace.as_ref())
        {
            continue;
        }
        let matches = wanted.as_ref().is_none_or(|wanted| {
            wanted.len() == operation.parameters.len()
                && wanted
                    .iter()
                    .zip(&operation.parameters)
                    .all(|(wanted, (_, ty))| *wanted == written_type(schema, *ty))
        });
        if matches {
            operation.annotations.extend_from_slice(annotations);
            found = true;
        }
    }
    schema.operations = operations;
    found
}
