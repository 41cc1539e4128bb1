//! Expands the subtree of an entry (`/…/**`), without the patterns that it excludes.

use msgraph_csdl::facts::Facts;
use msgraph_csdl::model::Schema;
use msgraph_csdl::path::segment;
use msgraph_csdl::path::template::same_template;
use msgraph_csdl::path::{self, Bounds, ResourcePath, TooManyPaths};

use crate::manifest::EntryPath;

/// More paths than all of Graph. Metadata with more has cyclic containment and needs a `depth`.
pub(crate) const MAX_PATHS: usize = 20_000;

/// The paths of a subtree; empty if its path does not exist.
pub(crate) fn paths_below(
    schema: &Schema<'_>,
    facts: &Facts,
    entry: &EntryPath,
    prefix: &str,
) -> Result<Vec<ResourcePath>, TooManyPaths> {
    let bounds = Bounds {
        navigations: entry.depth.map(|(_, depth)| depth),
        paths: MAX_PATHS,
    };
    if prefix.is_empty() {
        return path::enumerate(schema, facts, None, bounds);
    }
    match path::walk(schema, prefix) {
        Ok(from) => path::enumerate(schema, facts, Some(from), bounds),
        Err(_) => Ok(Vec::new()),
    }
}

/// Whether an `exclude` pattern matches a path: the path itself, or with `/**` a path at or below it.
pub(crate) fn excludes(pattern: &str, template: &str) -> bool {
    let pattern = &*segment::encode_slashes(pattern);
    let Some(prefix) = pattern.strip_suffix("**") else {
        return same_template(template, pattern);
    };
    let prefix = prefix.strip_suffix('/').unwrap_or(prefix);
    let mut above = template
        .match_indices('/')
        .filter_map(|(at, _)| template.get(..at));
    same_template(template, prefix) || above.any(|above| same_template(above, prefix))
}
