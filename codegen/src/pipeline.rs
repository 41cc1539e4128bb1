//! Manifest in, Rust out.

use std::path::PathBuf;

use msgraph_csdl::diagnostic::{Aborted, Diagnostic, Diagnostics, Error};

use crate::cargo;
#[cfg(feature = "index")]
use crate::config::is_index_name;
use crate::config::{Config, Generated, Today};
use crate::day::Day;
use crate::lower;
use crate::output::Output;
use crate::read::{self, Files, Input};
use crate::removals::removals;
use crate::render::Renderer;
use crate::select::{Selection, select};

/// The files that were read, also if the run fails, and the result.
pub(crate) fn generate(config: &Config) -> (Vec<PathBuf>, Result<Generated, Error>) {
    let (inputs, result) = generate_and(config, |_, _| ());
    (inputs, result.map(|(generated, ())| generated))
}

/// As [`generate`], and a second result from the same input and selection.
pub(crate) fn generate_and<T>(
    config: &Config,
    other: impl FnOnce(&Input<'_>, &Selection) -> T,
) -> (Vec<PathBuf>, Result<(Generated, T), Error>) {
    let mut files = Files::default();
    let mut diagnostics = Diagnostics::default();
    let result = match stages(config, &mut files, &mut diagnostics, other) {
        Err(Aborted) => Err(Error::new(diagnostics.render(&files.sources))),
        Ok((generated, other)) => {
            let generated = Generated {
                inputs: files.paths.clone(),
                warnings: diagnostics,
                sources: files.sources,
                ..generated
            };
            Ok((generated, other))
        }
    };
    (files.paths, result)
}

/// read → select → lower → render → format. All errors of a stage are reported together, and the next
/// stage starts only if there are none.
fn stages<T>(
    config: &Config,
    files: &mut Files,
    diagnostics: &mut Diagnostics,
    other: impl FnOnce(&Input<'_>, &Selection) -> T,
) -> Result<(Generated, T), Aborted> {
    let today = check(config, diagnostics);
    let mut input = read::input(config, files, diagnostics)?;
    input.add_properties(diagnostics);
    let selection = select(&input, diagnostics);
    diagnostics.bail_if_errors()?;

    #[cfg_attr(not(feature = "index"), allow(unused_mut))]
    let mut api = lower::lower(&input, &selection, input.api_version()?, diagnostics);
    diagnostics.bail_if_errors()?;

    let runtime = &input.manifest.runtime;
    let output = Output {
        renderer: Renderer { api: &api, runtime },
        checked_in: config.checked_in,
    };
    let formatted = match config.tree {
        false => output.single_file(),
        true => output.tree(&config.file_name),
    };
    let (code, modules) = formatted.map_err(|error| {
        diagnostics.push(
            Diagnostic::error(None, format!("the emitted code is not Rust: {error}"))
                .help("this is a bug in the generator; please report it with the manifest"),
        );
        Aborted
    })?;
    let removals = match today {
        Some(today) => {
            let days = input.manifest.deprecation_warning_days;
            removals(&api, today, days)
        }
        None => Diagnostics::default(),
    };
    #[cfg(feature = "index")]
    api.sort();
    let other = other(&input, &selection);
    let generated = Generated {
        code,
        modules,
        #[cfg(feature = "index")]
        index: api.to_json(),
        likely_mistakes: selection.likely_mistakes,
        removals,
        ..Generated::default()
    };
    Ok((generated, other))
}

/// Checks the options that are not in the manifest. Returns the date for removals.
fn check(config: &Config, diagnostics: &mut Diagnostics) -> Option<Day> {
    #[cfg(feature = "index")]
    if config.index && is_index_name(&config.file_name) {
        let message = format!(
            "`{}` would be both the code and its index",
            config.file_name
        );
        diagnostics.push(
            Diagnostic::error(None, message)
                .help("give `file_name` a name that ends in `.rs`; the index ends in `.json`"),
        );
    }
    match config.today.as_ref()? {
        Today::Environment => Some(cargo::today()),
        Today::Date(text) => {
            let today = Day::parse(text);
            if today.is_none() {
                let message = format!("`{text}` is not a date");
                diagnostics.push(Diagnostic::error(None, message).help("write `2026-04-10`"));
            }
            today
        }
    }
}
