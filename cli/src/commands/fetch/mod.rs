//! `msgraph fetch`: downloads the metadata that Graph serves.

mod download;
mod locked;
mod progress;

use std::io;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use msgraph_csdl::source::Sources;
use msgraph_runtime::Cloud;
use msgraph_runtime::error::RootError;
use msgraph_runtime::request::Root;
use reqwest::Url;
use serde::Serialize;

use crate::commands::slice::is_slice;
use crate::support::arguments::{api_version, cloud};
use crate::support::console::Console;
use crate::support::failure::{Completed, Failure};
use crate::support::files::folder_lock::lock_folder;
use crate::support::files::read_old;
use crate::support::files::replace::Prepared;
use crate::support::files::state::FileState;
use crate::support::files::temporary;
use crate::support::interrupt::Interrupts;
use crate::support::lock::{self, Content, Entry, Lock};
use crate::support::shell;
use crate::support::text::{Format, one_line, show_path};

/// Download the metadata of Microsoft Graph. No token is needed.
///
/// The metadata is validated before it replaces the old file. `lock.toml` next to it records the URL and
/// the sha256, which `--check` and `msgraph generate --check` compare.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The cloud.
    #[arg(
        long,
        value_name = "CLOUD",
        default_value = Cloud::Global.as_str(),
        value_parser = cloud()
    )]
    cloud: Cloud,
    /// The API version.
    #[arg(long, value_name = "VERSION", default_value = "v1.0", value_parser = api_version)]
    api_version: String,
    /// Where to write the metadata [default: metadata/VERSION.csdl, or metadata/VERSION-CLOUD.csdl for
    /// clouds other than global].
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Use another root than the cloud's: https, or http on this machine.
    #[arg(long, value_name = "URL", value_parser = root)]
    root: Option<Root>,
    /// Timeout for a connection.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = seconds())]
    connect_timeout: u64,
    /// Timeout without receiving data.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = seconds())]
    idle_timeout: u64,
    /// Timeout for everything, including waits between attempts.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = seconds())]
    timeout: u64,
    /// Maximum number of attempts. Retries follow connection errors and 429, 503 and 504 responses.
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,
    /// Download nothing. Compare the files in `lock.toml` with their sha256, and exit with 1 if one
    /// differs. The lock file is the one next to `--out`, or in `metadata`.
    #[arg(
        long,
        conflicts_with_all = [
            "cloud", "api_version", "root", "connect_timeout", "idle_timeout", "timeout", "tries",
        ]
    )]
    check: bool,
}

fn seconds() -> clap::builder::RangedU64ValueParser {
    clap::value_parser!(u64).range(1..=86_400)
}

