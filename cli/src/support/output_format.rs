//! The option `--format`.

use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::support::failure::Failure;
use crate::support::text::Format;

/// The value of `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// For a person.
    #[default]
    Text,
    /// For a pull request.
    Markdown,
    /// For a program. docs/cli.md describes the properties.
    Json,
    /// For the registration of an app: `requiredResourceAccess`.
    AppManifest,
    /// A page for a browser.
    Html,
}

impl OutputFormat {
    /// The format of a report; `None` if only some subcommands have it.
    pub(crate) fn of_reports(self) -> Option<Format> {
        match self {
            OutputFormat::Text => Some(Format::Text),
            OutputFormat::Markdown => Some(Format::Markdown),
            OutputFormat::Json => Some(Format::Json),
            OutputFormat::AppManifest | OutputFormat::Html => None,
        }
    }

    /// The error of a subcommand that does not have the format.
    pub(crate) fn rejected(self) -> Failure {
        let value = self.to_possible_value();
        let name = value.as_ref().map_or("", |value| value.get_name());
        let subcommands = match self {
            OutputFormat::Html => "`msgraph explain` and `msgraph permissions`",
            _ => "`msgraph permissions`",
        };
        Failure::Usage(format!(
            "`--format {name}` is only for {subcommands}\nhelp: use `text`, `markdown` or `json`"
        ))
    }
}

/// Parses all values, and lists only those of every subcommand in the help and in completions. A subcommand that has
/// others declares the option again.
pub(crate) fn output_format() -> impl TypedValueParser<Value = OutputFormat> {
    parser(|format| format.of_reports().is_some())
}

/// Parses all values, and lists those of a page.
pub(crate) fn page_format() -> impl TypedValueParser<Value = OutputFormat> {
    parser(|format| format != OutputFormat::AppManifest)
}

fn parser(is_listed: fn(OutputFormat) -> bool) -> impl TypedValueParser<Value = OutputFormat> {
    let values = OutputFormat::value_variants().iter().filter_map(|format| {
        let value = format.to_possible_value()?;
        Some(value.hide(!is_listed(*format)))
    });
    PossibleValuesParser::new(values.collect::<Vec<_>>())
        .try_map(|name| OutputFormat::from_str(&name, false))
}
