//! [`Document`] to text: CSDL XML as a person would write it, in the order of the document. What the
//! parser reads of it is the document again.

use msgraph_csdl::document::{
    Annotation, ContainerChild, ContainerChildKind, Document, EntityContainer, EnumType,
    Expression, Name, NavigationProperty, Operation, OperationKind, Property, Schema,
    StructuredKind, StructuredType, TargetedAnnotations, TypeDefinition, TypeExpression,
};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

pub(crate) fn print(document: &Document<'_>) -> String {
    let schemas = document.schemas.iter().map(schema).collect();
    let mut text = DECLARATION.to_owned();
    Element::new("edmx:Edmx")
        .with("Version", "4.0")
        .with("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx")
        .containing(vec![Element::new("edmx:DataServices").containing(schemas)])
        .render(0, &mut text);
    text
}

/// A printed document with a comment of these lines.
pub(crate) fn commented(lines: &[String], document: &str) -> String {
    let mut text = format!("{DECLARATION}<!--\n");
    for line in lines {
        // Two hyphens would end the comment (XML 1.0 §2.5), and a line break the line.
        let line: String = line.chars().filter(|c| !c.is_control()).collect();
        text.push_str(&format!("  {}\n", line.replace("--", "-%2D")));
    }
    text.push_str("-->\n");
    text.push_str(document.strip_prefix(DECLARATION).unwrap_or(document));
    text
}

/// An element that has elements in it, or else a text.
struct Element {
    name: String,
    attributes: Vec<(&'static str, String)>,
    elements: Vec<Element>,
    text: String,
}

impl Element {
    fn new(name: impl Into<String>) -> Self {
        Element {
            name: name.into(),
            attributes: Vec::new(),
            elements: Vec::new(),
            text: String::new(),
        }
    }

    fn with(mut self, attribute: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((attribute, value.into()));
        self
    }

    fn named(self, attribute: &'static str, name: &Name<'_>) -> Self {
        self.with(attribute, name.text.as_ref())
    }

    /// A Boolean that is written only where it is not the default.
    fn flag(self, attribute: &'static str, value: bool) -> Self {
        if value {
            self.with(attribute, "true")
        } else {
            self
        }
    }

    fn containing(mut self, elements: Vec<Element>) -> Self {
        self.elements = elements;
        self
    }

    /// As deep as expressions are, and the parser bounds those.
    fn render(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        out.push_str(&indent);
        out.push('<');
        out.push_str(&self.name);
        for (attribute, value) in &self.attributes {
            out.push(' ');
            out.push_str(attribute);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        if !self.elements.is_empty() {
            out.push_str(">\n");
            for element in &self.elements {
                element.render(depth + 1, out);
            }
            out.push_str(&indent);
        } else if self.text.is_empty() {
            out.push_str(" />\n");
            return;
        } else {
            out.push('>');
            escape(&self.text, out);
        }
        out.push_str("</");
        out.push_str(&self.name);
        out.push_str(">\n");
    }
}

/// White space of other kinds than the blank is folded in attributes (XML 1.0 §3.3.3), and so written
/// by number.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", u32::from(c))),
            c => out.push(c),
        }
    }
}

fn schema(schema: &Schema<'_>) -> Element {
    let mut element = Element::new("Schema")
        .named("Namespace", &schema.namespace)
        .with("xmlns", "http://docs.oasis-open.org/odata/ns/edm");
    if let Some(alias) = &schema.alias {
        element = element.named("Alias", alias);
    }
    let enums = schema.enum_types.iter().map(enum_type);
    let definitions = schema.type_definitions.iter().map(type_definition);
    let structured = schema.structured_types.iter().map(structured_type);
    let operations = schema.operations.iter().map(operation);
    let containers = schema.containers.iter().map(container);
    let targeted = schema.annotations.iter().map(targeted);
    element.containing(
        enums
            .chain(definitions)
            .chain(structured)
            .chain(operations)
            .chain(containers)
            .chain(targeted)
            .collect(),
    )
}

fn enum_type(ty: &EnumType<'_>) -> Element {
    let members = ty.members.iter().map(|member| {
        Element::new("Member")
            .named("Name", &member.name)
            .with("Value", member.value.to_string())
            .containing(annotations(&member.annotations))
    });
    let mut elements: Vec<Element> = members.collect();
    elements.extend(annotations(&ty.annotations));
    let mut element = Element::new("EnumType").named("Name", &ty.name);
    if let Some(underlying) = &ty.underlying_type {
        element = element.named("UnderlyingType", underlying);
    }
    element.flag("IsFlags", ty.is_flags).containing(elements)
}

