use std::fmt;

/// The names that could have been meant in place of an unknown one.
///
/// Displayed as the end of a sentence: `; did you mean ...?`, or what there is to choose from when nothing is near.
///
/// ```
/// use msgraph_runtime::{CollectionBody, ReadFinding, from_json};
///
/// let error = from_json::<CollectionBody<String>>(r#"{"valeu":[]}"#).unwrap_err();
/// let Some(ReadFinding::UnknownProperty(alternatives)) = error.problems().first().map(|note| &note.finding) else {
///     panic!("{error}")
/// };
/// assert_eq!(alternatives.nearest, ["value"]);
/// assert_eq!(alternatives.to_string(), "; did you mean `value`?");
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Alternatives {
    /// The nearest ones, best first, at most three.
    pub nearest: Vec<&'static str>,
    /// All there are, in their order.
    pub all: Vec<&'static str>,
}

impl Alternatives {
    pub(crate) fn to(name: &str, known: &[&'static str]) -> Self {
        // Types mostly differ in the last part of their names, annotations in the first.
        let last_part = |name: &str| match name.rsplit_once('.') {
            Some((_, last)) if !name.contains('@') => last.to_lowercase(),
            _ => name.to_lowercase(),
        };
        let folded = last_part(name);
        // More edits than a third of the name is another word, not a slip.
        let limit = folded.chars().count().div_ceil(3).max(2);
        let mut near: Vec<(usize, &'static str)> = known
            .iter()
            .map(|candidate| (last_part(candidate), *candidate))
            .filter(|(part, _)| !folded.is_empty() && part.len().abs_diff(folded.len()) <= limit)
            .map(|(part, candidate)| (strsim::damerau_levenshtein(&folded, &part), candidate))
            .filter(|(distance, _)| *distance <= limit)
            .collect();
        near.sort_unstable();
        let best = near.first().map_or(0, |(distance, _)| *distance);
        Self {
            nearest: near
                .iter()
                .take_while(|(distance, _)| *distance <= best + 1)
                .take(3)
                .map(|(_, name)| *name)
                .collect(),
            all: known.to_vec(),
        }
    }

    /// Whether another name than these was meant, and no slip made. Nobody looked where they are not told at all.
    pub(crate) fn none_is_near(&self) -> bool {
        self.nearest.is_empty() && !self.all.is_empty()
    }
}

impl fmt::Display for Alternatives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 12;
        if let Some((last, before)) = self.nearest.split_last() {
            f.write_str("; did you mean ")?;
            for (index, name) in before.iter().enumerate() {
                write!(f, "{}`{name}`", if index > 0 { ", " } else { "" })?;
            }
            let or = if before.is_empty() { "" } else { " or " };
            return write!(f, "{or}`{last}`?");
        }
        for (index, name) in self.all.iter().take(MOST).enumerate() {
            write!(
                f,
                "{}`{name}`",
                if index > 0 { ", " } else { "; there is " }
            )?;
        }
        match self.all.len().saturating_sub(MOST) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}
