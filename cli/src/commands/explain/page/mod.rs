//! The page that `msgraph explain` shows: as text, as Markdown, as JSON.

mod property;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use msgraph_codegen::catalogue::Kind;
use msgraph_codegen::index::{Enumeration, Field, Index, Operation, Type, Union};
use msgraph_runtime::Cloud;
use serde::{Serialize, Serializer};

use crate::support::arguments::Asked;
use crate::support::closure::Parts;
use crate::support::text::{
    FAINT, STRONG, Text, WARNING, block, code, joined, link, own, plain, said, styled,
};

pub(crate) use property::Property;

/// How many of a long list are shown without `--all`.
pub(crate) const MOST: usize = 12;

/// A page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Page {
    api_version: String,
    manifest: Option<String>,
    /// Whether the manifest generates it.
    generated: bool,
    /// What to add to the manifest where it does not.
    entry: Option<String>,
    /// Of a path: what is done to it.
    requests: Vec<Request>,
    /// Of a type.
    subject: Option<Subject>,
    /// Of a property; then `types` has that property alone.
    property: Option<Property>,
    /// Of a type: the functions that the manifest generates for it.
    functions: Vec<Operation>,
    /// What the page speaks of first, then what their fields need.
    types: Vec<Type>,
    unions: Vec<Union>,
    enumerations: Vec<Enumeration>,
    /// The types that have all their fields shown.
    #[serde(skip)]
    shown: BTreeSet<String>,
}

/// A request as it goes over the wire.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Request {
    #[serde(flatten)]
    operation: Operation,
    urls: Vec<Url>,
    /// The headers of the request, with what stands in them.
    request_headers: Vec<Header>,
    /// The body: each member with what it takes; none of a reset.
    body: Vec<Line>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Url {
    cloud: &'static str,
    url: String,
    /// Whether the reference lists the cloud; null where the facts say nothing.
    documented: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Header {
    name: String,
    value: &'static str,
}

/// A member of a body.
#[derive(Debug, Serialize)]
struct Line {
    wire: String,
    takes: String,
}

/// A type that is asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Subject {
    #[serde(rename = "type")]
    pub(crate) ty: String,
    #[serde(serialize_with = "in_words")]
    pub(crate) kind: Kind,
    #[serde(rename = "abstract")]
    pub(crate) is_abstract: bool,
    /// Nearest first.
    pub(crate) bases: Vec<String>,
    /// Those that name it as their base.
    pub(crate) derived: Vec<String>,
    /// The properties that are declared with it.
    pub(crate) used_by: Vec<String>,
    /// The updates whose body may be of it.
    pub(crate) updates: Vec<Taken>,
    /// The depth to which the updates are listed, where they have no end.
    pub(crate) depth: Option<usize>,
}

fn in_words<S: Serializer>(kind: &Kind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(kind)
}

/// An update whose body may be of a type.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// The declared type, where that is a base of it.
    pub(crate) declared: Option<String>,
}

impl Page {
    /// The page of what is done to one path.
    pub(crate) fn of_path(
        asked: &Asked,
        index: &Index,
        operations: Vec<&Operation>,
        generated: bool,
    ) -> Self {
        let roots = operations.iter().flat_map(|operation| &operation.bodies);
        let roots: Vec<&str> = roots.map(|body| body.ty.as_str()).collect();
        let mut page = Page::new(asked, index, &roots, generated);
        if let (false, Some(first)) = (generated, operations.first()) {
            page.entry = Some(format!("[[update]]\npath = {}", quoted(&first.path)));
        }
        // Of several, the page would be theirs.
        if let [only] = roots.as_slice() {
            page.shown.insert((*only).to_owned());
        }
        // The update first, then the reset.
        let (updates, resets): (Vec<_>, Vec<_>) = operations
            .into_iter()
            .partition(|operation| operation.takes.is_some());
        let requests = updates.into_iter().chain(resets);
        page.requests = requests
            .map(|operation| Request::new(operation, index))
            .collect();
        page
    }

