//! Reads TOML tables. Values of the wrong type and unknown keys are errors with their locations.

mod misplaced;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Diagnostic, Diagnostics, did_you_mean};
use crate::document::Name;
use crate::source::{FileId, Source, Span};

/// A string with its location in a manifest.
pub type Setting = Name<'static>;

/// Parses a TOML file into its top-level table. `None` if it is not TOML.
pub fn parse<'i>(
    file: FileId,
    source: &'i Source,
    diagnostics: &mut Diagnostics,
) -> Option<Table<'i>> {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    // The partial result of a failed parse would only cause wrong errors.
    let is_sound = errors.is_empty();
    for error in errors {
        let span = Span::new(file, error.span().unwrap_or_default());
        diagnostics.push(
            Diagnostic::error(span, format!("not TOML: {}", error.message()))
                .help("see https://toml.io for the syntax"),
        );
    }
    let range = table.span();
    is_sound.then(|| Table::new(file, range, table.into_inner()))
}

/// A table whose keys are removed one by one. [`Table::finish`] reports unknown keys.
pub struct Table<'i> {
    file: FileId,
    span: Span,
    entries: BTreeMap<String, (Span, Spanned<DeValue<'i>>)>,
    known: Vec<&'static str>,
}

impl<'i> Table<'i> {
    fn new(file: FileId, range: Range<usize>, table: DeTable<'i>) -> Self {
        let entries = table
            .into_iter()
            .map(|(key, value)| {
                let span = Span::new(file, key.span());
                (key.into_inner().into_owned(), (span, value))
            })
            .collect();
        Table {
            file,
            span: Span::new(file, range),
            entries,
            known: Vec::new(),
        }
    }

    /// The location of the table.
    pub fn span(&self) -> Span {
        self.span
    }

    fn take(&mut self, key: &'static str) -> Option<(Span, Spanned<DeValue<'i>>)> {
        self.known.push(key);
        self.entries.remove(key)
    }

    /// Reads a string.
    pub fn string(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Setting> {
        let (_, value) = self.take(key)?;
        string(self.file, key, value, diagnostics)
    }

    /// Reads a string, or `false`, which is `Some(None)`.
    pub fn string_or_false(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Option<Setting>> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(false) => Some(None),
            DeValue::String(_) => string(self.file, key, value, diagnostics).map(Some),
            _ => wrong(self.file, key, &value, "a string or `false`", diagnostics),
        }
    }

    /// The location of a key whose value is an empty array. Does not remove the key.
    pub fn empty_array(&self, key: &str) -> Option<Span> {
        let (span, value) = self.entries.get(key)?;
        matches!(value.get_ref(), DeValue::Array(items) if items.is_empty()).then_some(*span)
    }

    /// Whether the value of a key is a table. Does not remove the key.
    pub fn is_table(&self, key: &str) -> bool {
        let value = self.entries.get(key);
        value.is_some_and(|(_, value)| matches!(value.get_ref(), DeValue::Table(_)))
    }

