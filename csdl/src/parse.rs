//! Text to [`Document`]: the only file that knows XML.
//!
//! Faithful and tolerant: an element or attribute that CSDL does not know, or that belongs to
//! another XML namespace, is passed over; one that CSDL knows and that is malformed is an error at
//! its place. Document type definitions are refused, so no entity is ever expanded and nothing is
//! ever fetched.

mod foreign;

use std::borrow::Cow;

use std::ops::RangeInclusive;

use roxmltree::{Attribute, Node, ParsingOptions, StringStorage};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::*;
use crate::identifier::{MAX_IDENTIFIER, is_simple_identifier};
use crate::source::{FileId, Source, Span};

/// OData CSDL XML 4.01 §2.2.
const EDMX: &str = "http://docs.oasis-open.org/odata/ns/edmx";
/// OData CSDL XML 4.01 §2.3.
const EDM: &str = "http://docs.oasis-open.org/odata/ns/edm";
/// `Namespace` has at most 511 characters (OData CSDL XML 4.01 §5.1).
const MAX_NAMESPACE: usize = 511;
/// The values of an enumeration without an underlying type.
const INT32: RangeInclusive<i64> = i32::MIN as i64..=i32::MAX as i64;
/// Far above what any real annotation needs; keeps the recursion over expressions bounded.
const MAX_EXPRESSION_DEPTH: usize = 64;
/// Far above the dozen that the richest element of CSDL has. (A description may hold as many `=`.)
const MAX_ATTRIBUTES: usize = 2_000;
/// Graph's largest document has about half a million nodes.
const MAX_NODES: u32 = 8_000_000;

/// Reads one document. `None` when nothing could be made of it; the reasons are in `diagnostics`.
pub fn parse<'a>(
    file: FileId,
    source: &'a Source,
    diagnostics: &mut Diagnostics,
) -> Option<Document<'a>> {
    let text = source.text.as_str();
    let mut parser = Parser { file, diagnostics };
    if let Some(other) = foreign::other_format(file, source) {
        parser.diagnostics.push(other);
        return None;
    }
    parser.encoding(text);
    if !parser.attributes_are_few(text) {
        return None;
    }
    let options = ParsingOptions {
        allow_dtd: false,
        nodes_limit: MAX_NODES,
        ..ParsingOptions::default()
    };
    match roxmltree::Document::parse_with_options(text, options) {
        Ok(xml) => parser.document(xml.root_element()),
        Err(error) => {
            parser
                .diagnostics
                .push(foreign::not_xml(file, text, &error));
            None
        }
    }
}

struct Parser<'d> {
    file: FileId,
    diagnostics: &'d mut Diagnostics,
}

/// The attributes of these names, in one pass over the element. Attributes of other XML namespaces
/// are never CSDL's.
fn attributes<'n, 'a, const N: usize>(
    node: Node<'n, 'a>,
    names: [&str; N],
) -> [Option<Attribute<'n, 'a>>; N] {
    let mut found = [None; N];
    for attribute in node.attributes() {
        if attribute.namespace().is_none() {
            for (name, slot) in names.iter().zip(&mut found) {
                if attribute.name() == *name {
                    *slot = Some(attribute);
                    break;
                }
            }
        }
    }
    found
}

/// The child elements that stand in the namespace of CSDL.
fn children<'n, 'a>(node: Node<'n, 'a>) -> impl Iterator<Item = (&'n str, Node<'n, 'a>)> {
    node.children().filter_map(|child| {
        let name = child.tag_name();
        (child.is_element() && name.namespace() == Some(EDM)).then(|| (name.name(), child))
    })
}

fn text<'a>(storage: &StringStorage<'a>) -> Text<'a> {
    match storage {
        StringStorage::Borrowed(text) => Cow::Borrowed(text),
        StringStorage::Owned(text) => Cow::Owned(text.to_string()),
    }
}

