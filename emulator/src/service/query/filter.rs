//! `$filter`: comparisons of primitive properties with literals, and the functions on strings, combined
//! by `and`, `or`, `not` and parentheses. Everything else is answered with 501.

use std::cmp::Ordering;
use std::iter::Peekable;
use std::vec::IntoIter;

use msgraph_csdl::model::TypeId;
use serde_json::Value;

use crate::model::Model;
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::query::literal::{PropertyPath, compare};
use crate::state::entity::Entity;

/// The parser recurses.
const MAX_DEPTH: usize = 32;

/// A condition on entities.
#[derive(Debug)]
pub(in crate::service) enum Filter {
    All(Vec<Filter>),
    Any(Vec<Filter>),
    Not(Box<Filter>),
    Compare(PropertyPath, Comparison, Value),
    /// `in`.
    OneOf(PropertyPath, Vec<Value>),
    Text(TextFunction, PropertyPath, String),
}

#[derive(Clone, Copy, Debug)]
pub(in crate::service) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug)]
pub(in crate::service) enum TextFunction {
    StartsWith,
    EndsWith,
    Contains,
}

impl Filter {
    pub(super) fn parse(text: &str, model: &Model, ty: TypeId) -> Result<Self> {
        let mut parser = Parser {
            tokens: tokens(text)?.into_iter().peekable(),
            text,
            model,
            ty,
        };
        let filter = parser.any(0)?;
        match parser.tokens.next() {
            None => Ok(filter),
            Some(token) => Err(parser.unexpected(Some(token))),
        }
    }

    pub(in crate::service) fn matches(&self, entity: &Entity) -> bool {
        match self {
            Filter::All(filters) => filters.iter().all(|filter| filter.matches(entity)),
            Filter::Any(filters) => filters.iter().any(|filter| filter.matches(entity)),
            Filter::Not(filter) => !filter.matches(entity),
            Filter::Compare(path, comparison, literal) => {
                comparison.applies(compare(&path.value(entity), literal))
            }
            Filter::OneOf(path, literals) => {
                let value = path.value(entity);
                let mut literals = literals.iter();
                literals.any(|literal| compare(&value, literal) == Some(Ordering::Equal))
            }
            Filter::Text(function, path, part) => {
                let value = path.value(entity);
                let value = value.as_str().unwrap_or("").to_lowercase();
                match function {
                    TextFunction::StartsWith => value.starts_with(part),
                    TextFunction::EndsWith => value.ends_with(part),
                    TextFunction::Contains => value.contains(part),
                }
            }
        }
    }
}

impl Comparison {
    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "eq" => Comparison::Equal,
            "ne" => Comparison::NotEqual,
            "lt" => Comparison::Less,
            "le" => Comparison::LessOrEqual,
            "gt" => Comparison::Greater,
            "ge" => Comparison::GreaterOrEqual,
            _ => return None,
        })
    }

    /// `None`: the values are not comparable, because one of them is null.
    fn applies(self, order: Option<Ordering>) -> bool {
        match self {
            Comparison::Equal => order == Some(Ordering::Equal),
            Comparison::NotEqual => order != Some(Ordering::Equal),
            Comparison::Less => order.is_some_and(Ordering::is_lt),
            Comparison::LessOrEqual => order.is_some_and(Ordering::is_le),
            Comparison::Greater => order.is_some_and(Ordering::is_gt),
            Comparison::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
        }
    }
}

/// Splits a filter into words, literals, parentheses and commas.
fn tokens(text: &str) -> Result<Vec<String>> {
    let mut tokens: Vec<String> = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let mut token = c.to_string();
        match c {
            ' ' => continue,
            '(' | ')' | ',' => {}
            '\'' => loop {
                match chars.next() {
                    None => return Err(bad_request!("Unterminated string literal in '{text}'.")),
                    Some('\'') => {
                        token.push('\'');
                        match chars.next_if_eq(&'\'') {
                            Some(quote) => token.push(quote),
                            None => break,
                        }
                    }
                    Some(c) => token.push(c),
                }
            },
            _ => {
                while let Some(c) = chars.next_if(|c| !matches!(c, ' ' | '(' | ')' | ',' | '\'')) {
                    token.push(c);
                }
            }
        }
        tokens.push(token);
    }
    Ok(tokens)
}

