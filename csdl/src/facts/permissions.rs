//! The permissions of operations: those that the facts document, or else those of the permission map.

use std::collections::BTreeMap;

use super::fact_path::covers;
use super::{Facts, cited, texts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::permissions::{
    Access, PermissionMap, Permissions, Requirement, Scheme, is_permission_name,
    with_placeholder_keys,
};
use crate::source::Span;
use crate::toml_table::{Setting, Table};

/// `[permission."…"]`: a permission that allows an operation for some properties or resources only.
#[derive(Debug)]
pub struct PermissionFacts {
    /// The location of the entry.
    pub span: Span,
    /// `partial`: what the permission covers. By default, a description of `properties` and `also`.
    pub partial: String,
    /// `properties`: the properties that the permission allows an update to change.
    pub properties: Vec<String>,
    /// `also`: the permissions that are needed together with it.
    pub also: Vec<String>,
    /// `instead`: permissions that cover the whole operation. If this one is a least privileged one, the first of
    /// these that allows the operation takes its place.
    pub instead: Vec<String>,
    /// `paths`: the paths to which the entry applies, or subtrees, `/users/{id}/**`. Empty for all.
    pub paths: Vec<Setting>,
    /// `source`: the page that documents the fact.
    pub source: String,
}

/// The permissions of an operation, and where they are documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownPermissions {
    /// The permissions.
    pub permissions: Permissions,
    /// What the permissions in [`Access::partial`] cover, by name.
    pub covered: BTreeMap<String, String>,
    /// Where they are documented.
    pub origin: PermissionOrigin,
}

/// Where the permissions of an operation are documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermissionOrigin {
    /// In the facts.
    Facts {
        /// The location of the entry.
        span: Span,
        /// The page that the entry names.
        source: String,
    },
    /// In the permission map.
    Map,
}

impl Facts {
    /// The permissions of an operation: those that the facts document for it, or else those of the map.
    /// Permissions that cover only a part of it are in [`Access::partial`]. `None` if neither has the
    /// operation.
    ///
    /// `path` and `generic` are those of [`PermissionMap::find`].
    pub fn permissions(
        &self,
        map: Option<&PermissionMap>,
        method: &str,
        path: &str,
        generic: &str,
    ) -> Option<KnownPermissions> {
        let of_facts = || {
            let facts = self.operation_of(method, path).or_else(|| {
                // The map may have an entry for this key.
                if path == generic || map.is_some_and(|map| map.has(method, path)) {
                    return None;
                }
                self.operation_of(method, &with_placeholder_keys(path, generic))
            })?;
            let origin = PermissionOrigin::Facts {
                span: facts.span,
                source: facts.source.clone(),
            };
            Some((facts.permissions.clone()?, origin))
        };
        let of_map = || Some((map?.find(method, path, generic)?, PermissionOrigin::Map));
        let (mut permissions, origin) = of_facts().or_else(of_map)?;
        let mut covered = BTreeMap::new();
        for access in permissions.accesses_mut() {
            self.separate_partial(access, &[path, generic], &mut covered);
        }
        Some(KnownPermissions {
            permissions,
            covered,
            origin,
        })
    }

    /// Moves the permissions that cover only a part of the operation to [`Access::partial`], and inserts what they cover.
    /// If there are no others, none is moved: the part is all that the scheme allows. `paths` has the path with and
    /// without its casts and literal keys.
    fn separate_partial(
        &self,
        access: &mut Access,
        paths: &[&str; 2],
        covered: &mut BTreeMap<String, String>,
    ) {
        let is_partial = |it: &&Requirement| self.partial(it, paths).is_some();
        let partial = access.all().filter(is_partial).count();
        if partial == 0 || partial == access.all().count() {
            return;
        }
        let Access { least, higher, .. } = std::mem::take(access);
        for requirement in &least {
            let Some((name, facts)) = self.partial(requirement, paths) else {
                access.push_least(requirement.clone());
                continue;
            };
            let all = || least.iter().chain(&higher);
            let whole =
                |name: &String| all().find(|it| it.also.is_empty() && it.permission == *name);
            if let Some(whole) = facts.instead.iter().find_map(whole) {
                access.push_least(whole.clone());
            }
            covered.insert(name.to_owned(), facts.partial.clone());
            access.partial.push(requirement.clone());
        }
        for requirement in higher {
            if let Some((name, facts)) = self.partial(&requirement, paths) {
                covered.insert(name.to_owned(), facts.partial.clone());
                access.partial.push(requirement);
            } else if !access.least.contains(&requirement) {
                access.higher.push(requirement);
            }
        }
    }