fn root(text: &str) -> Result<Root, String> {
    text.parse().map_err(|error| match error {
        RootError::Insecure(_) => {
            "metadata is compiled, so it must not be changed on the way: use \
                                   https, or http on loopback"
                .to_owned()
        }
        error => error.to_string(),
    })
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FetchReport {
    path: PathBuf,
    state: FileState,
    source: String,
    #[serde(flatten)]
    content: Content,
    /// The old content, if it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Content>,
    lock: PathBuf,
}

impl Arguments {
    /// Downloads, validates and replaces a CSDL file.
    ///
    /// # Errors
    ///
    /// When the file cannot be downloaded, is invalid, or cannot be written. The old file and the lock
    /// file are then unchanged.
    pub fn run(&self, console: &mut Console) -> Result<Completed, Failure> {
        let path = self.path();
        if self.check {
            return locked::check(&path, self.out.is_some(), console);
        }
        let name = lockable_name(&path)?;
        check_replaceable(&path, name)?;
        let url = self.url()?;
        let (bytes, _interrupts) = self.download(&url, &path, console)?;
        // The lock file may have changed during the download.
        let _folder_lock = lock_folder(&path)?;
        let old = read_old(&path)?;
        let mut lock = Lock::next_to(&path)?;
        read_old(lock.path())?;
        let content = Content::of(&bytes);
        let before = old.as_deref().map(Content::of);
        let state = FileState::of(old.as_deref(), &bytes);
        let document = match state {
            FileState::Unchanged => None,
            _ => Some(Prepared::new(&path, &bytes)?),
        };
        // `fetched` is the date of the content, so fetching the same content again changes nothing.
        let is_recorded = lock
            .entry(name)
            .is_some_and(|entry| entry.content() == content && entry.source() == url.as_str());
        let lock_file = if is_recorded {
            None
        } else {
            lock.set(name, Entry::new(url.to_string(), now()?, &content));
            Some(Prepared::new(lock.path(), lock.text().as_bytes())?)
        };
        // Both files are on disk under temporary names. If the second rename fails, `--check` finds the
        // difference.
        if let Some(document) = document {
            document.replace()?;
        }
        if let Some(lock_file) = lock_file {
            lock_file.replace().map_err(|failure| {
                Failure::External(format!(
                    "{failure}\nhelp: `{}` is {}; fetch again when this is fixed",
                    show_path(&path),
                    state.name()
                ))
            })?;
        }
        let report = FetchReport {
            state,
            source: url.to_string(),
            content,
            before: before.filter(|_| state == FileState::Changed),
            lock: lock.path().to_owned(),
            path,
        };
        console.result(&report, |format| report.render(format))?;
        Ok(Completed::Success)
    }

    fn path(&self) -> PathBuf {
        let version = &self.api_version;
        self.out.clone().unwrap_or_else(|| {
            Path::new("metadata").join(match self.cloud {
                Cloud::Global => format!("{version}.csdl"),
                cloud => format!("{version}-{cloud}.csdl"),
            })
        })
    }

    fn url(&self) -> Result<Url, Failure> {
        let root = self.root.clone().unwrap_or_else(|| self.cloud.into());
        let url = format!("{root}/{}/$metadata", self.api_version);
        Url::parse(&url)
            .map_err(|error| Failure::Usage(format!("invalid URL `{}`: {error}", one_line(&url))))
    }

    /// Downloads and validates the metadata. Afterwards signals do not end the process.
    fn download(
        &self,
        url: &Url,
        path: &Path,
        console: &mut Console,
    ) -> Result<(Vec<u8>, Interrupts), Failure> {
        let cannot_start =
            |error: io::Error| Failure::External(format!("cannot start a download: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot_start)?;
        let name = format!("{url}, for {}", show_path(path));
        let result = runtime.block_on(async {
            let mut interrupts = Interrupts::new().map_err(cannot_start)?;
            let valid = async {
                let bytes = download::get(url, self, console).await?;
                // In another thread, so that Ctrl-C works during validation.
                tokio::task::spawn_blocking(move || validate(&name, bytes))
                    .await
                    .map_err(|error| Failure::External(format!("cannot validate it: {error}")))?
            };
            let bytes = tokio::select! {
                bytes = valid => bytes?,
                () = interrupts.next() => return Err(Failure::Interrupted),
            };
            Ok((bytes, interrupts))
        });
        // Do not wait for name resolution or validation.
        runtime.shutdown_background();
        result
    }
}

/// The file name, which must be valid in a lock file.
fn lockable_name(path: &Path) -> Result<&str, Failure> {
    match path.file_name().map(|name| name.to_str()) {
        Some(Some(name)) if name != lock::FILE_NAME && lock::is_file_name(name) => Ok(name),
        _ => Err(Failure::Usage(format!(
            "`{}` cannot have an entry in a lock file\nhelp: name another file with `--out`",
            show_path(path)
        ))),
    }
}

/// Checks before the download that the files may be replaced.
fn check_replaceable(path: &Path, name: &str) -> Result<(), Failure> {
    if read_old(path)?.is_some_and(|old| is_slice(&old)) {
        let whole = format!("target/{name}");
        let fetch = shell::command("msgraph fetch", &[("-o", Some(&whole))]);
        let slice = [("", Some(whole.as_str())), ("-o", path.to_str())];
        let (fetch, slice) = match (fetch, shell::command("msgraph slice", &slice)) {
            (Some(fetch), Some(slice)) => (format!(", `{fetch}`"), format!(", `{slice}`")),
            _ => (String::new(), String::new()),
        };
        return Err(Failure::Usage(format!(
            "`{}` is a slice, which is not replaced by the whole metadata\nhelp: fetch the whole \
             elsewhere{fetch}, and slice it again{slice}; or remove the slice",
            show_path(path)
        )));
    }
    let lock = Lock::next_to(path)?;
    read_old(lock.path())?;
    temporary::clear([path, lock.path()]);
    Ok(())
}

/// Returns the bytes if the generator accepts them.
fn validate(name: &str, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_bytes(&mut sources, name, bytes.clone())?;
    msgraph_csdl::read::read_schema(&sources, &[id])?;
    Ok(bytes)
}

/// The current time in whole seconds.
fn now() -> Result<toml_edit::Datetime, Failure> {
    let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    now.parse()
        .map_err(|_| Failure::External(format!("the clock has an invalid time, `{now}`")))
}

impl FetchReport {
    fn render(&self, format: Format) -> String {
        let (bullet, path) = (format.bullet(), format.path(&self.path));
        let (state, size) = (self.state.name(), self.content.size);
        let sha256 = format.plain(self.content.short());
        let content = match &self.before {
            Some(before) => format!(
                "{} -> {size} bytes, sha256 {} -> {sha256}",
                before.size,
                before.short()
            ),
            None => format!("{size} bytes, sha256 {sha256}"),
        };
        format!("{bullet}{state} {path}: {content}\n")
    }
}