fn type_definition(ty: &TypeDefinition<'_>) -> Element {
    Element::new("TypeDefinition")
        .named("Name", &ty.name)
        .named("UnderlyingType", &ty.underlying_type)
        .containing(annotations(&ty.annotations))
}

fn structured_type(ty: &StructuredType<'_>) -> Element {
    let mut element = Element::new(match ty.kind {
        StructuredKind::Entity => "EntityType",
        StructuredKind::Complex => "ComplexType",
    })
    .named("Name", &ty.name);
    if let Some(base) = &ty.base_type {
        element = element.named("BaseType", base);
    }
    let key = ty.key.as_ref().map(|key| {
        let references = key
            .iter()
            .map(|name| Element::new("PropertyRef").named("Name", name));
        Element::new("Key").containing(references.collect())
    });
    let mut elements: Vec<Element> = key.into_iter().collect();
    elements.extend(ty.properties.iter().map(property));
    elements.extend(ty.navigation_properties.iter().map(navigation_property));
    elements.extend(annotations(&ty.annotations));
    element
        .flag("Abstract", ty.is_abstract)
        .flag("OpenType", ty.is_open)
        .containing(elements)
}

fn written(ty: &TypeExpression<'_>) -> String {
    if ty.is_collection {
        format!("Collection({})", ty.name.text)
    } else {
        ty.name.text.to_string()
    }
}

fn property(property: &Property<'_>) -> Element {
    nullable(
        Element::new("Property")
            .named("Name", &property.name)
            .with("Type", written(&property.ty)),
        property.nullable,
    )
    .containing(annotations(&property.annotations))
}

fn nullable(element: Element, nullable: Option<bool>) -> Element {
    match nullable {
        Some(nullable) => element.with("Nullable", nullable.to_string()),
        None => element,
    }
}

fn navigation_property(property: &NavigationProperty<'_>) -> Element {
    nullable(
        Element::new("NavigationProperty")
            .named("Name", &property.name)
            .with("Type", written(&property.ty)),
        property.nullable,
    )
    .flag("ContainsTarget", property.contains_target)
    .containing(annotations(&property.annotations))
}

fn operation(operation: &Operation<'_>) -> Element {
    let mut elements: Vec<Element> = operation
        .parameters
        .iter()
        .map(|parameter| {
            Element::new("Parameter")
                .named("Name", &parameter.name)
                .with("Type", written(&parameter.ty))
                .containing(annotations(&parameter.annotations))
        })
        .collect();
    let result = operation.return_type.as_ref();
    elements.extend(result.map(|ty| Element::new("ReturnType").with("Type", written(ty))));
    elements.extend(annotations(&operation.annotations));
    Element::new(match operation.kind {
        OperationKind::Action => "Action",
        OperationKind::Function => "Function",
    })
    .named("Name", &operation.name)
    .flag("IsBound", operation.is_bound)
    .flag("IsComposable", operation.is_composable)
    .containing(elements)
}

fn container(container: &EntityContainer<'_>) -> Element {
    let mut element = Element::new("EntityContainer").named("Name", &container.name);
    if let Some(extends) = &container.extends {
        element = element.named("Extends", extends);
    }
    let mut elements: Vec<Element> = container.children.iter().filter_map(child).collect();
    elements.extend(annotations(&container.annotations));
    element.containing(elements)
}

/// `None` of an import: which operation it is of, the model does not keep apart.
fn child(child: &ContainerChild<'_>) -> Option<Element> {
    let (element, attribute) = match child.kind {
        ContainerChildKind::EntitySet => ("EntitySet", "EntityType"),
        ContainerChildKind::Singleton => ("Singleton", "Type"),
        ContainerChildKind::OperationImport => return None,
    };
    let bindings = child.bindings.iter().map(|(path, target)| {
        Element::new("NavigationPropertyBinding")
            .named("Path", path)
            .named("Target", target)
    });
    let mut elements: Vec<Element> = bindings.collect();
    elements.extend(annotations(&child.annotations));
    let element = Element::new(element)
        .named("Name", &child.name)
        .named(attribute, &child.ty);
    Some(element.containing(elements))
}

fn targeted(targeted: &TargetedAnnotations<'_>) -> Element {
    Element::new("Annotations")
        .named("Target", &targeted.target)
        .containing(annotations(&targeted.annotations))
}