    /// The permission of a requirement that covers only a part of the operation at a path.
    fn partial<'r>(
        &self,
        requirement: &'r Requirement,
        paths: &[&str; 2],
    ) -> Option<(&'r str, &PermissionFacts)> {
        requirement.names().find_map(|name| {
            let facts = self.permissions.get(name)?;
            let applies = paths.iter().any(|path| facts.applies_to(path));
            applies.then_some((name, facts))
        })
    }

    /// `[permission."…"]`.
    pub(super) fn read_permissions(&mut self, top: &mut Table<'_>, diagnostics: &mut Diagnostics) {
        for (name, mut table) in top.named_tables("permission", diagnostics) {
            check_name(&name, &name.text, diagnostics);
            let [also, instead] = ["also", "instead"].map(|key| {
                let permissions = table.strings(key, diagnostics);
                for permission in &permissions {
                    check_name(permission, &permission.text, diagnostics);
                }
                texts::<Vec<String>>(permissions)
            });
            let properties: Vec<String> = texts(table.strings("properties", diagnostics));
            let facts = PermissionFacts {
                span: name.span,
                partial: match table.string("partial", diagnostics) {
                    Some(partial) => partial.text.into_owned(),
                    None => partial(&name, &properties, &also, diagnostics),
                },
                properties,
                also,
                instead,
                paths: paths(&mut table, diagnostics),
                source: cited(&name, &mut table, diagnostics),
            };
            table.finish(diagnostics);
            self.permissions.insert(name.text.into_owned(), facts);
        }
    }
}

impl PermissionFacts {
    fn applies_to(&self, path: &str) -> bool {
        let mut entries = self.paths.iter();
        self.paths.is_empty() || entries.any(|entry| covers(&entry.text, path))
    }
}

/// `permissions` of an operation: a list for delegated and application access, or a table with a list for each scheme.
/// The first item is the least privileged permission.
pub(super) fn of_operation(
    table: &mut Table<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Permissions> {
    const KEY: &str = "permissions";
    check_empty(table, KEY, diagnostics);
    if !table.is_table(KEY) {
        let access = access(table.strings(KEY, diagnostics), diagnostics)?;
        return Some(Permissions {
            delegated: Some(access.clone()),
            personal: None,
            application: Some(access),
        });
    }
    let mut permissions = Permissions::default();
    for mut table in table.tables(KEY, diagnostics) {
        for scheme in Scheme::ALL {
            check_empty(&table, scheme.name(), diagnostics);
            let named = table.strings(scheme.name(), diagnostics);
            *permissions.of_mut(scheme) = access(named, diagnostics);
        }
        if permissions == Permissions::default() {
            let message = "`permissions` names no permission";
            let help = "write a list for each scheme that the operation supports: \
                        `{ delegated = [\"User.Read\"] }`";
            diagnostics.push(Diagnostic::error(table.span(), message).help(help));
        }
        table.finish(diagnostics);
    }
    Some(permissions)
}

fn check_empty(table: &Table<'_>, key: &str, diagnostics: &mut Diagnostics) {
    if let Some(span) = table.empty_array(key) {
        let message = format!("`{key}` names no permission");
        let help = "name the least privileged permission first, or remove the key: a scheme without a list is not \
                    supported, and without `permissions`, Microsoft's data applies";
        diagnostics.push(Diagnostic::error(span, message).help(help));
    }
}

/// The first item is the least privileged permission. `None` if there is none.
fn access(named: Vec<Setting>, diagnostics: &mut Diagnostics) -> Option<Access> {
    let mut requirements = named
        .into_iter()
        .map(|item| requirement(&item, diagnostics));
    Some(Access {
        least: vec![requirements.next()?],
        higher: requirements.collect(),
        partial: Vec::new(),
    })
}

/// `A and B`.
fn requirement(item: &Setting, diagnostics: &mut Diagnostics) -> Requirement {
    let mut names = item.text.split(" and ");
    let mut next = || {
        let name = names.next()?;
        check_name(item, name, diagnostics);
        Some(name.to_owned())
    };
    Requirement {
        permission: next().unwrap_or_default(),
        also: std::iter::from_fn(next).collect(),
    }
}

fn check_name(item: &Setting, name: &str, diagnostics: &mut Diagnostics) {
    if !is_permission_name(name) {
        diagnostics.push(
            Diagnostic::error(
                item.span,
                format!("`{name}` is not the name of a permission"),
            )
            .help(
                "write `User.Read.All`, or `User.Read.All and Group.Read.All` if both are needed",
            ),
        );
    }
}

/// Describes what a permission with these `properties` and `also` covers. Without properties, the entry is an error.
fn partial(
    name: &Setting,
    properties: &[String],
    also: &[String],
    diagnostics: &mut Diagnostics,
) -> String {
    let noun = match properties {
        [] => {
            let message = format!("`{}` has no `properties` and no `partial`", name.text);
            let help = "write what the permission covers: `properties = [\"mail\"]`";
            diagnostics.push(Diagnostic::error(name.span, message).help(help));
            return String::new();
        }
        [_] => "property",
        _ => "properties",
    };
    let properties: Vec<String> = properties.iter().map(|it| format!("`{it}`")).collect();
    let together = match also {
        [] => String::new(),
        also => format!(", together with {}", also.join(" and ")),
    };
    format!("the {noun} {}{together}", properties.join(" and "))
}

fn paths(table: &mut Table<'_>, diagnostics: &mut Diagnostics) -> Vec<Setting> {
    let paths = table.strings("paths", diagnostics);
    for path in paths.iter().filter(|path| !path.text.starts_with('/')) {
        diagnostics.push(
            Diagnostic::error(path.span, format!("`{}` is not a path", path.text))
                .help("write `/users/{id}`, without a method"),
        );
    }
    paths
}
