//! Commands in help texts, to be copied into a shell.

use msgraph_csdl::text::is_invisible;

/// A command line: what starts it, then options with their values. An argument without an option has
/// an empty one. Each value is quoted where a shell would read it as anything but one word.
///
/// `None` where a value cannot be written so: it is not UTF-8, is shown by escapes, or starts with a
/// dash, which makes it an option. No command is better than one that does something else.
pub(crate) fn command(start: &str, values: &[(&'static str, Option<&str>)]) -> Option<String> {
    let mut line = start.to_owned();
    for (option, value) in values {
        let value =
            value.filter(|value| !value.starts_with('-') && !value.contains(is_invisible))?;
        if !option.is_empty() {
            line.push(' ');
            line.push_str(option);
        }
        line.push(' ');
        line.push_str(&shlex::try_quote(value).ok()?);
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_one_word_of_the_shell() {
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
    fn what_no_shell_takes_as_it_is_shown_gives_no_command() {
        for value in [
            Some("a\nb"),
            Some("\u{1b}[31m"),
            Some("\u{202e}"),
            Some("a\tb"),
            Some("-o"),
            None,
        ] {
            assert_eq!(
                command("msgraph fetch", &[("-o", value)]),
                None,
                "{value:?}"
            );
        }
    }
}
