//! Properties that a service accepts and its metadata lacks, as a manifest declares them.

use msgraph_csdl::added;
use msgraph_csdl::diagnostic::{Diagnostic, Diagnostics};
use msgraph_csdl::facts::check_declared;
use msgraph_csdl::model::{Schema, written_type};

use crate::manifest::Manifest;

/// Adds those of the manifest. What is wrong with their types is reported; that of a type or property
/// which is unknown otherwise is reported with the other settings.
pub(crate) fn of_manifest(
    manifest: &Manifest,
    schema: &mut Schema<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (path, settings) in &manifest.properties {
        let Some(written) = &settings.ty else {
            continue;
        };
        if !check_declared(path, settings.span, written, diagnostics) {
            continue;
        }
        let Some((owner, name)) = added::owner(schema, path) else {
            continue;
        };
        let ty = match added::type_reference(schema, &written.text) {
            Ok(ty) => ty,
            Err(help) => {
                let message = format!("unknown type `{}`", written.text);
                diagnostics.push(Diagnostic::error(written.span, message).help(help));
                continue;
            }
        };
        match added::declared(schema, owner, name) {
            None => added::add(schema, owner, name, ty, written),
            // The metadata, or a slice, may have it by now.
            Some(there) if there == written_type(schema, ty) => {}
            Some(there) => diagnostics.push(
                Diagnostic::error(
                    written.span,
                    format!("the metadata declares `{path}`, as `{there}`"),
                )
                .help("`type` is for properties that the metadata lacks; correct it in a CSDL document"),
            ),
        }
    }
}
