//! `msgraph fetch`: the metadata that Graph serves, into a file.

mod download;
mod locked;
mod progress;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::{RoundMode, Timestamp, TimestampRound, Unit};
use msgraph_csdl::source::Sources;
use msgraph_runtime::{Cloud, Root, RootError};
use reqwest::Url;
use serde::Serialize;

use crate::commands::slice::is_slice;
use crate::support::arguments::{api_version, cloud};
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::files::read_old;
use crate::support::files::replace::Prepared;
use crate::support::files::temporary;
use crate::support::interrupt::Interrupts;
use crate::support::lock::{self, Content, Entry, Lock};
use crate::support::shell;
use crate::support::text::{STRONG, code, folded, own, plain, shown, styled};
use download::Patience;

/// Download the metadata of Microsoft Graph; no token is needed.
///
/// The document is read and resolved before it replaces the old file. Where it is from, and its
/// sha256, are recorded in `lock.toml` beside it, which `--check` holds, and `msgraph generate
/// --check` too.
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
    /// Where the document goes [default: metadata/VERSION.csdl, and metadata/VERSION-CLOUD.csdl
    /// for another cloud than global].
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Another root than the cloud's: https, or http on this machine.
    #[arg(long, value_name = "URL", value_parser = root)]
    root: Option<Root>,
    /// How long to wait for a connection, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = seconds())]
    connect_timeout: u64,
    /// How long to wait for the next bytes, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = seconds())]
    idle_timeout: u64,
    /// How long everything may take, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = seconds())]
    timeout: u64,
    /// How often to try at most: when there is no connection or it is lost, and when Graph says to
    /// come back within 30 seconds.
    #[arg(long, value_name = "NUMBER", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,
    /// Fetch nothing; hold each document that `lock.toml` names to its sha256, and exit with 1 where
    /// one differs. It is looked for beside `--out`, or else in `metadata`.
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
        RootError::Insecure(_) => "what comes in plain text may have been changed on the way, and \
                                   it is compiled: use https, or http on loopback"
            .to_owned(),
        error => error.to_string(),
    })
}

/// The result as JSON.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    path: PathBuf,
    state: State,
    source: String,
    #[serde(flatten)]
    content: Content,
    /// What was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Content>,
    lock: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum State {
    /// There was no file.
    Added,
    /// There was another document.
    Changed,
    /// There was just this one.
    Unchanged,
}

impl Arguments {
    /// Downloads, checks, and replaces.
    ///
    /// # Errors
    ///
    /// When the document cannot be had, is not CSDL, or cannot be written. The old file and the
    /// lock file are then as they were.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        let path = self.path();
        if self.check {
            return locked::check_lock(&path, self.out.is_some(), console);
        }
        let name = lockable_name(&path)?;
        // What is wrong here is told before anything is downloaded.
        may_replace(&path, name)?;
        let url = self.url()?;
        let (bytes, _interrupts) = self.download(&url, &path, console)?;
        // Meanwhile others may have fetched beside it, and the lock file may have been edited.
        let _held = lock::hold(&path)?;
        let old = read_old(&path)?;
        let mut lock = Lock::beside(&path)?;
        let known = lock.entry(name)?;
        read_old(lock.path())?;
        let content = Content::of(&bytes);
        let before = old.as_deref().map(Content::of);
        let state = match &before {
            None => State::Added,
            Some(before) if *before == content => State::Unchanged,
            Some(_) => State::Changed,
        };
        let document = match state {
            State::Unchanged => None,
            _ => Some(Prepared::new(&path, &bytes)?),
        };
        // The date is that of the content, so that fetching the same again changes nothing.
        let is_known = known
            .as_ref()
            .is_some_and(|known| known.content == content && known.source == url.as_str());
        let lock_file = if is_known {
            None
        } else {
            let entry = Entry {
                source: url.to_string(),
                fetched: now()?,
                content: content.clone(),
            };
            lock.set(name, &entry)?;
            Some(Prepared::new(lock.path(), lock.text().as_bytes())?)
        };
        replace_both(document, lock_file, &path, state)?;
        let report = Report {
            state,
            source: url.to_string(),
            content,
            before: before.filter(|_| state == State::Changed),
            lock: lock.path().to_owned(),
            path,
        };
        report.show(console)
    }

    /// Where the document goes.
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
            .map_err(|error| Failure::Usage(format!("`{}` is no URL: {error}", folded(&url))))
    }

    /// The document, which is CSDL. From here on Ctrl-C is only seen while the download runs.
    fn download(
        &self,
        url: &Url,
        path: &Path,
        console: &mut Console,
    ) -> Result<(Vec<u8>, Interrupts), Failure> {
        let patience = Patience {
            connect: Duration::from_secs(self.connect_timeout),
            idle: Duration::from_secs(self.idle_timeout),
            total: Duration::from_secs(self.timeout),
            tries: self.tries,
        };
        let cannot_start =
            |error: io::Error| Failure::Outside(format!("cannot start a download: {error}"));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot_start)?;
        let name = format!("{url}, for {}", shown(path));
        let result = runtime.block_on(async {
            let mut interrupts = Interrupts::new().map_err(cannot_start)?;
            let checked = async {
                let bytes = download::get(url, &patience, console).await?;
                // Beside this thread, so that Ctrl-C is seen meanwhile.
                tokio::task::spawn_blocking(move || check(name, bytes))
                    .await
                    .map_err(|error| Failure::Outside(format!("cannot check it: {error}")))?
            };
            let bytes = tokio::select! {
                bytes = checked => bytes?,
                () = interrupts.next() => return Err(Failure::Interrupted),
            };
            Ok((bytes, interrupts))
        });
        // A name that is still looked up, or a check that still runs, is not waited for.
        runtime.shutdown_background();
        result
    }
}

