//! The tables of generated code.
//!
//! A crate may have seven thousand of them, so they expand to few functions, which call those of this crate. They also write the
//! traits that could be derived, because derived code takes the compiler longer. They need no `allow` for deprecated names: the
//! module that contains generated code has it.

/// The version of the contract that the code was generated for. A macro, because the compiler reports its error although
/// newer code names items that this crate lacks.
#[doc(hidden)]
#[macro_export]
macro_rules! __emitted_by {
    (1) => {};
    ($version:literal) => {
        ::core::compile_error!(
            "this code was generated for a newer `msgraph-runtime`: update that crate"
        );
    };
}

/// A structured type that is written.
#[doc(hidden)]
#[macro_export]
macro_rules! __body {
    (
        $name:ident: $type_name:literal $(, $setting:ident)*;
        $(not_sent $($not_sent:literal)+;)?
        $(limits $($limited:literal $limit:ident $($bound:literal)+),+;)?
        $(base $base:path;)*
        $(is $marker:path;)*
        $($wire:literal $field:ident $(: $mark:ident)*;)*
        $(..$dynamic:ident;)?
        $(+$unknown:ident;)?
    ) => {
        impl $name {
            /// Creates a value in which no property is set.
            pub fn new() -> Self {
                ::core::default::Default::default()
            }
        }

        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self {
                    $($field: ::core::option::Option::None,)*
                    $($dynamic: $crate::__private::DynamicProperties::new(),)?
                    $($unknown: $crate::__private::DynamicProperties::new(),)?
                }
            }
        }

        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                Self {
                    $($field: self.$field.clone(),)*
                    $($dynamic: self.$dynamic.clone(),)?
                    $($unknown: self.$unknown.clone(),)?
                }
            }
        }

        impl $crate::__private::expansion::Structured for $name {
            fn info(&self) -> &$crate::__private::expansion::TypeInfo {
                &$crate::__private::expansion::TypeInfo {
                    name: ::core::stringify!($name),
                    type_name: $type_name,
                    settings: 0 $(| $crate::__private::expansion::setting::$setting)*,
                    $(not_sent: &[$($not_sent),+],)?
                    $(limits: &[$(($limited, $crate::__private::expansion::Limit::$limit($($bound),+))),+],)?
                    ..$crate::__private::expansion::TypeInfo::EMPTY
                }
            }

            fn visit(
                &self,
                visitor: &mut dyn $crate::__private::expansion::FieldVisitor,
            ) -> $crate::__private::expansion::VisitResult {
                visitor.fields(
                    &[$(($wire, 0 $(| $crate::__private::expansion::mark::$mark)*, &self.$field),)*],
                    &[$(&self.$dynamic)? $(&self.$unknown)?],
                )
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::expansion::fmt_structured(self, f)
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::__private::expansion::is_equal(self, other)
            }
        }

        $(
            impl $crate::__private::expansion::DerivesFrom<$base> for $name {
                fn is_base(&self) -> bool {
                    true
                }
            }
        )*
        $(
            impl $crate::__private::expansion::DerivesFrom<$marker> for $name {}
        )*
    };
}

/// A structured type that is written and read. It repeats the other macro instead of calling it, so that the compiler parses
/// each table once.
#[doc(hidden)]
#[macro_export]
macro_rules! __model {
    (
        $name:ident: $type_name:literal $(, $setting:ident)*;
        $(not_sent $($not_sent:literal)+;)?
        $(left_out $($left_out:literal $why:literal),+;)?
        $(limits $($limited:literal $limit:ident $($bound:literal)+),+;)?
        $(patch $patch:path;)?
        $(base $base:path;)*
        $(is $marker:path;)*
        $($wire:literal $field:ident $([$constant:ident])? $(: $mark:ident)*;)*
        $(..$dynamic:ident;)?
        $(+$unknown:ident;)?
    ) => {
        impl ::core::default::Default for $name {
            fn default() -> Self {
                Self {
                    $($field: ::core::option::Option::None,)*
                    $($dynamic: $crate::__private::DynamicProperties::new(),)?
                    $($unknown: $crate::__private::DynamicProperties::new(),)?
                }
            }
        }

        impl ::core::clone::Clone for $name {
            fn clone(&self) -> Self {
                $crate::__private::expansion::cloned(self)
            }
        }

        impl $crate::__private::expansion::Structured for $name {
            fn info(&self) -> &$crate::__private::expansion::TypeInfo {
                &$crate::__private::expansion::TypeInfo {
                    name: ::core::stringify!($name),
                    type_name: $type_name,
                    settings: 0 $(| $crate::__private::expansion::setting::$setting)*,
                    $(not_sent: &[$($not_sent),+],)?
                    $(left_out: &[$(($left_out, $why)),+],)?
                    $(limits: &[$(($limited, $crate::__private::expansion::Limit::$limit($($bound),+))),+],)?
                    ..$crate::__private::expansion::TypeInfo::EMPTY
                }
            }

            fn visit(
                &self,
                visitor: &mut dyn $crate::__private::expansion::FieldVisitor,
            ) -> $crate::__private::expansion::VisitResult {
                visitor.fields(
                    &[$(($wire, 0 $(| $crate::__private::expansion::mark::$mark)*, &self.$field),)*],
                    &[$(&self.$dynamic)? $(&self.$unknown)?],
                )
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::expansion::fmt_structured(self, f)
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::__private::expansion::is_equal(self, other)
            }
        }

        $(
            impl $crate::__private::expansion::DerivesFrom<$base> for $name {
                fn is_base(&self) -> bool {
                    true
                }
            }
        )*
        $(
            impl $crate::__private::expansion::DerivesFrom<$marker> for $name {}
        )*

        impl $name {
            /// Creates a value in which no property is set.
            pub fn new() -> Self {
                ::core::default::Default::default()
            }

            $(
                /// The update that sets every property to this value. Change it, and send what differs from this value:
                /// see `msgraph_runtime::request::diff`.
                pub fn to_patch(&self) -> $patch {
                    $crate::__private::expansion::converted(self)
                }
            )?
            $($(
                #[doc = ::core::concat!("`", $wire, "`")]
                pub const $constant: $crate::__private::expansion::PropertyName<Self> =
                    $crate::__private::expansion::PropertyName::new($wire);
            )?)*
        }

        impl $crate::__private::expansion::Readable for $name {
            fn visit_mut(&mut self, reader: &mut dyn $crate::__private::expansion::FieldReader) {
                reader.fields(&mut [$(($wire, &mut self.$field)),*]);
                $(reader.dynamic(&mut self.$dynamic);)?
                $(reader.unknown(&mut self.$unknown);)?
            }
        }
    };
}