impl Parser<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, range)
    }

    fn error(
        &mut self,
        range: std::ops::Range<usize>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let span = self.span(range);
        self.diagnostics
            .push(Diagnostic::error(span, message).help(help));
    }

    /// The start tag of an element, for errors that mean the element as a whole.
    fn tag(&self, node: Node<'_, '_>) -> std::ops::Range<usize> {
        let start = node.range().start;
        let last = node.attributes().next_back().map(|last| last.range().end);
        let name_end = start + 1 + node.tag_name().name().len();
        start..last.unwrap_or(name_end).min(node.range().end)
    }

    /// XML says its encoding in the declaration; a text that has come this far is UTF-8, whatever
    /// .NET's `ToString()` says (`utf-16`). Any other name means that the bytes were read wrongly.
    fn encoding(&mut self, text: &str) {
        let Some(declaration) = text
            .starts_with("<?xml")
            .then(|| text.split_once("?>"))
            .flatten()
            .map(|(declaration, _)| declaration)
        else {
            return;
        };
        let Some(at) = declaration.find("encoding") else {
            return;
        };
        let value: String = declaration
            .chars()
            .skip(
                declaration
                    .get(..at)
                    .map_or(0, |before| before.chars().count())
                    + 8,
            )
            .skip_while(|c| c.is_whitespace() || *c == '=')
            .skip(1)
            .take_while(|c| !matches!(c, '"' | '\''))
            .collect();
        let known = ["utf-8", "utf8", "us-ascii", "ascii", "utf-16"];
        if !known.iter().any(|name| value.eq_ignore_ascii_case(name)) {
            self.error(
                at..declaration.len(),
                format!("the encoding `{value}` is not supported"),
                "save the document as UTF-8",
            );
        }
    }

    /// The XML parser compares every attribute of an element with those before it, which for a hundred
    /// thousand of them takes hours. What stands between two `<` is at most one start tag and a text.
    fn attributes_are_few(&mut self, text: &str) -> bool {
        let mut at = 0;
        for part in text.split('<') {
            if part.len() > MAX_ATTRIBUTES {
                let tag = part.split_once('>').map_or(part, |(tag, _)| tag);
                if tag.bytes().filter(|byte| *byte == b'=').count() > MAX_ATTRIBUTES {
                    self.error(
                        at..at,
                        format!("an element has more than {MAX_ATTRIBUTES} attributes"),
                        "CSDL has no element with more than a dozen; is the document damaged?",
                    );
                    return false;
                }
            }
            at += part.len() + 1;
        }
        true
    }

    fn document<'a>(&mut self, root: Node<'_, 'a>) -> Option<Document<'a>> {
        let tag = self.tag(root);
        let name = root.tag_name();
        let namespace = name.namespace().unwrap_or_default();
        if name.name() != "Edmx" || namespace != EDMX {
            let (message, help) = if namespace.starts_with("http://schemas.microsoft.com/ado/") {
                (
                    "this is OData version 2 or 3".to_owned(),
                    "the generator reads CSDL 4.0 and 4.01; Graph serves it at `/v1.0/$metadata`",
                )
            } else if name.name() == "Edmx" {
                (
                    format!("`Edmx` is in the XML namespace `{namespace}`"),
                    "CSDL 4.0 has `http://docs.oasis-open.org/odata/ns/edmx`",
                )
            } else if name.name() == "Schema" {
                (
                    "the document is a bare `Schema`".to_owned(),
                    "wrap it in `edmx:Edmx` and `edmx:DataServices` (OData CSDL XML 4.01 §3.1)",
                )
            } else {
                (
                    format!("`{}` is not the root of a CSDL document", name.name()),
                    "it must be `edmx:Edmx`; was an error page or another file saved as metadata?",
                )
            };
            self.error(tag, message, help);
            return None;
        }
        let [version] = attributes(root, ["Version"]);
        match version {
            Some(version) if matches!(version.value(), "4.0" | "4.01") => {}
            Some(version) => self.error(
                version.range_value(),
                format!("`Version` is `{}`", version.value()),
                "the generator reads CSDL 4.0 and 4.01",
            ),
            None => self.error(
                tag.clone(),
                "`edmx:Edmx` has no `Version`",
                "write `Version=\"4.0\"` (OData CSDL XML 4.01 §3.1)",
            ),
        }
        let mut document = Document {
            file: self.file,
            references: Vec::new(),
            schemas: Vec::new(),
        };
        let mut has_data_services = false;
        for child in root.children().filter(Node::is_element) {
            if child.tag_name().namespace() != Some(EDMX) {
                continue;
            }
            match child.tag_name().name() {
                "Reference" => document.references.extend(self.reference(child)),
                "DataServices" => {
                    has_data_services = true;
                    for schema in child.children().filter(Node::is_element) {
                        let name = schema.tag_name();
                        if name.name() != "Schema" {
                            continue;
                        }
                        if name.namespace() == Some(EDM) {
                            document.schemas.extend(self.schema(schema));
                        } else {
                            let range = self.tag(schema);
                            self.error(
                                range,
                                format!(
                                    "this `Schema` is of another version of OData (`{}`)",
                                    name.namespace().unwrap_or_default()
                                ),
                                format!("CSDL 4.0 has the XML namespace `{EDM}`"),
                            );
                        }
                    }
                }
                _ => {}
            }
        }
        if !has_data_services {
            self.error(
                tag,
                "`edmx:Edmx` has no `edmx:DataServices`",
                "the schemas stand in it (OData CSDL XML 4.01 §3.2)",
            );
        }
        Some(document)
    }

    fn reference<'a>(&mut self, node: Node<'_, 'a>) -> Option<Reference<'a>> {
        let uri = self.required(node, "Uri")?;
        let includes = node
            .children()
            .filter(|child| child.has_tag_name((EDMX, "Include")))
            .filter_map(|include| {
                let namespace = self.namespace(include)?;
                let [alias] = attributes(include, ["Alias"]);
                Some((namespace, alias.and_then(|alias| self.alias(alias))))
            })
            .collect();
        Some(Reference { uri, includes })
    }

    fn schema<'a>(&mut self, node: Node<'_, 'a>) -> Option<Schema<'a>> {
        let namespace = self.namespace(node)?;
        let [alias] = attributes(node, ["Alias"]);
        let mut schema = Schema {
            namespace,
            alias: alias.and_then(|alias| self.alias(alias)),
            structured_types: Vec::new(),
            enum_types: Vec::new(),
            type_definitions: Vec::new(),
            operations: Vec::new(),
            containers: Vec::new(),
            terms: Vec::new(),
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            match element {
                "EntityType" => schema
                    .structured_types
                    .extend(self.structured_type(StructuredKind::Entity, child)),
                "ComplexType" => schema
                    .structured_types
                    .extend(self.structured_type(StructuredKind::Complex, child)),
                "EnumType" => schema.enum_types.extend(self.enum_type(child)),
                "TypeDefinition" => schema.type_definitions.extend(self.type_definition(child)),
                "Action" => schema
                    .operations
                    .extend(self.operation(OperationKind::Action, child)),
                "Function" => schema
                    .operations
                    .extend(self.operation(OperationKind::Function, child)),
                "EntityContainer" => schema.containers.extend(self.container(child)),
                "Term" => schema.terms.extend(self.term(child)),
                "Annotations" => {
                    let target = self.required(child, "Target");
                    if let Some(target) = &target
                        && target.text.trim().is_empty()
                    {
                        self.diagnostics.push(
                            Diagnostic::error(target.span, "`Target` is empty").help(
                                "name what is annotated: `graph.user/mail` (OData CSDL XML 4.01 \
                                 §14.2.2)",
                            ),
                        );
                    } else if let Some(target) = target {
                        schema.annotations.push(TargetedAnnotations {
                            target,
                            annotations: self.annotations(child),
                        });
                    }
                }
                _ => {}
            }
        }
        Some(schema)
    }

    fn structured_type<'a>(
        &mut self,
        kind: StructuredKind,
        node: Node<'_, 'a>,
    ) -> Option<StructuredType<'a>> {
        let [name, base_type, is_abstract, is_open] =
            attributes(node, ["Name", "BaseType", "Abstract", "OpenType"]);
        let mut ty = StructuredType {
            kind,
            name: self.identifier(node, name)?,
            base_type: base_type.and_then(|base| self.qualified_name(base)),
            is_abstract: self.boolean(is_abstract).unwrap_or(false),
            is_open: self.boolean(is_open).unwrap_or(false),
            key: None,
            properties: Vec::new(),
            navigation_properties: Vec::new(),
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            match element {
                "Property" => ty.properties.extend(self.property(child)),
                "NavigationProperty" => ty
                    .navigation_properties
                    .extend(self.navigation_property(child)),
                "Key" if kind == StructuredKind::Complex || ty.key.is_some() => {
                    let range = self.tag(child);
                    self.error(
                        range,
                        format!("`{}` may not have this `Key`", ty.name.text),
                        "an entity type has at most one, and a complex type none (OData CSDL XML \
                         4.01 §6.5)",
                    );
                }
                "Key" => {
                    ty.key = Some(
                        children(child)
                            .filter(|(element, _)| *element == "PropertyRef")
                            .filter_map(|(_, reference)| self.required(reference, "Name"))
                            .collect(),
                    );
                }
                "Annotation" => ty.annotations.extend(self.annotation(child)),
                _ => {}
            }
        }
        Some(ty)
    }

    fn property<'a>(&mut self, node: Node<'_, 'a>) -> Option<Property<'a>> {
        let [name, ty, nullable] = attributes(node, ["Name", "Type", "Nullable"]);
        let name = self.property_name(node, name);
        let ty = self.type_expression(node, ty);
        let nullable = self.boolean(nullable);
        Some(Property {
            name: name?,
            ty: ty?,
            nullable,
            annotations: self.annotations(node),
        })
    }

    fn navigation_property<'a>(&mut self, node: Node<'_, 'a>) -> Option<NavigationProperty<'a>> {
        let [name, ty, nullable, contains_target] =
            attributes(node, ["Name", "Type", "Nullable", "ContainsTarget"]);
        let name = self.identifier(node, name);
        let ty = self.type_expression(node, ty);
        let nullable = self.boolean(nullable);
        let contains_target = self.boolean(contains_target).unwrap_or(false);
        Some(NavigationProperty {
            name: name?,
            ty: ty?,
            nullable,
            contains_target,
            annotations: self.annotations(node),
        })
    }

    fn enum_type<'a>(&mut self, node: Node<'_, 'a>) -> Option<EnumType<'a>> {
        let [name, is_flags, underlying] = attributes(node, ["Name", "IsFlags", "UnderlyingType"]);
        let range = underlying.map_or(Some(INT32), |ty| self.integer_range(ty));
        let mut ty = EnumType {
            name: self.identifier(node, name)?,
            is_flags: self.boolean(is_flags).unwrap_or(false),
            underlying_type: underlying.map(|ty| self.name(ty)),
            members: Vec::new(),
            annotations: Vec::new(),
        };
        let mut with_value = 0;
        for (element, child) in children(node) {
            match element {
                "Member" => {
                    let [name, value] = attributes(child, ["Name", "Value"]);
                    let Some(name) = self.identifier(child, name) else {
                        continue;
                    };
                    let counted = i64::try_from(ty.members.len()).unwrap_or(i64::MAX);
                    with_value += usize::from(value.is_some());
                    let value = match value {
                        None => counted,
                        Some(value) => self.member_value(value, range.as_ref()).unwrap_or(counted),
                    };
                    ty.members.push(Member {
                        name,
                        value,
                        annotations: self.annotations(child),
                    });
                }
                "Annotation" => ty.annotations.extend(self.annotation(child)),
                _ => {}
            }
        }
        if with_value != 0 && with_value != ty.members.len() {
            let range = self.tag(node);
            self.error(
                range,
                format!(
                    "some members of `{}` have a `Value` and some have none",
                    ty.name.text
                ),
                "give every member a value, or none (OData CSDL XML 4.01 §10.3)",
            );
        }
        Some(ty)
    }

    fn type_definition<'a>(&mut self, node: Node<'_, 'a>) -> Option<TypeDefinition<'a>> {
        let [name, underlying] = attributes(node, ["Name", "UnderlyingType"]);
        let name = self.identifier(node, name)?;
        let underlying = self.present(node, underlying, "UnderlyingType")?;
        Some(TypeDefinition {
            name,
            underlying_type: self.qualified_name(underlying)?,
            annotations: self.annotations(node),
        })
    }

    fn operation<'a>(&mut self, kind: OperationKind, node: Node<'_, 'a>) -> Option<Operation<'a>> {
        let [name, is_bound, is_composable] = attributes(node, ["Name", "IsBound", "IsComposable"]);
        let mut operation = Operation {
            kind,
            name: self.identifier(node, name)?,
            is_bound: self.boolean(is_bound).unwrap_or(false),
            is_composable: self.boolean(is_composable).unwrap_or(false),
            parameters: Vec::new(),
            return_type: None,
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            match element {
                "Parameter" => {
                    let [name, ty] = attributes(child, ["Name", "Type"]);
                    let name = self.identifier(child, name);
                    let ty = self.type_expression(child, ty);
                    if let (Some(name), Some(ty)) = (name, ty) {
                        operation.parameters.push(Parameter {
                            name,
                            ty,
                            annotations: self.annotations(child),
                        });
                    }
                }
                "ReturnType" => {
                    let [ty] = attributes(child, ["Type"]);
                    operation.return_type = self.type_expression(child, ty);
                }
                "Annotation" => operation.annotations.extend(self.annotation(child)),
                _ => {}
            }
        }
        Some(operation)
    }

    fn container<'a>(&mut self, node: Node<'_, 'a>) -> Option<EntityContainer<'a>> {
        let [name, extends] = attributes(node, ["Name", "Extends"]);
        let mut container = EntityContainer {
            name: self.identifier(node, name)?,
            extends: extends.and_then(|extends| self.qualified_name(extends)),
            children: Vec::new(),
            annotations: Vec::new(),
        };
        for (element, child) in children(node) {
            let (kind, type_attribute) = match element {
                "EntitySet" => (ContainerChildKind::EntitySet, "EntityType"),
                "Singleton" => (ContainerChildKind::Singleton, "Type"),
                "ActionImport" => (ContainerChildKind::OperationImport, "Action"),
                "FunctionImport" => (ContainerChildKind::OperationImport, "Function"),
                "Annotation" => {
                    container.annotations.extend(self.annotation(child));
                    continue;
                }
                _ => continue,
            };
            let [name, ty] = attributes(child, ["Name", type_attribute]);
            let name = self.identifier(child, name);
            let ty = self
                .present(child, ty, type_attribute)
                .and_then(|ty| self.qualified_name(ty));
            if let (Some(name), Some(ty)) = (name, ty) {
                let bindings = children(child)
                    .filter(|(element, _)| *element == "NavigationPropertyBinding")
                    .filter_map(|(_, binding)| {
                        Some((
                            self.required(binding, "Path")?,
                            self.required(binding, "Target")?,
                        ))
                    })
                    .collect();
                container.children.push(ContainerChild {
                    kind,
                    name,
                    ty,
                    bindings,
                    annotations: self.annotations(child),
                });
            }
        }
        Some(container)
    }

    fn term<'a>(&mut self, node: Node<'_, 'a>) -> Option<Term<'a>> {
        let [name, ty, default_value] = attributes(node, ["Name", "Type", "DefaultValue"]);
        let name = self.identifier(node, name);
        let ty = self.type_expression(node, ty);
        Some(Term {
            name: name?,
            ty: ty?,
            default_value: default_value.map(|value| self.name(value)),
            annotations: self.annotations(node),
        })
    }

    fn annotations<'a>(&mut self, node: Node<'_, 'a>) -> Vec<Annotation<'a>> {
        // Most elements are empty; no iterator is built for them.
        if !node.has_children() {
            return Vec::new();
        }
        children(node)
            .filter(|(element, _)| *element == "Annotation")
            .filter_map(|(_, child)| self.annotation(child))
            .collect()
    }

    fn annotation<'a>(&mut self, node: Node<'_, 'a>) -> Option<Annotation<'a>> {
        let term = self.required(node, "Term")?;
        let [qualifier] = attributes(node, ["Qualifier"]);
        Some(Annotation {
            term,
            qualifier: qualifier.map(|qualifier| text(qualifier.value_storage())),
            value: self.value(node, 0),
        })
    }

    /// The expression of an annotation or of a record's property: an attribute or a child element
    /// (§14.3).
    fn value<'a>(&mut self, node: Node<'_, 'a>, depth: usize) -> Option<Expression<'a>> {
        for attribute in node.attributes() {
            if attribute.namespace().is_none()
                && !matches!(attribute.name(), "Term" | "Qualifier" | "Property" | "Type")
            {
                let range = attribute.range_value();
                let value = text(attribute.value_storage());
                if let Some(expression) = self.constant(attribute.name(), value, range) {
                    return Some(expression);
                }
            }
        }
        children(node)
            .filter(|(element, _)| *element != "Annotation")
            .find_map(|(_, child)| self.expression(child, depth + 1))
    }

    /// A constant or path, written as an attribute or as an element of the same name.
    fn constant<'a>(
        &mut self,
        form: &str,
        value: Text<'a>,
        range: std::ops::Range<usize>,
    ) -> Option<Expression<'a>> {
        const OTHERS: [&str; 7] = [
            "Binary",
            "DateTimeOffset",
            "Decimal",
            "Duration",
            "Float",
            "Guid",
            "TimeOfDay",
        ];
        Some(match form {
            "String" => Expression::String(value),
            "Bool" => match value.trim() {
                "true" => Expression::Bool(true),
                "false" => Expression::Bool(false),
                _ => {
                    self.bad_boolean(&value, range);
                    return None;
                }
            },
            "Int" => match value.trim().parse() {
                Ok(value) => Expression::Int(value),
                Err(_) => {
                    self.bad_integer(&value, range);
                    return None;
                }
            },
            "Date" => Expression::Date(value),
            "EnumMember" => Expression::EnumMember(
                value
                    .split_whitespace()
                    .map(|member| Cow::Owned(member.to_owned()))
                    .collect(),
            ),
            // The value at a path is computed; the other paths name an element of the model.
            "Path" => Expression::Dynamic(Cow::Borrowed("Path"), vec![Expression::String(value)]),
            "AnnotationPath" | "ModelElementPath" | "NavigationPropertyPath" | "PropertyPath" => {
                Expression::Path(value)
            }
            _ => {
                let form = OTHERS.into_iter().find(|other| *other == form)?;
                Expression::Constant(form, value)
            }
        })
    }

    fn expression<'a>(&mut self, node: Node<'_, 'a>, depth: usize) -> Option<Expression<'a>> {
        if depth > MAX_EXPRESSION_DEPTH {
            let range = self.tag(node);
            self.error(
                range,
                format!("an annotation is nested more than {MAX_EXPRESSION_DEPTH} deep"),
                "no term needs that; is the document damaged?",
            );
            return None;
        }
        let name = node.tag_name().name();
        Some(match name {
            "Collection" => Expression::Collection(
                children(node)
                    .filter_map(|(_, item)| self.expression(item, depth + 1))
                    .collect(),
            ),
            "Record" => Expression::Record(
                children(node)
                    .filter(|(element, _)| *element == "PropertyValue")
                    .filter_map(|(_, property)| {
                        let name = self.required(property, "Property")?.text;
                        let value = self.value(property, depth + 1)?;
                        Some((name, value))
                    })
                    .collect(),
            ),
            "Null" => Expression::Null,
            _ => {
                let value = node.text_storage().map_or(Cow::Borrowed(""), text);
                let range = node.range();
                match self.constant(name, value, range) {
                    Some(constant) => constant,
                    // Reported by `constant`.
                    None if matches!(name, "Bool" | "Int") => return None,
                    None => Expression::Dynamic(
                        Cow::Owned(name.to_owned()),
                        children(node)
                            .filter(|(element, _)| *element != "Annotation")
                            .filter_map(|(_, operand)| self.expression(operand, depth + 1))
                            .collect(),
                    ),
                }
            }
        })
    }

    fn name<'a>(&self, attribute: Attribute<'_, 'a>) -> Name<'a> {
        Name {
            text: text(attribute.value_storage()),
            span: self.span(attribute.range_value()),
        }
    }

    fn present<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
        name: &str,
    ) -> Option<Attribute<'n, 'a>> {
        if attribute.is_none() {
            let range = self.tag(node);
            self.error(
                range,
                format!("`{}` has no `{name}`", node.tag_name().name()),
                format!("add the attribute `{name}`"),
            );
        }
        attribute
    }

    fn required<'a>(&mut self, node: Node<'_, 'a>, name: &str) -> Option<Name<'a>> {
        let [attribute] = attributes(node, [name]);
        let attribute = self.present(node, attribute, name)?;
        Some(self.name(attribute))
    }

    /// A `SimpleIdentifier` (§17.2). It ends up in Rust code and in URLs, so nothing else passes.
    fn identifier<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
    ) -> Option<Name<'a>> {
        let attribute = self.present(node, attribute, "Name")?;
        let name = self.name(attribute);
        if !is_simple_identifier(&name.text) {
            self.bad_identifier(&name);
            return None;
        }
        Some(name)
    }

    /// Graph declares properties `request-id` and `client-request-id`, so a hyphen inside the name of
    /// a structural property passes; it goes into a JSON string and, changed, into a field's name.
    fn property_name<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
    ) -> Option<Name<'a>> {
        let hyphenated = attribute.is_some_and(|name| {
            name.value().contains('-') && name.value().split('-').all(is_simple_identifier)
        });
        if hyphenated {
            attribute.map(|name| self.name(name))
        } else {
            self.identifier(node, attribute)
        }
    }

    fn bad_identifier(&mut self, name: &Name<'_>) {
        self.diagnostics.push(
            Diagnostic::error(
                name.span,
                format!("`{}` is not a CSDL identifier", name.text.escape_debug()),
            )
            .help(format!(
                "a name starts with a letter or `_`, goes on with letters, digits and `_`, and has \
                 at most {MAX_IDENTIFIER} characters (OData CSDL XML 4.01 §17.2)"
            )),
        );
    }

    fn namespace<'a>(&mut self, node: Node<'_, 'a>) -> Option<Name<'a>> {
        let name = self.required(node, "Namespace")?;
        if name.text.chars().count() > MAX_NAMESPACE
            || !name.text.split('.').all(is_simple_identifier)
        {
            self.bad_identifier(&name);
            return None;
        }
        if is_reserved(&name.text) {
            self.reserved(&name, "Namespace");
            return None;
        }
        Some(name)
    }

    fn alias<'a>(&mut self, attribute: Attribute<'_, 'a>) -> Option<Name<'a>> {
        let name = self.name(attribute);
        if !is_simple_identifier(&name.text) {
            self.bad_identifier(&name);
            return None;
        }
        if is_reserved(&name.text) {
            self.reserved(&name, "Alias");
            return None;
        }
        Some(name)
    }

    fn reserved(&mut self, name: &Name<'_>, attribute: &str) {
        self.diagnostics.push(
            Diagnostic::error(
                name.span,
                format!("{attribute} `{}` is reserved", name.text),
            )
            .help("`Edm`, `odata`, `System` and `Transient` belong to OData (§5.1)"),
        );
    }

    fn qualified_name<'a>(&mut self, attribute: Attribute<'_, 'a>) -> Option<Name<'a>> {
        let name = self.name(attribute);
        self.check_qualified(&name).then_some(name)
    }

    fn check_qualified(&mut self, name: &Name<'_>) -> bool {
        // Most types are primitive; `resolve` knows all of those by name.
        if name.text.starts_with("Edm.") {
            return true;
        }
        let mut segments = name.text.split('.');
        let ok = segments.all(is_simple_identifier) && name.text.contains('.');
        if !ok {
            self.diagnostics.push(
                Diagnostic::error(
                    name.span,
                    format!("`{}` is not a qualified name", name.text.escape_debug()),
                )
                .help("write the namespace or its alias, a dot, and the name: `graph.user`"),
            );
        }
        ok
    }

    /// The attribute `Type` (§7.2): a qualified name or `Collection(…)` of one.
    fn type_expression<'n, 'a>(
        &mut self,
        node: Node<'n, 'a>,
        attribute: Option<Attribute<'n, 'a>>,
    ) -> Option<TypeExpression<'a>> {
        let attribute = self.present(node, attribute, "Type")?;
        let whole = self.name(attribute);
        let inner = whole
            .text
            .strip_prefix("Collection(")
            .and_then(|rest| rest.strip_suffix(')'));
        let ty = match inner {
            None => TypeExpression {
                is_collection: false,
                name: whole,
            },
            Some(_) => TypeExpression {
                is_collection: true,
                name: Name {
                    text: match &whole.text {
                        Cow::Borrowed(text) => {
                            Cow::Borrowed(text.get("Collection(".len()..text.len() - 1)?)
                        }
                        Cow::Owned(_) => Cow::Owned(inner?.to_owned()),
                    },
                    span: whole.span,
                },
            },
        };
        self.check_qualified(&ty.name).then_some(ty)
    }

    /// XML Schema's Boolean has more spellings; OData has `true` and `false` (§4.4).
    fn boolean(&mut self, attribute: Option<Attribute<'_, '_>>) -> Option<bool> {
        let attribute = attribute?;
        match attribute.value().trim() {
            "true" => Some(true),
            "false" => Some(false),
            other => {
                self.bad_boolean(other, attribute.range_value());
                None
            }
        }
    }

    fn bad_boolean(&mut self, value: &str, range: std::ops::Range<usize>) {
        self.error(
            range,
            format!("`{}` is not a Boolean", value.escape_debug()),
            "write `true` or `false`",
        );
    }

    fn integer(&mut self, attribute: Attribute<'_, '_>) -> Option<i64> {
        let value = attribute.value().trim().parse().ok();
        if value.is_none() {
            self.bad_integer(attribute.value(), attribute.range_value());
        }
        value
    }

    /// The values of the underlying type of an enumeration (§10.1).
    fn integer_range(&mut self, ty: Attribute<'_, '_>) -> Option<RangeInclusive<i64>> {
        Some(match ty.value() {
            "Edm.Byte" => 0..=u8::MAX.into(),
            "Edm.SByte" => i8::MIN.into()..=i8::MAX.into(),
            "Edm.Int16" => i16::MIN.into()..=i16::MAX.into(),
            "Edm.Int32" => INT32,
            "Edm.Int64" => i64::MIN..=i64::MAX,
            other => {
                self.error(
                    ty.range_value(),
                    format!(
                        "`{}` cannot be the type of an enumeration",
                        other.escape_debug()
                    ),
                    "it is `Edm.Byte`, `Edm.SByte`, `Edm.Int16`, `Edm.Int32` or `Edm.Int64` \
                     (OData CSDL XML 4.01 §10.1)",
                );
                return None;
            }
        })
    }

    /// The value of a member, which must be one of the underlying type (§10.3).
    fn member_value(
        &mut self,
        attribute: Attribute<'_, '_>,
        range: Option<&RangeInclusive<i64>>,
    ) -> Option<i64> {
        let value = self.integer(attribute)?;
        if let Some(range) = range.filter(|range| !range.contains(&value)) {
            self.error(
                attribute.range_value(),
                format!("`{value}` is out of the range of the enumeration"),
                format!(
                    "its underlying type has the values {} to {}; `UnderlyingType` sets another \
                     (OData CSDL XML 4.01 §10.1)",
                    range.start(),
                    range.end()
                ),
            );
        }
        Some(value)
    }

    fn bad_integer(&mut self, value: &str, range: std::ops::Range<usize>) {
        self.error(
            range,
            format!("`{}` is not a 64-bit integer", value.escape_debug()),
            "write it in decimal digits, between -9223372036854775808 and 9223372036854775807",
        );
    }
}

/// OData CSDL XML 4.01 §5.1 and §5.2.
fn is_reserved(name: &str) -> bool {
    matches!(name, "Edm" | "odata" | "System" | "Transient")
}
