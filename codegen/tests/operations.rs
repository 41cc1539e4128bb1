//! What `[[resource]]` and `[[call]]` select, where the expected output of a case does not show it.

#![cfg(feature = "command")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test reports failures by panicking"
)]

mod published;

use std::path::PathBuf;

use msgraph_codegen::Config;

/// The configuration of a manifest with these entries, and the metadata of a case.
fn config(case: &str, entries: &str) -> Config {
    let manifest =
        format!("api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = \"metadata.csdl\" }}\n{entries}");
    let directory = PathBuf::from("tests/cases").join(case);
    Config::new(directory.join("graph.toml")).manifest_text(manifest)
}

fn functions(case: &str, entries: &str) -> Vec<String> {
    let survey = config(case, entries).survey().unwrap();
    let operations = survey.index.operations.iter();
    operations
        .map(|operation| {
            let kind = operation.kind.name();
            format!("{kind} {} {}", operation.path, operation.rust)
        })
        .collect()
}

#[test]
fn a_named_operation_that_is_ruled_out_is_a_warning() {
    let table = [
        (
            "resource",
            "path = \"/shelf/books\"\noperations = [\"create\", \"list\"]",
            Some("`/shelf/books` has `Insertable=false`"),
        ),
        (
            "resource",
            "path = \"/shelf/books/{id}\"\noperations = \"delete\"",
            Some("`/shelf/books/{id}` has `Deletable=false`"),
        ),
        (
            "references",
            "path = \"/groups/{id}/rejected\"\noperations = \"add-ref\"",
            Some("`/groups/{id}/rejected` has `Referenceable=false`"),
        ),
        (
            "references",
            "path = \"/groups/{id}/owners/microsoft.graph.group\"\noperations = \"add-ref\"",
            Some("`/groups/{id}/owners/microsoft.graph.group` is a cast"),
        ),
        (
            "content",
            "path = \"/items/{id}\"\noperations = \"get-content\"",
            Some("`microsoft.graph.item` is not annotated with `HasStream`"),
        ),
        (
            "content",
            "path = \"/items/{id}/photo\"\noperations = \"get-content\"",
            None,
        ),
        ("resource", "path = \"/users\"", None),
    ];
    for (case, entry, expected) in table {
        let generated = config(case, &format!("[[resource]]\n{entry}\n")).generate();
        let generated = generated.unwrap();
        let warnings = generated.likely_mistakes.render(&generated.sources);
        match expected {
            Some(expected) => assert!(warnings.contains(expected), "{entry}: {warnings}"),
            None => assert!(warnings.is_empty(), "{entry}: {warnings}"),
        }
    }
}

/// The item of `/users` has the placeholder `{user-id}`.
#[test]
fn an_operation_is_generated_once_whatever_its_placeholders_are_called() {
    let resource = "[[resource]]\npath = \"/users\"\noperations = [\"get\", \"update\"]\n";
    let update = "[[update]]\npath = \"/users/{id}\"\nname = \"Person\"\n";
    let expected = [
        "get /users/{user-id} users::get",
        "update /users/{id} update_person",
    ];
    let mut both = functions("resource", &format!("{update}{resource}"));
    both.sort();
    assert_eq!(both, expected);
    let mut both = functions("resource", &format!("{resource}{update}"));
    both.sort();
    assert_eq!(both, expected);
}

#[test]
fn a_collection_and_one_resource_select_the_same_operations_of_an_item() {
    let of_collection = functions("resource", "[[resource]]\npath = \"/shelf/books\"\n");
    let of_item = functions(
        "resource",
        "[[resource]]\npath = \"/shelf/books/{book-id}\"\n",
    );
    let items = of_collection.iter().filter(|it| it.contains("{book-id}"));
    assert!(items.eq(&of_item), "{of_collection:?} {of_item:?}");
    assert_eq!(of_item.len(), 2);
}

/// Graph binds `applyHold` to custodians and to one custodian.
#[test]
fn the_call_of_a_collection_is_told_from_that_of_its_items_whatever_is_selected() {
    let only = functions("calls", "[[call]]\npath = \"/users/convert\"\n");
    assert_eq!(only, ["action /users/convert users::convert_on_collection"]);
    let only = functions("calls", "[[call]]\npath = \"/users/{id}/get\"\n");
    assert_eq!(only, ["action /users/{id}/get users::call_get"]);
}

#[test]
fn overloads_are_named_after_their_arguments_whatever_is_selected() {
    let only = functions(
        "calls",
        "[[call]]\npath = \"/users/delta(token='{token}')\"\n",
    );
    assert_eq!(
        only,
        ["function /users/delta(token='{token}') users::delta_by_token"]
    );
}

/// A function that is numbered would have another name if something else were selected.
#[test]
fn no_function_of_the_whole_api_is_numbered() {
    let test = "operations::no_function_of_the_whole_api_is_numbered";
    let Some(document) = published::shared(test, "metadata/v1.0-global-clean.csdl") else {
        return;
    };
    let metadata = document.to_str().unwrap();
    let manifest = format!(
        "api-version = \"v1.0\"\nmetadata = {{ \"v1.0\" = {metadata:?} }}\n\
         [[resource]]\npath = \"/**\"\n[[call]]\npath = \"/**\"\n"
    );
    let config = Config::new("graph.toml").manifest_text(manifest);
    let api = config.survey().unwrap().index;
    assert!(api.operations.len() > 14_000, "{}", api.operations.len());
    let ends_in_digit = |text: &str| text.ends_with(|last: char| last.is_ascii_digit());
    for operation in &api.operations {
        let (path, name) = (&operation.path, &operation.rust.name);
        assert!(
            !ends_in_digit(name) || ends_in_digit(path),
            "{path}: {name}"
        );
    }
}
