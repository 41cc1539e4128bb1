//! A small model, edits of it, and the changes that each causes.

use std::fs;
use std::path::Path;

use msgraph_codegen::Config;

use crate::Case;

/// A string in the model, and its replacement.
pub(crate) type Replacements = &'static [(&'static str, &'static str)];

/// An edit: the replacements in the model, and the changes they cause.
pub(crate) struct Edit {
    pub(crate) name: &'static str,
    replacements: Replacements,
    /// `verdict kind element`, the gravest first.
    pub(crate) changes: &'static [&'static str],
}

pub(crate) const MODEL: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
<edmx:DataServices>
<Schema Namespace="org.shop" Alias="s" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<EnumType Name="colour"><Member Name="red" Value="0"/><Member Name="green" Value="1"/></EnumType>
<ComplexType Name="size"><Property Name="width" Type="Edm.Int32"/><Property Name="height" Type="Edm.Int32"/></ComplexType>
<EntityType Name="thing" Abstract="true"><Key><PropertyRef Name="id"/></Key>
<Property Name="id" Type="Edm.String" Nullable="false"/>
</EntityType>
<EntityType Name="article" BaseType="s.thing">
<Property Name="title" Type="Edm.String"/>
<Property Name="price" Type="Edm.Decimal"/>
<Property Name="colour" Type="s.colour"/>
<Property Name="size" Type="s.size"/>
<Property Name="labels" Type="Collection(Edm.String)" Nullable="false"/>
<Property Name="stock" Type="Edm.Int32" Nullable="false"/>
<Property Name="created" Type="Edm.DateTimeOffset"><Annotation Term="Org.OData.Core.V1.Computed" Bool="true"/></Property>
</EntityType>
<EntityType Name="labelled" BaseType="s.thing" Abstract="true"><Property Name="label" Type="Edm.String"/></EntityType>
<EntityType Name="shelf" BaseType="s.thing" Abstract="true"><Property Name="row" Type="Edm.Int32"/></EntityType>
<EntityType Name="woodenShelf" BaseType="s.shelf"><Property Name="wood" Type="Edm.String"/></EntityType>
<EntityType Name="glassShelf" BaseType="s.shelf"><Property Name="tint" Type="s.colour"/></EntityType>
<TypeDefinition Name="code" UnderlyingType="Edm.String"/>
<EntityType Name="note" BaseType="s.thing"><Property Name="text" Type="Edm.String"/><Property Name="code" Type="s.code"/><Property Name="trim" Type="s.trim"/></EntityType>
<ComplexType Name="trim"><Property Name="width" Type="Edm.Int32"/></ComplexType>
<ComplexType Name="goldTrim" BaseType="s.trim"><Property Name="carats" Type="Edm.Int32"/></ComplexType>
<EntityContainer Name="shop">
<EntitySet Name="articles" EntityType="s.article"/>
<EntitySet Name="shelves" EntityType="s.shelf"/>
<EntitySet Name="notes" EntityType="s.note"/>
<Singleton Name="front" Type="s.article"/>
</EntityContainer>
</Schema>
<Schema Namespace="org.shop.more" xmlns="http://docs.oasis-open.org/odata/ns/edm">
<ComplexType Name="unused"><Property Name="x" Type="Edm.String"/></ComplexType>
</Schema>
</edmx:DataServices>
</edmx:Edmx>
"#;

pub(crate) const MANIFEST: &str =
    "api-version = \"v1.0\"\n[metadata]\n\"v1.0\" = []\n[[update]]\npath = \"/**\"\n";

pub(crate) fn replaced(name: &str, model: &str, replacements: Replacements) -> String {
    let mut model = model.to_owned();
    for (from, to) in replacements {
        assert!(model.contains(from), "{name}: no `{from}`");
        model = model.replace(from, to);
    }
    model
}

/// The model before and after an edit, in separate files.
pub(crate) fn case(folder: &Path, edit: &Edit) -> Case {
    let model = replaced(edit.name, MODEL, edit.replacements);
    let config = |side: &str, text: &str| {
        let path = folder.join(format!("{}-{side}.csdl", edit.name.replace(' ', "-")));
        fs::write(&path, text).unwrap();
        Config::new("graph.toml")
            .manifest_text(MANIFEST)
            .metadata([path])
    };
    Case {
        name: edit.name.to_owned(),
        old: config("old", MODEL),
        new: config("new", &model),
    }
}