/// An enumeration.
#[doc(hidden)]
#[macro_export]
macro_rules! __enumeration {
    (
        $name:ident: $type_name:literal;
        $($wire:literal $member:ident;)*
        $(evolved; $($later_wire:literal $later:ident;)*)?
    ) => {
        impl $name {
            /// The wire name.
            pub fn as_str(&self) -> &str {
                $crate::__private::expansion::Enumeration::wire_name(self)
            }

            /// The member with this wire name, or `UnknownValue`. Names are case-sensitive.
            pub fn from_wire(name: &str) -> Self {
                $crate::__private::expansion::from_wire(name)
            }
        }

        impl $crate::__private::expansion::Enumeration for $name {
            const TYPE_NAME: &'static str = $type_name;
            const MEMBERS: &'static [(&'static str, Self)] = &[
                $(($wire, Self::$member),)*
                $($(($later_wire, Self::$later),)*)?
            ];
            $(const EVOLVED: usize = <[&str]>::len(&[$($later_wire),*]);)?

            fn unknown(member: $crate::__private::expansion::UnknownMember) -> Self {
                Self::UnknownValue(member)
            }

            fn unknown_name(&self) -> ::core::option::Option<&str> {
                match self {
                    Self::UnknownValue(member) => ::core::option::Option::Some(member.as_str()),
                    _ => ::core::option::Option::None,
                }
            }
        }

        impl ::core::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                $crate::__private::expansion::is_same_member(self, other)
            }
        }

        impl ::core::cmp::Eq for $name {}

        impl ::core::hash::Hash for $name {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                $crate::__private::expansion::hash_member(self, state);
            }
        }

        impl $crate::__private::expansion::Value for $name {
            fn write(
                &self,
                writer: &mut $crate::__private::expansion::JsonWriter,
            ) -> ::core::result::Result<(), $crate::__private::expansion::BodyError> {
                $crate::__private::expansion::write_member(self, writer)
            }
        }

        impl $crate::__private::expansion::ReadValue for $name {
            fn read(
                json: &$crate::__private::expansion::Untyped,
                notes: &mut $crate::__private::expansion::ReadNotes,
            ) -> ::core::option::Option<Self> {
                $crate::__private::expansion::read_member(json, notes)
            }
        }

        impl $crate::__private::expansion::ArrayItem for $name {}

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::__private::expansion::fmt_member(self, f)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::__private::expansion::MemberError;

            fn from_str(name: &str) -> ::core::result::Result<Self, $crate::__private::expansion::MemberError> {
                $crate::__private::expansion::parse_member(name)
            }
        }
    };
}

/// The types of a position that accepts several, to read them.
#[doc(hidden)]
#[macro_export]
macro_rules! __union {
    ($name:ident $(: $declared:literal)?; $($type_name:literal $member:path;)*) => {
        impl $crate::__private::expansion::Union for $name {
            const TYPES: &'static [$crate::__private::expansion::UnionMember<Self>] = &[
                $($crate::__private::expansion::UnionMember::of::<$member>($type_name),)*
            ];
            $(const DECLARED: ::core::option::Option<&'static str> =
                ::core::option::Option::Some($declared);)?
        }
    };
}
