//! Elements of the model contain their declarations, so that an attribute that is read is in the
//! model, without a copy of each field.

/// Makes elements dereference to their field `declared`.
macro_rules! derefs {
    ($($element:ident => $($declaration:ident)::+,)*) => {
        $(
            impl<'a> std::ops::Deref for $element<'a> {
                type Target = $($declaration)::+<'a>;

                fn deref(&self) -> &Self::Target {
                    &self.declared
                }
            }
        )*
    };
}

pub(super) use derefs;
