//! The command `msgraph`, which sets up and maintains crates that use the generator. Start with `msgraph init`.
//!
//! The library is for the program only. Each subcommand is a module of [`commands`] with its arguments and its
//! `run`. Shared code is in [`support`]. The crate has no Cargo features.

pub mod commands;
pub mod support;

pub use commands::diff;

use std::process::ExitCode;

use clap::{ColorChoice, CommandFactory, Parser, Subcommand};

use commands::{clouds, explain, fetch, generate, init, list, permissions, slice};
use support::console::Console;
use support::failure::{Completed, Failure};
use support::output_format::{OutputFormat, output_format};
use support::text::Format;

/// Typed updates of Microsoft Graph, generated from its metadata.
///
/// Exit codes: 0 success; 1 a check found a difference, or a search found nothing; 2 invalid arguments; 3
/// an error in the manifest, the facts or the metadata; 4 a file or network error; 130 interrupted.
#[derive(Debug, Parser)]
#[command(name = "msgraph", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// The format of results.
    #[arg(long, global = true, value_parser = output_format(), default_value = "text")]
    format: OutputFormat,
    /// When to use colours and progress bars; `auto` means on a terminal, unless `NO_COLOR` is set.
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t)]
    color: ColorChoice,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Arguments),
    Fetch(fetch::Arguments),
    Generate(generate::Arguments),
    Slice(slice::Arguments),
    Diff(diff::Arguments),
    List(list::Arguments),
    Clouds(clouds::Arguments),
    Explain(explain::Arguments),
    Permissions(permissions::Arguments),
    /// Print completions for the startup file of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the command with the arguments of the process.
pub fn run() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // A closed pipe does not change the exit code.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    match arguments.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let reports = arguments.format.of_reports();
    let mut console = Console::new(reports.unwrap_or(Format::Text));
    let result = match (reports, &arguments.command) {
        (Some(_), command) | (None, command @ (Command::Explain(_) | Command::Permissions(_))) => {
            dispatch(command, &mut console)
        }
        (None, _) => Err(arguments.format.rejected()),
    };
    match result {
        Ok(completed) => completed.into(),
        Err(failure) => {
            console.failure(&failure);
            failure.into()
        }
    }
}

fn dispatch(command: &Command, console: &mut Console) -> Result<Completed, Failure> {
    match command {
        Command::Init(arguments) => arguments.run(console),
        Command::Fetch(arguments) => arguments.run(console),
        Command::Generate(arguments) => arguments.run(console),
        Command::Slice(arguments) => arguments.run(console),
        Command::Diff(arguments) => arguments.run(console),
        Command::List(arguments) => arguments.run(console),
        Command::Clouds(arguments) => arguments.run(console),
        Command::Explain(arguments) => arguments.run(console),
        Command::Permissions(arguments) => arguments.run(console),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut Arguments::command(), "msgraph", &mut script);
            console.print(&String::from_utf8_lossy(&script))?;
            Ok(Completed::Success)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    /// The section of each subcommand in docs/cli.md has every option, and its tables have no other.
    #[test]
    fn every_option_is_documented_and_no_other() {
        let documentation = include_str!("../../docs/cli.md");
        let mut sections: BTreeMap<&str, &str> = documentation
            .split("\n## `msgraph ")
            .skip(1)
            .filter_map(|section| section.split_once("`\n"))
            .collect();
        let mut wrong = Vec::new();
        for command in Arguments::command().get_subcommands() {
            let name = command.get_name();
            let Some(section) = sections.remove(name) else {
                // One line describes it.
                assert_eq!(name, "completions");
                continue;
            };
            let mut exist = BTreeSet::new();
            let nested = command
                .get_subcommands()
                .flat_map(clap::Command::get_arguments);
            for argument in command.get_arguments().chain(nested) {
                exist.extend(argument.get_long().map(|long| format!("--{long}")));
                exist.extend(argument.get_short().map(|short| format!("-{short}")));
            }
            let is_there = |option: &String| {
                let start = format!("`{option}");
                let mut behind = section.split(&start).skip(1);
                behind.any(|behind| behind.starts_with(['`', ' ']))
            };
            let lacking = exist.iter().filter(|option| !is_there(option));
            wrong.extend(lacking.map(|option| format!("{name} lacks {option}")));
            let rows = section.lines().filter_map(|line| line.strip_prefix("| "));
            let first = rows.filter_map(|row| row.split(" | ").next());
            let codes = first.flat_map(|cell| cell.split('`').skip(1).step_by(2));
            let options = codes.filter(|code| code.starts_with('-'));
            let named = options.filter_map(|code| code.split(' ').next());
            let invented = named.filter(|option| !exist.contains(*option));
            wrong.extend(invented.map(|option| format!("{name} has no {option}")));
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(sections.is_empty(), "no such subcommands: {sections:#?}");
    }
}
