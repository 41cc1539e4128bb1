//! Whether the token of a request grants the permissions that the request needs.

use hyper::Method;
use hyper::header::HeaderMap;
use msgraph_csdl::facts::KnownPermissions;
use msgraph_csdl::permissions::{Access, Requirement, Scheme, conjunction};
use serde_json::{Map, Value};

use crate::path::templates::Templates;
use crate::path::{PathStep, Target};
use crate::rejection::{Rejection, Result, bad_request};
use crate::service::Service;
use crate::service::headers::bearer_token;
use crate::service::query::Options;
use crate::service::resource_request::ResourceRequest;
use crate::token::GrantedPermissions;

impl Service {
    /// Requires a bearer token. If permissions are enforced, returns what it grants.
    pub(crate) fn authenticate(&self, headers: &HeaderMap) -> Result<Option<GrantedPermissions>> {
        let Some(token) = bearer_token(headers) else {
            return Err(Rejection::unauthorized("Access token is empty.", ""));
        };
        if !self.settings.enforces_permissions {
            return Ok(None);
        }
        let granted = GrantedPermissions::of_token(token);
        granted.map(Some).ok_or_else(|| {
            Rejection::unauthorized(
                "The access token is not a JSON Web Token with valid claims. For tests, create one with \
                 `msgraph_emulator::token`.",
                "",
            )
        })
    }
}

impl ResourceRequest<'_> {
    /// Checks that the token grants a permission that allows the operation. Returns a note if the
    /// permissions of the operation are not known.
    pub(super) fn check_permissions(&self) -> Result<Option<&'static str>> {
        let Some(granted) = self.granted else {
            return Ok(None);
        };
        let first = self.resource.steps.first();
        if granted.scheme() == Scheme::Application
            && matches!(first, Some(PathStep::Name { name, .. }) if name == "me")
        {
            return Err(bad_request!(
                "/me request is only valid with delegated authentication flow."
            ));
        }
        if self.deletes_linked() {
            return Err(Rejection {
                note: Some(
                    "without `/$ref`, DELETE deletes the resource itself, which needs a permission at its own path"
                        .to_owned(),
                ),
                ..Rejection::insufficient_privileges()
            });
        }
        match self.needed() {
            Some(needed) => self.check(granted, &needed).map(|()| None),
            None => Ok(Some("no permission data, so permissions are not checked")),
        }
    }

    /// Whether the request deletes a resource at a path that only links it. Permission data for such a path is for
    /// the reference.
    fn deletes_linked(&self) -> bool {
        let resource = &self.resource;
        self.request.method == Method::DELETE
            && matches!(resource.target, Target::Entity { .. })
            && resource.is_linked
            && resource.restrictions.deletable != Some(true)
    }

    /// Checks that the token also allows reading what is expanded.
    pub(super) fn check_expanded(&self, options: &Options) -> Result<()> {
        let Some(granted) = self.granted else {
            return Ok(());
        };
        for expanded in &options.expanded {
            let mut templates = self.resource.templates.clone();
            if let Target::Collection(_) = self.resource.target {
                templates.push_any_key();
            }
            templates.push_name(&expanded.name);
            if let Some(needed) = self.documented(&Method::GET, &templates) {
                self.check(granted, &needed)?;
            }
        }
        Ok(())
    }

    /// The note of the rejection names what the token lacks.
    fn check(&self, granted: &GrantedPermissions, needed: &KnownPermissions) -> Result<()> {
        let is_granted = |name: &str| granted.include(name);
        let note = match needed.permissions.of(granted.scheme()) {
            None => format!(
                "the operation has no {} permissions",
                granted.scheme().name()
            ),
            Some(access) if access.is_allowed(is_granted) => return Ok(()),
            Some(access) => {
                let partial = access.partial.iter().filter(|it| it.is_granted(is_granted));
                let partial: Vec<&str> = partial.flat_map(Requirement::names).collect();
                if self.updates_only_covered(&partial, &is_granted) {
                    return Ok(());
                }
                let covered = partial.iter().filter_map(|&name| {
                    let covered = needed.covered.get(name)?;
                    Some(format!("; {name} allows only {covered}"))
                });
                lacking(granted.scheme(), access) + &covered.collect::<String>()
            }
        };
        Err(Rejection {
            note: Some(note),
            ..Rejection::insufficient_privileges()
        })
    }

    /// Whether the request updates only properties that partial permissions cover.
    fn updates_only_covered(&self, partial: &[&str], is_granted: &dyn Fn(&str) -> bool) -> bool {
        if self.request.method != Method::PATCH {
            return false;
        }
        let facts = partial.iter();
        let facts = facts.filter_map(|name| self.api.model.permission_facts(name));
        let facts = facts.filter(|facts| facts.also.iter().all(|name| is_granted(name)));
        let covered: Vec<&String> = facts.flat_map(|facts| &facts.properties).collect();
        let body: Map<String, Value> =
            serde_json::from_slice(&self.request.body).unwrap_or_default();
        // `name@odata.bind` changes `name`, and `@odata.type` nothing.
        let names = body.keys().filter_map(|name| name.split('@').next());
        let mut changed = names.filter(|name| !name.is_empty()).peekable();
        changed.peek().is_some() && changed.all(|name| covered.iter().any(|it| *it == name))
    }

    /// The permissions that the request needs. If a property or `$count` has no data of its own, they are
    /// those for reading or updating the resource that it belongs to.
    fn needed(&self) -> Option<KnownPermissions> {
        let resource = &self.resource;
        let method = &self.request.method;
        let of_whole = match *method {
            Method::GET => Method::GET,
            _ => Method::PATCH,
        };
        self.documented(method, &resource.templates).or_else(|| {
            let mut enclosing = resource.enclosing.iter().rev();
            enclosing.find_map(|templates| self.documented(&of_whole, templates))
        })
    }

    fn documented(&self, method: &Method, templates: &Templates) -> Option<KnownPermissions> {
        let model = &self.api.model;
        templates.find(|path, generic| model.permissions(method.as_str(), path, generic))
    }
}

/// What a token lacks.
fn lacking(scheme: Scheme, access: &Access) -> String {
    let (alternatives, or_higher) = match access.least.as_slice() {
        [] => (&access.higher, ""),
        _ if access.higher.is_empty() => (&access.least, ""),
        _ => (&access.least, " or a higher one"),
    };
    let or = conjunction(alternatives);
    let alternatives: Vec<String> = alternatives.iter().map(Requirement::to_string).collect();
    let alternatives = alternatives.join(or);
    format!(
        "the token lacks {} permission {alternatives}{or_higher}",
        scheme.name()
    )
}
