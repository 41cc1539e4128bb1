//! Properties that changed between structural, navigation and contained navigation: one change each,
//! whatever fields are added and removed.

use std::collections::BTreeSet;

use msgraph_codegen::ir::{Field, Struct};

use super::wording::{FIELD_ADDED, REMOVED, SAME_RUST, adds, arrow, arrow_code, removes};
use super::{Comparison, Place};
use crate::commands::diff::change::Verdict::{Major, Minor, Patch};
use crate::commands::diff::change::{Change, Kind, Subject};

/// The name of the property of a field, without `@odata.bind` or `@delta`.
pub(super) fn property(wire: &str) -> &str {
    let wire = wire.strip_suffix("@odata.bind").unwrap_or(wire);
    wire.strip_suffix("@delta").unwrap_or(wire)
}

#[derive(PartialEq)]
enum Sort {
    Structural,
    Reference,
    Contained,
}

/// A property on one side.
struct Form<'s> {
    /// The CSDL declaration, as text.
    declared: String,
    sort: Sort,
    fields: Vec<&'s Field>,
    /// Why it is not sent.
    why_left_out: Option<&'s str>,
}

impl<'s> Form<'s> {
    /// `None` if the type has no such property.
    fn new(ty: &'s Struct, name: &str, navigation: Option<&str>) -> Option<Self> {
        let fields = ty.fields.iter();
        let fields: Vec<&Field> = fields.filter(|it| property(&it.wire) == name).collect();
        let left_out = ty.left_out.iter().find(|it| it.wire == name);
        // Contained entities have no reference.
        let has_reference = fields.iter().any(|field| field.is_reference());
        let (sort, declared) = match navigation {
            Some(target) if has_reference => {
                (Sort::Reference, format!("navigation property `{target}`"))
            }
            Some(target) => {
                let declared = format!("contained navigation property `{target}`");
                (Sort::Contained, declared)
            }
            None => {
                let field = fields.first().map(|field| &field.csdl);
                let csdl = field.or(left_out.map(|left_out| &left_out.csdl))?;
                (Sort::Structural, format!("structural property `{csdl}`"))
            }
        };
        Some(Form {
            declared,
            sort,
            fields,
            why_left_out: left_out.map(|left_out| left_out.why),
        })
    }

    /// What a request contains.
    fn wire(&self, name: &str) -> String {
        let has = |is_it: &dyn Fn(&Field) -> bool| self.fields.iter().any(|field| is_it(field));
        if !self.fields.is_empty() && self.fields.iter().all(|field| field.read_only) {
            return "it is not sent: it is read-only".to_owned();
        }
        let by_value = has(&|field| field.wire == name);
        match (by_value, has(&Field::is_reference), self.why_left_out) {
            (true, true, _) => {
                format!("the value is sent, or a reference in `{name}@odata.bind`")
            }
            (true, false, _) => format!("the value is sent, in `{name}`"),
            (false, true, _) => format!("only a reference is sent, in `{name}@odata.bind`"),
            (false, false, Some(why)) => format!("it is not sent: {why}"),
            (false, false, None) if has(&|field| field.delta) => {
                format!("changes to its items are sent, in `{name}@delta`")
            }
            (false, false, None) => "it is not sent: its target has its own URL".to_owned(),
        }
    }
}

impl<'s> Comparison<'s> {
    /// Reports the properties whose sort changed, and returns their names.
    pub(super) fn resorted(
        &mut self,
        place: Place<'s>,
        old: &'s Struct,
        new: &'s Struct,
    ) -> BTreeSet<&'s str> {
        let names = |ty: &'s Struct| {
            let fields = ty.fields.iter().map(|field| property(&field.wire));
            fields.chain(ty.left_out.iter().map(|it| it.wire.as_str()))
        };
        let mut resorted = BTreeSet::new();
        for name in names(old).chain(names(new)).collect::<BTreeSet<_>>() {
            let before = Form::new(old, name, self.old.navigation(&old.ty, name));
            let after = Form::new(new, name, self.new.navigation(&new.ty, name));
            if let (Some(before), Some(after)) = (before, after)
                && before.sort != after.sort
            {
                resorted.insert(name);
                let declaring = declaring(old, name).or_else(|| declaring(new, name));
                let element = format!("{}/{name}", declaring.unwrap_or(&old.ty));
                self.push(place, change(element, name, &before, &after));
            }
        }
        resorted
    }
}

/// The type that declares a property.
fn declaring<'s>(ty: &'s Struct, name: &str) -> Option<&'s str> {
    let fields = ty.fields.iter().map(|it| (&it.wire, &it.declared_by));
    let left_out = ty.left_out.iter().map(|it| (&it.wire, &it.declared_by));
    let mut all = fields.chain(left_out);
    let (_, declaring) = all.find(|(wire, _)| property(wire) == name)?;
    Some(declaring)
}

fn same_rust<'f>(form: &Form<'f>, field: &Field) -> Option<&'f Field> {
    let mut fields = form.fields.iter().copied();
    fields.find(|other| other.rust == field.rust)
}

fn change(element: String, name: &str, before: &Form<'_>, after: &Form<'_>) -> Change {
    let mut rust = Vec::new();
    for field in &before.fields {
        match same_rust(after, field) {
            None => rust.push(removes("field", &field.rust, None)),
            Some(other) if other.rust_type() != field.rust_type() => {
                let types = arrow_code(&field.rust_type(), &other.rust_type());
                rust.push(format!("field `{}`: {types}", field.rust));
            }
            Some(other) => {
                let lost = field.setter.as_ref().filter(|_| other.setter.is_none());
                rust.extend(lost.map(|setter| removes("setter", setter, None)));
            }
        }
    }
    let breaks = !rust.is_empty();
    for field in &after.fields {
        if same_rust(before, field).is_none() {
            let field = format!("{}: {}", field.rust, field.rust_type());
            rust.push(adds("field", &field, None));
        }
    }
    let (verdict, reason) = match (breaks, rust.is_empty()) {
        (true, _) => (Major, REMOVED),
        (false, false) => (Minor, FIELD_ADDED),
        (false, true) => (Patch, SAME_RUST),
    };
    let what = arrow(&before.declared, &after.declared);
    let mut change = Change::new(verdict, Subject::Property, element, Kind::Retyped, what)
        .wire(after.wire(name))
        .because(reason);
    if !rust.is_empty() {
        change = change.rust(rust.join("; "));
    }
    change
}
