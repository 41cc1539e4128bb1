//! Documented limits of numbers, and the values that violate them.

use std::fmt;

use serde_json::{Map, Number, Value as Untyped};

use crate::body::json_equality::same_json;

/// A limit of a property, named as in a table.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Limit {
    /// At least this number.
    Minimum(i64),
    /// At most this number.
    Maximum(i64),
    /// At least the value of the first property of the same object, and at most that of the second.
    Between(&'static str, &'static str),
}

/// A limit that a request violates, according to the documentation of the service.
///
/// `Display` has the values: `` `lifetimeInMinutes` is 5, less than its minimum 10 ``.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct LimitViolation {
    /// The qualified name of the type that has the property.
    pub type_name: &'static str,
    /// The property whose value violates the limit.
    pub property: &'static str,
    /// Its value, which may be the current one, if the request changes the bound.
    pub value: Number,
    /// The bound that the value exceeds.
    pub bound: Bound,
}

/// A bound of a number.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Bound {
    /// The minimum.
    Minimum(i64),
    /// The maximum.
    Maximum(i64),
    /// The property with the smallest allowed value, and its value.
    LowerProperty(&'static str, Number),
    /// The property with the largest allowed value, and its value.
    UpperProperty(&'static str, Number),
}

impl Bound {
    /// The bound without the value of a property: `minimum 10`, `maximumLifetimeInMinutes`.
    #[cfg(feature = "client")]
    pub(crate) fn rule(&self) -> String {
        match self {
            Self::Minimum(bound) => format!("minimum {bound}"),
            Self::Maximum(bound) => format!("maximum {bound}"),
            Self::LowerProperty(name, _) => format!("at least `{name}`"),
            Self::UpperProperty(name, _) => format!("at most `{name}`"),
        }
    }
}

impl fmt::Display for LimitViolation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}, ", self.property, self.value)?;
        match &self.bound {
            Bound::Minimum(bound) => write!(f, "less than its minimum {bound}"),
            Bound::Maximum(bound) => write!(f, "more than its maximum {bound}"),
            Bound::LowerProperty(name, value) => write!(f, "less than `{name}`, which is {value}"),
            Bound::UpperProperty(name, value) => write!(f, "more than `{name}`, which is {value}"),
        }
    }
}

/// An object that a request writes, and the current one that it is merged into.
pub(crate) struct Merged<'v> {
    pub(crate) written: &'v Map<String, Untyped>,
    pub(crate) current: Option<&'v Map<String, Untyped>>,
}

impl Merged<'_> {
    fn number(&self, name: &str) -> Option<&Number> {
        let current = || self.current?.get(name);
        match self.written.get(name).or_else(current)? {
            Untyped::Number(number) => Some(number),
            _ => None,
        }
    }

    fn changes(&self, name: &str) -> bool {
        self.written.get(name).is_some_and(|written| {
            let current = self.current.and_then(|current| current.get(name));
            !current.is_some_and(|current| same_json(written, current))
        })
    }

    /// The bound that the property exceeds, if the request changes one of the properties of the limit.
    pub(crate) fn exceeded(&self, name: &str, limit: Limit) -> Option<(Number, Bound)> {
        let value = self.number(name)?;
        let bound = match limit {
            Limit::Minimum(bound) if self.changes(name) && is_less(value, &bound.into()) => {
                Bound::Minimum(bound)
            }
            Limit::Maximum(bound) if self.changes(name) && is_less(&bound.into(), value) => {
                Bound::Maximum(bound)
            }
            Limit::Minimum(_) | Limit::Maximum(_) => return None,
            Limit::Between(low, high) => {
                let changes = |bound| self.changes(name) || self.changes(bound);
                let bound = |bound| self.number(bound).filter(|_| changes(bound));
                match (bound(low), bound(high)) {
                    (Some(bound), _) if is_less(value, bound) => {
                        Bound::LowerProperty(low, bound.clone())
                    }
                    (_, Some(bound)) if is_less(bound, value) => {
                        Bound::UpperProperty(high, bound.clone())
                    }
                    _ => return None,
                }
            }
        };
        Some((value.clone(), bound))
    }
}

fn is_less(one: &Number, other: &Number) -> bool {
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one < other,
        _ => one.as_f64() < other.as_f64(),
    }
}