    /// Reads a string, or an array of strings.
    pub fn strings(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<Setting> {
        let Some((_, value)) = self.take(key) else {
            return Vec::new();
        };
        strings(self.file, key, value, diagnostics)
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<bool> {
        let (_, value) = self.take(key)?;
        match value.get_ref() {
            DeValue::Boolean(value) => Some(*value),
            _ => wrong(self.file, key, &value, "`true` or `false`", diagnostics),
        }
    }

    /// Reads an integer.
    pub fn integer(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<i64> {
        let (_, value) = self.take(key)?;
        let integer = match value.get_ref() {
            DeValue::Integer(integer) => {
                i64::from_str_radix(integer.as_str(), integer.radix()).ok()
            }
            _ => None,
        };
        integer.or_else(|| wrong(self.file, key, &value, "an integer", diagnostics))
    }

    /// Reads a table, or an array of tables.
    pub fn tables(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Vec<Table<'i>> {
        let Some((_, value)) = self.take(key) else {
            return Vec::new();
        };
        let range = value.span();
        match value.into_inner() {
            DeValue::Table(table) => vec![Table::new(self.file, range, table)],
            DeValue::Array(array) => array
                .into_iter()
                .filter_map(|item| {
                    let range = item.span();
                    match item.into_inner() {
                        DeValue::Table(table) => Some(Table::new(self.file, range, table)),
                        other => {
                            let item = Spanned::new(range, other);
                            wrong(self.file, key, &item, "a table", diagnostics)
                        }
                    }
                })
                .collect(),
            other => {
                let value = Spanned::new(range, other);
                wrong::<()>(
                    self.file,
                    key,
                    &value,
                    &format!("a table: write `[[{key}]]`"),
                    diagnostics,
                );
                Vec::new()
            }
        }
    }

    /// Reads tables with user-defined names: `[type."microsoft.graph.user"]`.
    pub fn named_tables(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(Setting, Table<'i>)> {
        self.named(key, diagnostics)
            .into_iter()
            .filter_map(|(name, value)| {
                let range = value.span();
                match value.into_inner() {
                    DeValue::Table(table) => Some((name, Table::new(self.file, range, table))),
                    other => {
                        let value = Spanned::new(range, other);
                        wrong(self.file, &name.text, &value, "a table", diagnostics)
                    }
                }
            })
            .collect()
    }

    /// Reads a table with user-defined keys, each with a string or an array of strings.
    pub fn named_strings(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(Setting, Vec<Setting>)> {
        self.named(key, diagnostics)
            .into_iter()
            .map(|(name, value)| {
                let list = strings(self.file, &name.text, value, diagnostics);
                (name, list)
            })
            .collect()
    }

    fn named(
        &mut self,
        key: &'static str,
        diagnostics: &mut Diagnostics,
    ) -> Vec<(Setting, Spanned<DeValue<'i>>)> {
        let Some((_, value)) = self.take(key) else {
            return Vec::new();
        };
        let range = value.span();
        match value.into_inner() {
            DeValue::Table(table) => table
                .into_iter()
                .map(|(name, value)| {
                    let span = Span::new(self.file, name.span());
                    let text = name.into_inner().into_owned().into();
                    (Name { text, span }, value)
                })
                .collect(),
            other => {
                let value = Spanned::new(range, other);
                wrong::<()>(self.file, key, &value, "a table", diagnostics);
                Vec::new()
            }
        }
    }

    /// Reads a value of any type, for facts that have the type of a property.
    pub fn value(&mut self, key: &'static str) -> Option<(Span, TomlValue)> {
        let (span, value) = self.take(key)?;
        Some((span, TomlValue::of(value.get_ref())))
    }

    /// Reports all keys that were not read.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (key, (span, _)) in self.entries {
            let help = did_you_mean(&key, self.known.iter().copied())
                .unwrap_or_else(|| "this table accepts no keys".to_owned());
            diagnostics.push(Diagnostic::error(span, format!("unknown key `{key}`")).help(help));
        }
    }
}

/// The TOML value of a fact.
#[derive(Clone, Debug, PartialEq)]
pub enum TomlValue {
    /// `true`, `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any other number, as written.
    Float(String),
    /// A string, date or time.
    String(String),
    /// A list.
    Array(Vec<TomlValue>),
    /// Names and values, by name.
    Table(BTreeMap<String, TomlValue>),
}

impl TomlValue {
    /// Displays the value, with strings escaped by `escape`.
    pub fn display(&self, escape: &dyn Fn(&str) -> String) -> String {
        match self {
            TomlValue::Boolean(value) => value.to_string(),
            TomlValue::Integer(value) => value.to_string(),
            TomlValue::Float(text) | TomlValue::String(text) => escape(text),
            TomlValue::Array(items) if items.is_empty() => "empty".to_owned(),
            TomlValue::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| item.display(escape)).collect();
                items.join(", ")
            }
            TomlValue::Table(_) => "an object".to_owned(),
        }
    }

    fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => TomlValue::String(text.to_string()),
            DeValue::Integer(integer) => {
                match i64::from_str_radix(integer.as_str(), integer.radix()) {
                    Ok(integer) => TomlValue::Integer(integer),
                    Err(_) => TomlValue::Float(integer.to_string()),
                }
            }
            DeValue::Float(float) => TomlValue::Float(float.to_string()),
            DeValue::Boolean(value) => TomlValue::Boolean(*value),
            DeValue::Datetime(datetime) => TomlValue::String(datetime.to_string()),
            // The TOML parser limits nesting, which limits this recursion.
            DeValue::Array(items) => TomlValue::Array(
                items
                    .iter()
                    .map(|item| TomlValue::of(item.get_ref()))
                    .collect(),
            ),
            DeValue::Table(table) => TomlValue::Table(
                table
                    .iter()
                    .map(|(key, value)| (key.get_ref().to_string(), TomlValue::of(value.get_ref())))
                    .collect(),
            ),
        }
    }
}

fn wrong<T>(
    file: FileId,
    key: &str,
    value: &Spanned<DeValue<'_>>,
    expected: &str,
    diagnostics: &mut Diagnostics,
) -> Option<T> {
    let found = value.get_ref().type_str();
    diagnostics.push(
        Diagnostic::error(
            Span::new(file, value.span()),
            format!("`{key}` has a value of type {found}"),
        )
        .help(format!("it takes {expected}")),
    );
    None
}

fn string(
    file: FileId,
    key: &str,
    value: Spanned<DeValue<'_>>,
    diagnostics: &mut Diagnostics,
) -> Option<Setting> {
    match value.get_ref() {
        DeValue::String(text) => Some(Name {
            text: text.to_string().into(),
            span: Span::new(file, value.span()),
        }),
        _ => wrong(file, key, &value, "a string", diagnostics),
    }
}

fn strings(
    file: FileId,
    key: &str,
    value: Spanned<DeValue<'_>>,
    diagnostics: &mut Diagnostics,
) -> Vec<Setting> {
    let range = value.span();
    match value.into_inner() {
        DeValue::Array(items) => items
            .into_iter()
            .filter_map(|item| string(file, key, item, diagnostics))
            .collect(),
        other => string(file, key, Spanned::new(range, other), diagnostics)
            .into_iter()
            .collect(),
    }
}
