//! Updates and resets.

use std::collections::BTreeMap;

use msgraph_csdl::facts::NamedTypes;
use msgraph_csdl::path::segment::SegmentParts;
use msgraph_csdl::path::{ResourcePath, SegmentKind};

use super::Lowering;
use super::identifier::{Taken, keyword_free, snake, snake_part};
use super::keys::{local_name, parameters};
use crate::ir::{self, Api, Method, ODataType, Operation, RustPath};
use crate::select::{Body, SelectedUpdate};

/// The modules of an update, each with its URL, and what follows the verb in the name of its function.
#[derive(Default)]
struct Place {
    modules: Vec<(String, String)>,
    suffixes: Vec<String>,
}

impl Lowering<'_, '_> {
    pub(super) fn operations(&self, api: &mut Api) {
        let mut by_module: BTreeMap<Vec<String>, Vec<(&SelectedUpdate, String)>> = BTreeMap::new();
        for update in &self.selection.updates {
            let Place { modules, suffixes } = self.place(update);
            let mut path = Vec::with_capacity(modules.len());
            for (name, url) in modules {
                path.push(name);
                let module = api.modules.entry(path.clone()).or_default();
                module.url.get_or_insert(url);
            }
            let suffixes: String = suffixes.iter().flat_map(|suffix| ["_", suffix]).collect();
            by_module.entry(path).or_default().push((update, suffixes));
        }
        for (module, updates) in by_module {
            // Within a module, the order of templates decides which name gets the number.
            let mut taken = Taken::default();
            let mut function = |verb: &str, suffixes: &str| {
                let name = taken.unique(&format!("{verb}{suffixes}"), |_| false);
                RustPath::new(module.clone(), name)
            };
            for (update, suffixes) in updates {
                let verb = match method(&update.path) {
                    Method::Put => "replace",
                    Method::Patch | Method::Delete => "update",
                };
                let operation = self.operation(update, function(verb, &suffixes), api);
                let facts = self.input.facts.operation(&operation.path);
                let reset = facts.filter(|facts| facts.reset).map(|_| Operation {
                    method: Method::Delete,
                    rust: function("reset", &suffixes),
                    body: None,
                    bodies: Vec::new(),
                    response: None,
                    odata_type: ODataType::Nested,
                    ..operation.clone()
                });
                api.operations.push(operation);
                api.operations.extend(reset);
            }
        }
    }

    fn place(&self, update: &SelectedUpdate) -> Place {
        let mut place = Place::default();
        if let Some(name) = &update.name {
            place.suffixes.push(snake(&name.text));
            return place;
        }
        let mut url = String::new();
        let last = update.path.segments.len().saturating_sub(1);
        for (nth, segment) in update.path.segments.iter().enumerate() {
            url.push('/');
            url.push_str(&segment.text);
            let mut enter = |name: String| place.modules.push((name, url.clone()));
            let parts = SegmentParts::parse(&segment.text).ok();
            let name = local_name(segment, parts.as_ref());
            let by = parts.iter().flat_map(SegmentParts::argument_names);
            let by: Vec<String> = by.map(snake_part).collect();
            let by = (!by.is_empty()).then(|| format!("by_{}", by.join("_and_")));
            let suffix = match segment.kind {
                SegmentKind::Key if !segment.parameters.is_empty() => None,
                SegmentKind::Key if nth == last => Some(snake_part(&segment.text)),
                SegmentKind::Key => {
                    enter(keyword_free(snake(&segment.text)));
                    None
                }
                SegmentKind::Cast => {
                    enter(format!("as_{}", snake_part(name)));
                    by
                }
                SegmentKind::Name | SegmentKind::Function => match by {
                    // Overloads of a function differ in their parameters.
                    Some(by) if segment.kind == SegmentKind::Function => {
                        enter(format!("{}_{by}", snake(name)));
                        None
                    }
                    by => {
                        enter(keyword_free(snake(name)));
                        by
                    }
                },
            };
            place.suffixes.extend(suffix.filter(|_| nth == last));
        }
        if place.suffixes.is_empty()
            && let Body::Type(ty) = update.body
            && ty.ty != update.path.target.ty
        {
            place
                .suffixes
                .push(snake_part(&self.input.schema[ty.ty].name.text));
        }
        place
    }

    fn operation(&self, update: &SelectedUpdate, rust: RustPath, api: &mut Api) -> Operation {
        let path = update.path.template();
        let facts = self.input.facts.operation(&path);
        Operation {
            method: method(&update.path),
            parameters: parameters(&update.path),
            declared: self.input.schema[update.path.target.ty].qualified_name(),
            body: Some(self.body(update, update.body, &rust.module, api)),
            bodies: self.accepted(update.body),
            response: update
                .response
                .map(|response| self.body(update, response, &rust.module, api)),
            odata_type: self.odata_type(update, &path),
            if_match: update.path.target.restrictions.if_match,
            permissions: facts
                .map(|facts| facts.permissions.clone())
                .unwrap_or_default(),
            roles: facts.map(|facts| facts.roles.clone()).unwrap_or_default(),
            clouds: facts.map(|facts| facts.clouds.clone()).unwrap_or_default(),
            note: facts.and_then(|facts| facts.note.clone()),
            source: facts.map(|facts| facts.source.clone()),
            deprecations: self.update_deprecations(&update.path, update.body),
            path,
            rust,
        }
    }

    /// The body of an update or of its response, imported into the module unless its name is taken there.
    fn body(
        &self,
        update: &SelectedUpdate,
        body: Body,
        module: &[String],
        api: &mut Api,
    ) -> ir::Body {
        let mut ty = self.type_ref(module, body);
        let is_own = ty.path.len() == 1;
        let name = &self.path(body).name;
        if !is_own {
            let imports = &mut api.modules.entry(module.to_owned()).or_default().imports;
            let own = RustPath::new(module.to_owned(), name.clone());
            let is_taken = self.names.taken.contains_key(&own)
                || imports
                    .iter()
                    .any(|import| import.path.last() == Some(name) && import.path != ty.path);
            if !is_taken {
                imports.insert(ty.clone());
                ty.path = vec![name.clone()];
            }
        }
        ir::Body {
            ty,
            is_union: matches!(body, Body::AnyOf(_)),
            is_collection: update.path.target.is_collection,
        }
    }

    fn odata_type(&self, update: &SelectedUpdate, path: &str) -> ODataType {
        let target = &update.path.target;
        let is_declared = matches!(update.body, Body::Type(id) if id.ty == target.ty);
        match self.input.facts.named_types(path) {
            NamedTypes::All => ODataType::All,
            NamedTypes::Body if !target.is_collection => ODataType::Body,
            // The items of a collection compare for themselves.
            NamedTypes::Body | NamedTypes::Differing if target.is_collection || is_declared => {
                ODataType::Nested
            }
            NamedTypes::Body | NamedTypes::Differing => ODataType::Differing,
        }
    }
}

fn method(path: &ResourcePath) -> Method {
    if path.target.restrictions.put {
        Method::Put
    } else {
        Method::Patch
    }
}
