//! Keys in a path: their types, and keys in parentheses.

use crate::annotations::alternate_keys::{self, KeyPart};
use crate::diagnostic::did_you_mean;
use crate::document::identifier::is_simple_identifier;
use crate::model::{ItemType, Primitive, Schema, TypeId};
use crate::path::segment::{Argument, SegmentParts};
use crate::path::template::placeholders;

use super::form::{Wrong, malformed};
use super::literals;
use super::{PathParameter, ResourcePath};

/// The type of a simple key. A composite or unknown key is a string.
pub(super) fn key_type(schema: &Schema<'_>, ty: TypeId) -> Primitive {
    own_key(schema, ty).map_or(Primitive::String, |name| {
        property_primitive(schema, ty, name)
    })
}

/// The property of a simple key.
fn own_key<'s>(schema: &'s Schema<'_>, ty: TypeId) -> Option<&'s str> {
    match schema.key(ty) {
        [only] => Some(only.text.as_ref()),
        _ => None,
    }
}

pub(super) fn property_primitive(schema: &Schema<'_>, ty: TypeId, name: &str) -> Primitive {
    let property = schema.property(ty, name);
    let primitive = property.and_then(|property| primitive(property.ty.item));
    primitive.unwrap_or(Primitive::String)
}

/// The primitive type of a value; `None` for an enumeration, whose notation is not checked.
pub(super) fn primitive(item: ItemType) -> Option<Primitive> {
    match item {
        ItemType::Primitive(primitive) => Some(primitive),
        ItemType::Declared(_) => None,
    }
}

/// The path with the key in parentheses of its last segment, `x('a')`, `x(id='{id}')`, or an
/// alternate key. Unchanged if `text` has no parentheses.
pub(super) fn keyed(
    schema: &Schema<'_>,
    mut path: ResourcePath,
    text: &str,
) -> Result<ResourcePath, Wrong> {
    let parts = SegmentParts::parse(text).map_err(|reason| malformed(text, reason))?;
    let name = parts.name;
    let Some(arguments) = &parts.arguments else {
        return Ok(path);
    };
    let ty = path.target.ty;
    if !path.target.is_collection {
        return Err((
            format!("`{name}` is a single resource and has no key"),
            format!("write `{name}` alone"),
        ));
    }
    let keys = keys(schema, ty);
    let mut parameters = Vec::new();
    let mut types = Vec::new();
    for argument in arguments {
        let property = match argument.name {
            Some(alias) => {
                let part = keys.iter().flatten().find(|part| part.alias == alias);
                let part = part.ok_or_else(|| unknown_part(schema, ty, &keys, alias))?;
                Some(part.name)
            }
            None => own_key(schema, ty),
        };
        let names = placeholders(argument.literal).into_iter();
        let declared = property.and_then(|name| primitive(schema.property(ty, name)?.ty.item));
        parameters.extend(names.map(|name| PathParameter {
            name: name.to_owned(),
            ty: declared.unwrap_or(Primitive::String),
        }));
        types.push(declared);
    }
    let given: Vec<Option<&str>> = arguments.iter().map(|argument| argument.name).collect();
    if !is_whole_key(&keys, &given) {
        return Err(not_whole(schema, ty, &keys, name, arguments));
    }
    for (argument, ty) in arguments.iter().zip(types) {
        if let Some(ty) = ty {
            literals::check(&parts, argument, ty)?;
        }
    }
    if let Some(last) = path.segments.last_mut() {
        text.clone_into(&mut last.text);
        last.parameters = parameters;
        last.names_own_key =
            matches!(given.as_slice(), [Some(name)] if own_key(schema, ty) == Some(name));
    }
    path.target = path.target.item();
    Ok(path)
}

fn unknown_part(schema: &Schema<'_>, ty: TypeId, keys: &[Vec<KeyPart<'_>>], alias: &str) -> Wrong {
    let names = keys.iter().flatten().map(|part| part.alias);
    (
        format!(
            "`{alias}` is not a key or alternate key of `{}`",
            schema[ty]
        ),
        did_you_mean(alias, names).unwrap_or_else(|| "the type has no key".to_owned()),
    )
}