fn annotations(annotations: &[Annotation<'_>]) -> Vec<Element> {
    annotations
        .iter()
        .map(|annotation| {
            let mut element = Element::new("Annotation").named("Term", &annotation.term);
            if let Some(qualifier) = &annotation.qualifier {
                element = element.with("Qualifier", qualifier.as_ref());
            }
            match &annotation.value {
                Some(value) => valued(element, value),
                None => element,
            }
        })
        .collect()
}

/// A constant as name and text (OData CSDL XML 4.01 §14.3), a path as one (§14.4.1).
fn constant(value: &Expression<'_>) -> Option<(&'static str, String)> {
    Some(match value {
        Expression::Bool(value) => ("Bool", value.to_string()),
        Expression::String(text) => ("String", text.to_string()),
        Expression::Int(value) => ("Int", value.to_string()),
        Expression::Date(text) => ("Date", text.to_string()),
        Expression::Constant(form, text) => (form, text.to_string()),
        Expression::EnumMember(members) => ("EnumMember", members.join(" ")),
        // Which of the kinds of path it is, the model does not keep apart, for nothing asks.
        Expression::Path(text) => ("PropertyPath", text.to_string()),
        Expression::Dynamic(name, operands) if name == "Path" => {
            let text = operands.first().and_then(Expression::as_str);
            ("Path", text.unwrap_or_default().to_owned())
        }
        Expression::Collection(_)
        | Expression::Record(_)
        | Expression::Null
        | Expression::Dynamic(..) => return None,
    })
}

/// An annotation or a property of a record with its value.
fn valued(element: Element, value: &Expression<'_>) -> Element {
    match constant(value) {
        Some((form, text)) => element.with(form, text),
        None => element.containing(vec![expression(value)]),
    }
}

fn expression(value: &Expression<'_>) -> Element {
    if let Some((form, text)) = constant(value) {
        return Element {
            text,
            ..Element::new(form)
        };
    }
    match value {
        Expression::Collection(items) => {
            Element::new("Collection").containing(items.iter().map(expression).collect())
        }
        Expression::Record(properties) => {
            let properties = properties.iter().map(|(name, value)| {
                valued(
                    Element::new("PropertyValue").with("Property", name.as_ref()),
                    value,
                )
            });
            Element::new("Record").containing(properties.collect())
        }
        Expression::Dynamic(name, operands) => {
            Element::new(name.as_ref()).containing(operands.iter().map(expression).collect())
        }
        _ => Element::new("Null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use msgraph_csdl::diagnostic::Diagnostics;
    use msgraph_csdl::document::parse;
    use msgraph_csdl::source::Sources;

    /// What a document says, without the places.
    fn said(document: &Document<'_>) -> String {
        let text = format!("{:?}", document.schemas);
        let parts = text
            .split("span: Span {")
            .map(|part| match part.split_once('}') {
                Some((place, rest)) if place.contains("start") => rest,
                _ => part,
            });
        parts.collect()
    }

    #[test]
    fn what_is_printed_is_read_as_the_same() {
        for case in [
            "foreign_text",
            "restrictions",
            "enumerations",
            "unions",
            "paths",
            "names",
        ] {
            let mut sources = Sources::new();
            let path = format!("tests/cases/{case}/metadata.csdl");
            let text = std::fs::read_to_string(path).unwrap();
            let id = sources.add("before", text);
            let mut diagnostics = Diagnostics::default();
            let before = parse(id, sources.get(id).unwrap(), &mut diagnostics).unwrap();
            let printed = print(&before);
            let mut sources = Sources::new();
            let id = sources.add("after", printed.clone());
            let after = parse(id, sources.get(id).unwrap(), &mut diagnostics).unwrap();
            assert!(diagnostics.is_empty(), "{case}: {diagnostics:?}");
            assert_eq!(said(&after), said(&before), "{case}");
            assert_eq!(print(&after), printed, "{case}");
        }
    }

    #[test]
    fn a_remark_cannot_end_the_comment() {
        let mut sources = Sources::new();
        let id = sources.add(
            "empty",
            "<edmx:Edmx Version=\"4.0\" xmlns:edmx=\"http://docs.oasis-open.org/odata/ns/edmx\">\
             <edmx:DataServices /></edmx:Edmx>",
        );
        let mut diagnostics = Diagnostics::default();
        let document = parse(id, sources.get(id).unwrap(), &mut diagnostics).unwrap();
        let remarks = ["a--b.csdl", "-->", "---", "x\n-->"].map(str::to_owned);
        let printed = commented(&remarks, &print(&document));
        let id = sources.add("printed", printed.clone());
        parse(id, sources.get(id).unwrap(), &mut diagnostics).unwrap();
        assert!(diagnostics.is_empty(), "{printed}");
    }
}
