//! `$orderby`, and positions in an ordered list.

use std::cmp::Ordering;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use msgraph_csdl::model::TypeId;
use serde_json::{Value, json};

use crate::model::Model;
use crate::rejection::{Result, bad_request};
use crate::service::query::literal::{PropertyPath, compare};
use crate::state::entity::Entity;

/// `$orderby`; empty for the order of creation.
#[derive(Debug, Default)]
pub(in crate::service) struct Order(Vec<(PropertyPath, bool)>);

/// The position of an item in a list: the values it is ordered by, whether it is linked, and its
/// number. It identifies the position even if the item is deleted.
#[derive(Clone, Debug)]
pub(in crate::service) struct Position {
    values: Vec<Value>,
    number: (bool, u64),
}

impl Order {
    pub(super) fn parse(text: &str, model: &Model, ty: TypeId) -> Result<Self> {
        let parts = text.split(',').map(|part| {
            let mut words = part.split_whitespace();
            let path = PropertyPath::parse(words.next().unwrap_or(""), model, ty)?;
            let is_descending = match (words.next(), words.next()) {
                (None | Some("asc"), None) => false,
                (Some("desc"), None) => true,
                _ => {
                    let part = part.trim();
                    return Err(bad_request!("Syntax error in '$orderby': '{part}'."));
                }
            };
            Ok((path, is_descending))
        });
        parts.collect::<Result<_>>().map(Order)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The position of an entity. Linked entities follow those of the collection itself.
    pub(in crate::service) fn position(
        &self,
        entity: &Entity,
        is_linked: bool,
        number: u64,
    ) -> Position {
        let values = self.0.iter().map(|(path, _)| path.value(entity));
        Position {
            values: values.collect(),
            number: (is_linked, number),
        }
    }

    pub(in crate::service) fn compare(&self, one: &Position, other: &Position) -> Ordering {
        let values = one.values.iter().zip(&other.values).zip(&self.0);
        let mut orders = values.map(|((one, other), (_, is_descending))| {
            // Null precedes other values (OData Protocol 4.01 §11.2.6.2).
            let order = match (one.is_null(), other.is_null()) {
                (false, false) => compare(one, other).unwrap_or(Ordering::Equal),
                (one, other) => other.cmp(&one),
            };
            match is_descending {
                true => order.reverse(),
                false => order,
            }
        });
        let order = orders.find(|order| order.is_ne());
        order.unwrap_or_else(|| one.number.cmp(&other.number))
    }
}

impl Position {
    /// The position as a `$skiptoken`.
    pub(super) fn token(&self) -> String {
        let (is_linked, number) = self.number;
        URL_SAFE_NO_PAD.encode(json!([self.values, is_linked, number]).to_string())
    }

    pub(super) fn parse(token: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok();
        let position = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let position = position.map(|(values, is_linked, number)| Position {
            values,
            number: (is_linked, number),
        });
        position.ok_or_else(|| bad_request!("Skip token is null or invalid."))
    }
}