fn not_whole(
    schema: &Schema<'_>,
    ty: TypeId,
    keys: &[Vec<KeyPart<'_>>],
    name: &str,
    arguments: &[Argument<'_>],
) -> Wrong {
    let mut notations = keys.iter().map(|key| {
        let parts = key
            .iter()
            .map(|part| literals::example(part.alias, property_primitive(schema, ty, part.name)));
        format!("`{name}({})`", parts.collect::<Vec<_>>().join(","))
    });
    let first = notations.next().unwrap_or_else(|| "no key".to_owned());
    let written: Vec<String> = arguments.iter().map(Argument::to_string).collect();
    (
        format!("`({})` is not a key of `{}`", written.join(","), schema[ty]),
        notations.fold(format!("there is {first}"), |all, next| {
            format!("{all}, {next}")
        }),
    )
}

/// The alternate keys of a type. Each part is used in URLs and names, so a key with an alias that is
/// not an identifier, or of an unknown property, is ignored.
pub fn alternate_keys<'s>(schema: &'s Schema<'_>, ty: TypeId) -> Vec<Vec<KeyPart<'s>>> {
    let is_valid = |part: &KeyPart<'_>| {
        is_simple_identifier(part.alias) && schema.property(ty, part.name).is_some()
    };
    schema
        .supertypes(ty)
        .flat_map(|ty| alternate_keys::of(&schema[ty].annotations))
        .filter(|key| !key.is_empty() && key.iter().all(is_valid))
        .collect()
}

/// The key of a type and its alternate keys.
fn keys<'s>(schema: &'s Schema<'_>, ty: TypeId) -> Vec<Vec<KeyPart<'s>>> {
    let own = schema.key(ty).iter().map(|name| name.text.as_ref());
    let own: Vec<_> = own.map(|name| KeyPart { name, alias: name }).collect();
    let own = (!own.is_empty()).then_some(own);
    own.into_iter().chain(alternate_keys(schema, ty)).collect()
}

/// Whether the arguments match a key, each part once. A value without a name is the whole key, if
/// that has one part (OData URL Conventions 4.01, 4.3).
fn is_whole_key(keys: &[Vec<KeyPart<'_>>], given: &[Option<&str>]) -> bool {
    if let [None] = given {
        return keys.first().is_none_or(|key| key.len() == 1);
    }
    keys.iter().any(|key| {
        key.len() == given.len() && key.iter().all(|part| given.contains(&Some(part.alias)))
    })
}

#[cfg(test)]
mod tests {
    use crate::model::Primitive;
    use crate::path::walk;
    use crate::read::read_schema;
    use crate::source::Sources;

    /// `x(id='a')` is `x('a')`. The facts cannot list alternate keys.
    #[test]
    fn a_literal_of_the_own_key_may_have_its_name() {
        const SHELF: &str = r#"
            <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="lib" xmlns="http://docs.oasis-open.org/odata/ns/edm">
              <EntityType Name="page">
                <Key><PropertyRef Name="id" /></Key>
                <Property Name="id" Type="Edm.String" Nullable="false" />
                <Property Name="code" Type="Edm.String" />
                <Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection><Record><PropertyValue Property="Key"><Collection>
                  <Record><PropertyValue Property="Name" PropertyPath="code" /></Record>
                </Collection></PropertyValue></Record></Collection></Annotation>
              </EntityType>
              <EntityContainer Name="Service"><EntitySet Name="pages" EntityType="lib.page" /></EntityContainer>
            </Schema></edmx:DataServices></edmx:Edmx>"#;
        let mut sources = Sources::new();
        let id = sources.add("shelf.csdl", SHELF.trim());
        let schema = read_schema(&sources, &[id]).unwrap();
        for (path, key) in [
            ("/pages('a''b')", Some("a'b")),
            ("/pages(id='a')", Some("a")),
            ("/pages(id='{id}')", None),
            ("/pages(code='a')", None),
        ] {
            let path = walk(&schema, path).unwrap();
            let literal = path.segments.last().unwrap().literal_key();
            let expected = key.map(|key| (Some("pages"), key.to_owned()));
            assert_eq!(literal, expected);
        }
    }

    #[test]
    fn a_key_in_parentheses_is_whole_and_has_the_type_of_its_property() {
        const SHELF: &str = r#"
            <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
            <Schema Namespace="lib" xmlns="http://docs.oasis-open.org/odata/ns/edm">
              <EntityType Name="page">
                <Key><PropertyRef Name="book" /><PropertyRef Name="number" /></Key>
                <Property Name="book" Type="Edm.String" Nullable="false" />
                <Property Name="number" Type="Edm.Int32" Nullable="false" />
                <Property Name="barcode" Type="Edm.Int64" />
                <Annotation Term="Org.OData.Core.V1.AlternateKeys"><Collection><Record><PropertyValue Property="Key"><Collection>
                  <Record><PropertyValue Property="Alias" String="code" /><PropertyValue Property="Name" PropertyPath="barcode" /></Record>
                </Collection></PropertyValue></Record></Collection></Annotation>
              </EntityType>
              <EntityContainer Name="Service"><EntitySet Name="pages" EntityType="lib.page" /></EntityContainer>
            </Schema></edmx:DataServices></edmx:Edmx>"#;
        let mut sources = Sources::new();
        let id = sources.add("shelf.csdl", SHELF.trim());
        let schema = read_schema(&sources, &[id]).unwrap();
        let types = |path: &str| -> Vec<Primitive> {
            let path = walk(&schema, path).unwrap();
            let parameters = path.segments.iter().flat_map(|segment| &segment.parameters);
            parameters.map(|parameter| parameter.ty).collect()
        };
        assert_eq!(types("/pages(code={code})"), [Primitive::Int64]);
        assert_eq!(
            types("/pages(book='{book}',number={number})"),
            [Primitive::String, Primitive::Int32]
        );
        for (path, message) in [
            (
                "/pages(book='{book}')",
                "`(book='{book}')` is not a key of `lib.page`",
            ),
            ("/pages('{id}')", "`('{id}')` is not a key of `lib.page`"),
            (
                "/pages(book='a',book='b')",
                "`(book='a',book='b')` is not a key of `lib.page`",
            ),
            (
                "/pages(book='a',number=1,code=2)",
                "`(book='a',number=1,code=2)` is not a key of `lib.page`",
            ),
            (
                "/pages(barcode=1)",
                "`barcode` is not a key or alternate key of `lib.page`",
            ),
        ] {
            let wrong = walk(&schema, path).unwrap_err();
            assert_eq!(wrong.message, message);
        }
        assert_eq!(
            walk(&schema, "/pages('{id}')").unwrap_err().help,
            "there is `pages(book='{book}',number={number})`, `pages(code={code})`"
        );
        // A near name may be a primitive property, which is a better suggestion than a distant
        // resource.
        let help = walk(&schema, "/pages(code=1)/barcod").unwrap_err().help;
        assert!(
            help.starts_with("did you mean `barcode`? It is not a resource"),
            "{help}"
        );
    }
}
