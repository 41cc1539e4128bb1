//! Writes XML, and the values of annotations in it.

use msgraph_csdl::document::Expression;

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";

/// An element with either children or text.
pub(super) struct XmlElement {
    name: String,
    attributes: Vec<(&'static str, String)>,
    children: Vec<XmlElement>,
    text: String,
}

/// A CSDL document with these schemas.
pub(super) fn document(schemas: Vec<XmlElement>) -> String {
    let mut text = DECLARATION.to_owned();
    XmlElement::new("edmx:Edmx")
        .with("Version", "4.0")
        .with("xmlns:edmx", "http://docs.oasis-open.org/odata/ns/edmx")
        .containing([XmlElement::new("edmx:DataServices").containing(schemas)])
        .write(0, &mut text);
    text
}

/// The document with a comment of these lines.
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

impl XmlElement {
    pub(super) fn new(name: impl Into<String>) -> Self {
        XmlElement {
            name: name.into(),
            attributes: Vec::new(),
            children: Vec::new(),
            text: String::new(),
        }
    }

    pub(super) fn with(mut self, attribute: &'static str, value: impl Into<String>) -> Self {
        self.attributes.push((attribute, value.into()));
        self
    }

    pub(super) fn with_some(
        self,
        attribute: &'static str,
        value: Option<impl Into<String>>,
    ) -> Self {
        match value {
            Some(value) => self.with(attribute, value),
            None => self,
        }
    }

    /// A Boolean whose default is false.
    pub(super) fn flag(self, attribute: &'static str, value: bool) -> Self {
        self.with_some(attribute, value.then_some("true"))
    }

    pub(super) fn containing(mut self, children: impl IntoIterator<Item = XmlElement>) -> Self {
        self.children.extend(children);
        self
    }

    /// The value of an annotation, or of a property of a record: as an attribute if it is a constant.
    pub(super) fn valued(self, value: &Expression<'_>) -> Self {
        match constant(value) {
            Some((form, text)) => self.with(form, text),
            None => self.containing([expression(value)]),
        }
    }

    /// The recursion is bounded, since the parser limits the depth of expressions.
    fn write(&self, depth: usize, out: &mut String) {
        let indent = "  ".repeat(depth);
        out.push_str(&format!("{indent}<{}", self.name));
        for (attribute, value) in &self.attributes {
            out.push_str(&format!(" {attribute}=\""));
            escape(value, out);
            out.push('"');
        }
        if !self.children.is_empty() {
            out.push_str(">\n");
            for child in &self.children {
                child.write(depth + 1, out);
            }
            out.push_str(&indent);
        } else if self.text.is_empty() {
            out.push_str(" />\n");
            return;
        } else {
            out.push('>');
            escape(&self.text, out);
        }
        out.push_str(&format!("</{}>\n", self.name));
    }
}

/// White space in attributes is normalized to blanks (XML 1.0 §3.3.3), except for character references.
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

/// A constant as name and text (OData CSDL XML 4.01 §14.3), or a path (§14.4.1).
fn constant(value: &Expression<'_>) -> Option<(&'static str, String)> {
    Some(match value {
        Expression::Bool(value) => ("Bool", value.to_string()),
        Expression::String(text) => ("String", text.to_string()),
        Expression::Int(value) => ("Int", value.to_string()),
        Expression::Date(text) => ("Date", text.to_string()),
        Expression::Constant(form, text) => (form, text.to_string()),
        Expression::EnumMember(members) => ("EnumMember", members.join(" ")),
        // The model does not distinguish the kinds of paths.
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

fn expression(value: &Expression<'_>) -> XmlElement {
    if let Some((form, text)) = constant(value) {
        return XmlElement {
            text,
            ..XmlElement::new(form)
        };
    }
    match value {
        Expression::Collection(items) => {
            XmlElement::new("Collection").containing(items.iter().map(expression))
        }
        Expression::Record(properties) => {
            let properties = properties.iter().map(|(name, value)| {
                let property = XmlElement::new("PropertyValue").with("Property", name.as_ref());
                property.valued(value)
            });
            XmlElement::new("Record").containing(properties)
        }
        Expression::Dynamic(name, operands) => {
            XmlElement::new(name.as_ref()).containing(operands.iter().map(expression))
        }
        _ => XmlElement::new("Null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_line_cannot_end_the_comment() {
        let lines = ["a--b.csdl", "-->", "---", "x\n-->"].map(str::to_owned);
        let text = commented(&lines, &document(Vec::new()));
        roxmltree::Document::parse(&text).expect("XML");
    }

    #[test]
    fn values_are_escaped() {
        let value = "<a b=\"c\">&amp;\n\t\r</a>";
        let mut text = String::new();
        let constant = Expression::Constant("String", value.into());
        let items = Expression::Collection(vec![constant.clone()]);
        XmlElement::new("x").valued(&constant).write(0, &mut text);
        XmlElement::new("y").valued(&items).write(0, &mut text);
        let text = format!("<z>{text}</z>");
        let document = roxmltree::Document::parse(&text).expect("XML");
        let found = document.descendants().filter(|node| node.is_element());
        let found = found.filter_map(|node| node.attribute("String").or(node.text()));
        assert_eq!(found.filter(|text| *text == value).count(), 2, "{text}");
    }
}
