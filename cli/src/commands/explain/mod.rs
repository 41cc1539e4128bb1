//! `msgraph explain`: a page about one update, one type or one property.

mod page;
mod property;

use std::collections::BTreeMap;

use msgraph_codegen::command::Survey;
use msgraph_codegen::command::catalogue::{Catalogue, Declaration, Kind, Offer};
use msgraph_codegen::index::{Index, Operation};
use msgraph_csdl::diagnostic::Diagnostic;
use msgraph_csdl::path::segment;
use msgraph_csdl::path::template::same_template;

use crate::support::arguments::{self, Asked, Inputs};
use crate::support::console::{Console, Format};
use crate::support::failure::{Done, Failure};
use crate::support::text::folded;
use crate::support::type_name::{list, resolve};
use page::{Page, Subject, Taken};

/// Explain one update, one type or one property: the request, the fields, the Rust names, and why
/// each type is there.
///
/// A path is taken as you have it: with placeholders or real keys, with or without the slash at its
/// beginning, the API version, or the whole URL. A type is named with its namespace or without, or
/// by its Rust name; a property by its name, or behind that of a type and a slash. What the manifest
/// does not generate is explained too.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The path of an update, a type, or a property.
    #[arg(value_name = "PATH|TYPE|PROPERTY")]
    target: String,
    #[command(flatten)]
    inputs: Inputs,
    /// Every type with all its fields, and all updates that take a type.
    #[arg(long)]
    all: bool,
}

impl Arguments {
    /// Finds what is meant, and prints the page.
    ///
    /// # Errors
    ///
    /// When something is wrong in what is read, and when the metadata has no such update, type or
    /// property.
    pub fn run(&self, console: &mut Console) -> Result<Done, Failure> {
        let target = Target::read(&self.target);
        let asked = self.inputs.asked(target.version.as_deref())?;
        let page = if target.is_path {
            self.path_or_property(&asked, &target)?
        } else {
            self.name(&asked, &target.text)?
        };
        match console.format() {
            Format::Json => console.json(&page)?,
            Format::Markdown => console.print(&page.markdown(self.all))?,
            Format::Text => console.print(&page.text(self.all))?,
        }
        Ok(Done::Well)
    }

    /// The page of a path, or of `namespace.type/property`, which looks like one.
    fn path_or_property(&self, asked: &Asked, target: &Target) -> Result<Page, Failure> {
        let result = path(asked, &target.text);
        if !matches!(result, Err(Failure::Usage(_))) || self.target.starts_with('/') {
            return result;
        }
        let (catalogue, _) = arguments::catalogue(&asked.config, None)?;
        let found = property::page_of_type(asked, &catalogue, self.target.trim())?;
        found.map_or(result, Ok)
    }

    /// The page of a name: of a type, of a path without its slash, or of a property.
    fn name(&self, asked: &Asked, name: &str) -> Result<Page, Failure> {
        let (catalogue, bounded) = arguments::catalogue(&asked.config, None)?;
        let no_type = match type_page(asked, &catalogue, bounded, name) {
            Err(Failure::Usage(no_type)) if !name.contains('.') => no_type,
            page => return page,
        };
        // `me` and `policies` are paths as well.
        let no_path = match path(asked, &format!("/{name}")) {
            Err(Failure::Usage(no_path)) => no_path,
            page => return page,
        };
        if !starts_a_path(&catalogue, name)
            && let Some(page) = property::page(asked, &catalogue, name, self.all)?
        {
            return Ok(page);
        }
        Err(Failure::Usage(format!("{no_type}\n{no_path}")))
    }
}

/// Whether updates are on offer below a path of this one segment.
fn starts_a_path(catalogue: &Catalogue, segment: &str) -> bool {
    let offers = catalogue.offers.iter().flatten();
    let mut firsts = offers.filter_map(|offer| offer.path.split('/').nth(1));
    firsts.any(|first| first.eq_ignore_ascii_case(segment))
}

/// What is asked for, as it was meant.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    is_path: bool,
    /// A path from the service root, or a name.
    text: String,
    /// The API version that stood before the path.
    version: Option<String>,
}

