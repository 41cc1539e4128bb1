//! Edits that cause other changes: each is reported once, with its cause and its effect on requests.

use std::fs;
use std::path::Path;

use msgraph_codegen::Config;

use crate::Case;
use crate::edits::{MANIFEST, MODEL, Replacements, replaced};

/// An edit of the model, and its report.
pub(crate) struct Told {
    pub(crate) name: &'static str,
    /// Replacements before the edit.
    given: Replacements,
    edit: Replacements,
    /// The selection, if it is not everything.
    select: Option<&'static str>,
    /// `verdict kind element`, the gravest first.
    pub(crate) changes: &'static [&'static str],
    /// Strings that the changes contain exactly once.
    pub(crate) once: &'static [&'static str],
}

/// A workaround offered for an edit, as a change to the manifest.
const WAYS_OUT: &[(&str, &str, &str)] = &[(
    "a path is declared as a base type",
    "[[update]]\npath = \"/front\"\nname = \"Article\"\n",
    "[[update]]\npath = \"/front\"\nname = \"Article\"\ntype = \"org.shop.article\"\n",
)];

/// The model before the edit, and after it with the workaround.
pub(crate) fn ways_out(folder: &Path) -> Vec<Case> {
    let cases = WAYS_OUT.iter().map(|(name, before, after)| {
        let told = all().find(|told| told.name == *name).unwrap();
        let case = case(folder, told);
        let select = |entries: &str| MANIFEST.replace("[[update]]\npath = \"/**\"\n", entries);
        Case {
            name: format!("{name}, with the way out"),
            old: case.old.manifest_text(select(before)),
            new: case.new.manifest_text(select(after)),
        }
    });
    cases.collect()
}

/// The model before and after an edit, in separate files.
pub(crate) fn case(folder: &Path, told: &Told) -> Case {
    let old = replaced(told.name, MODEL, told.given);
    let new = replaced(told.name, &old, told.edit);
    let config = |side: &str, text: &str| {
        let path = folder.join(format!("{}-{side}.csdl", told.name.replace(' ', "-")));
        fs::write(&path, text).unwrap();
        let manifest = match told.select {
            None => MANIFEST.to_owned(),
            Some(entries) => MANIFEST.replace("[[update]]\npath = \"/**\"\n", entries),
        };
        Config::new("graph.toml")
            .manifest_text(manifest)
            .metadata([path])
    };
    Case {
        name: told.name.to_owned(),
        old: config("old", &old),
        new: config("new", &new),
    }
}

const ARTICLE: &str = "<EntityType Name=\"article\" BaseType=\"s.thing\">";
const SIZE_TYPE: &str = "<ComplexType Name=\"size\"><Property Name=\"width\" Type=\"Edm.Int32\"/><Property Name=\"height\" Type=\"Edm.Int32\"/></ComplexType>";
const COMPUTED_HEIGHT: &str = "<Property Name=\"height\" Type=\"Edm.Int32\"><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>";
const SIZE_ENTITY: &str = "<EntityType Name=\"size\" BaseType=\"s.thing\"><Property Name=\"width\" Type=\"Edm.Int32\"/><Property Name=\"height\" Type=\"Edm.Int32\"/></EntityType>";
const SIZE: &str = "<Property Name=\"size\" Type=\"s.size\"/>";
const SIZE_LINK: &str = "<NavigationProperty Name=\"size\" Type=\"s.size\"/>";
const TEXT: &str = "<Property Name=\"text\" Type=\"Edm.String\"/>";
const FRONT: &str = "<Singleton Name=\"front\" Type=\"s.article\"/>";

