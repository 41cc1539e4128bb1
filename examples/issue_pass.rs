//! Issues a Temporary Access Pass to a user of an emulated tenant.
//!
//! ```text
//! cargo run --example issue_pass
//! cargo run --example issue_pass -- --show-code
//! ```

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use msgraph_emulator::{Creation, Emulator, StartError};
use msgraph_tap::runtime::request::Changed;
use msgraph_tap::runtime::{AccessToken, Client, Cloud, Get};
use msgraph_tap::{
    NewPass, TemporaryAccessPass, pass, temporary_access_pass, update_temporary_access_pass,
};
use serde_json::json;

/// What the emulator issues.
pub(crate) const CODE: &str = "T+5gN!w8cQ";

/// Allows passes for one sign-in, issues one to a user, lists the passes of the user, and deletes it.
///
/// The tenant is an emulator, and nothing leaves this machine.
#[derive(Parser)]
pub(crate) struct Arguments {
    /// The user, by id or sign-in name.
    #[arg(long, default_value = "adele@contoso.com")]
    user: String,
    /// How long the user can sign in with the pass.
    #[arg(long, default_value_t = 60)]
    minutes: i32,
    /// Print the code of the pass. Anyone who has it can sign in as the user.
    #[arg(long)]
    show_code: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match run(&arguments, &mut io::stdout()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

pub(crate) async fn run(arguments: &Arguments, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let emulator = tenant(&arguments.user).await?;
    let client = Client::builder(Cloud::Global, AccessToken::new("token of the example")?)
        .root(emulator.root().parse()?)
        // At level TRACE. Secrets are replaced.
        .log_bodies(true)
        .build()?;
    allow_one_time_passes(&client, out).await?;
    issue_and_delete(&client, arguments, out).await
}

/// A tenant with one user, which completes passes as Graph does.
async fn tenant(user: &str) -> Result<Emulator, StartError> {
    let complete = |creation: &mut Creation| {
        creation.entity.insert("isUsable".into(), json!(true));
        let code = json!(CODE);
        creation
            .returned_once
            .insert("temporaryAccessPass".into(), code);
    };
    Emulator::builder()
        .folder(concat!(env!("CARGO_MANIFEST_DIR"), "/metadata"))
        .seed(format!("/v1.0/users/{user}"), json!({}))
        .on_create(
            "/users/{id}/authentication/temporaryAccessPassMethods",
            complete,
        )
        .start()
        .await
}

/// Sends only what differs from the policy, and nothing if it allows such passes already.
async fn allow_one_time_passes(client: &Client, out: &mut dyn Write) -> Result<(), Box<dyn Error>> {
    let policy: TemporaryAccessPass = client.send(temporary_access_pass::get()).await?.value;
    writeln!(out, "The policy: {policy:?}")?;
    let desired = policy.to_patch().with_is_usable_once(true);
    let update = update_temporary_access_pass(&desired);
    match client.send_changes_from(update, &policy).await? {
        Changed::AsDesired => writeln!(out, "Every pass is for one sign-in already.")?,
        Changed::Sent(_) => writeln!(out, "From now on, every pass is for one sign-in.")?,
    }
    Ok(())
}

async fn issue_and_delete(
    client: &Client,
    arguments: &Arguments,
    out: &mut dyn Write,
) -> Result<(), Box<dyn Error>> {
    let user = arguments.user.as_str();
    let new = NewPass::new()
        .with_lifetime_in_minutes(arguments.minutes)
        .with_is_usable_once(true);
    let issued = client
        .send(pass::create(user, &new))
        .await?
        .required()?
        .value;
    writeln!(out, "Issued to {user}: {issued:?}")?;
    match issued.temporary_access_pass.get() {
        Some(code) if arguments.show_code => writeln!(out, "The code: {}", code.expose())?,
        Some(_) => writeln!(out, "To see the code, add `--show-code`.")?,
        None => writeln!(out, "Graph sent no code.")?,
    }

    let mut passes = client.pages(pass::list(user)).items();
    while let Some(pass) = passes.next().await? {
        writeln!(out, "{user} has {pass:?}")?;
    }
    let id = issued.id.as_deref().ok_or("Graph sent no id")?;
    client.send(pass::delete(user, id)).await?;
    writeln!(out, "Deleted.")?;
    Ok(())
}
