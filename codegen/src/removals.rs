//! Warnings about elements that Graph removes soon. Today's date decides only these warnings; no date
//! but those of the metadata reaches emitted code.

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::text::plain;

use crate::day::Day;
use crate::ir::{Api, Deprecation};

/// The elements whose removal date has passed or is within `days` of `today`.
pub(crate) fn removals(api: &Api, today: Day, days: i64) -> Diagnostics {
    let operations = api.operations.iter().flat_map(|item| &item.deprecations);
    let structs = api.structs.iter().flat_map(|item| {
        let fields = item.fields.iter().flat_map(|field| &field.deprecation);
        fields.chain(&item.deprecation)
    });
    let enumerations = api.enumerations.iter().flat_map(|item| {
        let members = item.members.iter().flat_map(|member| &member.deprecation);
        members.chain(&item.deprecation)
    });
    let last = Day(today.0.saturating_add(days));
    let all = operations.chain(structs).chain(enumerations);
    let warnings = all.filter_map(|deprecation| {
        let removal = deprecation.announcement.removal_date.as_ref()?;
        let day = Day::parse(removal).filter(|day| *day <= last)?;
        let is = if day <= today { "was" } else { "is" };
        Some(warning(deprecation, is, removal.trim()))
    });
    let mut diagnostics = Diagnostics::default();
    warnings.for_each(|warning| diagnostics.push(warning));
    diagnostics
}

fn warning(deprecation: &Deprecation, is: &str, date: &str) -> Diagnostic {
    let element = &deprecation.element;
    let message = format!("`{element}` {is} to be removed from Graph on {date}");
    let help = match &deprecation.announcement.description {
        Some(description) => plain(description),
        None => "see Graph's changelog for a replacement".to_owned(),
    };
    Diagnostic::warning(deprecation.span, message).help(help)
}
