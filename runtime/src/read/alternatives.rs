use std::fmt;

/// Known names, and those that may have been meant by an unknown one.
///
/// Displayed as the end of a sentence: `; did you mean ...?`, or the known names if none is similar.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Alternatives {
    /// The most similar names, best first, at most three.
    pub nearest: Vec<&'static str>,
    /// All known names.
    pub all: Vec<&'static str>,
}

impl Alternatives {
    pub(crate) fn to(name: &str, known: &[&'static str]) -> Self {
        // Type names mostly differ in the last part, annotations in the first.
        let last_part = |name: &str| match name.rsplit_once('.') {
            Some((_, last)) if !name.contains('@') => last.to_lowercase(),
            _ => name.to_lowercase(),
        };
        let folded = last_part(name);
        // With more edits than a third of the name, it is another word.
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

    /// Whether there are known names, and none is similar.
    pub(crate) fn none_is_near(&self) -> bool {
        self.nearest.is_empty() && !self.all.is_empty()
    }
}

impl fmt::Display for Alternatives {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MOST: usize = 12;
        let quoted = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            names.join(", ")
        };
        if let Some((last, before)) = self.nearest.split_last() {
            let or = if before.is_empty() { "" } else { " or " };
            return write!(f, "; did you mean {}{or}`{last}`?", quoted(before));
        }
        match self.all.get(..MOST) {
            _ if self.all.is_empty() => Ok(()),
            Some(first) if self.all.len() > MOST => {
                let more = self.all.len() - MOST;
                write!(f, "; expected one of {} and {more} more", quoted(first))
            }
            _ => write!(f, "; expected one of {}", quoted(&self.all)),
        }
    }
}