impl Target {
    fn read(written: &str) -> Self {
        let mut text = written.trim();
        // `PATCH /users/1`, as it stands in a page of the reference.
        if let Some((method, rest)) = text.split_once(char::is_whitespace)
            && method.bytes().all(|byte| byte.is_ascii_alphabetic())
        {
            text = rest.trim();
        }
        let mut is_path = text.contains('/');
        if let Some((_, behind)) = text.split_once("://") {
            is_path = true;
            text = behind
                .find('/')
                .and_then(|at| behind.get(at..))
                .unwrap_or("/");
        }
        if !is_path {
            return Target {
                is_path,
                text: text.to_owned(),
                version: None,
            };
        }
        text = text.split(['?', '#']).next().unwrap_or_default();
        let mut segments: Vec<&str> = segment::split(text)
            .filter(|part| !part.is_empty())
            .collect();
        let version = match segments.first() {
            Some(&first @ ("v1.0" | "beta")) => {
                segments.remove(0);
                Some(first.to_owned())
            }
            _ => None,
        };
        // `<id>` is what some pages write for `{id}`.
        let segments: Vec<String> = segments
            .into_iter()
            .map(|segment| {
                let inner = segment.strip_prefix('<');
                match inner.and_then(|inner| inner.strip_suffix('>')) {
                    Some(name) => format!("{{{name}}}"),
                    None => segment.to_owned(),
                }
            })
            .collect();
        Target {
            is_path,
            text: format!("/{}", segments.join("/")),
            version,
        }
    }
}

/// The page of an update.
fn path(asked: &Asked, path: &str) -> Result<Page, Failure> {
    if path.contains('*') {
        let list = list(path);
        let path = folded(path);
        return Err(Failure::Usage(format!(
            "`{path}` may be many updates\nhelp: {list} lists them; name one"
        )));
    }
    if asked.manifest.is_some() {
        let survey = asked.config.survey()?;
        let operations = operations_at(&survey.index, path);
        if !operations.is_empty() {
            return Ok(Page::of_path(asked, &survey.index, operations, true));
        }
    }
    let survey = asked.config.clone().only([path], [""; 0]).survey()?;
    if survey.index.operations.is_empty() {
        return Err(unavailable(&survey));
    }
    let operations = survey.index.operations.iter().collect();
    Ok(Page::of_path(asked, &survey.index, operations, false))
}

/// The operations of the template that fits a path best: the one with the most literal segments.
fn operations_at<'i>(index: &'i Index, path: &str) -> Vec<&'i Operation> {
    let fitting = index
        .operations
        .iter()
        .filter_map(|operation| Some((fits(&operation.path, path)?, operation)));
    let fitting: Vec<(usize, &Operation)> = fitting.collect();
    let Some((_, best)) = fitting.iter().max_by_key(|(literal, _)| literal) else {
        return Vec::new();
    };
    let same = fitting
        .iter()
        .filter(|(_, operation)| operation.path == best.path);
    same.map(|(_, operation)| *operation).collect()
}

/// How many segments of a template stand in a path literally, where it is of that template.
fn fits(template: &str, path: &str) -> Option<usize> {
    if same_template(template, path) {
        return Some(usize::MAX);
    }
    let mut literal = 0;
    let mut segments = segment::split(path);
    for wanted in segment::split(template) {
        let segment = segments.next()?;
        if wanted.eq_ignore_ascii_case(segment) {
            literal += 1;
        } else if !is_of(wanted, segment) {
            return None;
        }
    }
    segments.next().is_none().then_some(literal)
}

/// Whether a segment is one of a template's with a placeholder: `{id}`, `name(appId='{appId}')`.
fn is_of(template: &str, segment: &str) -> bool {
    let start = template.split_once('{').map(|(start, _)| start);
    let end = template.rsplit_once('}').map(|(_, end)| end);
    let (Some(start), Some(end)) = (start, end) else {
        return false;
    };
    let inner = segment.strip_prefix(start);
    let inner = inner.and_then(|inner| inner.strip_suffix(end));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains('{'))
}

/// What the metadata lacks, each message with its help.
fn unavailable(survey: &Survey) -> Failure {
    let errors: Vec<String> = survey.unavailable.iter().map(message).collect();
    Failure::Usage(errors.join("\n"))
}

fn message(diagnostic: &Diagnostic) -> String {
    match &diagnostic.help {
        Some(help) => format!("{}\nhelp: {help}", diagnostic.message),
        None => diagnostic.message.clone(),
    }
}