/// The name of the document, which the lock file can have.
fn lockable_name(path: &Path) -> Result<&str, Failure> {
    match path.file_name().map(|name| name.to_str()) {
        Some(Some(name)) if name != lock::FILE_NAME && lock::is_file_name(name) => Ok(name),
        _ => Err(Failure::Usage(format!(
            "`{}` is no name for a file that can stand in the lock file",
            shown(path)
        ))),
    }
}

/// Checks that the document and its entry in the lock file may be replaced.
fn may_replace(path: &Path, name: &str) -> Result<(), Failure> {
    if read_old(path)?.is_some_and(|old| is_slice(&old)) {
        return Err(Failure::Usage(format!(
            "`{}` is a slice, and is not replaced by the whole\nhelp: {}; or remove the slice",
            shown(path),
            slice_anew(name, path)
        )));
    }
    let lock = Lock::beside(path)?;
    lock.entry(name)?;
    read_old(lock.path())?;
    temporary::clear([path, lock.path()]);
    Ok(())
}

/// Puts the document and the lock file in their places.
fn replace_both(
    document: Option<Prepared>,
    lock_file: Option<Prepared>,
    path: &Path,
    state: State,
) -> Result<(), Failure> {
    // Both are whole on disk now, and two renames are left. Should the second fail, `--check`
    // sees that the two disagree, and fetching again mends it.
    if let Some(document) = document {
        document.replace()?;
    }
    if let Some(lock_file) = lock_file {
        lock_file.replace().map_err(|failure| {
            Failure::Outside(format!(
                "{failure}\nhelp: `{}` itself is {}; fetch again when this is mended",
                shown(path),
                state.name()
            ))
        })?;
    }
    Ok(())
}

/// How a slice is renewed.
fn slice_anew(name: &str, path: &Path) -> String {
    let whole = format!("target/{name}");
    let fetch = shell::command("msgraph fetch", &[("-o", Some(&whole))]);
    let slice = shell::command(
        "msgraph slice",
        &[("", Some(&whole)), ("-o", path.to_str())],
    );
    match (fetch, slice) {
        (Some(fetch), Some(slice)) => {
            format!("fetch the whole elsewhere, `{fetch}`, and slice it again, `{slice}`")
        }
        _ => "fetch the whole elsewhere, and slice it again".to_owned(),
    }
}

/// Gives back a document that the generator can read.
fn check(name: String, bytes: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let mut sources = Sources::new();
    let id = msgraph_csdl::read::read_bytes(&mut sources, &name, bytes.clone())?;
    msgraph_csdl::read::read_schema(&sources, &[id])?;
    Ok(bytes)
}

/// The time of the clock, in whole seconds.
fn now() -> Result<toml_edit::Datetime, Failure> {
    let whole = TimestampRound::new()
        .smallest(Unit::Second)
        .mode(RoundMode::Trunc);
    let now = Timestamp::now();
    let text = now.round(whole).unwrap_or(now).to_string();
    text.parse().map_err(|_| {
        Failure::Outside(format!(
            "the clock says `{text}`, which is no date to record"
        ))
    })
}

impl State {
    fn name(self) -> &'static str {
        match self {
            State::Added => "added",
            State::Changed => "changed",
            State::Unchanged => "unchanged",
        }
    }
}

impl Report {
    fn show(&self, console: &mut Console) -> Result<Done, Failure> {
        let path = self.path.to_string_lossy();
        let state = own(self.state.name()).then(own(" "));
        let Content { size, .. } = self.content;
        let sha256 = self.content.short();
        let facts = match &self.before {
            Some(before) => format!(
                "{} -> {size} bytes, sha256 {} -> {sha256}",
                before.size,
                before.short()
            ),
            None => format!("{size} bytes, sha256 {sha256}"),
        };
        let facts = own(": ").then(plain(facts)).then(own("\n"));
        match console.format() {
            Format::Json => console.json(self)?,
            Format::Markdown => {
                console.print(&own("- ").then(state).then(code(path)).then(facts))?;
            }
            Format::Text => {
                console.print(&state.then(styled(STRONG, plain(path))).then(facts))?;
            }
        }
        Ok(Done::Well)
    }
}
