//! Derives from a documented request what a manifest selects and what its function takes.

use std::collections::{BTreeMap, BTreeSet};

use msgraph_csdl::model::{ItemType, Operation, Schema, TypeId, TypeReference};
use msgraph_csdl::path::segment::{SegmentParts, decode, split};
use msgraph_csdl::path::{Call, ResourcePath, SegmentKind, walk, walk_call};
use serde_json::Value;

/// What a documented request needs.
#[derive(Debug, Default)]
pub(crate) struct Derived {
    /// The path in the manifest: of a resource, a collection or a call.
    pub(crate) path: String,
    /// The template of the URL, as in the index: with `/$ref` or `/$value`.
    pub(crate) template: String,
    /// The documented path, with segments as the metadata spells them.
    pub(crate) url: String,
    /// The values of the placeholders, in order.
    pub(crate) keys: Vec<String>,
    /// The operation in the manifest; `None` for a call.
    pub(crate) operation: Option<&'static str>,
    /// The type of the body of an operation on a resource.
    pub(crate) body_type: Option<String>,
    /// Whether the manifest names the type of the body. If the declared type is abstract, it need not.
    pub(crate) is_named: bool,
    /// The types of nested values in the request that the manifest has to name.
    pub(crate) nested: BTreeSet<String>,
    /// The navigation properties that the body has by value, with the types that declare them.
    pub(crate) inline: BTreeSet<(String, String)>,
    /// The values in the response whose type is not the declared one: JSON pointers and types.
    pub(crate) derived: BTreeMap<String, String>,
}

/// A documented path in progress.
struct Path<'s, 'a> {
    schema: &'s Schema<'a>,
    template: String,
    url: String,
    keys: Vec<String>,
    walked: Option<ResourcePath>,
}

/// The operation of `kind`, the kind of a row.
fn operation(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "get_one" => "get",
        "get_list" => "list",
        "create" => "create",
        "update" => "update",
        "put" => "replace",
        "delete" => "delete",
        "ref_add" => "add-ref",
        "ref_put" => "set-ref",
        "ref_delete" => "remove-ref",
        "media" => "get-content",
        "media_put" => "put-content",
        _ => return None,
    })
}

/// # Errors
///
/// If the metadata does not have the path or the types.
pub(crate) fn derive(schema: &Schema<'_>, row: &Value) -> Result<Derived, String> {
    let kind = text(row, "kind");
    let is_call = matches!(kind, "action" | "function") || !row["op"].is_null();
    let documented = text(row, "path");
    let resource = documented.trim_end_matches("/$ref");
    let resource = resource.trim_end_matches("/$value");
    let suffix = &documented[resource.len()..];
    let mut path = Path {
        schema,
        template: String::new(),
        url: String::new(),
        keys: Vec::new(),
        walked: None,
    };
    let segments: Vec<&str> = split(resource.trim_start_matches('/')).collect();
    let (last, before) = segments.split_last().ok_or("an empty path")?;
    let mut derived = Derived::default();
    let mut signature = None;
    if is_call {
        before.iter().try_for_each(|text| path.step(text))?;
        signature = Some(path.call(last)?);
    } else {
        segments.iter().try_for_each(|text| path.step(text))?;
        derived.operation = operation(kind);
    }
    let of_resource = path.walked.as_ref().map(|path| path.target.ty);
    derived.path.clone_from(&path.template);
    derived.template = path.template + suffix;
    derived.url = path.url + suffix;
    derived.keys = path.keys;
    if let Some(body) = row["body"].as_object().filter(|_| suffix.is_empty()) {
        let mut seen = Seen::default();
        match (signature, of_resource) {
            (Some(operation), _) => {
                for (name, value) in body {
                    let mut declared = operation.parameters.iter();
                    let declared = declared.find(|declared| declared.name.text == *name);
                    let declared = declared.ok_or_else(|| format!("no parameter `{name}`"))?;
                    seen.value(schema, value, declared.ty, String::new());
                }
            }
            (None, Some(ty)) => {
                let declared = schema[ty].qualified_name();
                derived.body_type = seen.object(schema, &row["body"], ty, String::new());
                derived.body_type.get_or_insert(declared);
                let declared = schema.structured(ty);
                derived.is_named = declared.is_some_and(|declared| !declared.is_abstract);
            }
            (None, None) => {}
        }
        let top = derived.body_type.clone();
        derived.nested = seen.derived.into_values().collect();
        derived.nested.retain(|ty| Some(ty) != top.as_ref());
        derived.inline = seen.inline;
    }
    let of_response = match signature {
        Some(operation) => operation.return_type.and_then(|ty| match ty.item {
            ItemType::Declared(id) => Some(id),
            _ => None,
        }),
        None => of_resource,
    };
    if let Some(ty) = of_response.filter(|_| row["response"].is_object()) {
        let is_list = kind == "get_list" || row["target_kind"] == "collection";
        let mut seen = Seen::default();
        match row["response"]["value"].as_array() {
            Some(items) if is_list && kind != "create" => {
                for (index, item) in items.iter().enumerate() {
                    seen.object(schema, item, ty, format!("/{index}"));
                }
            }
            _ => drop(seen.object(schema, &row["response"], ty, String::new())),
        }
        derived.derived = seen.derived;
        // A function for one type responds with that type.
        let is_same = |ty: &String| derived.body_type.as_ref() == Some(ty);
        if derived.is_named && derived.derived.get("").is_some_and(is_same) {
            derived.derived.remove("");
        }
    }
    Ok(derived)
}

