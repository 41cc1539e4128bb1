//! A path that a caller asks about: [`Config::only`](crate::Config::only).

use msgraph_csdl::path;
use msgraph_csdl::toml_table::Setting;

use super::Selector;
use crate::ir::OperationKind;

impl Selector<'_, '_, '_> {
    /// Selects the operations that a path offers, but not those of the items of a collection; or the call of an action or
    /// function.
    pub(super) fn query(&mut self, written: &Setting) {
        let (schema, facts) = (self.schema(), &self.input.facts);
        let is_known = |set: &str, key: &str| facts.key(set, key).is_some();
        let wrong = match path::walk(schema, &written.text) {
            Ok(path) => {
                let path = path::with_placeholders(schema, &path, &is_known);
                let path = path::corrected(schema, facts, path);
                let ty = self.known_key_type(&path).map(|(ty, _)| ty);
                let is_wanted = |kind| kind != OperationKind::Reference;
                if !self.take_offered(&path, ty, None, is_wanted) {
                    let message = format!("`{}` offers no operation", path.template());
                    let help = "an entry of a manifest may name the `operations` to generate";
                    self.error(written.span, message, help);
                }
                return;
            }
            Err(wrong) => wrong,
        };
        // Arguments are examples, unless there are overloads.
        let text = &written.text;
        let name = text.rfind('(').and_then(|open| text.get(..open));
        let call = name.and_then(|name| path::walk_call(schema, name).ok());
        match call.map_or_else(|| path::walk_call(schema, text), Ok) {
            Ok(mut call) => {
                let binding = call.binding.take();
                call.binding =
                    binding.map(|path| path::with_placeholders(schema, &path, &is_known));
                self.take_call(call, None);
            }
            Err(_) => self.wrong_segment(written, wrong),
        }
    }
}
