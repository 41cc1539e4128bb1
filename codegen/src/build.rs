//! Generates, and writes the result: in a build script, or for code that is checked in.

use std::path::{Path, PathBuf};

use msgraph_csdl::diagnostic::Error;

use crate::cargo;
use crate::config::{Config, Generated};
use crate::output;
use crate::pipeline;

impl Config {
    /// Generates the code without writing it.
    ///
    /// # Errors
    ///
    /// All errors in the manifest, the facts, the metadata and the selection that can be found at once.
    /// Also if the [file name](Config::file_name) is that of the [index](Config::index).
    pub fn generate(&self) -> Result<Generated, Error> {
        pipeline::generate(self).1
    }

    /// Generates into `$OUT_DIR` and tells cargo which files were read. For build scripts; see
    /// [`build`](crate::build). Cargo shows errors, and they fail the build.
    ///
    /// Likely mistakes in the manifest are shown as warnings. So are removals, from
    /// `deprecation-warning-days` of the manifest on.
    pub fn build(&self) {
        if let Err(error) = self.try_build() {
            cargo::errors(&error.to_string());
        }
    }

    /// As [`build`](Config::build), but returns the errors, for example from `main`:
    ///
    /// ```no_run
    /// fn main() -> Result<(), msgraph_codegen::Error> {
    ///     msgraph_codegen::Config::new("graph.toml").try_build()
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Config::generate`], and if a file cannot be written or `OUT_DIR` is not set.
    pub fn try_build(&self) -> Result<(), Error> {
        let (inputs, result) = match &self.today {
            Some(_) => pipeline::generate(self),
            None => pipeline::generate(&self.clone().today_from_environment()),
        };
        cargo::rerun_if_changed(&inputs);
        let generated = result?;
        cargo::warnings(&generated.likely_mistakes);
        cargo::warnings(&generated.removals);
        output::write(&cargo::out_dir()?, &self.files(&generated))
    }

    /// Generates into a directory: for code that is checked in. A file that is up to date is not touched.
    /// Nothing is written if the input has errors.
    ///
    /// # Errors
    ///
    /// As [`Config::generate`], and if a file cannot be written.
    pub fn write(&self, directory: impl AsRef<Path>) -> Result<Generated, Error> {
        let generated = self.generate()?;
        output::write(directory.as_ref(), &self.files(&generated))?;
        Ok(generated)
    }

    /// The generated files, by path relative to the output directory, in the order in which to write them.
    /// The root file is last, so that it never names a missing file.
    #[doc(hidden)]
    pub fn files<'g>(&self, generated: &'g Generated) -> Vec<(PathBuf, &'g str)> {
        let modules = generated.modules.iter();
        let mut files: Vec<(PathBuf, &str)> = modules
            .map(|(path, text)| (PathBuf::from(path), text.as_str()))
            .collect();
        let root = PathBuf::from(&self.file_name);
        #[cfg(feature = "index")]
        if self.index {
            files.push((root.with_extension("json"), &generated.index));
        }
        files.push((root, &generated.code));
        files
    }
}