/// The path in the manifest and the keys of a resource that `@odata.id` refers to.
pub(crate) fn referenced(schema: &Schema<'_>, url: &str) -> Result<(String, Vec<String>), String> {
    let mut path = Path {
        schema,
        template: String::new(),
        url: String::new(),
        keys: Vec::new(),
        walked: None,
    };
    split(url.trim_start_matches('/')).try_for_each(|text| path.step(text))?;
    Ok((path.template, path.keys))
}

impl<'s, 'a> Path<'s, 'a> {
    /// Adds a segment of a resource.
    fn step(&mut self, documented: &str) -> Result<(), String> {
        let is_collection = || {
            let walked = self.walked.as_ref();
            walked.is_some_and(|path| path.target.is_collection)
        };
        if is_placeholder(documented) && is_collection() {
            return self.key(documented);
        }
        let (name, arguments) = pattern(documented);
        let respelled = self.respelled(documented);
        let candidates = [Some(name.clone()), respelled];
        let mut problem = String::new();
        for name in candidates.into_iter().flatten() {
            match walk(self.schema, &format!("{}/{name}", self.template)) {
                Ok(path) => {
                    let last = path.segments.last().map(|segment| segment.kind);
                    if last == Some(SegmentKind::Key) {
                        return self.key(documented);
                    }
                    self.add(&name, documented, arguments, path);
                    return Ok(());
                }
                Err(wrong) => problem = format!("{}; {}", wrong.message, wrong.help),
            }
        }
        match is_collection() {
            true => self.key(documented),
            false => Err(format!("`{documented}`: {problem}")),
        }
    }

    /// Adds the call of an action or function.
    fn call(&mut self, documented: &str) -> Result<&'s Operation<'a>, String> {
        let (name, arguments) = pattern(documented);
        let names = [Some(name), self.respelled(documented)];
        let mut problem = String::new();
        for name in names.into_iter().flatten() {
            match walk_call(self.schema, &format!("{}/{name}", self.template)) {
                Ok(Call { operation, .. }) => {
                    self.template = format!("{}/{name}", self.template);
                    self.url = format!("{}/{}", self.url, spelled(&name, documented));
                    self.keys.extend(arguments);
                    return Ok(operation);
                }
                Err(wrong) => problem = format!("{}; {}", wrong.message, wrong.help),
            }
        }
        Err(format!("`{documented}`: {problem}"))
    }

    fn add(&mut self, name: &str, documented: &str, arguments: Vec<String>, path: ResourcePath) {
        self.template = format!("{}/{name}", self.template);
        self.url = format!("{}/{}", self.url, spelled(name, documented));
        self.keys.extend(arguments);
        self.walked = Some(path);
    }

    fn key(&mut self, documented: &str) -> Result<(), String> {
        let ty = self.walked.as_ref().ok_or("a key at the root")?.target.ty;
        let name = format!("{}-id", self.schema[ty].name.text);
        let is_taken = |name: &str| self.template.contains(&format!("{{{name}}}"));
        let mut numbered = (1..).map(|number| format!("{name}{number}"));
        let name = match is_taken(&name) {
            true => numbered.find(|name| !is_taken(name)).unwrap_or_default(),
            false => name,
        };
        let template = format!("{}/{{{name}}}", self.template);
        let path = walk(self.schema, &template).map_err(|wrong| wrong.message)?;
        let key = decode(documented).ok_or("a key that is not UTF-8")?;
        self.template = template;
        self.url = format!("{}/{documented}", self.url);
        self.keys.push(key);
        self.walked = Some(path);
        Ok(())
    }