    /// The page of a type.
    pub(crate) fn of_type(asked: &Asked, index: &Index, subject: Subject, generated: bool) -> Self {
        let mut page = Page::new(asked, index, &[&subject.ty], generated);
        if !generated && subject.kind != Kind::Enumeration {
            page.entry = Some(format!("[[struct]]\ntype = {}", quoted(&subject.ty)));
        }
        let functions = index.operations.iter().filter(|operation| {
            generated && operation.bodies.iter().any(|body| body.ty == subject.ty)
        });
        page.functions = functions.cloned().collect();
        page.shown.insert(subject.ty.clone());
        page.subject = Some(subject);
        page
    }

    fn new(asked: &Asked, index: &Index, roots: &[&str], generated: bool) -> Self {
        let mut page = Page {
            api_version: index.api_version.clone(),
            manifest: asked
                .manifest
                .as_ref()
                .map(|path| path.to_string_lossy().into_owned()),
            generated,
            entry: None,
            requests: Vec::new(),
            subject: None,
            property: None,
            functions: Vec::new(),
            types: Vec::new(),
            unions: Vec::new(),
            enumerations: Vec::new(),
            shown: BTreeSet::new(),
        };
        page.close(index, roots);
        page
    }

    /// Takes in the types of a body and those that their fields need, as they are met.
    fn close<'i>(&mut self, index: &'i Index, roots: &[&'i str]) {
        let parts = Parts::of(index);
        for name in parts.closure(roots) {
            self.unions.extend(parts.unions.get(name).copied().cloned());
            self.types.extend(parts.types.get(name).copied().cloned());
            let enumeration = parts.enumerations.get(name);
            self.enumerations.extend(enumeration.copied().cloned());
        }
    }

    /// The page for a person at a terminal.
    pub(crate) fn text(&self, all: bool) -> Text {
        self.write(all, false)
    }

    /// The page as Markdown.
    pub(crate) fn markdown(&self, all: bool) -> Text {
        self.write(all, true)
    }

    fn write(&self, all: bool, is_markdown: bool) -> Text {
        let mut sheet = Sheet {
            text: Text::default(),
            is_markdown,
            all,
            ends_apart: false,
        };
        for request in &self.requests {
            request.write(&mut sheet, self);
        }
        if let Some(subject) = &self.subject {
            subject.write(&mut sheet, self);
        }
        match &self.property {
            Some(property) => property.write(&mut sheet),
            None => self.write_standing(&mut sheet),
        }
        self.write_types(&mut sheet);
        sheet.text
    }

    fn write_standing(&self, sheet: &mut Sheet) {
        match (&self.manifest, self.generated) {
            (Some(manifest), true) => {
                sheet.line(0, code(manifest).then(own(" generates it.")));
            }
            (None, true) => {}
            (Some(manifest), false) => {
                sheet.line(
                    0,
                    styled(WARNING, code(manifest).then(own(" does not generate it."))),
                );
            }
            (None, false) => {
                sheet.line(0, "There is no manifest; this is what would be generated.")
            }
        }
        if let Some(entry) = &self.entry {
            sheet.line(0, "This entry in `graph.toml` does:");
            sheet.block("toml", entry);
        } else if !self.generated {
            sheet.line(
                0,
                "An enumeration is generated with the types that have it.",
            );
        }
    }

