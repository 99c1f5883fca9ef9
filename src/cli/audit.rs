//! `kitaplatz audit …`: whether the audit is what was written.

use std::error::Error;

use clap::Subcommand;

use super::say;
use crate::access::as_system;
use crate::app;
use crate::audit::{self, Head};
use crate::platform::config::Config;

#[derive(Subcommand)]
pub(super) enum AuditCommand {
    /// Looks the chain of hashes through and names the first event that was altered, removed or put in; fails when there is one.
    Verify {
        #[command(flatten)]
        config: Box<Config>,
        /// Slug of the municipality; all active ones when left out.
        #[arg(long)]
        tenant: Option<String>,
        /// A head that was written down earlier and elsewhere, as NUMBER:HASH; the chain must still pass through it.
        #[arg(long, requires = "tenant")]
        expect: Option<Head>,
    },
}

pub(super) async fn run(command: AuditCommand) -> Result<(), Box<dyn Error>> {
    let AuditCommand::Verify { config, tenant, expect } = command;
    let platform = app::platform(*config)?;
    let mut tenants = platform.tenants.all(platform.clock.now()).await?;
    if let Some(slug) = &tenant {
        tenants.retain(|known| known.slug == *slug);
        if tenants.is_empty() {
            return Err("there is no such tenant".into());
        }
    }
    let mut broken = 0;
    for tenant in tenants {
        let verdict = as_system(&platform, &tenant, "verify_audit_chain", async |tx| {
            audit::verify(tx, expect.as_ref()).await
        });
        let verdict: audit::Verdict = verdict.await?;
        say(&match &verdict.broken {
            None => format!("{}: {} events, head {}", tenant.slug, verdict.events, verdict.head),
            Some(found) => {
                broken += 1;
                let event = found.event.map_or_else(|| "no event".to_owned(), |id| id.to_string());
                let at = found
                    .at
                    .map_or_else(String::new, |at| format!(" of {}", at.to_rfc3339()));
                format!("{}: {} at {event}{at}", tenant.slug, found.fault.as_str())
            }
        });
    }
    if broken > 0 {
        return Err(format!("the audit of {broken} tenants is not what was written").into());
    }
    Ok(())
}