    /// The segment as the metadata spells it, if it differs only in case.
    fn respelled(&self, documented: &str) -> Option<String> {
        let name = documented.split('(').next()?;
        let mut names: Vec<String> = Vec::new();
        match self.walked.as_ref().map(|path| path.target.ty) {
            None => {
                let container = self.schema.container().iter();
                names.extend(container.map(|child| child.name.text.to_string()));
            }
            Some(ty) => {
                let navigation = self.schema.navigation_properties(ty).into_iter();
                names.extend(navigation.map(|(_, property)| property.name.text.to_string()));
                let properties = self.schema.properties(ty).into_iter();
                names.extend(properties.map(|(_, property)| property.name.text.to_string()));
            }
        }
        let operations = self.schema.operations().iter();
        names.extend(operations.map(|operation| operation.name.text.to_string()));
        let exact = names
            .iter()
            .find(|other| other.eq_ignore_ascii_case(name))?;
        let (pattern, _) = pattern(documented);
        (exact != name).then(|| pattern.replacen(name, exact, 1))
    }
}

/// The types and navigation properties that a JSON value uses.
#[derive(Default)]
struct Seen {
    derived: BTreeMap<String, String>,
    inline: BTreeSet<(String, String)>,
}

impl Seen {
    fn value(&mut self, schema: &Schema<'_>, value: &Value, ty: TypeReference, pointer: String) {
        let ItemType::Declared(id) = ty.item else {
            return;
        };
        match value.as_array() {
            Some(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.object(schema, item, id, format!("{pointer}/{index}"));
                }
            }
            None => drop(self.object(schema, value, id, pointer)),
        }
    }

    /// Returns the type that the object names, if it is not the declared one.
    fn object(
        &mut self,
        schema: &Schema<'_>,
        value: &Value,
        declared: TypeId,
        pointer: String,
    ) -> Option<String> {
        let object = value.as_object()?;
        let named = object.get("@odata.type").and_then(Value::as_str);
        let named = named.map(|name| name.trim_start_matches('#'));
        let named = named.filter(|name| *name != schema[declared].qualified_name());
        if let Some(name) = named {
            self.derived.insert(pointer.clone(), name.to_owned());
        }
        let ty = named.and_then(|name| schema.find(name)).unwrap_or(declared);
        for (name, value) in object {
            let pointer = format!("{pointer}/{name}");
            if let Some(property) = schema.property(ty, name) {
                self.value(schema, value, property.ty, pointer);
            } else if let Some((of, property)) = schema.navigation_property(ty, name) {
                self.inline
                    .insert((schema[of].qualified_name(), name.clone()));
                let item = ItemType::Declared(property.target);
                let ty = TypeReference {
                    item,
                    is_collection: property.is_collection,
                };
                self.value(schema, value, ty, pointer);
            }
        }
        named.map(str::to_owned)
    }
}

/// The segment with placeholders for its arguments, and their values: `range(address='A1')` becomes
/// `range(address='{address}')`.
fn pattern(documented: &str) -> (String, Vec<String>) {
    let parts = SegmentParts::parse(documented).ok();
    let parts = parts.and_then(|parts| Some((parts.name, parts.arguments?)));
    let Some((name, arguments)) = parts else {
        return (documented.to_owned(), Vec::new());
    };
    let mut values = Vec::new();
    let arguments: Vec<String> = arguments
        .iter()
        .map(|argument| {
            values.push(argument.value().unwrap_or_default());
            let quote = if argument.is_quoted() { "'" } else { "" };
            let placeholder = argument.name.unwrap_or("id");
            let name = argument.name.map(|name| format!("{name}="));
            let name = name.unwrap_or_default();
            format!("{name}{quote}{{{placeholder}}}{quote}")
        })
        .collect();
    (format!("{name}({})", arguments.join(",")), values)
}

/// The documented segment with the name of the metadata.
fn spelled(name: &str, documented: &str) -> String {
    let name = name.split('(').next().unwrap_or_default();
    let arguments = documented.find('(').map(|start| &documented[start..]);
    format!("{name}{}", arguments.unwrap_or_default())
}

fn is_placeholder(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

fn text<'v>(row: &'v Value, key: &str) -> &'v str {
    row[key].as_str().unwrap_or_default()
}
