//! Suggestions for misspelt names.

/// The candidates nearest to a misspelt name, best first, at most three: `a`, `b` or `c`.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    // More edits than a third of the name make another word, not a typo.
    let limit = name.chars().count().div_ceil(3).max(2);
    let folded = name.to_lowercase();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= limit)
        .map(|candidate| {
            (
                strsim::damerau_levenshtein(&folded, &candidate.to_lowercase()),
                candidate,
            )
        })
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    near.sort_unstable();
    near.dedup();
    let best = near.first()?.0;
    let names: Vec<String> = near
        .iter()
        .take_while(|(distance, _)| *distance <= best + 1)
        .take(3)
        .map(|(_, name)| format!("`{name}`"))
        .collect();
    let (last, before) = names.split_last()?;
    Some(if before.is_empty() {
        last.clone()
    } else {
        format!("{} or {last}", before.join(", "))
    })
}

/// `did you mean …?`, or another hint if no name is near.
pub fn nearest_or<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
    otherwise: &str,
) -> String {
    nearest(name, candidates).map_or_else(
        || otherwise.to_owned(),
        |near| format!("did you mean {near}?"),
    )
}

/// `did you mean …?`, or all choices if no name is near.
pub fn did_you_mean<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = nearest(name, candidates.clone()) {
        return Some(format!("did you mean {near}?"));
    }
    let mut all: Vec<&str> = candidates.into_iter().collect();
    all.sort_unstable();
    all.dedup();
    let shown: Vec<String> = all
        .iter()
        .take(12)
        .map(|name| format!("`{name}`"))
        .collect();
    let more = match all.len().saturating_sub(12) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!shown.is_empty()).then(|| format!("there is {}{more}", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_orders_by_distance_and_ignores_other_words() {
        let names = ["policies", "police", "places", "print"];
        assert_eq!(
            nearest("polices", names).unwrap(),
            "`police`, `policies` or `places`"
        );
        assert_eq!(nearest("zzzzzzz", names), None);
        assert_eq!(nearest("Policies", names).unwrap(), "`policies`");
    }
}