/// The field of dynamic properties, and changes of spelling.
const SPELLING: &[Told] = &[
    Told {
        name: "dynamicProperties in an open type",
        given: &[(
            ARTICLE,
            "<EntityType Name=\"article\" OpenType=\"true\" BaseType=\"s.thing\">",
        )],
        edit: &[(
            "<Property Name=\"title\"",
            "<Property Name=\"dynamicProperties\" Type=\"Edm.String\"/><Property Name=\"title\"",
        )],
        select: None,
        changes: &["minor added org.shop.article/dynamicProperties"],
        once: &["adds field `dynamic_properties2: Option<Nullable<String>>`"],
    },
    Told {
        name: "open with dynamicProperties",
        given: &[(
            "<Property Name=\"title\"",
            "<Property Name=\"dynamicProperties\" Type=\"Edm.String\"/><Property Name=\"title\"",
        )],
        edit: &[(
            ARTICLE,
            "<EntityType Name=\"article\" OpenType=\"true\" BaseType=\"s.thing\">",
        )],
        select: None,
        changes: &[
            "major renamed org.shop.article/dynamicProperties",
            "minor restricted org.shop.article",
        ],
        once: &[
            "field `dynamic_properties` → `dynamic_properties2`",
            "adds field `dynamic_properties`",
        ],
    },
    Told {
        name: "a property in another case",
        given: &[],
        edit: &[(TEXT, "<Property Name=\"Text\" Type=\"Edm.String\"/>")],
        select: None,
        changes: &["patch renamed org.shop.note/text"],
        once: &["it is sent as `Text`", "`text` → `Text`"],
    },
    Told {
        name: "a property with an underscore",
        given: &[(TEXT, "<Property Name=\"displayName\" Type=\"Edm.String\"/>")],
        edit: &[("\"displayName\"", "\"display_name\"")],
        select: None,
        changes: &["patch renamed org.shop.note/displayName"],
        once: &["it is sent as `display_name`"],
    },
    Told {
        name: "an inherited property in another case",
        given: &[],
        edit: &[("Name=\"row\"", "Name=\"Row\"")],
        select: None,
        changes: &["patch renamed org.shop.shelf/row"],
        once: &["it is sent as `Row`"],
    },
    Told {
        name: "a property in another case and of another type",
        given: &[],
        edit: &[(TEXT, "<Property Name=\"Text\" Type=\"Edm.Int32\"/>")],
        select: None,
        changes: &[
            "major retyped org.shop.note/text",
            "patch renamed org.shop.note/text",
        ],
        once: &["it is sent as `Text`"],
    },
    Told {
        name: "a property in another case and of another name in Rust",
        given: &[(TEXT, "<Property Name=\"fooBar\" Type=\"Edm.String\"/>")],
        edit: &[("\"fooBar\"", "\"foobar\"")],
        select: None,
        changes: &["major renamed org.shop.note/fooBar"],
        once: &["it is sent as `foobar`", "field `foo_bar` → `foobar`"],
    },
    Told {
        name: "a property that is not sent in another case",
        given: &[],
        edit: &[("Name=\"created\"", "Name=\"Created\"")],
        select: None,
        changes: &["patch renamed org.shop.article/created"],
        once: &["`created` → `Created`"],
    },
    Told {
        name: "a reference in another case",
        given: &[(
            SIZE,
            "<NavigationProperty Name=\"shelf\" Type=\"s.shelf\"/>",
        )],
        edit: &[("Name=\"shelf\" Type", "Name=\"Shelf\" Type")],
        select: None,
        changes: &["patch renamed org.shop.article/shelf@odata.bind"],
        once: &["it is sent as `Shelf@odata.bind`"],
    },
    Told {
        name: "a member in another case",
        given: &[],
        edit: &[("Name=\"red\"", "Name=\"Red\"")],
        select: None,
        changes: &["patch renamed org.shop.colour/red"],
        once: &["it is sent as `Red`"],
    },
    Told {
        name: "a complex type in another case",
        given: &[],
        edit: &[
            ("Name=\"size\"><", "Name=\"Size\"><"),
            ("\"s.size\"", "\"s.Size\""),
        ],
        select: None,
        changes: &["patch renamed org.shop.size"],
        once: &["`org.shop.size` → `org.shop.Size`"],
    },
    Told {
        name: "an enumeration in another case",
        given: &[],
        edit: &[
            ("Name=\"colour\"><", "Name=\"Colour\"><"),
            ("\"s.colour\"", "\"s.Colour\""),
        ],
        select: None,
        changes: &["patch renamed org.shop.colour"],
        once: &["`org.shop.colour` → `org.shop.Colour`"],
    },
    Told {
        name: "an entity type in another case",
        given: &[],
        edit: &[
            ("Name=\"article\"", "Name=\"Article\""),
            ("\"s.article\"", "\"s.Article\""),
        ],
        select: None,
        changes: &["patch renamed org.shop.article"],
        once: &["`org.shop.article` → `org.shop.Article`"],
    },
    Told {
        name: "an entity set in another case",
        given: &[],
        edit: &[("Name=\"notes\"", "Name=\"Notes\"")],
        select: None,
        changes: &["patch renamed /notes/{note-id}"],
        once: &["the path is `/Notes/{note-id}`"],
    },
];