struct Parser<'p> {
    tokens: Peekable<IntoIter<String>>,
    text: &'p str,
    model: &'p Model,
    ty: TypeId,
}

impl Parser<'_> {
    /// Conditions combined by `or`.
    fn any(&mut self, depth: usize) -> Result<Filter> {
        let mut filters = vec![self.all(depth)?];
        while self.tokens.next_if(|token| token == "or").is_some() {
            filters.push(self.all(depth)?);
        }
        Ok(Filter::Any(filters))
    }

    /// Conditions combined by `and`.
    fn all(&mut self, depth: usize) -> Result<Filter> {
        let mut filters = vec![self.condition(depth)?];
        while self.tokens.next_if(|token| token == "and").is_some() {
            filters.push(self.condition(depth)?);
        }
        Ok(Filter::All(filters))
    }

    fn condition(&mut self, depth: usize) -> Result<Filter> {
        if depth > MAX_DEPTH {
            return Err(bad_request!("The filter is nested too deeply."));
        }
        let Some(word) = self.tokens.next() else {
            return Err(self.unexpected(None));
        };
        match word.as_str() {
            "(" => {
                let filter = self.any(depth + 1)?;
                self.expect(")")?;
                Ok(filter)
            }
            "not" => Ok(Filter::Not(Box::new(self.condition(depth + 1)?))),
            ")" | "," => Err(self.unexpected(Some(word))),
            _ if self.tokens.peek().is_some_and(|next| next == "(") => self.function(&word),
            _ => self.comparison(&word),
        }
    }

    fn function(&mut self, name: &str) -> Result<Filter> {
        let function = match name.to_ascii_lowercase().as_str() {
            "startswith" => TextFunction::StartsWith,
            "endswith" => TextFunction::EndsWith,
            "contains" => TextFunction::Contains,
            _ => {
                let function = format_args!("'{name}(…)' in '$filter'");
                return Err(Rejection::not_emulated(function));
            }
        };
        self.expect("(")?;
        let path = self.path()?;
        self.expect(",")?;
        let literal = self.literal(&path)?;
        self.expect(")")?;
        match literal {
            Value::String(part) => Ok(Filter::Text(function, path, part.to_lowercase())),
            _ => Err(bad_request!("'{name}' in '$filter' requires a string.")),
        }
    }

    fn comparison(&mut self, path: &str) -> Result<Filter> {
        let path = PropertyPath::parse(path, self.model, self.ty)?;
        let operator = self.tokens.next().unwrap_or_default();
        if operator == "in" {
            self.expect("(")?;
            let mut literals = vec![self.literal(&path)?];
            while self.tokens.next_if(|token| token == ",").is_some() {
                literals.push(self.literal(&path)?);
            }
            self.expect(")")?;
            return Ok(Filter::OneOf(path, literals));
        }
        match Comparison::parse(&operator) {
            Some(comparison) => {
                let literal = self.literal(&path)?;
                Ok(Filter::Compare(path, comparison, literal))
            }
            None => {
                let operator = format_args!("The operator '{operator}' in '$filter'");
                Err(Rejection::not_emulated(operator))
            }
        }
    }

    fn path(&mut self) -> Result<PropertyPath> {
        let path = self.tokens.next().unwrap_or_default();
        PropertyPath::parse(&path, self.model, self.ty)
    }

    fn literal(&mut self, path: &PropertyPath) -> Result<Value> {
        match self.tokens.next() {
            Some(text) if !matches!(text.as_str(), "(" | ")" | ",") => {
                path.literal(&text, self.model)
            }
            token => Err(self.unexpected(token)),
        }
    }

    fn expect(&mut self, expected: &str) -> Result<()> {
        match self.tokens.next() {
            Some(token) if token == expected => Ok(()),
            token => Err(self.unexpected(token)),
        }
    }

    fn unexpected(&self, token: Option<String>) -> Rejection {
        let at = token.map_or_else(|| "its end".to_owned(), |token| format!("'{token}'"));
        bad_request!("Syntax error at {at} of the filter '{}'.", self.text)
    }
}
