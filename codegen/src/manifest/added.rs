//! `[property."T/p"] type = "…"`: properties that the service accepts and the metadata lacks.

use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::facts::added_property;
use msgraph_csdl::facts::check_declared;
use msgraph_csdl::model::{Schema, written_type};

use super::Manifest;

impl Manifest {
    /// Adds them to the model. An unknown owner is reported with the other settings.
    pub(crate) fn add_properties(&self, schema: &mut Schema<'_>, diagnostics: &mut Diagnostics) {
        for (path, settings) in &self.properties {
            let Some(written) = &settings.ty else {
                continue;
            };
            if !check_declared(path, settings.span, written, diagnostics) {
                continue;
            }
            let Some((owner, name)) = added_property::owner(schema, path) else {
                continue;
            };
            let ty = match added_property::type_reference(schema, &written.text) {
                Ok(ty) => ty,
                Err(help) => {
                    let message = format!("unknown type `{}`", written.text);
                    diagnostics.push(Diagnostic::error(written.span, message).help(help));
                    continue;
                }
            };
            match added_property::declared(schema, owner, name) {
                None => added_property::add(schema, owner, name, ty, written),
                // A newer version of the metadata, or a slice, may have it.
                Some(declared) if declared == written_type(schema, ty) => {}
                Some(declared) => diagnostics.push(
                    Diagnostic::error(
                        written.span,
                        format!("the metadata already declares `{path}`, as `{declared}`"),
                    )
                    .help(
                        "`type` adds missing properties; to correct a declaration, add a CSDL document",
                    ),
                ),
            }
        }
    }
}