/// Rust names that now mean another element.
const PASSING: &[Told] = &[
    Told {
        name: "a property goes and leaves its name",
        given: &[(
            TEXT,
            "<Property Name=\"fooBar\" Type=\"Edm.String\"/><Property Name=\"foo_bar\" Type=\"Edm.String\"/>",
        )],
        edit: &[("<Property Name=\"fooBar\" Type=\"Edm.String\"/>", "")],
        select: None,
        changes: &[
            "major removed org.shop.note/fooBar",
            "major renamed org.shop.note/foo_bar",
        ],
        once: &[
            "compiles and sends another property",
            "field `foo_bar` now belongs to `foo_bar`",
            "the service does not accept it",
        ],
    },
    Told {
        name: "a property comes and takes a name",
        given: &[(TEXT, "<Property Name=\"fooBar\" Type=\"Edm.String\"/>")],
        edit: &[(
            "<Property Name=\"fooBar\"",
            "<Property Name=\"fooBAR\" Type=\"Edm.String\"/><Property Name=\"fooBar\"",
        )],
        select: None,
        changes: &[
            "major renamed org.shop.note/fooBar",
            "minor added org.shop.note/fooBAR",
        ],
        once: &[
            "compiles and sends another property",
            "field `foo_bar` → `foo_bar2`",
        ],
    },
    Told {
        name: "a property of another type takes a name",
        given: &[(TEXT, "<Property Name=\"fooBar\" Type=\"Edm.String\"/>")],
        edit: &[(
            "<Property Name=\"fooBar\"",
            "<Property Name=\"fooBAR\" Type=\"Edm.Int32\"/><Property Name=\"fooBar\"",
        )],
        select: None,
        changes: &[
            "major renamed org.shop.note/fooBar",
            "minor added org.shop.note/fooBAR",
        ],
        once: &["belongs to another element, so most code that uses it no longer compiles"],
    },
    Told {
        name: "a member goes and leaves its name",
        given: &[(
            "<Member Name=\"red\" Value=\"0\"/>",
            "<Member Name=\"fooBar\" Value=\"0\"/><Member Name=\"foo_bar\" Value=\"7\"/>",
        )],
        edit: &[("<Member Name=\"fooBar\" Value=\"0\"/>", "")],
        select: None,
        changes: &[
            "major removed org.shop.colour/fooBar",
            "major renamed org.shop.colour/foo_bar",
        ],
        once: &["compiles and sends another member"],
    },
    Told {
        name: "a member comes and takes a name",
        given: &[(
            "<Member Name=\"red\" Value=\"0\"/>",
            "<Member Name=\"fooBar\" Value=\"0\"/>",
        )],
        edit: &[(
            "<Member Name=\"fooBar\" Value=\"0\"/>",
            "<Member Name=\"fooBar\" Value=\"0\"/><Member Name=\"fooBAR\" Value=\"7\"/>",
        )],
        select: None,
        changes: &[
            "major renamed org.shop.colour/fooBar",
            "minor added org.shop.colour/fooBAR",
        ],
        once: &["compiles and sends another member"],
    },
];