    fn write_types(&self, sheet: &mut Sheet) {
        let (full, short): (Vec<&Type>, Vec<&Type>) = self
            .types
            .iter()
            .partition(|ty| sheet.all || self.shown.contains(&ty.ty));
        for ty in full {
            self.write_type(sheet, ty);
        }
        if !short.is_empty() {
            sheet.heading("The other types (`--all` shows them whole)");
            for ty in short.iter().take(sheet.most()) {
                let name = styled(STRONG, said(&ty.ty)).then(own(" → "));
                sheet.item(name.then(said(&ty.rust)));
                let names: Vec<&str> = ty.fields.iter().map(|field| field.wire.as_str()).collect();
                sheet.line(2, listed(&names, MOST));
                sheet.line(2, styled(FAINT, said(format!("generated {}", ty.reason))));
            }
            sheet.rest(short.len());
        }
        for union in &self.unions {
            sheet.heading(&format!("Any {}", union.ty));
            sheet.line(0, format!("`{}` stands for any of these:", union.rust));
            for member in union.members.iter().take(sheet.most()) {
                sheet.item(format!("{} → {}", member.ty, member.rust));
            }
            sheet.rest(union.members.len());
        }
        for ty in &self.enumerations {
            write_enumeration(sheet, ty);
        }
    }

    fn write_type(&self, sheet: &mut Sheet, ty: &Type) {
        sheet.heading(&ty.ty);
        sheet.line(0, format!("Rust: `{}`", ty.rust));
        if let Some(base) = &ty.base {
            sheet.line(0, format!("Derives from `{base}`"));
        }
        sheet.words(0, ty.description.as_deref());
        sheet.deprecated(0, ty.announced.as_deref());
        let is_asked = self.subject.as_ref().is_some_and(|asked| asked.ty == ty.ty);
        if self.property.is_none() && (self.generated || !is_asked) {
            sheet.line(0, format!("Generated {}.", ty.reason));
        }
        if ty.writes_odata_type {
            sheet.line(
                0,
                format!(
                    "Writes `\"@odata.type\": \"#{}\"` in every position.",
                    ty.ty
                ),
            );
        }
        if ty.open {
            sheet.line(0, "Open: takes dynamic properties.");
        }
        if !ty.fields.is_empty() {
            sheet.line(
                0,
                "Fields; absent leaves a property as it is, null clears it:",
            );
        }
        for field in &ty.fields {
            self.write_field(sheet, ty, field);
        }
        if !ty.left_out.is_empty() {
            sheet.line(0, "Not sent:");
            for left_out in &ty.left_out {
                sheet.item(format!(
                    "{} ({}): {}",
                    left_out.wire, left_out.csdl, left_out.why
                ));
            }
        }
    }

    fn write_field(&self, sheet: &mut Sheet, ty: &Type, field: &Field) {
        let reference = if field.is_reference() {
            "reference to "
        } else {
            ""
        };
        sheet.item(
            styled(STRONG, said(&field.wire))
                .then(own("  "))
                .then(said(format!("{reference}{}", field.csdl)))
                .then(own("  "))
                .then(styled(FAINT, own(states(field)))),
        );
        let setter = field
            .setter
            .as_ref()
            .map(|name| format!(", set by `{name}(…)`"));
        let setter = setter.unwrap_or_default();
        sheet.line(2, format!("`{}: {}`{setter}", field.rust, field.ty));
        if let Some(limits) = &field.limits {
            let limits = said(&limits.text)
                .then(own(" ("))
                .then(link(&limits.source))
                .then(own(")"));
            sheet.line(2, limits);
        }
        sheet.words(2, field.description.as_deref());
        if field.declared_by != ty.ty {
            sheet.line(
                2,
                styled(FAINT, said(format!("declared by {}", field.declared_by))),
            );
        }
        sheet.deprecated(2, field.announced.as_deref());
    }
}

/// The states that a field has in an update.
fn states(field: &Field) -> &'static str {
    match (field.nullable, field.is_collection()) {
        (true, _) => "absent, null or value",
        (false, true) => "absent or collection",
        (false, false) => "absent or value",
    }
}

