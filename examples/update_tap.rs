//! Updates the Temporary Access Pass policy of an emulated tenant or, with `--live`, of a real one.
//!
//! ```text
//! cargo run --example update_tap
//! cargo run --example update_tap --features azure -- --live --cloud global
//! ```

use std::error::Error;
use std::process::ExitCode;

use clap::Parser;
use msgraph_emulator::Emulator;
use msgraph_tap::runtime::edm::Untyped;
use msgraph_tap::runtime::{AccessToken, Client, Cloud, Request};
use msgraph_tap::{TemporaryAccessPassPatch, update_temporary_access_pass};

/// Makes every Temporary Access Pass of a tenant usable only once.
///
/// Without `--live`, the tenant is an emulator, and nothing leaves this machine.
///
/// With `--live` (and the feature `azure`), it is the tenant that you are signed in to with the Azure CLI
/// or the Azure Developer CLI. This requires the delegated or application permission
/// Policy.ReadWrite.AuthenticationMethod, and for a user the role Authentication Policy Administrator.
#[derive(Parser)]
struct Arguments {
    /// Update a real tenant.
    #[arg(long)]
    live: bool,
    /// The cloud of the real tenant: global, us-gov-l4, us-gov-l5 or china.
    #[arg(long, default_value = "global", requires = "live")]
    cloud: Cloud,
    /// Show the request to the real tenant without sending it.
    #[arg(long, requires = "live")]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let result = if arguments.live {
        live(arguments.cloud, arguments.dry_run).await
    } else {
        loopback().await
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The update in Microsoft's reference: it sets one field, and all others keep their values.
fn patch() -> TemporaryAccessPassPatch {
    TemporaryAccessPassPatch::new().with_is_usable_once(true)
}

async fn loopback() -> Result<(), Box<dyn Error>> {
    let metadata = concat!(env!("CARGO_MANIFEST_DIR"), "/metadata");
    let emulator = Emulator::start(metadata).await?;
    println!("An emulated tenant: {}\n", emulator.root());
    let client = Client::builder(Cloud::Global, AccessToken::new("token of the example")?)
        .root(emulator.root().parse()?)
        .build()?;

    let before = read(&client).await?;
    let patch = patch();
    let outcome = client.send(update_temporary_access_pass(&patch)).await?;
    let after = read(&client).await?;

    for exchange in emulator
        .log()
        .iter()
        .filter(|exchange| exchange.method == "PATCH")
    {
        println!("> {} {}", exchange.method, exchange.path);
        for (name, value) in &exchange.headers {
            println!("> {name}: {value}");
        }
        println!(">\n> {}\n", exchange.body);
        if let Some(response) = &exchange.response {
            println!("< {}", response.status);
            for (name, value) in &response.headers {
                println!("< {name}: {value}");
            }
            println!();
        }
    }
    println!(
        "status {}, request {}\n",
        outcome.status,
        outcome.request_id.as_deref().unwrap_or("?")
    );
    show_change(&before, &after);
    Ok(())
}

/// Reads the current policy.
async fn read(client: &Client) -> Result<Untyped, Box<dyn Error>> {
    let nothing = TemporaryAccessPassPatch::new();
    let template = update_temporary_access_pass(&nothing).template();
    let outcome = client.send(Request::get("v1.0", template, &[])).await?;
    Ok(outcome.value)
}

fn show_change(before: &Untyped, after: &Untyped) {
    println!("The policy now:\n{after:#}\n\nChanges:");
    for (name, value) in after.as_object().into_iter().flatten() {
        let was = before.get(name).unwrap_or(&Untyped::Null);
        if was != value && !name.starts_with('@') {
            println!("  {name}: {was} -> {value}");
        }
    }
}

#[cfg(feature = "azure")]
async fn live(cloud: Cloud, dry_run: bool) -> Result<(), Box<dyn Error>> {
    use msgraph_tap::runtime::auth::AzureCredential;

    let credential = azure_identity::DeveloperToolsCredential::new(None)?;
    let client = Client::new(cloud, AzureCredential::new(credential))?;
    let patch = patch();
    println!(
        "To the {cloud} cloud:\n\n{}\n",
        client.dry_run(&update_temporary_access_pass(&patch))?
    );
    if dry_run {
        return Ok(());
    }
    println!("Send it? Type `yes`:");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    if answer.trim() != "yes" {
        println!("Nothing was sent.");
        return Ok(());
    }
    let before = read(&client).await?;
    let outcome = client.send(update_temporary_access_pass(&patch)).await?;
    println!(
        "status {}, request {}\n",
        outcome.status,
        outcome.request_id.as_deref().unwrap_or("?")
    );
    show_change(&before, &read(&client).await?);
    Ok(())
}

#[cfg(not(feature = "azure"))]
async fn live(_cloud: Cloud, _dry_run: bool) -> Result<(), Box<dyn Error>> {
    Err("`--live` requires the feature `azure`: \
         cargo run --example update_tap --features azure -- --live"
        .into())
}
