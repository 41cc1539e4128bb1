//! The files of a plan, all of them or none.

use std::fmt::Write as _;
use std::fs;

use super::step::{Action, Step};
use crate::support::failure::Failure;
use crate::support::files::read_old;
use crate::support::files::replace::Prepared;
use crate::support::interrupt;
use crate::support::text::shown;

/// Writes all files, or none.
pub(super) fn all(steps: &[Step]) -> Result<(), Failure> {
    // Ctrl-C does not come between the first file and the last.
    interrupt::hold()?;
    // Everything is on disk before anything takes its place.
    let mut prepared = Vec::new();
    for step in steps {
        match &step.action {
            Action::Create { text } => {
                prepared.push((step, None, Prepared::new(&step.path, text.as_bytes())?));
            }
            Action::Edit { old, text } => {
                if read_old(&step.path)?.as_deref() != Some(old.as_bytes()) {
                    return Err(Failure::Outside(format!(
                        "`{}` was changed meanwhile; nothing was written, please try again",
                        shown(&step.path)
                    )));
                }
                let new = Prepared::new(&step.path, text.as_bytes())?;
                prepared.push((step, Some(old), new));
            }
            Action::Keep | Action::ByHand { .. } => {}
        }
    }
    let mut done = Vec::new();
    // Goes behind `undo`, and takes the directories that are empty then along.
    let mut made = Vec::new();
    for (step, old, new) in prepared {
        let put = match old {
            None => new.create().map(|directories| made.push(directories)),
            Some(_) => new.replace(),
        };
        if let Err(failure) = put {
            return Err(undo(&done, failure));
        }
        done.push((step, old));
    }
    Ok(())
}

/// Takes back what was written before something failed.
fn undo(done: &[(&Step, Option<&String>)], failure: Failure) -> Failure {
    let mut left = String::new();
    for (step, old) in done {
        let undone = match old {
            None => fs::remove_file(&step.path)
                .map_err(|error| Failure::file("remove", &step.path, &error)),
            Some(old) => Prepared::new(&step.path, old.as_bytes()).and_then(|old| old.replace()),
        };
        if let Err(failure) = undone {
            let _ = write!(left, "\n{failure}");
        }
    }
    if left.is_empty() {
        Failure::Outside(format!("{failure}; nothing was written"))
    } else {
        Failure::Outside(format!(
            "{failure}; and to take back what was written failed:{left}"
        ))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test says what is wrong by panicking")]

    use super::*;

    #[test]
    fn what_fails_late_takes_back_what_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("edited"), "old").unwrap();
        fs::write(path("taken"), "theirs").unwrap();
        let create = |name: &str| Step {
            path: path(name),
            action: Action::Create {
                text: "new".to_owned(),
            },
        };
        let edit = Step {
            path: path("edited"),
            action: Action::Edit {
                old: "old".to_owned(),
                text: "new".to_owned(),
            },
        };
        let mut steps = vec![
            create("created"),
            create("a/b/created"),
            edit,
            create("taken"),
        ];
        let message = all(&steps).unwrap_err().to_string();
        assert!(message.contains("taken`: "), "{message}");
        assert!(message.contains("nothing was written"), "{message}");
        let mut names: Vec<_> = fs::read_dir(directory.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["edited", "taken"]);
        assert_eq!(fs::read_to_string(path("edited")).unwrap(), "old");
        assert_eq!(fs::read_to_string(path("taken")).unwrap(), "theirs");

        steps.pop();
        fs::write(path("edited"), "by somebody else").unwrap();
        let message = all(&steps).unwrap_err().to_string();
        assert!(message.contains("was changed meanwhile"), "{message}");
        assert!(!path("created").exists() && !path("a").exists());
        fs::write(path("edited"), "old").unwrap();
        all(&steps).unwrap();
        assert_eq!(fs::read_to_string(path("edited")).unwrap(), "new");
        assert_eq!(fs::read_to_string(path("created")).unwrap(), "new");
    }
}
