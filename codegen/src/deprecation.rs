//! What Graph announces to take away (`Core.Revisions`): of what is generated, and how soon.
//!
//! No date but those of the metadata reaches emitted code: what is deprecated is so from the day that
//! the metadata says so. Today's date decides only of what a build warns.

use std::collections::BTreeMap;

use msgraph_csdl::annotations::revisions::{self, Deprecation, deprecation};
use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::document::Annotation;
use msgraph_csdl::model::{ItemType, Schema, TypeId, TypeKind};
use msgraph_csdl::path::{self, ResourcePath, Step};
use msgraph_csdl::source::Span;
use msgraph_csdl::text::plain;

use crate::select::{Body, Selection};

/// A day of the Gregorian calendar, as days since 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day(i64);

impl Day {
    /// `2026-04-10`, also with a time behind it; `None` of anything else.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let date = text.trim().split('T').next().unwrap_or_default();
        let mut parts = date.split('-').map(|part| {
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u16>().ok()).flatten()
        });
        let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => return None,
        };
        if parts.next().is_some() || year == 0 || !(1..=days).contains(&day) {
            return None;
        }
        // The year begins in March here, so that the leap day is its last.
        let month = i64::from(month);
        let year = i64::from(year) - i64::from(month <= 2);
        let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + i64::from(day) - 1;
        let days = 365 * year + year / 4 - year / 100 + year / 400 + day_of_year;
        Some(Day(days - 719_468))
    }

    /// The day of a number of seconds since 1970-01-01, UTC.
    pub(crate) fn of_timestamp(seconds: i64) -> Self {
        Day(seconds.div_euclid(86_400))
    }
}

/// The deprecation of a declared type.
pub(crate) fn of_type(schema: &Schema<'_>, id: TypeId) -> Option<Deprecation> {
    deprecation(&schema[id].annotations)
}

/// The deprecation of a property as seen from a type.
pub(crate) fn of_property(schema: &Schema<'_>, id: TypeId, name: &str) -> Option<Deprecation> {
    deprecation(property(schema, id, name).1)
}

/// What may be deprecated.
#[derive(Clone, Copy)]
enum Element<'s> {
    Child(&'s str),
    Type(TypeId),
    /// With the type that declares it.
    Property(TypeId, &'s str),
    Member(TypeId, &'s str),
    Operation(&'s str, &'s str),
}

impl Element<'_> {
    /// What it is called in a warning.
    fn name(self, schema: &Schema<'_>) -> String {
        match self {
            Element::Child(name) => format!("/{name}"),
            Element::Type(id) => schema[id].qualified_name(),
            Element::Property(id, name) | Element::Member(id, name) => {
                format!("{}/{name}", schema[id])
            }
            Element::Operation(namespace, name) => format!("{namespace}.{name}"),
        }
    }
}

/// A property with the type that declares it, and its annotations as seen from `id`.
fn property<'s, 'a>(
    schema: &'s Schema<'a>,
    id: TypeId,
    name: &'s str,
) -> (Element<'s>, Vec<&'s Annotation<'a>>) {
    let declared = schema.declared_property(id, name);
    let (declaring, annotations) =
        declared.map_or((id, &[][..]), |found| (found.declaring, found.annotations));
    (
        Element::Property(declaring, name),
        schema.property_annotations(id, name, annotations).collect(),
    )
}

/// The deprecations that an update meets: of what its URL goes through, of the types there, and of
/// its body; each once, in this order.
pub(crate) fn of_update(schema: &Schema<'_>, path: &ResourcePath, body: Body) -> Vec<Deprecation> {
    let mut found: Vec<Deprecation> = Vec::new();
    for (_, annotations) in met(schema, path, body) {
        found.extend(deprecation(annotations).filter(|new| !found.contains(new)));
    }
    found
}

fn refs<'s, 'a>(annotations: &'s [Annotation<'a>]) -> Vec<&'s Annotation<'a>> {
    annotations.iter().collect()
}

/// What an update meets, with its annotations.
fn met<'s, 'a>(
    schema: &'s Schema<'a>,
    path: &ResourcePath,
    body: Body,
) -> Vec<(Element<'s>, Vec<&'s Annotation<'a>>)> {
    let of_type = |id: TypeId| (Element::Type(id), refs(&schema[id].annotations));
    let mut met = Vec::new();
    for step in path::steps(schema, path) {
        match step {
            Step::Child(child) => {
                met.push((Element::Child(&child.name.text), refs(&child.annotations)));
                met.push(of_type(child.ty));
            }
            Step::Navigation(from, _, navigation) => {
                met.push(property(schema, from, &navigation.name.text));
                met.push(of_type(navigation.target));
            }
            Step::Complex(from, complex) => {
                met.push(property(schema, from, &complex.name.text));
                if let ItemType::Declared(ty) = complex.ty.item {
                    met.push(of_type(ty));
                }
            }
            Step::Cast(ty) => met.push(of_type(ty)),
            Step::Function(operation) => met.push((
                Element::Operation(&operation.namespace, &operation.name.text),
                refs(&operation.annotations),
            )),
            Step::Key => {}
        }
    }
    if let Body::Type(ty) = body {
        met.push(of_type(ty));
    }
    met
}

