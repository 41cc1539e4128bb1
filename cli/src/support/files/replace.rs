//! Files that are written whole or not at all.

use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{folder, target, temporary};
use crate::support::failure::Failure;

/// The new content of a file, whole on disk under a temporary name beside it. Dropped, it is gone,
/// and what was there before is as it was.
#[derive(Debug)]
pub(crate) struct Prepared {
    temporary: NamedTempFile,
    /// As the user named it.
    path: PathBuf,
    /// The same, or where the symbolic link leads.
    target: PathBuf,
    made: Made,
}

/// The directories that were made for a file, the innermost first. When this is dropped, those that
/// are empty go again.
#[derive(Debug)]
pub(crate) struct Made(Vec<PathBuf>);

impl Made {
    fn new(directory: &Path) -> io::Result<Self> {
        let missing = directory
            .ancestors()
            .take_while(|above| !above.as_os_str().is_empty() && !above.exists());
        let made = Made(missing.map(Path::to_owned).collect());
        fs::create_dir_all(directory)?;
        Ok(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for directory in &self.0 {
            // It refuses where something is in it, which is how it is told.
            let _ = fs::remove_dir(directory);
        }
    }
}

impl Prepared {
    /// Writes the content under a temporary name, in the directory of the file, which is made where
    /// there is none. Through a symbolic link the file that it names is meant.
    pub(crate) fn new(path: &Path, content: &[u8]) -> Result<Self, Failure> {
        let failed = |error| Failure::file("write", path, &error);
        let target = target(path).map_err(failed)?;
        let directory = folder(&target);
        let made = Made::new(directory).map_err(failed)?;
        let permissions = match fs::metadata(&target) {
            Ok(old) => Some(old.permissions()),
            Err(_) => default_permissions(),
        };
        // The temporary name, which the error has besides, says nothing to the user.
        let mut temporary = temporary::temporary(directory, permissions.as_ref())
            .map_err(|error| failed(error.kind().into()))?;
        // What a full disk says late, it says here.
        let file = temporary.as_file_mut();
        file.write_all(content)
            .and_then(|()| file.sync_all())
            .map_err(failed)?;
        Ok(Prepared {
            temporary,
            path: path.to_owned(),
            target,
            made,
        })
    }

    /// Puts it where nothing is yet, not even a symbolic link to nowhere.
    pub(crate) fn create(self) -> Result<Made, Failure> {
        match self.temporary.persist_noclobber(&self.path) {
            Ok(_) => Ok(self.made),
            Err(error) => Err(Failure::file("create", &self.path, &error.error)),
        }
    }

    /// Puts it in the place of what is there.
    pub(crate) fn replace(self) -> Result<(), Failure> {
        match self.temporary.persist(&self.target) {
            Ok(_) => Ok(()),
            Err(error) => Err(Failure::file("replace", &self.path, &error.error)),
        }
    }
}

/// What a new file may be used for; the umask takes from it.
#[cfg(unix)]
fn default_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt as _;
    Some(Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn default_permissions() -> Option<Permissions> {
    None
}
