mod insert;
mod structured;

use std::fmt;

use serde_json::Value as Untyped;

use crate::body::error::BodyError;
use crate::body::odata_type::{ODATA_TYPE, type_name};

/// Properties that the metadata does not declare, in insertion order: the dynamic properties of an open type, or those of
/// a response that this code does not know.
///
/// A request sends what the caller inserted. Of what was read, it sends the dynamic properties of an open type, but no
/// unknown property, annotation or expanded navigation property.
///
/// ```
/// use msgraph_runtime::edm::DynamicProperties;
///
/// let mut properties = DynamicProperties::default();
/// properties.insert("costCenter", "4711")?;
/// assert_eq!(properties.get("costCenter"), Some(&serde_json::json!("4711")));
/// # Ok::<(), msgraph_runtime::edm::DynamicPropertyError>(())
/// ```
#[derive(Clone, Default)]
pub struct DynamicProperties(Vec<DynamicProperty>);

/// The properties of a JSON object have no order.
impl PartialEq for DynamicProperties {
    fn eq(&self, other: &Self) -> bool {
        // Names are unique.
        self.0.len() == other.0.len() && self.0.iter().all(|property| other.0.contains(property))
    }
}

/// One of [`DynamicProperties`]. Public only because the type of their iterator names it.
#[derive(Clone, PartialEq)]
pub struct DynamicProperty {
    name: String,
    value: Untyped,
    /// Whether a request sends it.
    is_sent: bool,
}

/// A dynamic property that cannot be set.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum DynamicPropertyError {
    /// The name is empty.
    Empty,
    /// The name contains an `@`, which makes it an instruction to the service. Only `name@odata.type` is allowed.
    Annotation(String),
    /// The structured value cannot be sent.
    Value(BodyError),
}

impl DynamicProperties {
    /// No properties.
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Removes a property, and returns its value.
    pub fn remove(&mut self, name: &str) -> Option<Untyped> {
        let index = self.0.iter().position(|property| property.name == name)?;
        Some(self.0.remove(index).value)
    }

    /// Sets a property with a valid name, and returns its previous value.
    fn set(&mut self, name: String, value: Untyped) -> Option<Untyped> {
        if let Some(property) = self.0.iter_mut().find(|property| property.name == name) {
            property.is_sent = true;
            return Some(std::mem::replace(&mut property.value, value));
        }
        self.push(name, value, true);
        None
    }

    /// Adds a property with a new and valid name.
    pub(crate) fn push(&mut self, name: String, value: Untyped, is_sent: bool) {
        self.0.push(DynamicProperty {
            name,
            value,
            is_sent,
        });
    }

    /// The properties that a request sends.
    pub(crate) fn sent(&self) -> impl Iterator<Item = (&str, &Untyped)> {
        let sent = self.0.iter().filter(|property| property.is_sent);
        sent.map(DynamicProperty::pair)
    }

    /// The properties that were read, and are not sent.
    pub(crate) fn received(&self) -> impl Iterator<Item = (&str, &Untyped)> {
        let received = self.0.iter().filter(|property| !property.is_sent);
        received.map(DynamicProperty::pair)
    }

    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&Untyped> {
        let mut properties = self.iter();
        properties.find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The `@odata.type` that was read, if it is not the type that this code expects: `microsoft.graph.user` for an item of
    /// `/groups/{id}/members`. A request sends it.
    pub fn odata_type(&self) -> Option<&str> {
        self.get(ODATA_TYPE)?.as_str().map(type_name)
    }

    /// Whether there are no properties.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values in insertion order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Untyped)> {
        self.into_iter()
    }
}

/// Shows the names only, since nothing tells which values are secrets.
impl fmt::Debug for DynamicProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

impl<'a> IntoIterator for &'a DynamicProperties {
    type Item = (&'a str, &'a Untyped);
    type IntoIter = std::iter::Map<
        std::slice::Iter<'a, DynamicProperty>,
        fn(&'a DynamicProperty) -> (&'a str, &'a Untyped),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(DynamicProperty::pair)
    }
}

impl DynamicProperty {
    fn pair(&self) -> (&str, &Untyped) {
        (&self.name, &self.value)
    }
}

impl fmt::Display for DynamicPropertyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the name of a dynamic property is empty"),
            Self::Annotation(name) => {
                write!(f, "{name:?} is an annotation, not a dynamic property")
            }
            Self::Value(error) => write!(f, "dynamic property: {error}"),
        }
    }
}

impl std::error::Error for DynamicPropertyError {}