fn write_enumeration(sheet: &mut Sheet, ty: &Enumeration) {
    sheet.heading(&ty.ty);
    let kind = if ty.flags { "flags" } else { "enumeration" };
    sheet.line(0, format!("Rust: `{}`, {kind}", ty.rust));
    sheet.words(0, ty.description.as_deref());
    sheet.deprecated(0, ty.announced.as_deref());
    for member in ty.members.iter().take(sheet.most()) {
        let evolved = own(if member.evolved {
            "; the request carries `Prefer: include-unknown-enum-members`"
        } else {
            ""
        });
        let name = styled(STRONG, said(&member.wire)).then(own(" → "));
        sheet.item(name.then(said(&member.rust)).then(evolved));
        sheet.words(2, member.description.as_deref());
        sheet.deprecated(2, member.announced.as_deref());
    }
    sheet.rest(ty.members.len());
}

impl Request {
    fn new(operation: &Operation, index: &Index) -> Self {
        let urls = Cloud::ALL.map(|cloud| Url {
            cloud: cloud.as_str(),
            url: format!("{}/{}{}", cloud.root(), index.api_version, operation.path),
            documented: (!operation.clouds.is_empty())
                .then(|| operation.clouds.iter().any(|name| name == cloud.as_str())),
        });
        let header = |name: &str, value| Header {
            name: name.to_owned(),
            value,
        };
        let mut request_headers = vec![
            header("Authorization", "Bearer {token}"),
            header("Accept", "application/json"),
        ];
        if operation.takes.is_some() {
            request_headers.push(header("Content-Type", "application/json"));
        }
        for name in &operation.headers {
            request_headers.push(header(name, "{ETag of the resource}"));
        }
        Request {
            body: body(operation, index),
            operation: operation.clone(),
            urls: urls.into(),
            request_headers,
        }
    }

    /// Whether the body is a collection in `value`.
    fn is_collection(&self) -> bool {
        let takes = self.operation.takes.as_deref().unwrap_or_default();
        takes.starts_with("&CollectionBody<")
    }

    fn write(&self, sheet: &mut Sheet, page: &Page) {
        let operation = &self.operation;
        sheet.heading(&format!("{} {}", operation.method, operation.path));
        for url in &self.urls {
            let said = match url.documented {
                Some(true) => ", as the reference says",
                Some(false) => ": the reference does not list it",
                None => "",
            };
            sheet.item(
                link(&url.url)
                    .then(own(" ("))
                    .then(own(url.cloud))
                    .then(own(said))
                    .then(own(")")),
            );
        }
        let mut wire = format!(
            "{} /{}{}\n",
            operation.method, page.api_version, operation.path
        );
        for Header { name, value } in &self.request_headers {
            let _ = writeln!(wire, "{name}: {value}");
        }
        if operation.takes.is_some() {
            wire.push('\n');
            wire.push_str(&self.body_text());
        }
        sheet.block("http", wire.trim_end());
        let module = match operation.rust.rsplit_once("::") {
            Some((module, _)) => format!("module `{module}`"),
            None => "the root module".to_owned(),
        };
        sheet.line(0, format!("Rust: `{}` in {module}", signature(operation)));
        if operation.takes.is_none() {
            sheet.line(0, "Restores the defaults; the resource itself stays.");
        }
        sheet.named("Permission", &operation.permissions);
        sheet.named("Role", &operation.roles);
        sheet.named("Clouds (reference)", &operation.clouds);
        sheet.words(0, operation.note.as_deref());
        if let Some(source) = &operation.source {
            sheet.line(0, own("See ").then(link(source)));
        }
        sheet.deprecated(0, operation.announced.as_deref());
        let bodies: Vec<&str> = operation
            .bodies
            .iter()
            .map(|body| body.ty.as_str())
            .collect();
        match bodies.as_slice() {
            [] => {}
            [only] if *only == operation.declared => sheet.line(0, format!("Takes `{only}`")),
            [only] => sheet.line(
                0,
                format!(
                    "Takes `{only}`; the path is declared as `{}`",
                    operation.declared
                ),
            ),
            several => sheet.line(
                0,
                format!(
                    "Takes any of {} types that are a `{}`",
                    several.len(),
                    operation.declared
                ),
            ),
        }
    }

