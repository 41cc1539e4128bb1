//! Structural properties that became navigation properties, navigation properties that contain what they
//! lead to now, and the other way round: one change each, whatever fields come and go with it.

use std::collections::BTreeSet;

use msgraph_codegen::index::{Field, Type};

use super::wording::{FIELD_MORE, GOES, SAME_RUST, arrow, arrow_code};
use super::{Comparison, Place};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// The property of a field: that of a reference ends in `@odata.bind`, that of changes to items in `@delta`.
pub(super) fn property(wire: &str) -> &str {
    let wire = wire.strip_suffix("@odata.bind").unwrap_or(wire);
    wire.strip_suffix("@delta").unwrap_or(wire)
}

/// What a property is.
#[derive(PartialEq)]
enum Sort {
    Structural,
    Link,
    Contained,
}

/// What one side has of a property.
struct Form<'s> {
    /// What CSDL declares.
    declared: String,
    sort: Sort,
    fields: Vec<&'s Field>,
    /// Why it is not sent.
    why: Option<&'s str>,
}

impl<'s> Form<'s> {
    /// `None` where the type has no property of the name.
    fn of(ty: &'s Type, name: &str, navigation: Option<&str>) -> Option<Self> {
        let fields = ty.fields.iter();
        let fields: Vec<&Field> = fields.filter(|it| property(&it.wire) == name).collect();
        let left_out = ty.left_out.iter().find(|it| it.wire == name);
        let has_reference = fields.iter().any(|field| field.is_reference());
        let declared = match navigation {
            Some(target) if has_reference => format!("navigation property `{target}`"),
            // What is contained is not referred to.
            Some(target) => format!("contained navigation property `{target}`"),
            None => {
                let field = fields.first().map(|field| &field.csdl);
                let csdl = field.or(left_out.map(|left_out| &left_out.csdl))?;
                format!("structural property `{csdl}`")
            }
        };
        Some(Form {
            declared,
            sort: match navigation {
                None => Sort::Structural,
                Some(_) if has_reference => Sort::Link,
                Some(_) => Sort::Contained,
            },
            fields,
            why: left_out.map(|left_out| left_out.why.as_str()),
        })
    }

    /// What a request has of it.
    fn wire(&self, name: &str) -> String {
        let mut fields = self.fields.iter();
        let by_value = fields.any(|field| field.wire == name);
        let mut fields = self.fields.iter();
        let by_reference = fields.any(|field| field.is_reference());
        match (by_value, by_reference, self.why) {
            (true, true, _) => {
                format!("the value is sent, or in `{name}@odata.bind` a reference to it")
            }
            (true, false, _) => format!("the value is sent, in `{name}`"),
            (false, true, _) => {
                format!("a reference is sent, in `{name}@odata.bind`, and no value")
            }
            (false, false, Some(why)) => format!("it is not sent: {why}"),
            (false, false, None) if self.fields.iter().any(|field| field.is_delta()) => {
                format!("changes to its items are sent, in `{name}@delta`")
            }
            (false, false, None) => "it is not sent: what it leads to has its own URL".to_owned(),
        }
    }
}

impl<'s> Comparison<'s> {
    /// Reports the properties of a type that turned, and gives back their names.
    pub(super) fn turned(
        &mut self,
        place: Place<'s>,
        old: &'s Type,
        new: &'s Type,
    ) -> BTreeSet<&'s str> {
        let names = |ty: &'s Type| {
            let fields = ty.fields.iter().map(|field| property(&field.wire));
            fields.chain(ty.left_out.iter().map(|it| it.wire.as_str()))
        };
        let mut turned = BTreeSet::new();
        for name in names(old).chain(names(new)).collect::<BTreeSet<_>>() {
            let before = Form::of(old, name, self.old.navigation(&old.ty, name));
            let after = Form::of(new, name, self.new.navigation(&new.ty, name));
            if let (Some(before), Some(after)) = (before, after)
                && before.sort != after.sort
            {
                turned.insert(name);
                let declaring = declaring(old, name).or_else(|| declaring(new, name));
                let element = format!("{}/{name}", declaring.unwrap_or(&old.ty));
                self.push(place, change(element, name, &before, &after));
            }
        }
        turned
    }
}

/// The type that declares a property.
fn declaring<'s>(ty: &'s Type, name: &str) -> Option<&'s str> {
    let fields = ty.fields.iter().map(|it| (&it.wire, &it.declared_by));
    let left_out = ty.left_out.iter().map(|it| (&it.wire, &it.declared_by));
    let mut all = fields.chain(left_out);
    let found = all.find(|(wire, _)| property(wire) == name)?;
    Some(found.1)
}

fn change(element: String, name: &str, before: &Form<'_>, after: &Form<'_>) -> Change {
    let mut rust = Vec::new();
    let mut verdict = Patch;
    for field in &before.fields {
        let mut same = after.fields.iter();
        match same.find(|other| other.rust == field.rust) {
            Some(other) if other.ty == field.ty && other.setter == field.setter => {}
            Some(other) => {
                verdict = Major;
                let types = arrow_code(&field.ty, &other.ty);
                rust.push(format!("field `{}`: {types}", field.rust));
            }
            None => {
                verdict = Major;
                rust.push(format!("field `{}` goes", field.rust));
            }
        }
    }
    for field in &after.fields {
        let mut same = before.fields.iter();
        if !same.any(|other| other.rust == field.rust) {
            verdict = verdict.max(Minor);
            rust.push(format!("field `{}: {}` comes", field.rust, field.ty));
        }
    }
    let what = arrow(&before.declared, &after.declared);
    let mut change = Change::new(verdict, Subject::Property, element, Kind::Retyped, what)
        .wire(after.wire(name))
        .because(match verdict {
            Major => GOES,
            Minor => FIELD_MORE,
            Patch => SAME_RUST,
        });
    if !rust.is_empty() {
        change = change.rust(rust.join("; "));
    }
    change
}