/// The page of a type.
fn type_page(
    asked: &Asked,
    catalogue: &Catalogue,
    bounded: Option<usize>,
    name: &str,
) -> Result<Page, Failure> {
    let name = resolve(name, catalogue)?;
    let offers = match &catalogue.offers {
        Ok(offers) => taking(&name, offers, &catalogue.survey.types),
        Err(_) => Vec::new(),
    };
    let subject = subject(&name, &catalogue.survey.types, offers, bounded);
    let index = &catalogue.survey.index;
    if asked.manifest.is_some() && has(index, &name) {
        return Ok(Page::of_type(asked, index, subject, true));
    }
    let survey = asked.config.clone().only([""; 0], [&name]).survey()?;
    if !has(&survey.index, &name) {
        return Err(unavailable(&survey));
    }
    Ok(Page::of_type(asked, &survey.index, subject, false))
}

fn has(index: &Index, name: &str) -> bool {
    index.types.iter().any(|ty| ty.ty == name) || index.enumerations.iter().any(|ty| ty.ty == name)
}

/// The type and the types it derives from, nearest first.
fn lineage<'t>(name: &'t str, types: &'t BTreeMap<String, Declaration>) -> Vec<&'t str> {
    // The model has no cycles: the metadata with one is an error.
    std::iter::successors(Some(name), |name| types.get(*name)?.base.as_deref()).collect()
}

/// The updates whose body may be of a type.
fn taking(name: &str, offers: &[Offer], types: &BTreeMap<String, Declaration>) -> Vec<Taken> {
    let lineage = lineage(name, types);
    offers
        .iter()
        .filter(|offer| lineage.contains(&offer.declared.as_str()))
        .map(|offer| Taken {
            method: offer.method,
            path: offer.path.clone(),
            declared: (offer.declared != name).then(|| offer.declared.clone()),
        })
        .collect()
}

fn subject(
    name: &str,
    types: &BTreeMap<String, Declaration>,
    updates: Vec<Taken>,
    bounded: Option<usize>,
) -> Subject {
    let declaration = types.get(name);
    let derived = types.iter();
    let derived = derived.filter(|(_, ty)| ty.base.as_deref() == Some(name));
    Subject {
        ty: name.to_owned(),
        kind: declaration.map_or(Kind::Complex, |ty| ty.kind),
        is_abstract: declaration.is_some_and(|ty| ty.is_abstract),
        bases: lineage(name, types)
            .into_iter()
            .skip(1)
            .map(str::to_owned)
            .collect(),
        derived: derived.map(|(name, _)| name.clone()).collect(),
        used_by: declaration.map(|ty| ty.used_by.clone()).unwrap_or_default(),
        updates,
        depth: bounded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_taken_as_the_user_has_it() {
        let path = |text: &str, version: Option<&str>| Target {
            is_path: true,
            text: text.to_owned(),
            version: version.map(str::to_owned),
        };
        let table = [
            ("/users/{id}", path("/users/{id}", None)),
            ("users/{id}", path("/users/{id}", None)),
            ("/users/<id>", path("/users/{id}", None)),
            ("/v1.0/users/1/", path("/users/1", Some("v1.0"))),
            ("beta/users/1", path("/users/1", Some("beta"))),
            (
                "https://graph.microsoft.us/beta/users/1?$select=id",
                path("/users/1", Some("beta")),
            ),
            ("https://graph.microsoft.com", path("/", None)),
            (
                "PATCH https://graph.microsoft.com/v1.0/users/1",
                path("/users/1", Some("v1.0")),
            ),
            ("patch /users/1", path("/users/1", None)),
        ];
        for (written, target) in table {
            assert_eq!(Target::read(written), target, "{written}");
        }
        let ty = Target::read("microsoft.graph.user");
        assert!(!ty.is_path && ty.text == "microsoft.graph.user");
    }

    #[test]
    fn a_path_fits_the_template_with_the_same_literals() {
        assert_eq!(fits("/users/{id}", "/users/1"), Some(2));
        assert_eq!(fits("/users/{id}", "/Users/1"), Some(2));
        assert_eq!(fits("/users/{id}", "/users/{other}"), Some(usize::MAX));
        assert_eq!(fits("/users/me", "/users/{other}"), None);
        assert_eq!(fits("/a(b='{c}')/d", "/a(b='1')/d"), Some(2));
        assert_eq!(fits("/a(b='{c}')/d", "/a(e='1')/d"), None);
        assert_eq!(fits("/users/{id}", "/users/1/manager"), None);
        assert_eq!(fits("/users/{id}/manager", "/users/1"), None);
    }
}
