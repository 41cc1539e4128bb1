use crate::body::structured::{FieldVisitor, Structured, VisitResult};
use crate::body::type_info::TypeInfo;
use crate::body::value::Value;
use crate::read::readable::{FieldReader, ReadValue, Readable};

/// The body of a request that replaces a whole collection of complex values: `{"value":[...]}` (OData Protocol 4.01,
/// 11.4.12).
#[derive(Clone, Debug, PartialEq)]
pub struct CollectionBody<T> {
    /// The items. Graph rejects a body without them (`None`).
    pub value: Option<Vec<T>>,
}

impl<T> CollectionBody<T> {
    /// The body that replaces the collection by `items`.
    pub fn new(items: impl Into<Vec<T>>) -> Self {
        Self {
            value: Some(items.into()),
        }
    }
}

impl<T> Default for CollectionBody<T> {
    fn default() -> Self {
        Self { value: None }
    }
}

impl<T> From<Vec<T>> for CollectionBody<T> {
    fn from(items: Vec<T>) -> Self {
        Self::new(items)
    }
}

impl<T, const N: usize> From<[T; N]> for CollectionBody<T> {
    fn from(items: [T; N]) -> Self {
        Self::new(items)
    }
}

impl<T> FromIterator<T> for CollectionBody<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self {
            value: Some(items.into_iter().collect()),
        }
    }
}

impl<T: Value + PartialEq + Send + Sync + 'static> Structured for CollectionBody<T> {
    fn info(&self) -> &TypeInfo {
        // A collection of any complex type (OData CSDL 4.01, 4.5): the items may have several types.
        &TypeInfo {
            name: "CollectionBody",
            type_name: "Collection(Edm.ComplexType)",
            ..TypeInfo::EMPTY
        }
    }

    fn visit(&self, visitor: &mut dyn FieldVisitor) -> VisitResult {
        visitor.fields(&[("value", 0, &self.value)], &[])
    }
}

impl<T: Value + ReadValue + Clone + PartialEq + Send + Sync + 'static> Readable
    for CollectionBody<T>
{
    fn visit_mut(&mut self, reader: &mut dyn FieldReader) {
        reader.fields(&mut [("value", &mut self.value)]);
    }
}