/// What of the selection Graph removes in the next `days` days, or has removed by `today`.
pub(crate) fn removals(
    schema: &Schema<'_>,
    selection: &Selection,
    today: Day,
    days: i64,
) -> Diagnostics {
    let mut found = Removals {
        schema,
        last: Day(today.0.saturating_add(days)),
        today,
        by_name: BTreeMap::new(),
    };
    for (id, selected) in &selection.types {
        let declaration = &schema[*id];
        found.look(Element::Type(*id), &refs(&declaration.annotations));
        for field in &selected.fields {
            let (name, annotations) = property(schema, *id, &field.property);
            found.look(name, &annotations);
        }
        if let TypeKind::Enumeration(ty) = &declaration.kind {
            for member in &ty.members {
                let element = Element::Member(*id, &member.name.text);
                found.look(element, &refs(&member.annotations));
            }
        }
    }
    for update in &selection.updates {
        for (name, annotations) in met(schema, &update.path, update.body) {
            found.look(name, &annotations);
        }
    }
    let mut diagnostics = Diagnostics::default();
    for warning in found.by_name.into_values() {
        diagnostics.push(warning);
    }
    diagnostics
}

struct Removals<'s, 'a> {
    schema: &'s Schema<'a>,
    today: Day,
    /// The last day of what is warned of.
    last: Day,
    by_name: BTreeMap<String, Diagnostic>,
}

impl Removals<'_, '_> {
    fn look(&mut self, element: Element<'_>, annotations: &[&Annotation<'_>]) {
        let Some(deprecation) = deprecation(annotations.iter().copied()) else {
            return;
        };
        let Some((removal, day)) = deprecation
            .removal_date
            .as_ref()
            .and_then(|text| Some((text, Day::parse(text)?)))
            .filter(|(_, day)| *day <= self.last)
        else {
            return;
        };
        let name = element.name(self.schema);
        let is = if day <= self.today { "was" } else { "is" };
        let message = format!(
            "`{name}` {is} to be removed from Graph on {}",
            removal.trim()
        );
        let warning = Diagnostic::warning(place(annotations), message).help(
            deprecation.description.as_deref().map_or_else(
                || "look in Graph's changelog for what takes its place".to_owned(),
                plain,
            ),
        );
        self.by_name.insert(name, warning);
    }
}

/// Where the deprecation is announced.
fn place(annotations: &[&Annotation<'_>]) -> Option<Span> {
    let revisions = annotations
        .iter()
        .find(|annotation| annotation.term.text == revisions::TERM.name)?;
    Some(revisions.term.span)
}

/// What `#[deprecated]` says; `None` where the metadata gives no date of removal. One that is no date
/// is passed over in the text alone.
pub(crate) fn note(deprecation: &Deprecation) -> Option<String> {
    let removal = deprecation.removal_date.as_ref()?;
    let mut note = "Graph removes it".to_owned();
    if Day::parse(removal).is_some() {
        note.push_str(" on ");
        note.push_str(removal.trim());
    }
    if let Some(description) = &deprecation.description {
        note.push_str(": ");
        // To rustdoc the note is Markdown, which may link to an item.
        let text = plain(description).replace('[', "\\[");
        note.push_str(&text.replace(']', "\\]"));
    }
    Some(note)
}

/// What is announced, in words: the [`note`], or where no date of removal is given, what the metadata
/// says besides.
pub(crate) fn announced(deprecation: &Deprecation) -> String {
    if let Some(note) = note(deprecation) {
        return note;
    }
    let mut text = "deprecated".to_owned();
    if let Some(date) = &deprecation.date {
        text.push_str(&format!(" since {}", plain(date)));
    }
    text.push_str(", without a date of removal");
    if let Some(description) = &deprecation.description {
        text.push_str(&format!(": {}", plain(description)));
    }
    text
}

/// What is announced of several: the removal that is due first, or else the first deprecation.
pub(crate) fn first_announced(deprecations: &[Deprecation]) -> Option<String> {
    first_note(deprecations).or_else(|| deprecations.first().map(announced))
}

/// The note of the deprecation that is due first.
pub(crate) fn first_note(deprecations: &[Deprecation]) -> Option<String> {
    deprecations
        .iter()
        .filter_map(|deprecation| Some((deprecation.removal_date.as_ref()?, note(deprecation)?)))
        .min_by(|(a, _), (b, _)| a.cmp(b))
        .map(|(_, note)| note)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_and_what_is_no_date_is_none() {
        let table = [
            ("1970-01-01", Some(0)),
            ("1969-12-31", Some(-1)),
            ("2000-02-29", Some(11_016)),
            ("2024-03-01", Some(19_783)),
            ("2026-04-10", Some(20_553)),
            ("2026-04-10T00:00:00Z", Some(20_553)),
            (" 2100-12-31 ", Some(47_846)),
            ("2100-02-29", None),
            ("2026-13-01", None),
            ("2026-04-31", None),
            ("2026-04", None),
            ("2026-04-10-1", None),
            ("10.04.2026", None),
            ("2026-+4-10", None),
            ("0000-01-01", None),
            ("soon", None),
            ("", None),
        ];
        for (text, days) in table {
            assert_eq!(Day::parse(text), days.map(Day), "{text}");
        }
        assert_eq!(Day::of_timestamp(-1), Day(-1));
        assert_eq!(Day::of_timestamp(1_775_779_200), Day(20_553));
    }
}
