//! `#[deprecated]` attributes, and announcements in words.

use msgraph_csdl::text::plain;
use proc_macro2::TokenStream;
use quote::quote;

use crate::day::Day;
use crate::ir::Deprecation;

/// The attribute of an item that Graph removes.
pub(super) fn of(deprecation: Option<&Deprecation>) -> Option<TokenStream> {
    attribute(deprecation.and_then(note))
}

pub(super) fn attribute(note: Option<String>) -> Option<TokenStream> {
    note.map(|note| quote!(#[deprecated(note = #note)]))
}

/// The note of `#[deprecated]`; `None` without a removal date. An invalid date is omitted.
pub(crate) fn note(deprecation: &Deprecation) -> Option<String> {
    let announcement = &deprecation.announcement;
    let removal = announcement.removal_date.as_ref()?;
    let mut note = "Graph removes it".to_owned();
    if Day::parse(removal).is_some() {
        note.push_str(" on ");
        note.push_str(removal.trim());
    }
    if let Some(description) = &announcement.description {
        note.push_str(": ");
        // rustdoc reads the note as Markdown, where brackets could link to an item.
        let text = plain(description).replace('[', "\\[");
        note.push_str(&text.replace(']', "\\]"));
    }
    Some(note)
}

/// The note of the deprecation whose removal is due first.
pub(crate) fn first_note(deprecations: &[Deprecation]) -> Option<String> {
    let removals = deprecations.iter().filter(|found| found.is_removal());
    removals
        .min_by_key(|found| &found.announcement.removal_date)
        .and_then(note)
}

/// The announcement in words: the [`note`], or without a removal date, the rest.
#[cfg(feature = "index")]
pub(crate) fn announced(deprecation: &Deprecation) -> String {
    if let Some(note) = note(deprecation) {
        return note;
    }
    let announcement = &deprecation.announcement;
    let since = announcement.date.as_ref();
    let since = since.map(|date| format!(" since {}", plain(date)));
    let because = announcement.description.as_ref();
    let because = because.map(|description| format!(": {}", plain(description)));
    format!(
        "deprecated{}, without a removal date{}",
        since.unwrap_or_default(),
        because.unwrap_or_default()
    )
}