    fn body_text(&self) -> String {
        let mut text = String::from(if self.is_collection() {
            "{ \"value\": [ {\n"
        } else {
            "{\n"
        });
        for (nth, line) in self.body.iter().enumerate() {
            let comma = if nth + 1 < self.body.len() { "," } else { "" };
            let _ = writeln!(text, "  {}: {}{comma}", quoted(&line.wire), line.takes);
        }
        text.push_str(if self.is_collection() { "} ] }" } else { "}" });
        text
    }
}

/// The members of a body. Of one that may be of several types, the one that tells them apart.
fn body(operation: &Operation, index: &Index) -> Vec<Line> {
    let ty = match operation.bodies.as_slice() {
        [only] => index.types.iter().find(|ty| ty.ty == only.ty),
        _ => None,
    };
    let mut lines = Vec::new();
    let Some(ty) = ty else {
        if operation.takes.is_some() {
            lines.push(Line {
                wire: "@odata.type".to_owned(),
                takes: type_choice(operation),
            });
        }
        return lines;
    };
    let differs = ty.ty != operation.declared || operation.odata_type != "differing";
    if ty.writes_odata_type || differs {
        lines.push(Line {
            wire: "@odata.type".to_owned(),
            takes: quoted(&format!("#{}", ty.ty)),
        });
    }
    lines.extend(ty.fields.iter().map(|field| Line {
        wire: field.wire.clone(),
        takes: takes(field, index),
    }));
    lines
}

/// The `@odata.type` of a body that may be of several types.
fn type_choice(operation: &Operation) -> String {
    let choice = format!("\"#…\", one of {} types", operation.bodies.len());
    let has_declared = operation
        .bodies
        .iter()
        .any(|body| body.ty == operation.declared);
    if has_declared && operation.odata_type == "differing" {
        return format!("{choice}; absent for {}", operation.declared);
    }
    choice
}

/// What a member of a body takes: `Int32 | null`, `[ excludeTarget, … ]`, `"user" | "group"`.
fn takes(field: &Field, index: &Index) -> String {
    const MOST_MEMBERS: usize = 4;
    let item = field.item_type();
    let short = item.rsplit('.').next().unwrap_or(item);
    let enumeration = index.enumerations.iter().find(|ty| ty.ty == item);
    let one = if field.is_reference() {
        format!("\"{{URL of {short}}}\"")
    } else if let Some(ty) = enumeration.filter(|ty| ty.members.len() <= MOST_MEMBERS && !ty.flags)
    {
        let members: Vec<String> = ty
            .members
            .iter()
            .map(|member| quoted(&member.wire))
            .collect();
        members.join(" | ")
    } else if item.starts_with("Edm.") || enumeration.is_some() {
        short.to_owned()
    } else {
        format!("{{ {short} }}")
    };
    let value = if field.is_collection() {
        format!("[ {one}, … ]")
    } else {
        one
    };
    if field.nullable {
        format!("{value} | null")
    } else {
        value
    }
}

/// `update(user_id: &str, patch: &UserPatch)`.
fn signature(operation: &Operation) -> String {
    let name = operation.rust.rsplit("::").next().unwrap_or_default();
    let parameters = operation.parameters.iter();
    let mut arguments: Vec<String> = parameters
        .map(|parameter| format!("{}: {}", parameter.rust, parameter.ty))
        .collect();
    arguments.extend(operation.takes.iter().map(|ty| format!("patch: {ty}")));
    format!("{name}({})", arguments.join(", "))
}