pub(crate) fn edits() -> Vec<Edit> {
    const EDITS: &[Edit] = &[
        Edit {
            name: "nothing",
            replacements: &[],
            changes: &[],
        },
        Edit {
            name: "another alias",
            replacements: &[("Alias=\"s\"", "Alias=\"shop\""), ("\"s.", "\"shop.")],
            changes: &[],
        },
        Edit {
            name: "another order",
            replacements: &[
                ("<Property Name=\"title\" Type=\"Edm.String\"/>\n", ""),
                (
                    "<Property Name=\"stock\" Type=\"Edm.Int32\" Nullable=\"false\"/>\n",
                    "<Property Name=\"stock\" Type=\"Edm.Int32\" Nullable=\"false\"/>\n\
                     <Property Name=\"title\" Type=\"Edm.String\"/>\n",
                ),
            ],
            changes: &[],
        },
        Edit {
            name: "an unrelated type",
            replacements: &[(
                "<ComplexType Name=\"unused\">",
                "<ComplexType Name=\"other\"/><ComplexType Name=\"unused\">",
            )],
            changes: &[],
        },
        Edit {
            name: "a property more",
            replacements: &[(
                "<Property Name=\"title\"",
                "<Property Name=\"brand\" Type=\"Edm.String\"/><Property Name=\"title\"",
            )],
            changes: &["minor added org.shop.article/brand"],
        },
        Edit {
            name: "a property less",
            replacements: &[("<Property Name=\"title\" Type=\"Edm.String\"/>\n", "")],
            changes: &["major removed org.shop.article/title"],
        },
        Edit {
            name: "another type of property",
            replacements: &[(
                "Name=\"price\" Type=\"Edm.Decimal\"",
                "Name=\"price\" Type=\"Edm.Double\"",
            )],
            changes: &["major retyped org.shop.article/price"],
        },
        Edit {
            name: "a collection",
            replacements: &[(
                "Name=\"title\" Type=\"Edm.String\"",
                "Name=\"title\" Type=\"Collection(Edm.String)\"",
            )],
            changes: &["major retyped org.shop.article/title"],
        },
        Edit {
            name: "a type definition of the same",
            replacements: &[
                (
                    "Name=\"title\" Type=\"Edm.String\"",
                    "Name=\"title\" Type=\"s.words\"",
                ),
                (
                    "<EnumType",
                    "<TypeDefinition Name=\"words\" UnderlyingType=\"Edm.String\"/><EnumType",
                ),
            ],
            changes: &["patch retyped org.shop.article/title"],
        },
        Edit {
            name: "another type behind a type definition",
            replacements: &[(
                "UnderlyingType=\"Edm.String\"",
                "UnderlyingType=\"Edm.Int32\"",
            )],
            changes: &["major retyped org.shop.note/code"],
        },
        Edit {
            name: "a complex type instead of a type definition",
            replacements: &[(
                "<TypeDefinition Name=\"code\" UnderlyingType=\"Edm.String\"/>",
                "<ComplexType Name=\"code\"><Property Name=\"text\" Type=\"Edm.String\"/></ComplexType>",
            )],
            changes: &[
                "major retyped org.shop.note/code",
                "minor added org.shop.code",
            ],
        },
        Edit {
            name: "another name of the main namespace",
            replacements: &[("org.shop", "com.shop")],
            changes: &[
                "patch moved org.shop.article",
                "patch moved org.shop.glassShelf",
                "patch moved org.shop.goldTrim",
                "patch moved org.shop.note",
                "patch moved org.shop.size",
                "patch moved org.shop.trim",
                "patch moved org.shop.woodenShelf",
                "patch moved org.shop.colour",
            ],
        },
        Edit {
            name: "no null",
            replacements: &[(
                "Name=\"title\" Type=\"Edm.String\"",
                "Name=\"title\" Type=\"Edm.String\" Nullable=\"false\"",
            )],
            changes: &["major nullability org.shop.article/title"],
        },
        Edit {
            name: "null",
            replacements: &[(
                "Type=\"Edm.Int32\" Nullable=\"false\"",
                "Type=\"Edm.Int32\"",
            )],
            changes: &["major nullability org.shop.article/stock"],
        },
        Edit {
            name: "computed",
            replacements: &[(
                "<Property Name=\"title\" Type=\"Edm.String\"/>",
                "<Property Name=\"title\" Type=\"Edm.String\"><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>",
            )],
            changes: &["major restricted org.shop.article/title"],
        },
        Edit {
            name: "computed, in a value inside a body",
            replacements: &[(
                "<Property Name=\"height\" Type=\"Edm.Int32\"/>",
                "<Property Name=\"height\" Type=\"Edm.Int32\"><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>",
            )],
            changes: &["major restricted org.shop.size/height"],
        },
        Edit {
            name: "computed no more",
            replacements: &[(
                "><Annotation Term=\"Org.OData.Core.V1.Computed\" Bool=\"true\"/></Property>",
                "/>",
            )],
            changes: &["minor restricted org.shop.article/created"],
        },
        Edit {
            name: "moved to the base type",
            replacements: &[
                ("<Property Name=\"wood\" Type=\"Edm.String\"/>", ""),
                (
                    "<Property Name=\"row\"",
                    "<Property Name=\"wood\" Type=\"Edm.String\"/><Property Name=\"row\"",
                ),
            ],
            // The other shelf now has it too.
            changes: &[
                "minor added org.shop.shelf/wood",
                "patch moved org.shop.woodenShelf/wood",
            ],
        },
        Edit {
            name: "of the base type",
            replacements: &[(
                "Name=\"row\" Type=\"Edm.Int32\"",
                "Name=\"row\" Type=\"Edm.Int64\"",
            )],
            changes: &["major retyped org.shop.shelf/row"],
        },
        Edit {
            name: "a base type between",
            replacements: &[(
                "<EntityType Name=\"note\" BaseType=\"s.thing\">",
                "<EntityType Name=\"paper\" BaseType=\"s.thing\"/><EntityType Name=\"note\" BaseType=\"s.paper\">",
            )],
            changes: &["patch moved org.shop.note"],
        },
        Edit {
            name: "another base type of a base type",
            replacements: &[(
                "Name=\"shelf\" BaseType=\"s.thing\"",
                "Name=\"shelf\" BaseType=\"s.labelled\"",
            )],
            // Changes of the type that now derives from it; the declaring type is unchanged.
            changes: &["minor added org.shop.shelf/label"],
        },
        Edit {
            name: "a member more",
            replacements: &[(
                "<Member Name=\"green\" Value=\"1\"/>",
                "<Member Name=\"green\" Value=\"1\"/><Member Name=\"blue\" Value=\"2\"/>",
            )],
            changes: &["minor added org.shop.colour/blue"],
        },
        Edit {
            name: "a member less",
            replacements: &[("<Member Name=\"green\" Value=\"1\"/>", "")],
            changes: &["major removed org.shop.colour/green"],
        },
        Edit {
            name: "a member behind the sentinel",
            replacements: &[(
                "<Member Name=\"green\" Value=\"1\"/>",
                "<Member Name=\"unknownFutureValue\" Value=\"2\"/><Member Name=\"green\" Value=\"1\"/>",
            )],
            changes: &["patch restricted org.shop.colour/green"],
        },
        Edit {
            name: "flags",
            replacements: &[(
                "<EnumType Name=\"colour\"",
                "<EnumType IsFlags=\"true\" Name=\"colour\"",
            )],
            changes: &["major retyped org.shop.colour"],
        },
        Edit {
            name: "a derived type more",
            replacements: &[(
                "<EntityType Name=\"note\"",
                "<EntityType Name=\"ironShelf\" BaseType=\"s.shelf\"/><EntityType Name=\"note\"",
            )],
            changes: &[
                "minor retyped /shelves/{shelf-id}",
                "minor added org.shop.ironShelf",
            ],
        },
        Edit {
            name: "a derived type less",
            replacements: &[(
                "<EntityType Name=\"glassShelf\" BaseType=\"s.shelf\"><Property Name=\"tint\" Type=\"s.colour\"/></EntityType>\n",
                "",
            )],
            changes: &[
                "major retyped /shelves/{shelf-id}",
                "major removed org.shop.glassShelf",
            ],
        },
        Edit {
            name: "a type and those that derive from it less",
            replacements: &[
                ("<Property Name=\"trim\" Type=\"s.trim\"/>", ""),
                (
                    "<ComplexType Name=\"trim\"><Property Name=\"width\" Type=\"Edm.Int32\"/></ComplexType>\n",
                    "",
                ),
                (
                    "<ComplexType Name=\"goldTrim\" BaseType=\"s.trim\"><Property Name=\"carats\" Type=\"Edm.Int32\"/></ComplexType>\n",
                    "",
                ),
            ],
            // The struct and the marker of the type are one change.
            changes: &[
                "major removed org.shop.goldTrim",
                "major removed org.shop.trim",
                "major removed org.shop.note/trim",
            ],
        },
        Edit {
            name: "derived from another",
            replacements: &[
                (
                    "Name=\"glassShelf\" BaseType=\"s.shelf\"",
                    "Name=\"glassShelf\" BaseType=\"s.thing\"",
                ),
                (
                    "<EntitySet Name=\"notes\"",
                    "<EntitySet Name=\"panes\" EntityType=\"s.glassShelf\"/><EntitySet Name=\"notes\"",
                ),
            ],
            changes: &[
                "major retyped /shelves/{shelf-id}",
                "major restricted org.shop.glassShelf",
                "major removed org.shop.glassShelf/row",
                "minor added /panes/{glassShelf-id}",
                "patch moved org.shop.glassShelf",
            ],
        },
        Edit {
            name: "no derived types",
            replacements: &[
                (
                    "<EntityType Name=\"shelf\" BaseType=\"s.thing\" Abstract=\"true\">",
                    "<EntityType Name=\"shelf\" BaseType=\"s.thing\">",
                ),
                (
                    "<EntityType Name=\"woodenShelf\" BaseType=\"s.shelf\"><Property Name=\"wood\" Type=\"Edm.String\"/></EntityType>\n",
                    "",
                ),
                (
                    "<EntityType Name=\"glassShelf\" BaseType=\"s.shelf\"><Property Name=\"tint\" Type=\"s.colour\"/></EntityType>\n",
                    "",
                ),
            ],
            // The type remains; the marker of its derived types is removed.
            changes: &[
                "major retyped /shelves/{shelf-id}",
                "major removed org.shop.glassShelf",
                "major restricted org.shop.shelf",
                "major removed org.shop.woodenShelf",
                "minor added org.shop.shelf",
            ],
        },
        Edit {
            name: "the first derived type",
            replacements: &[(
                "<EntityType Name=\"shelf\"",
                "<EntityType Name=\"longNote\" BaseType=\"s.note\"/><EntityType Name=\"shelf\"",
            )],
            changes: &[
                "minor retyped /notes/{note-id}",
                "minor added org.shop.longNote",
            ],
        },
        Edit {
            name: "a value of derived types",
            replacements: &[(
                "<EntityType Name=\"thing\"",
                "<ComplexType Name=\"volume\" BaseType=\"s.size\"/><EntityType Name=\"thing\"",
            )],
            changes: &[
                "major retyped org.shop.article/size",
                "minor added org.shop.volume",
            ],
        },
        Edit {
            name: "open",
            replacements: &[(
                "<EntityType Name=\"article\"",
                "<EntityType OpenType=\"true\" Name=\"article\"",
            )],
            changes: &["minor restricted org.shop.article"],
        },
        Edit {
            name: "an update more",
            replacements: &[(
                "<Singleton Name=\"front\"",
                "<Singleton Name=\"back\" Type=\"s.article\"/><Singleton Name=\"front\"",
            )],
            changes: &["minor added /back"],
        },
        Edit {
            name: "an update less",
            replacements: &[("<Singleton Name=\"front\" Type=\"s.article\"/>\n", "")],
            changes: &["major removed /front"],
        },
        Edit {
            name: "a set instead of a singleton",
            replacements: &[(
                "<Singleton Name=\"front\" Type=\"s.article\"/>",
                "<EntitySet Name=\"front\" EntityType=\"s.article\"/>",
            )],
            changes: &["major removed /front", "minor added /front/{article-id}"],
        },
        Edit {
            name: "not updatable",
            replacements: &[(
                "<Singleton Name=\"front\" Type=\"s.article\"/>",
                "<Singleton Name=\"front\" Type=\"s.article\"><Annotation Term=\"Org.OData.Capabilities.V1.UpdateRestrictions\"><Record><PropertyValue Property=\"Updatable\" Bool=\"false\"/></Record></Annotation></Singleton>",
            )],
            changes: &["major removed /front"],
        },
        Edit {
            name: "by put",
            replacements: &[(
                "<Singleton Name=\"front\" Type=\"s.article\"/>",
                "<Singleton Name=\"front\" Type=\"s.article\"><Annotation Term=\"Org.OData.Capabilities.V1.UpdateRestrictions\"><Record><PropertyValue Property=\"UpdateMethod\"><EnumMember>Org.OData.Capabilities.V1.HttpMethod/PUT</EnumMember></PropertyValue></Record></Annotation></Singleton>",
            )],
            changes: &["major restricted /front"],
        },
        Edit {
            name: "another type of an update",
            replacements: &[(
                "<Singleton Name=\"front\" Type=\"s.article\"/>",
                "<Singleton Name=\"front\" Type=\"s.note\"/>",
            )],
            changes: &["major retyped /front"],
        },
        Edit {
            name: "another type of key",
            replacements: &[(
                "<EntityType Name=\"note\" BaseType=\"s.thing\">",
                "<EntityType Name=\"note\"><Key><PropertyRef Name=\"number\"/></Key><Property Name=\"number\" Type=\"Edm.Int32\" Nullable=\"false\"/>",
            )],
            changes: &[
                "major retyped /notes/{note-id}",
                "patch moved org.shop.note",
                "patch removed org.shop.note/id",
                "patch added org.shop.note/number",
            ],
        },
        Edit {
            name: "another namespace",
            replacements: &[
                (
                    "<ComplexType Name=\"size\"><Property Name=\"width\" Type=\"Edm.Int32\"/><Property Name=\"height\" Type=\"Edm.Int32\"/></ComplexType>\n",
                    "",
                ),
                ("\"s.size\"", "\"org.shop.more.size\""),
                (
                    "<ComplexType Name=\"unused\">",
                    "<ComplexType Name=\"size\"><Property Name=\"width\" Type=\"Edm.Int32\"/><Property Name=\"height\" Type=\"Edm.Int32\"/></ComplexType><ComplexType Name=\"unused\">",
                ),
            ],
            changes: &["major moved org.shop.size"],
        },
        Edit {
            name: "another type of that name in another namespace",
            replacements: &[
                (
                    "<ComplexType Name=\"size\"><Property Name=\"width\" Type=\"Edm.Int32\"/><Property Name=\"height\" Type=\"Edm.Int32\"/></ComplexType>\n",
                    "",
                ),
                ("\"s.size\"", "\"org.shop.more.size\""),
                (
                    "<ComplexType Name=\"unused\">",
                    "<ComplexType Name=\"size\"><Property Name=\"letters\" Type=\"Edm.String\"/></ComplexType><ComplexType Name=\"unused\">",
                ),
            ],
            changes: &[
                "major removed org.shop.size",
                "major retyped org.shop.article/size",
                "minor added org.shop.more.size",
            ],
        },
        Edit {
            name: "a rival for a name",
            replacements: &[(
                "<Property Name=\"title\"",
                "<Property Name=\"labelsX\" Type=\"Edm.String\"/><Property Name=\"labels_x\" Type=\"Edm.String\"/><Property Name=\"title\"",
            )],
            changes: &[
                "minor added org.shop.article/labelsX",
                "minor added org.shop.article/labels_x",
            ],
        },
        Edit {
            name: "a rival that takes the name",
            replacements: &[(
                "<ComplexType Name=\"size\">",
                "<ComplexType Name=\"Size\"/><ComplexType Name=\"size\">",
            )],
            changes: &[],
        },
        Edit {
            name: "a description",
            replacements: &[(
                "<Property Name=\"title\" Type=\"Edm.String\"/>",
                "<Property Name=\"title\" Type=\"Edm.String\"><Annotation Term=\"Org.OData.Core.V1.Description\" String=\"What it is called.\"/></Property>",
            )],
            changes: &["patch described org.shop.article/title"],
        },
        Edit {
            name: "a deprecation",
            replacements: &[(
                "<Property Name=\"title\" Type=\"Edm.String\"/>",
                "<Property Name=\"title\" Type=\"Edm.String\"><Annotation Term=\"Org.OData.Core.V1.Revisions\"><Collection><Record><PropertyValue Property=\"Date\" Date=\"2026-01-01\"/><PropertyValue Property=\"Kind\"><EnumMember>Org.OData.Core.V1.RevisionKind/Deprecated</EnumMember></PropertyValue><PropertyValue Property=\"Description\" String=\"Goes.\"/><PropertyValue Property=\"RemovalDate\" Date=\"2028-01-01\"/></Record></Collection></Annotation></Property>",
            )],
            changes: &["minor deprecated org.shop.article/title"],
        },
    ];
    EDITS.iter().map(|edit| Edit { ..*edit }).collect()
}
