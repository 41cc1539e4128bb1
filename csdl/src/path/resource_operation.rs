//! The operations on a resource, and which of them a target offers.

use super::restrictions::Restrictions;
use super::target::{Target, TargetKind};

macro_rules! operations {
    ($($(#[$doc:meta])* $variant:ident $name:literal $method:literal,)*) => {
        /// An operation on a resource or collection, other than a call of an action or function.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ResourceOperation {
            $($(#[$doc])* $variant,)*
        }

        impl ResourceOperation {
            /// All operations.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The name in manifests and output.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }

            /// The operation with this name.
            pub fn parse(name: &str) -> Option<Self> {
                match name {
                    $($name => Some(Self::$variant),)*
                    _ => None,
                }
            }

            /// The HTTP method.
            pub const fn method(self) -> &'static str {
                match self {
                    $(Self::$variant => $method,)*
                }
            }
        }
    };
}

operations! {
    /// Lists the items of a collection.
    List "list" "GET",
    /// Reads one resource.
    Get "get" "GET",
    /// Creates an item of a collection.
    Create "create" "POST",
    /// Changes properties of one resource.
    Update "update" "PATCH",
    /// Replaces one resource.
    Replace "replace" "PUT",
    /// Deletes one resource.
    Delete "delete" "DELETE",
    /// Adds a reference to a collection of linked resources: `POST …/$ref`.
    AddRef "add-ref" "POST",
    /// Removes a reference to a linked resource: `DELETE …/$ref`.
    RemoveRef "remove-ref" "DELETE",
    /// Sets the reference of a single-valued navigation property: `PUT …/$ref`.
    SetRef "set-ref" "PUT",
    /// Reads a media stream or stream property.
    GetContent "get-content" "GET",
    /// Writes a media stream or stream property.
    PutContent "put-content" "PUT",
}

impl Target {
    /// Whether the metadata and the facts offer an operation here, by the rules of Microsoft's
    /// conversion to OpenAPI; `docs/paths.md` lists them.
    pub fn offers(&self, operation: ResourceOperation) -> bool {
        if !self.allows(operation) {
            return false;
        }
        let here = &self.restrictions;
        match operation {
            ResourceOperation::List => self.is_readable(),
            ResourceOperation::Get => !self.is_linked_item() && self.is_readable(),
            ResourceOperation::Create => self.offers_items(here.insertable),
            ResourceOperation::Update => self.offers_update() && !here.put,
            ResourceOperation::Replace => self.offers_update() && here.put,
            ResourceOperation::Delete => {
                !self.is_linked_item() && self.offers_items(here.deletable)
            }
            ResourceOperation::AddRef
            | ResourceOperation::RemoveRef
            | ResourceOperation::SetRef => here.referenceable == Some(true),
            ResourceOperation::GetContent => self.contained && here.readable != Some(false),
            ResourceOperation::PutContent => self.contained && here.updatable != Some(false),
        }
    }

    /// Whether an operation makes sense here, whether offered or not.
    fn allows(&self, operation: ResourceOperation) -> bool {
        let is_value = matches!(self.kind, TargetKind::Stream | TargetKind::Function);
        let is_complex = self.kind == TargetKind::Complex;
        match operation {
            ResourceOperation::List | ResourceOperation::Create => self.is_collection && !is_value,
            ResourceOperation::Get | ResourceOperation::Update => !self.is_collection && !is_value,
            // PUT replaces a collection of complex values as a whole.
            ResourceOperation::Replace => (!self.is_collection || is_complex) && !is_value,
            ResourceOperation::Delete => !self.is_collection && !is_value && !is_complex,
            ResourceOperation::AddRef => self.has_references() && self.is_collection,
            ResourceOperation::RemoveRef => self.has_references() && !self.is_collection,
            ResourceOperation::SetRef => {
                self.has_references() && !self.is_collection && !self.is_item
            }
            ResourceOperation::GetContent | ResourceOperation::PutContent => {
                self.has_stream && !self.is_collection
            }
        }
    }

    /// Whether a subtree includes an update of this path. Contained navigation is included unless
    /// annotated otherwise; other navigation and complex properties only if annotated as updatable.
    /// This is the rule of Microsoft's conversion to OpenAPI.
    pub fn offers_update(&self) -> bool {
        let Restrictions { updatable, put, .. } = self.restrictions;
        match self.kind {
            TargetKind::Complex => updatable == Some(true) && (put || !self.is_collection),
            _ if self.is_collection || self.is_linked_item() => false,
            TargetKind::Singleton | TargetKind::Entity => updatable.unwrap_or(true),
            TargetKind::Navigation => updatable.unwrap_or(self.contained),
            TargetKind::Stream | TargetKind::Function => false,
        }
    }

    /// Whether this is an item of a collection that links its items. It is read, updated and
    /// deleted at its own path.
    pub(super) fn is_linked_item(&self) -> bool {
        self.is_item && self.restrictions.referenceable == Some(true)
    }

    /// Whether the target is reached by navigation that links it: it is not contained, or annotated
    /// as `Referenceable`.
    fn has_references(&self) -> bool {
        let referenceable = self.restrictions.referenceable;
        self.kind == TargetKind::Navigation && referenceable.unwrap_or(!self.contained)
    }

    fn is_readable(&self) -> bool {
        let Restrictions {
            readable,
            readable_by_key,
            ..
        } = self.restrictions;
        let by_key = readable_by_key.filter(|_| self.is_item);
        by_key.or(readable) != Some(false)
    }

    /// Whether items are created or deleted here, given the annotation.
    fn offers_items(&self, annotated: Option<bool>) -> bool {
        match self.kind {
            TargetKind::Entity => annotated.unwrap_or(true),
            TargetKind::Navigation => annotated.unwrap_or(self.contained),
            TargetKind::Singleton | TargetKind::Complex => annotated == Some(true),
            TargetKind::Stream | TargetKind::Function => false,
        }
    }
}
