//! Command lines in help texts, to be copied into a shell.

use msgraph_csdl::text::is_invisible;

/// A command line with options and their quoted values. A positional argument has an empty option.
///
/// `None` if a value cannot be shown unchanged: it is not UTF-8, contains invisible characters, or starts
/// with a dash.
pub(crate) fn command(start: &str, values: &[(&str, Option<&str>)]) -> Option<String> {
    let mut line = start.to_owned();
    for (option, value) in values {
        let value =
            value.filter(|value| !value.starts_with('-') && !value.contains(is_invisible))?;
        for word in [*option, &shlex::try_quote(value).ok()?] {
            if !word.is_empty() {
                line.push(' ');
                line.push_str(word);
            }
        }
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_one_word() {
        for value in [
            "v1.0.csdl",
            "",
            "my crate/v1.0.csdl",
            "$(touch owned)",
            "`touch owned`",
            "a'; touch owned; '",
            "\"$HOME\" ~ * {a,b} !! # \\",
            "a  b",
        ] {
            let line = command("msgraph fetch", &[("-o", Some(value)), ("", Some(value))]);
            let words = line.as_deref().and_then(shlex::split);
            let expected = ["msgraph", "fetch", "-o", value, value];
            assert_eq!(words, Some(expected.map(str::to_owned).to_vec()), "{value}");
        }
        assert_eq!(
            command("msgraph fetch", &[("-o", Some("metadata/v1.0.csdl"))]).as_deref(),
            Some("msgraph fetch -o metadata/v1.0.csdl")
        );
    }

    #[test]
    fn a_value_that_is_not_shown_as_it_is_gives_no_command() {
        for value in [
            Some("a\nb"),
            Some("\u{1b}[31m"),
            Some("\u{202e}"),
            Some("a\tb"),
            Some("-o"),
            None,
        ] {
            let line = command("msgraph fetch", &[("-o", value)]);
            assert_eq!(line, None, "{value:?}");
        }
    }
}
