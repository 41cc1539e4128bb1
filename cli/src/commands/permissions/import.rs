//! `msgraph permissions import`: converts Microsoft's permission data into a map.

use std::path::{Path, PathBuf};

use msgraph_csdl::permissions::commented;
use serde::Serialize;

use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::files;
use crate::support::files::folder_lock::lock_folder;
use crate::support::files::replace::Prepared;
use crate::support::files::temporary;
use crate::support::interrupt;
use crate::support::lock::Content;
use crate::support::permission_document::PermissionDocument;
use crate::support::permission_ids::PermissionIds;
use crate::support::text::{Format, line, one_line, show_path};

/// Convert Microsoft's `permissions.json` into a permission map, which a manifest can name with
/// `permissions = "FILE"`.
///
/// The map has the least privileged and the higher permissions of each operation, but no descriptions.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArguments {
    /// Microsoft's `permissions.json`.
    #[arg(value_name = "DOCUMENT")]
    document: PathBuf,
    /// Where to write the map.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// Microsoft's `provisioningInfo.json`, which has the ids of permissions.
    #[arg(long, value_name = "DOCUMENT", requires = "ids")]
    provisioning: Option<PathBuf>,
    /// Where to write the ids, for `msgraph permissions --ids FILE`.
    #[arg(long, value_name = "FILE", requires = "provisioning")]
    ids: Option<PathBuf>,
}

#[derive(Debug, Serialize)]
struct ImportReport {
    files: Vec<ImportedFile>,
}

#[derive(Debug, Serialize)]
struct ImportedFile {
    path: PathBuf,
    changed: bool,
    bytes: usize,
}

/// The start of each file. Files that start otherwise are not replaced.
const TITLE: &str = "# The permissions of Microsoft Graph";

const FOLDER: &str =
    "https://github.com/microsoftgraph/microsoft-graph-devx-content/tree/master/permissions/new";

const MAP: &str = "\
A line without indentation is a path. Below it, per method and schemes (D delegated, P personal accounts, A application):
the least privileged permissions, each sufficient alone, the narrowest first, then, after `>`, those that allow more than
is needed. `A+B`: both are needed.";

const IDS: &str = "\
A line is a permission: its name, its scheme, its id in the manifest of an app (`-` if there is none), and whether an
administrator must consent (`admin`) or a user can (`user`).";

impl ImportArguments {
    pub(super) fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        if let Some(ids) = &self.ids
            && files::is_same(&self.out, ids)
        {
            return Err(Failure::Usage(format!(
                "`--out` and `--ids` name the same file, `{}`\nhelp: name two files",
                show_path(ids)
            )));
        }
        let file = InputFile::read(&self.document)?;
        let document = PermissionDocument::parse(&file.text).map_err(|it| file.invalid(&it))?;
        let map = document.map(&header(&[&file], MAP));
        let map = map.map_err(|it| file.invalid(&it))?;
        let mut texts = vec![(&self.out, map.text().to_owned())];
        if let (Some(provisioning), Some(path)) = (&self.provisioning, &self.ids) {
            let provisioning = InputFile::read(provisioning)?;
            let ids = PermissionIds::provisioned(&document, &provisioning.text)
                .map_err(|it| provisioning.invalid(&it))?;
            let header = header(&[&file, &provisioning], IDS);
            texts.push((path, format!("{}{ids}", commented(&header))));
        }
        let report = ImportReport {
            files: write(texts)?,
        };
        console.result(&report, |format| report.render(format))?;
        Ok(Completed::Success)
    }
}

struct InputFile {
    /// The path in messages.
    shown: String,
    /// The name of the file and a hash of its content.
    source: String,
    text: String,
}

impl InputFile {
    fn read(path: &Path) -> Result<Self, Failure> {
        let bytes = files::read_existing(path)?;
        let sha256 = Content::of(&bytes).sha256;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok(InputFile {
            source: format!("{}, sha256 {sha256}", one_line(&name)),
            text: files::text_of(path, bytes)?,
            shown: show_path(path),
        })
    }

    fn invalid(&self, error: &serde_json::Error) -> Failure {
        Failure::Input(format!("`{}`: {error}", self.shown))
    }
}

/// The comment at the top of a file, without its marks.
fn header(sources: &[&InputFile], form: &str) -> String {
    let title = TITLE.trim_start_matches("# ");
    let mut header = format!("{title}, from Microsoft's permission data:\n{FOLDER}\n");
    for file in sources {
        line(&mut header, 0, format!("source: {}", file.source));
    }
    header.push_str("Copyright (c) Microsoft Corporation. Licensed under the MIT License.\n\n");
    header.push_str("Written by `msgraph permissions import`; do not edit.\n");
    header + form
}

/// Writes the files that differ.
fn write(texts: Vec<(&PathBuf, String)>) -> Result<Vec<ImportedFile>, Failure> {
    let mut files = Vec::new();
    let mut prepared = Vec::new();
    let mut locks = Vec::new();
    for (path, text) in &texts {
        // Two files may be in one folder.
        let folder = files::folder(path);
        if !files
            .iter()
            .any(|file: &ImportedFile| files::folder(&file.path) == folder)
        {
            locks.push(lock_folder(path)?);
            temporary::clear([path.as_path()]);
        }
        let old = files::read_old(path)?;
        let is_replaceable =
            |old: &[u8]| old.trim_ascii().is_empty() || old.starts_with(TITLE.as_bytes());
        if old.as_deref().is_some_and(|old| !is_replaceable(old)) {
            return Err(Failure::Usage(format!(
                "`{}` was not written by `msgraph permissions import`, and is not replaced\nhelp: name \
                 another file, or remove it",
                show_path(path)
            )));
        }
        let changed = old.is_none_or(|old| old != text.as_bytes());
        if changed {
            prepared.push(Prepared::new(path, text.as_bytes())?);
        }
        files.push(ImportedFile {
            path: (*path).clone(),
            changed,
            bytes: text.len(),
        });
    }
    interrupt::ignore()?;
    for file in prepared {
        file.replace()?;
    }
    Ok(files)
}

impl ImportReport {
    fn render(&self, format: Format) -> String {
        let mut out = String::new();
        for file in &self.files {
            let what = if file.changed { "wrote" } else { "unchanged" };
            let (bullet, path, bytes) = (format.bullet(), format.path(&file.path), file.bytes);
            line(&mut out, 0, format!("{bullet}{what} {path}: {bytes} bytes"));
        }
        out
    }
}
