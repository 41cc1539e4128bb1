//! An index of what was generated, for tools; `docs/index.md` describes it as JSON.

use serde::Serialize;

use msgraph_csdl::toml_table::TomlValue;

use crate::ir::{self, Body, Module, Struct};

/// The version of the schema; it counts on when a member changes its meaning or goes.
const SCHEMA: u32 = 1;

/// What was generated, in terms of the API. Entries are in order of path or type; serialised, it is
/// the document that `docs/index.md` describes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Index {
    /// The version of this form.
    pub schema: u32,
    /// As in the manifest.
    pub api_version: String,
    /// The updates and resets.
    pub operations: Vec<Operation>,
    /// The structs.
    pub types: Vec<Type>,
    /// The types that stand for any of several.
    pub unions: Vec<Union>,
    /// The enumerations.
    pub enumerations: Vec<Enumeration>,
}

/// An update or a reset.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// `PATCH`, `PUT` or `DELETE`.
    pub method: String,
    /// The path template, without the API version.
    pub path: String,
    /// One for each placeholder, in order.
    pub parameters: Vec<Parameter>,
    /// The path of the function in the generated module.
    pub rust: String,
    /// The CSDL name of the type that the path is declared to have.
    pub declared: String,
    /// What the function takes as its patch, as Rust writes it in its module; nothing for a reset.
    pub takes: Option<String>,
    /// The types that the body may have.
    pub bodies: Vec<Accepted>,
    /// Which values of the body write `@odata.type`: `differing`, those that are not of the type that their position
    /// declares; `body`, the body itself besides; `all`, every structured value.
    #[serde(rename = "odataType")]
    pub odata_type: String,
    /// Headers that the service wants besides the usual.
    pub headers: Vec<String>,
    /// From the facts, the least privileged first.
    pub permissions: Vec<String>,
    /// From the facts, the least privileged first.
    pub roles: Vec<String>,
    /// The clouds that the reference lists, from the facts; empty where they say nothing.
    pub clouds: Vec<String>,
    /// What a caller should know besides, from the facts.
    pub note: Option<String>,
    /// The page that the facts are from.
    pub source: Option<String>,
    /// What its `#[deprecated]` says.
    pub deprecated: Option<String>,
    /// What the metadata announces of its deprecation: the same, or where no date of removal is given,
    /// what is said without.
    pub announced: Option<String>,
}

/// A placeholder of a path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// The name of the argument.
    pub rust: String,
    /// Its Rust type.
    #[serde(rename = "type")]
    pub ty: String,
}

/// A type that may stand in a position.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Accepted {
    /// The CSDL name.
    #[serde(rename = "type")]
    pub ty: String,
    /// The path of the struct in the generated module.
    pub rust: String,
}

/// A struct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Type {
    /// The CSDL name.
    #[serde(rename = "type")]
    pub ty: String,
    /// The path of the struct in the generated module.
    pub rust: String,
    /// The CSDL name of the base type.
    pub base: Option<String>,
    /// What CSDL says of it.
    pub description: Option<String>,
    /// Whether the struct writes `@odata.type` in every position.
    #[serde(rename = "writesODataType")]
    pub writes_odata_type: bool,
    /// Whether it has dynamic properties.
    pub open: bool,
    /// What an update may send.
    pub fields: Vec<Field>,
    /// What an update does not send.
    pub left_out: Vec<LeftOut>,
    /// Why it is generated.
    pub reason: String,
    /// What its `#[deprecated]` says.
    pub deprecated: Option<String>,
    /// What the metadata announces of its deprecation: the same, or where no date of removal is given,
    /// what is said without.
    pub announced: Option<String>,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The field.
    pub rust: String,
    /// Its Rust type.
    #[serde(rename = "type")]
    pub ty: String,
    /// The method that sets it; absent where the manifest wants no setters.
    pub setter: Option<String>,
    /// Its type as CSDL writes it, without aliases; that of the entity where it is a reference.
    pub csdl: String,
    /// The CSDL name of the type that declares it.
    pub declared_by: String,
    /// What CSDL says of it.
    pub description: Option<String>,
    /// Whether null may be sent.
    pub nullable: bool,
    /// What the facts know of its values.
    pub limits: Option<Limits>,
    /// What its `#[deprecated]` says.
    pub deprecated: Option<String>,
    /// What the metadata announces of its deprecation: the same, or where no date of removal is given,
    /// what is said without.
    pub announced: Option<String>,
}

