mod structured;

use std::fmt;

use serde_json::Value as Untyped;

use crate::body::error::BodyError;

/// The properties of an open type that are not declared, in insertion order.
///
/// ```
/// use msgraph_runtime::edm::DynamicProperties;
///
/// let mut properties = DynamicProperties::default();
/// properties.insert("costCenter", "4711")?;
/// assert_eq!(properties.get("costCenter"), Some(&serde_json::json!("4711")));
/// # Ok::<(), msgraph_runtime::edm::DynamicPropertyError>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct DynamicProperties(Vec<(String, Untyped)>);

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

    /// Sets a property, and returns its previous value.
    ///
    /// # Errors
    /// If the name is empty, or contains an `@` other than in `name@odata.type`.
    pub fn insert(
        &mut self,
        name: impl Into<String>,
        value: impl Into<Untyped>,
    ) -> Result<Option<Untyped>, DynamicPropertyError> {
        let name = name.into();
        let plain = name.strip_suffix("@odata.type").unwrap_or(&name);
        if name.is_empty() {
            return Err(DynamicPropertyError::Empty);
        }
        if plain.is_empty() || plain.contains('@') {
            return Err(DynamicPropertyError::Annotation(name));
        }
        let value = value.into();
        if let Some((_, old)) = self.0.iter_mut().find(|(known, _)| *known == name) {
            return Ok(Some(std::mem::replace(old, value)));
        }
        self.0.push((name, value));
        Ok(None)
    }

    /// Properties with valid names.
    pub(crate) const fn from_valid(properties: Vec<(String, Untyped)>) -> Self {
        Self(properties)
    }

    /// The value of a property.
    pub fn get(&self, name: &str) -> Option<&Untyped> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
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
        std::slice::Iter<'a, (String, Untyped)>,
        fn(&'a (String, Untyped)) -> (&'a str, &'a Untyped),
    >;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl<N: Into<String>, V: Into<Untyped>, const LEN: usize> TryFrom<[(N, V); LEN]>
    for DynamicProperties
{
    type Error = DynamicPropertyError;

    fn try_from(properties: [(N, V); LEN]) -> Result<Self, DynamicPropertyError> {
        let mut all = Self::new();
        for (name, value) in properties {
            all.insert(name, value)?;
        }
        Ok(all)
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
