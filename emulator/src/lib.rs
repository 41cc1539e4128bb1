//! A Microsoft Graph on loopback that holds every request against CSDL metadata.
//!
//! It is for tests and demonstrations of clients that update Graph: what the metadata does not
//! allow is refused as the service would refuse it, with the property named; what it allows is
//! merged into a state that can be read back.
//!
//! As a program: `cargo run -p msgraph-emulator -- --port 8080`, and any client at the root that it
//! prints. `--help` shows how to seed entities.
//!
//! # What it does where CSDL leaves room
//!
//! - A bearer token must be there; any will do. Permissions are not emulated.
//! - Singletons exist, and what single-valued navigation properties lead to; of collections the
//!   items that `facts.toml` knows, with their defaults, and what was seeded. Each API version has
//!   its own state, and one entity that two paths lead to is two.
//! - What the service sets itself (`Core.Computed`, `Core.Immutable`, read permission only,
//!   `read-only` or `send = false` in facts) and the key may be sent back as they are, and are refused when they
//!   differ: Microsoft's guidelines for Graph ask the former of every service, and the directory
//!   answers the latter ("Property '…' is read-only and cannot be set."). OData Protocol 4.01
//!   §11.4.3 has a service ignore them; [`Builder::ignore_read_only`] does. A key is the same in a
//!   body as in a path: one that facts name, and a GUID, in any case.
//! - `@odata.type` of the body is required where the resource is of another type than the path
//!   declares (OData JSON 4.01 §4.5.3), and where facts ask for it; where it stands it must be the
//!   resource's.
//! - PATCH answers 204, or 200 with the body for `Prefer: return=representation`. Graph answers 200
//!   for some resources without being asked; a client must take both.
//! - Navigation properties travel in the body where facts name them (`inline`) and those of complex
//!   types always, as the generator has it, and replace what was there. Others
//!   are bound by `name@odata.bind`, whose URL must lead to a fitting type. A bind on a collection
//!   adds to it, `[]` adds nothing, and a reference that is there already is 400, as at Graph. A
//!   relative URL is relative to the context URL of the body, or to the URL of the request (OData
//!   JSON 4.01 §4.3).
//! - `name@delta` changes single items of a collection by key, and needs `OData-Version: 4.01` (OData
//!   Protocol 4.01 §11.4.3.1). An item that is not there is added, one with `@removed` leaves.
//! - A complex value merges with what was there. One that facts mark `replaces`, and an entity of such a
//!   type, loses what the body leaves out, but for what the service sets itself.
//! - `name@odata.type` describes a value, so the body must have `name`.
//! - A member behind `unknownFutureValue` is neither taken nor given without
//!   `Prefer: include-unknown-enum-members`.
//! - An `If-Match` that does not match is 412; one that is missing where it is required is 400: the
//!   reference of Planner lists 400 and 412, and not the 428 of RFC 6585.
//! - `Updatable` and `Deletable` of the metadata are kept (405). PUT is taken where `UpdateMethod`
//!   says so; PATCH stays allowed there. Facts correct all but `Deletable`.
//! - DELETE restores the defaults where facts say `reset`, and removes elsewhere.
//! - Of query options `$select` is emulated; others that begin with `$` are refused, not ignored.
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
//! // … PATCH {root}/v1.0/users/1 with any client …
//! let state = emulator.state("/v1.0/users/1").ok_or("gone")?;
//! assert_eq!(state["displayName"], "Ada");
//! assert!(emulator.log().is_empty());
//! # Ok(())
//! # }
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(run()).unwrap();
//! ```

#![warn(clippy::missing_errors_doc)]

mod body;
mod builder;
mod dispatch;
mod emulator;
mod fault;
mod http;
mod model;
mod path;
mod rejection;
mod service;
mod start_error;
mod state;

pub use builder::Builder;
pub use emulator::Emulator;
pub use fault::plan::{PlannedFault, RandomFaults};
pub use fault::{Fault, Moment, RetryAfter};
pub use http::exchange::{Exchange, ExchangeAnswer};
pub use start_error::StartError;