/// What the facts know of the values of a property.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// In words: `8 to 48; default 8`.
    pub text: String,
    /// The least value.
    pub minimum: Option<i64>,
    /// The greatest value.
    pub maximum: Option<i64>,
    /// Two properties of the same resource that bound it, inclusive.
    pub between: Option<(String, String)>,
    /// The value of a resource that nobody changed.
    pub default: Option<serde_json::Value>,
    /// The page that the facts are from.
    pub source: String,
}

impl From<&ir::Limits> for Limits {
    fn from(limits: &ir::Limits) -> Self {
        Limits {
            text: limits.text.clone(),
            minimum: limits.minimum,
            maximum: limits.maximum,
            between: limits.between.clone(),
            default: limits.default.as_ref().map(json),
            source: limits.source.clone(),
        }
    }
}

/// A value of the facts as JSON.
fn json(value: &TomlValue) -> serde_json::Value {
    match value {
        TomlValue::Boolean(value) => (*value).into(),
        TomlValue::Integer(value) => (*value).into(),
        // What JSON has no number for, `inf`, stays a text.
        TomlValue::Float(text) => text.parse::<f64>().map_or_else(
            |_| text.as_str().into(),
            |number| match serde_json::Number::from_f64(number) {
                Some(number) => number.into(),
                None => text.as_str().into(),
            },
        ),
        TomlValue::String(text) => text.as_str().into(),
        TomlValue::Array(items) => items.iter().map(json).collect(),
        TomlValue::Table(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), json(value)))
            .collect(),
    }
}

impl Field {
    /// Whether it holds a reference to an entity, or several.
    pub fn is_reference(&self) -> bool {
        self.wire.ends_with("@odata.bind")
    }

    /// Whether it holds changes to single items of a collection.
    pub fn is_delta(&self) -> bool {
        self.wire.ends_with("@delta")
    }

    /// Whether CSDL says `Collection(…)`.
    pub fn is_collection(&self) -> bool {
        self.item_type().len() != self.csdl.len()
    }

    /// The CSDL type of one item.
    pub fn item_type(&self) -> &str {
        self.csdl
            .strip_prefix("Collection(")
            .and_then(|item| item.strip_suffix(')'))
            .unwrap_or(&self.csdl)
    }

    /// The property by its place in the API: the declaring type, a slash, the name.
    pub fn element(&self) -> String {
        format!("{}/{}", self.declared_by, self.wire)
    }
}

impl LeftOut {
    /// As [`Field::element`].
    pub fn element(&self) -> String {
        format!("{}/{}", self.declared_by, self.wire)
    }
}

/// A property that an update does not send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LeftOut {
    /// The name on the wire.
    pub wire: String,
    /// Why not.
    pub why: String,
    /// Its type as CSDL writes it, without aliases.
    pub csdl: String,
    /// The CSDL name of the type that declares it.
    pub declared_by: String,
}

/// A type that stands for any of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Union {
    /// The CSDL name of the type that they derive from.
    #[serde(rename = "type")]
    pub ty: String,
    /// Its path in the generated module.
    pub rust: String,
    /// The types.
    pub members: Vec<Accepted>,
}

/// An enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Enumeration {
    /// The CSDL name.
    #[serde(rename = "type")]
    pub ty: String,
    /// The path of the enum in the generated module.
    pub rust: String,
    /// Whether a value is a set of members.
    pub flags: bool,
    /// What CSDL says of it.
    pub description: Option<String>,
    /// The members, without the sentinel.
    pub members: Vec<Member>,
    /// What its `#[deprecated]` says.
    pub deprecated: Option<String>,
    /// What the metadata announces of its deprecation: the same, or where no date of removal is given,
    /// what is said without.
    pub announced: Option<String>,
}

/// A member of an enumeration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The name on the wire.
    pub wire: String,
    /// The variant.
    pub rust: String,
    /// What CSDL says of it.
    pub description: Option<String>,
    /// Whether it stands behind the sentinel, so that a request with it carries a `Prefer` header.
    pub evolved: bool,
    /// What its `#[deprecated]` says.
    pub deprecated: Option<String>,
    /// What the metadata announces of its deprecation: the same, or where no date of removal is given,
    /// what is said without.
    pub announced: Option<String>,
}

