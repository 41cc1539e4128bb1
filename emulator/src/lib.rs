//! A Microsoft Graph on loopback that validates every request against CSDL metadata, for tests and
//! demonstrations of clients. Start at [`Emulator::builder`]. The crate has no Cargo features.
//!
//! What the metadata does not allow is rejected as the service rejects it, naming the property. What
//! it allows is applied to a state that can be read back: entities are created, read, listed, updated
//! and deleted, references are added and removed, and streams are written and read. A test responds to
//! actions and functions by closures, see [`Builder::on`].
//!
//! To run it as a program: `cargo run -p msgraph-emulator -- --port 8080`. Point any client to the root
//! URL that it prints. `--help` shows how to seed entities.
//!
//! ```
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use msgraph_emulator::Emulator;
//!
//! let emulator = Emulator::builder()
//!     .metadata_text("v1.0", "one.csdl", r#"
//!         <edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
//!           <edmx:DataServices>
//!             <Schema Namespace="microsoft.graph" xmlns="http://docs.oasis-open.org/odata/ns/edm">
//!               <EntityType Name="user">
//!                 <Key><PropertyRef Name="id" /></Key>
//!                 <Property Name="id" Type="Edm.String" Nullable="false" />
//!                 <Property Name="displayName" Type="Edm.String" />
//!               </EntityType>
//!               <EntityContainer Name="GraphService">
//!                 <EntitySet Name="users" EntityType="microsoft.graph.user" />
//!               </EntityContainer>
//!             </Schema>
//!           </edmx:DataServices>
//!         </edmx:Edmx>"#)
//!     .seed("/v1.0/users/1", serde_json::json!({"displayName": "Ada"}))
//!     .start()
//!     .await?;
//!
//! let url = format!("{}/v1.0/users/1", emulator.root());
//! let body = serde_json::json!({"displayName": "Eve"});
//! reqwest::Client::new().patch(url).bearer_auth("any token").json(&body).send().await?;
//!
//! let state = emulator.state("/v1.0/users/1").ok_or("missing")?;
//! assert_eq!(state["displayName"], "Eve");
//! assert_eq!(emulator.log()[0].status(), Some(204));
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(run()).unwrap();
//! ```
//!
//! # Behaviour that CSDL leaves open
//!
//! - Any bearer token is accepted. With [`Builder::enforce_permissions`], it must be a JSON Web Token that
//!   grants a permission for the operation. Directory roles are not emulated.
//! - Singletons and the targets of single-valued navigation properties exist from the start.
//!   Collections have the items that `facts.toml` lists, with their defaults, and those that were
//!   seeded. Each API version has its own state. An entity at two paths is two entities.
//! - Read-only properties (`Core.Computed`, `Core.Immutable`, `Core.Permissions`, and `read-only` or
//!   `send = false` in facts) and keys may be sent unchanged. A different value is rejected with 400,
//!   as Microsoft's guidelines and the directory do; OData Protocol 4.01 §11.4.3 ignores it, see
//!   [`Builder::ignore_read_only`]. GUIDs and keys listed in facts match in any case.
//! - The body must have `@odata.type` if the resource's type differs from the declared one (OData JSON
//!   4.01 §4.5.3), or if facts require it.
//! - `name@odata.type` requires `name` in the same object, with a value of that type if it is primitive.
//! - Property names of an open type must not differ only in case.
//! - PATCH returns 204, or 200 with the resource for `Prefer: return=representation`.
//! - PATCH merges complex values. A value that facts mark `replaces` loses what the body omits, except
//!   read-only and required properties.
//! - Navigation properties of complex types, and those that facts mark `inline`, are sent by value and
//!   replace the current value. Others are bound by `name@odata.bind` to the URL of an entity of a
//!   fitting type, which need not exist. A bind adds to a collection, and rejects a reference that is
//!   already there, as Graph does. Relative URLs are resolved against the context URL or the request
//!   (OData JSON 4.01 §4.3).
//! - `name@delta` changes items of a collection by key, and requires `OData-Version: 4.01` (OData
//!   Protocol 4.01 §11.4.3.1). An unknown key adds an item, `@removed` removes it.
//! - Enumeration members after `unknownFutureValue` need `Prefer: include-unknown-enum-members`.
//! - A wrong `If-Match` returns 412, a missing but required one 400, as in the reference of Planner.
//! - `Readable`, `Insertable`, `Updatable`, `Deletable` and `UpdateMethod` are enforced with 405. Facts
//!   override them. PATCH stays allowed if `UpdateMethod` is PUT.
//! - DELETE removes an entity and the references to it, or resets it if facts document a reset.
//! - What the emulator does not support, and Graph may, returns 501.
//!
//! # Creates
//!
//! - POST to a collection returns 201 with the entity, its `Location` and ETag, also where Graph returns
//!   200 or 202. [`Builder::on_create`] adds what the service computes.
//! - The service chooses a missing key. A key or alternate key that another item has is rejected with
//!   409.
//! - Keys and `Core.Immutable` properties can be set. Values of properties that the service computes are
//!   ignored (OData Protocol 4.01 §11.4.2.1), and missing ones are not an error, since the metadata does
//!   not show which ones the service requires.
//! - Contained navigation properties and those that facts document are created with the entity; others
//!   are bound by `name@odata.bind`. Collections that are not contained take no POST, unless they are
//!   `Insertable`.
//! - PUT of an item that does not exist creates it, if the metadata or facts name PUT. With `If-Match`,
//!   it returns 412.
//!
//! # Lists
//!
//! - `$top` is the page size, as in Graph: `@odata.nextLink` continues after it. The default is 100, the
//!   maximum 999. `Prefer: odata.maxpagesize` is applied. A `$skiptoken` is the position of the last
//!   item, so items that are added or removed in the meantime do not move others.
//! - `$filter` has comparisons of primitive properties, `in`, `and`, `or`, `not`, `startsWith`,
//!   `endsWith` and `contains`; strings match in any case. `$orderby`, `$skip`, `$select`, and
//!   `$expand` with `$select` are supported, `$search` is not.
//! - `$count=true` counts on the first page, and `/$count` returns the number as text.
//! - Lists of directory objects need `ConsistencyLevel: eventual` for counts, for `$search`, and for
//!   `$filter` with `$orderby`.
//!
//! # References
//!
//! - `POST …/$ref` adds to a collection, `PUT …/$ref` sets a single reference, and DELETE removes one by
//!   `…/{id}/$ref`, or by `…/$ref?$id={url}`. The entity must exist: at its URL, or with its key in an
//!   entity set, because `/directoryObjects/{id}` may be in `/users`.
//! - A path through a reference leads to the entity. So `DELETE /groups/{id}/members/{id}` without
//!   `/$ref` deletes the member itself, as in Graph.
//!
//! # Actions, functions and streams
//!
//! - Actions and functions check their binding parameter and parameters, then call the closure of
//!   [`Builder::on`]; without one, they return 501. A function that returns entities is also a position
//!   that can be seeded and updated.
//! - Media entities have `…/$value`. PUT of it returns 204; PUT of a stream property returns the entity.
//!   See [`Builder::seed_content`] and [`Builder::redirect_content`].

#![warn(clippy::missing_errors_doc)]

mod builder;
mod emulator;
mod start_error;

mod http;

mod dispatch;
mod fault;
mod rejection;

mod creation;
mod invocation;

mod service;
mod token;

mod model;
mod path;

mod body;
mod state;

pub use builder::Builder;
pub use creation::Creation;
pub use emulator::Emulator;
pub use fault::plan::{PlannedFault, RandomFaults};
pub use fault::{Fault, Moment, RetryAfter};
pub use http::exchange::{Exchange, ExchangeResponse};
pub use invocation::{Invocation, InvocationResponse};
pub use start_error::StartError;
pub use token::token;
