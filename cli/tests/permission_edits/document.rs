//! Edits of permission data in Microsoft's format.

use msgraph_csdl::permissions::map_path;
use serde_json::{Map, Value, json};

/// An operation and how the caller signs in, as the document names them.
#[derive(Clone, Copy)]
pub(crate) struct Target<'t> {
    pub(crate) method: &'t str,
    pub(crate) path: &'t str,
    pub(crate) scheme: &'t str,
}

/// A permission document.
#[derive(Clone)]
pub(crate) struct Document(Value);

impl Document {
    pub(crate) fn empty() -> Self {
        Document(json!({ "permissions": {} }))
    }

    pub(crate) fn parse(text: &str) -> Self {
        Document(serde_json::from_str(text).unwrap())
    }

    pub(crate) fn text(&self) -> String {
        self.0.to_string()
    }

    /// Adds a permission for an operation.
    pub(crate) fn grant(&mut self, permission: &str, target: Target<'_>, is_least: bool) {
        let options = match is_least {
            true => format!("least={}", target.scheme),
            false => String::new(),
        };
        let set = path_set(&[target.scheme], &[target.method], target.path, &options);
        let permissions = self.0["permissions"].as_object_mut().unwrap();
        let permission = permissions
            .entry(permission)
            .or_insert_with(|| json!({ "schemes": {}, "pathSets": [] }));
        permission["pathSets"].as_array_mut().unwrap().push(set);
    }

    /// Removes an operation from a permission, or from all.
    pub(crate) fn revoke(&mut self, permission: Option<&str>, target: Target<'_>) {
        self.replace(permission, target, |_, _| None);
    }

    /// Marks no permission as the least privileged.
    pub(crate) fn unmark(&mut self, target: Target<'_>) {
        self.replace(None, target, |path, options| {
            let parts = options.split(';');
            let rest: Vec<&str> = parts.filter(|part| !part.starts_with("least=")).collect();
            Some((path.to_owned(), rest.join(";")))
        });
    }

    /// Writes the same in path sets of their own, with another spelling of the path.
    pub(crate) fn respell(&mut self, target: Target<'_>) {
        self.replace(None, target, |path, options| {
            Some((path.to_uppercase(), options.to_owned()))
        });
    }

    /// Replaces path and options of an operation for one scheme.
    fn replace(
        &mut self,
        only: Option<&str>,
        target: Target<'_>,
        change: impl Fn(&str, &str) -> Option<(String, String)>,
    ) {
        let path = map_path(target.path);
        for (name, permission) in self.0["permissions"].as_object_mut().unwrap() {
            if only.is_some_and(|only| only != name) {
                continue;
            }
            let Some(sets) = permission["pathSets"].as_array_mut() else {
                continue;
            };
            let mut separate = Vec::new();
            for set in sets.iter_mut() {
                let (schemes, methods) = (texts(&set["schemeKeys"]), texts(&set["methods"]));
                if !schemes.iter().any(|it| it == target.scheme)
                    || !methods.iter().any(|it| it == target.method)
                {
                    continue;
                }
                for (written, options) in take(set["paths"].as_object_mut().unwrap(), &path) {
                    let others = without(&methods, target.method);
                    separate.push(path_set(&schemes, &others, &written, &options));
                    let others = without(&schemes, target.scheme);
                    separate.push(path_set(&others, &[target.method], &written, &options));
                    if let Some((written, options)) = change(&written, &options) {
                        let (scheme, method) = ([target.scheme], [target.method]);
                        separate.push(path_set(&scheme, &method, &written, &options));
                    }
                }
            }
            sets.extend(separate);
        }
    }
}

/// Removes the entries of a path from a path set.
fn take(paths: &mut Map<String, Value>, path: &str) -> Vec<(String, String)> {
    // Most paths differ at the start.
    let start = path.get(..5).unwrap_or(path);
    let is_near = |written: &str| {
        let written = written.get(..start.len());
        written.is_some_and(|it| it.eq_ignore_ascii_case(start))
    };
    let spellings = paths.keys();
    let spellings = spellings.filter(|it| is_near(it) && map_path(it) == path);
    let spellings: Vec<String> = spellings.cloned().collect();
    let taken = spellings.into_iter().map(|written| {
        let options = paths.remove(&written).unwrap();
        (written, options.as_str().unwrap().to_owned())
    });
    taken.collect()
}

fn path_set<S: AsRef<str>, M: AsRef<str>>(
    schemes: &[S],
    methods: &[M],
    path: &str,
    options: &str,
) -> Value {
    let schemes: Vec<&str> = schemes.iter().map(AsRef::as_ref).collect();
    let methods: Vec<&str> = methods.iter().map(AsRef::as_ref).collect();
    json!({ "schemeKeys": schemes, "methods": methods, "paths": { path: options } })
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap().iter();
    list.map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn without(all: &[String], one: &str) -> Vec<String> {
    all.iter().filter(|it| *it != one).cloned().collect()
}