impl Index {
    /// The index as the JSON document that is written beside the code.
    pub fn to_json(&self) -> String {
        // Strings, numbers and lists of them: there is nothing that could not be written.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// The index of a module and of all below it.
pub(crate) fn index(root: Module, api_version: &str) -> Index {
    let mut index = Index {
        schema: SCHEMA,
        api_version: api_version.to_owned(),
        operations: Vec::new(),
        types: Vec::new(),
        unions: Vec::new(),
        enumerations: Vec::new(),
    };
    let mut open = vec![(String::new(), root)];
    while let Some((path, module)) = open.pop() {
        let functions = module.functions.into_iter();
        index
            .operations
            .extend(functions.map(|item| operation(&path, item)));
        let structs = module.structs.into_iter();
        index
            .types
            .extend(structs.map(|item| structure(&path, item)));
        let unions = module.unions.into_iter().map(|item| Union {
            ty: item.type_name,
            rust: format!("{path}{}", item.name),
            members: accepted(item.accepts),
        });
        index.unions.extend(unions);
        let enumerations = module.enumerations.into_iter();
        index
            .enumerations
            .extend(enumerations.map(|item| enumeration(&path, item)));
        let modules = module.modules.into_iter();
        open.extend(modules.map(|(name, inner)| (format!("{path}{name}::"), inner)));
    }
    // Two of the same path stand in order of their functions.
    index
        .operations
        .sort_by(|a, b| (&a.path, &a.rust).cmp(&(&b.path, &b.rust)));
    index.types.sort_by(|a, b| a.ty.cmp(&b.ty));
    index.unions.sort_by(|a, b| a.ty.cmp(&b.ty));
    index.enumerations.sort_by(|a, b| a.ty.cmp(&b.ty));
    index
}

fn accepted(types: Vec<(String, String)>) -> Vec<Accepted> {
    let types = types.into_iter();
    types.map(|(ty, rust)| Accepted { ty, rust }).collect()
}

fn operation(module: &str, item: ir::Function) -> Operation {
    // The origin is that of the update, also of a reset, which has no body.
    let bodies = match item.body {
        Some(_) => accepted(item.origin.accepts),
        None => Vec::new(),
    };
    let takes = item.body.map(|body| match body {
        Body::Type(ty) => format!("&{ty}"),
        Body::AnyOf(ty) => format!("&impl DerivesFrom<{ty}>"),
        Body::Collection(ty) => format!("&CollectionBody<{ty}>"),
    });
    let parameters = item.arguments.into_iter().map(|argument| Parameter {
        rust: argument.name,
        ty: argument.ty.to_string(),
    });
    let named = match item.types {
        ir::TypeAnnotation::Nested | ir::TypeAnnotation::Unless(_) => "differing",
        ir::TypeAnnotation::Body => "body",
        ir::TypeAnnotation::All => "all",
    };
    let headers = item.if_match.then(|| "If-Match".to_owned());
    Operation {
        method: item.method.to_uppercase(),
        path: item.template,
        parameters: parameters.collect(),
        rust: format!("{module}{}", item.name),
        declared: item.origin.declared,
        takes,
        bodies,
        odata_type: named.to_owned(),
        headers: headers.into_iter().collect(),
        permissions: item.permissions,
        roles: item.roles,
        clouds: item.origin.clouds,
        note: item.origin.note,
        source: item.origin.source,
        deprecated: item.deprecated,
        announced: item.origin.announced,
    }
}

fn structure(module: &str, item: Struct) -> Type {
    let fields = item.fields.into_iter().map(|field| Field {
        wire: field.wire,
        rust: field.name,
        nullable: field.ty.is_nullable(),
        ty: format!("Option<{}>", field.ty),
        setter: item.setters.then_some(field.setter),
        csdl: field.origin.csdl,
        declared_by: field.origin.declared_by,
        description: field.origin.description,
        limits: field.origin.limits.as_ref().map(Limits::from),
        deprecated: field.deprecated,
        announced: field.origin.announced,
    });
    let left_out = item.left_out.into_iter().map(|left_out| LeftOut {
        wire: left_out.wire,
        why: left_out.why.to_owned(),
        csdl: left_out.origin.csdl,
        declared_by: left_out.origin.declared_by,
    });
    Type {
        ty: item.type_name,
        rust: format!("{module}{}", item.name),
        base: item.origin.base,
        description: item.origin.description,
        writes_odata_type: item.odata_type.is_some(),
        open: item.dynamic.is_some(),
        fields: fields.collect(),
        left_out: left_out.collect(),
        reason: item.origin.reason,
        deprecated: item.deprecated,
        announced: item.origin.announced,
    }
}

fn enumeration(module: &str, item: ir::Enumeration) -> Enumeration {
    let members = item
        .members
        .into_iter()
        .enumerate()
        .map(|(nth, member)| Member {
            wire: member.wire,
            rust: member.name,
            description: member.description,
            evolved: item.evolved_from.is_some_and(|from| nth >= from),
            deprecated: member.deprecated,
            announced: member.announced,
        });
    Enumeration {
        ty: item.type_name,
        rust: format!("{module}{}", item.name),
        flags: item.origin.flags,
        description: item.origin.description,
        members: members.collect(),
        deprecated: item.deprecated,
        announced: item.origin.announced,
    }
}