impl Subject {
    fn write(&self, sheet: &mut Sheet, page: &Page) {
        sheet.heading(&self.ty);
        let is_abstract = if self.is_abstract { "abstract " } else { "" };
        sheet.line(0, format!("{is_abstract}{}", self.kind));
        sheet.named("Base types", &self.bases);
        sheet.list("Types that derive from it", &self.derived);
        sheet.list("Properties of this type", &self.used_by);
        let functions: Vec<String> = page
            .functions
            .iter()
            .map(|operation| {
                format!(
                    "{} ({} {})",
                    operation.rust, operation.method, operation.path
                )
            })
            .collect();
        sheet.list("Functions that take it", &functions);
        let updates: Vec<String> = self.updates.iter().map(Taken::text).collect();
        let title = match self.depth {
            Some(depth) => format!(
                "Updates whose body it may be (up to {depth} navigation properties on a path)"
            ),
            None => "Updates whose body it may be".to_owned(),
        };
        if updates.is_empty() && self.kind != Kind::Enumeration {
            sheet.line(
                0,
                format!("{title}: none; it is sent inside other bodies only"),
            );
        }
        sheet.list(&title, &updates);
    }
}

impl Taken {
    fn text(&self) -> String {
        match &self.declared {
            Some(declared) => format!("{} {} (declared as {declared})", self.method, self.path),
            None => format!("{} {}", self.method, self.path),
        }
    }
}

/// A page as it is being written.
struct Sheet {
    text: Text,
    is_markdown: bool,
    all: bool,
    /// Whether the last line is an empty one.
    ends_apart: bool,
}

impl Sheet {
    fn most(&self) -> usize {
        if self.all { usize::MAX } else { MOST }
    }

    fn heading(&mut self, text: &str) {
        if !self.text.is_empty() && !self.ends_apart {
            self.text.push(own("\n"));
        }
        let text = styled(STRONG, said(text));
        if self.is_markdown {
            self.text.push(own("## ").then(text).then(own("\n\n")));
        } else {
            self.text.line(0, text);
        }
        self.ends_apart = self.is_markdown;
    }

    /// A line, indented by so many half steps.
    fn line(&mut self, indent: usize, text: impl Into<Text>) {
        let text = text.into();
        if self.is_markdown {
            // Lines that belong together stay apart.
            self.text.line(indent, text.then(own("  ")));
        } else {
            self.text.line(2 + 2 * indent, text);
        }
        self.ends_apart = false;
    }

    fn item(&mut self, text: impl Into<Text>) {
        let text = text.into();
        if self.is_markdown {
            self.text.line(0, own("- ").then(text).then(own("  ")));
        } else {
            self.text.line(4, text);
        }
        self.ends_apart = false;
    }

    /// Text of a foreign hand: on one line, and no Markdown.
    fn words(&mut self, indent: usize, text: Option<&str>) {
        if let Some(text) = text {
            self.line(indent, plain(text));
        }
    }

    fn deprecated(&mut self, indent: usize, note: Option<&str>) {
        if let Some(note) = note {
            let head = styled(WARNING, own("deprecated")).then(own(": "));
            self.line(indent, head.then(plain(note)));
        }
    }

    fn named(&mut self, name: &'static str, values: &[String]) {
        if !values.is_empty() {
            let values = joined(values.iter().map(plain), ", ");
            self.line(0, own(name).then(own(": ")).then(values));
        }
    }

    fn list(&mut self, title: &str, items: &[String]) {
        if items.is_empty() {
            return;
        }
        self.line(0, format!("{title}:"));
        for item in items.iter().take(self.most()) {
            self.item(item.as_str());
        }
        self.rest(items.len());
    }

    /// How many of a list are not shown.
    fn rest(&mut self, all: usize) {
        let rest = all.saturating_sub(self.most());
        if rest > 0 {
            self.item(styled(FAINT, plain(format!("and {rest} more (--all)"))));
        }
    }

    fn block(&mut self, language: &'static str, text: &str) {
        self.text
            .push(own("\n").then(block(language, 4, text)).then(own("\n")));
        self.ends_apart = true;
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        said(text)
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        said(text)
    }
}

/// `a, b, c and 3 more`.
fn listed(names: &[&str], most: usize) -> String {
    let shown: Vec<&str> = names.iter().copied().take(most).collect();
    match names.len().saturating_sub(most) {
        0 if shown.is_empty() => "no fields".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// A text in quotes; JSON and TOML write such texts alike.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
