//! Writes the files of all steps, or none.

use std::fmt::Write as _;
use std::fs;

use super::step::{Action, InitStep};
use crate::support::failure::Failure;
use crate::support::files::read_old;
use crate::support::files::replace::Prepared;
use crate::support::interrupt;
use crate::support::text::show_path;

/// Writes the files of all steps. If one cannot be written, the others are restored.
pub(super) fn all(steps: &[InitStep]) -> Result<(), Failure> {
    interrupt::ignore()?;
    // All files are on disk under temporary names before the first is replaced.
    let mut prepared = Vec::new();
    for step in steps {
        let (old, text) = match &step.action {
            Action::Create { text } => (None, text),
            Action::Edit { old, text } => (Some(old), text),
            Action::Keep | Action::ByHand { .. } => continue,
        };
        if let Some(old) = old
            && read_old(&step.path)?.as_deref() != Some(old.as_bytes())
        {
            return Err(Failure::External(format!(
                "`{}` has changed in the meantime; nothing was written, try again",
                show_path(&step.path)
            )));
        }
        prepared.push((step, old, Prepared::new(&step.path, text.as_bytes())?));
    }
    let mut done = Vec::new();
    // Dropped after `undo`, which leaves these folders empty.
    let mut folders = Vec::new();
    for (step, old, new) in prepared {
        let written = match old {
            None => new.create().map(|created| folders.push(created)),
            Some(_) => new.replace(),
        };
        if let Err(failure) = written {
            return Err(undo(&done, failure));
        }
        done.push((step, old));
    }
    Ok(())
}

/// Restores the files after a failure.
fn undo(done: &[(&InitStep, Option<&String>)], failure: Failure) -> Failure {
    let mut errors = String::new();
    for (step, old) in done {
        let undone = match old {
            None => fs::remove_file(&step.path)
                .map_err(|error| Failure::file("remove", &step.path, &error)),
            Some(old) => Prepared::new(&step.path, old.as_bytes()).and_then(|old| old.replace()),
        };
        if let Err(failure) = undone {
            let _ = write!(errors, "\n{failure}");
        }
    }
    Failure::External(if errors.is_empty() {
        format!("{failure}; nothing was written")
    } else {
        format!("{failure}; and these files could not be restored:{errors}")
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::*;

    #[test]
    fn a_late_failure_restores_all_files() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("edited"), "old").unwrap();
        fs::write(path("taken"), "theirs").unwrap();
        let create = |name: &str| InitStep {
            path: path(name),
            action: Action::Create {
                text: "new".to_owned(),
            },
        };
        let edit = InitStep {
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
        fs::write(path("edited"), "by another").unwrap();
        let message = all(&steps).unwrap_err().to_string();
        assert!(message.contains("has changed in the meantime"), "{message}");
        assert!(!path("created").exists() && !path("a").exists());
        fs::write(path("edited"), "old").unwrap();
        all(&steps).unwrap();
        assert_eq!(fs::read_to_string(path("edited")).unwrap(), "new");
        assert_eq!(fs::read_to_string(path("created")).unwrap(), "new");
    }
}