/// Changes in the declarations of types and properties.
const DECLARED: &[Told] = &[
    Told {
        name: "a property of a value is no longer computed",
        given: &[(
            "<Property Name=\"height\" Type=\"Edm.Int32\"/>",
            COMPUTED_HEIGHT,
        )],
        edit: &[(
            COMPUTED_HEIGHT,
            "<Property Name=\"height\" Type=\"Edm.Int32\"/>",
        )],
        select: None,
        changes: &["minor restricted org.shop.size/height"],
        once: &[
            "is no longer read-only",
            "adds setter `with_height`",
            "it is sent",
        ],
    },
    Told {
        name: "a computed property of a value is retyped",
        given: &[(
            "<Property Name=\"height\" Type=\"Edm.Int32\"/>",
            COMPUTED_HEIGHT,
        )],
        edit: &[(
            COMPUTED_HEIGHT,
            "<Property Name=\"height\" Type=\"Edm.Int64\"><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>",
        )],
        select: None,
        changes: &["major retyped org.shop.size/height"],
        once: &[
            "`Option<Nullable<i32>>` → `Option<Nullable<i64>>`",
            "\"wire\":null",
        ],
    },
    Told {
        name: "a complex type becomes an entity type",
        given: &[],
        edit: &[(SIZE_TYPE, SIZE_ENTITY), (SIZE, SIZE_LINK)],
        select: None,
        changes: &[
            "major removed org.shop.size",
            "major retyped org.shop.article/size",
        ],
        once: &[
            "complex type → entity type",
            "a value has its own key and URL",
            "structural property `org.shop.size` → navigation property `org.shop.size`",
            "only a reference is sent, in `size@odata.bind`",
        ],
    },
    Told {
        name: "an entity type becomes a complex type",
        given: &[(SIZE_TYPE, SIZE_ENTITY), (SIZE, SIZE_LINK)],
        edit: &[(SIZE_ENTITY, SIZE_TYPE), (SIZE_LINK, SIZE)],
        select: None,
        changes: &[
            "major retyped org.shop.article/size",
            "minor added org.shop.size",
        ],
        once: &[
            "entity type → complex type",
            "a value has no key or URL",
            "navigation property `org.shop.size` → structural property `org.shop.size`",
            "the value is sent, in `size`",
        ],
    },
    Told {
        name: "a complex type becomes an enumeration",
        given: &[],
        edit: &[(
            SIZE_TYPE,
            "<EnumType Name=\"size\"><Member Name=\"small\" Value=\"0\"/></EnumType>",
        )],
        select: None,
        changes: &["major removed org.shop.size"],
        once: &[
            "complex type → enumeration type",
            "removes struct `Size`; adds enum `Size`",
            "a value is the name of a member",
        ],
    },
    Told {
        name: "a structural property becomes a contained one",
        given: &[],
        edit: &[
            (SIZE_TYPE, SIZE_ENTITY),
            (
                SIZE,
                "<NavigationProperty Name=\"size\" Type=\"s.size\" ContainsTarget=\"true\"/>",
            ),
        ],
        select: Some("[[update]]\npath = \"/articles/{id}\"\n"),
        changes: &[
            "major removed org.shop.size",
            "major retyped org.shop.article/size",
        ],
        once: &[
            "complex type → entity type",
            "it is not sent: its target has its own URL",
        ],
    },
    Told {
        name: "a navigation property contains what it leads to",
        given: &[(
            SIZE,
            "<NavigationProperty Name=\"shelf\" Type=\"s.shelf\"/>",
        )],
        edit: &[(
            "Name=\"shelf\" Type=\"s.shelf\"",
            "Name=\"shelf\" Type=\"s.shelf\" ContainsTarget=\"true\"",
        )],
        select: Some("[[update]]\npath = \"/articles/{id}\"\n"),
        changes: &["major retyped org.shop.article/shelf"],
        once: &[
            "navigation property `org.shop.shelf` → contained navigation property `org.shop.shelf`",
            "it is not sent: its target has its own URL",
        ],
    },
    Told {
        name: "a type becomes abstract",
        given: &[(
            "<EntityType Name=\"shelf\"",
            "<EntityType Name=\"longNote\" BaseType=\"s.note\"/><EntityType Name=\"shelf\"",
        )],
        edit: &[(
            "<EntityType Name=\"note\" ",
            "<EntityType Name=\"note\" Abstract=\"true\" ",
        )],
        select: None,
        changes: &[
            "major retyped /notes/{note-id}",
            "major removed org.shop.note",
        ],
        once: &["is now abstract", "a value must have a subtype"],
    },
    Told {
        name: "a type becomes abstract and nothing derives from it",
        given: &[],
        edit: &[(
            "<EntityType Name=\"note\" ",
            "<EntityType Name=\"note\" Abstract=\"true\" ",
        )],
        select: None,
        changes: &["patch restricted org.shop.note"],
        once: &["is now abstract", "a value must have a subtype"],
    },
    Told {
        name: "a type stops being abstract",
        given: &[],
        edit: &[(
            "<EntityType Name=\"shelf\" BaseType=\"s.thing\" Abstract=\"true\">",
            "<EntityType Name=\"shelf\" BaseType=\"s.thing\">",
        )],
        select: None,
        changes: &[
            "minor retyped /shelves/{shelf-id}",
            "minor added org.shop.shelf",
        ],
        once: &["is no longer abstract", "a value may have this type"],
    },
    Told {
        name: "a type stops being abstract where its path is named",
        given: &[],
        edit: &[(
            "<EntityType Name=\"shelf\" BaseType=\"s.thing\" Abstract=\"true\">",
            "<EntityType Name=\"shelf\" BaseType=\"s.thing\">",
        )],
        select: Some("[[update]]\npath = \"/shelves/{id}\"\n"),
        changes: &[
            "major retyped /shelves/{id}",
            "major removed org.shop.glassShelf",
            "major restricted org.shop.shelf",
            "major removed org.shop.woodenShelf",
            "major removed org.shop.colour",
            "minor added org.shop.shelf",
        ],
        once: &[
            "is no longer abstract",
            "a value may have this type",
            "a `[[struct]]` with `type = \"org.shop.glassShelf\"` in the manifest adds that type again",
        ],
    },
    Told {
        name: "a type loses its base",
        given: &[(
            "<EntitySet Name=\"notes\"",
            "<EntitySet Name=\"panes\" EntityType=\"s.glassShelf\"/><EntitySet Name=\"notes\"",
        )],
        edit: &[(
            "<EntityType Name=\"glassShelf\" BaseType=\"s.shelf\">",
            "<EntityType Name=\"glassShelf\"><Key><PropertyRef Name=\"id\"/></Key><Property Name=\"id\" Type=\"Edm.String\" Nullable=\"false\"/>",
        )],
        select: None,
        changes: &[
            "major retyped /shelves/{shelf-id}",
            "major restricted org.shop.glassShelf",
            "major removed org.shop.glassShelf/row",
            "patch moved org.shop.glassShelf",
        ],
        once: &[
            "base type `org.shop.shelf` → none",
            "properties of `org.shop.shelf` are no longer sent with it",
            "is no longer accepted where `org.shop.shelf` is declared",
        ],
    },
    Told {
        name: "a path is declared as a base type",
        given: &[],
        edit: &[
            (FRONT, "<Singleton Name=\"front\" Type=\"s.goods\"/>"),
            (
                ARTICLE,
                "<EntityType Name=\"goods\" BaseType=\"s.thing\"/><EntityType Name=\"article\" BaseType=\"s.goods\">",
            ),
        ],
        select: Some("[[update]]\npath = \"/front\"\n"),
        changes: &[
            "major retyped /front",
            "major removed org.shop.article",
            "major removed org.shop.size",
            "major removed org.shop.colour",
            "minor added org.shop.goods",
        ],
        once: &[
            "is now declared as `org.shop.goods`, a base type of `org.shop.article`",
            "a body of `org.shop.article` is valid there with `@odata.type`",
            "`type = \"org.shop.article\"` in the `[[update]]`",
            "`name = \"Article\"`",
        ],
    },
    Told {
        name: "a path with a type is declared as a base type",
        given: &[],
        edit: &[
            (FRONT, "<Singleton Name=\"front\" Type=\"s.goods\"/>"),
            (
                ARTICLE,
                "<EntityType Name=\"goods\" BaseType=\"s.thing\"/><EntityType Name=\"article\" BaseType=\"s.goods\">",
            ),
        ],
        select: Some(
            "[[update]]\npath = \"/front\"\ntype = \"org.shop.article\"\nname = \"Article\"\n",
        ),
        changes: &["patch retyped /front", "patch moved org.shop.article"],
        once: &[
            "is now declared as `org.shop.goods`, a base type of `org.shop.article`",
            "the body names its type",
        ],
    },
    Told {
        name: "a type that is written nowhere moves",
        given: &[],
        edit: &[
            (SIZE_TYPE, ""),
            ("\"s.size\"", "\"org.shop.more.size\""),
            (
                "<ComplexType Name=\"unused\">",
                "<ComplexType Name=\"size\"><Property Name=\"width\" Type=\"Edm.Int32\"/><Property Name=\"height\" Type=\"Edm.Int32\"/></ComplexType><ComplexType Name=\"unused\">",
            ),
        ],
        select: None,
        changes: &["major moved org.shop.size"],
        once: &["\"wire\":null"],
    },
    Told {
        name: "a type that is written moves",
        given: &[],
        edit: &[
            (
                "<EntityType Name=\"glassShelf\" BaseType=\"s.shelf\"><Property Name=\"tint\" Type=\"s.colour\"/></EntityType>\n",
                "",
            ),
            (
                "<ComplexType Name=\"unused\">",
                "<EntityType Name=\"glassShelf\" BaseType=\"s.shelf\"><Property Name=\"tint\" Type=\"s.colour\"/></EntityType><ComplexType Name=\"unused\">",
            ),
        ],
        select: None,
        changes: &["major moved org.shop.glassShelf"],
        once: &["`@odata.type` is `#org.shop.more.glassShelf`"],
    },
    Told {
        name: "a value is declared as a base type",
        given: &[(
            "Name=\"trim\" Type=\"s.trim\"",
            "Name=\"trim\" Type=\"s.goldTrim\"",
        )],
        edit: &[(
            "Name=\"trim\" Type=\"s.goldTrim\"",
            "Name=\"trim\" Type=\"s.trim\"",
        )],
        select: Some("[[update]]\npath = \"/notes/{id}\"\n"),
        changes: &[
            "major removed org.shop.goldTrim",
            "major retyped org.shop.note/trim",
            "minor added org.shop.trim",
        ],
        once: &[
            "a value of `org.shop.goldTrim` is valid there with `@odata.type`",
            "a `[[struct]]` with `type = \"org.shop.goldTrim\"` in the manifest makes the field accept it too",
        ],
    },
];

pub(crate) fn all() -> impl Iterator<Item = &'static Told> {
    SPELLING.iter().chain(PASSING).chain(DECLARED)
}
