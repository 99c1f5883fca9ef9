//! `kitaplatz import …`: lists of facilities, streets and postal codes, with a report per row.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Subcommand;

use super::say;
use crate::access::as_system;
use crate::app;

use crate::facilities::{self, CatalogueError, ImportError, Mapping, Report, RowNote};
use crate::imports;
use crate::platform::Platform;
use crate::platform::config::{Config, ConfigError};
use crate::platform::db::TenantRef;

#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// Imports facilities into a municipality: all rows or none, a second run changes nothing.
    Facilities {
        #[command(flatten)]
        config: Box<Config>,
        /// CSV, UTF-8, with semicolons or commas.
        file: PathBuf,
        /// Slug of the municipality.
        #[arg(long)]
        tenant: String,
        /// `kitaplatz`, `german`, or the path of a mapping file (JSON); found by the headers when left out.
        #[arg(long)]
        mapping: Option<String>,
        /// Only reports what would happen.
        #[arg(long)]
        dry_run: bool,
    },
    /// Imports families and their demands from another system: all good rows in one transaction, a second run changes nothing.
    Families {
        #[command(flatten)]
        config: Box<Config>,
        /// CSV with a row for each demand; `-` prints the template instead.
        file: PathBuf,
        /// Slug of the municipality.
        #[arg(long)]
        tenant: String,
        /// A mapping file (JSON), which is saved for the municipality; the saved one when left out.
        #[arg(long)]
        mapping: Option<PathBuf>,
        /// Only reports what would happen.
        #[arg(long)]
        dry_run: bool,
        /// Imports the good rows although others have faults.
        #[arg(long)]
        leave_out_faulty: bool,
    },
    /// Imports postal codes of Germany, for all municipalities.
    PostalCodes {
        #[command(flatten)]
        config: Box<Config>,
        /// CSV with `postal_code`, `place`, `kreis_ags5`, `latitude`, `longitude`.
        file: PathBuf,
    },
    /// Imports the streets of a municipality.
    Streets {
        #[command(flatten)]
        config: Box<Config>,
        /// CSV with `street`, and `postal_code`, `latitude`, `longitude` where known.
        file: PathBuf,
        /// Slug of the municipality.
        #[arg(long)]
        tenant: String,
    },
}

pub(super) async fn run(command: ImportCommand) -> Result<(), Box<dyn Error>> {
    match command {
        ImportCommand::Facilities {
            config,
            file,
            tenant,
            mapping,
            dry_run,
        } => facilities(*config, &file, &tenant, mapping.as_deref(), dry_run).await,
        ImportCommand::Families {
            config,
            file,
            tenant,
            mapping,
            dry_run,
            leave_out_faulty,
        } => {
            let run = imports::Run {
                dry_run,
                leave_out_faulty,
            };
            families(*config, &file, &tenant, mapping.as_deref(), run).await
        }
        ImportCommand::PostalCodes { config, file } => {
            let platform = app::platform(*config)?;
            let ops = platform
                .ops
                .as_ref()
                .ok_or(ConfigError::Missing("KITAPLATZ_OPS_DATABASE_URL"))?;
            let done = facilities::import_postal_codes(ops, &std::fs::read(file)?).await;
            count(done)
        }
        ImportCommand::Streets { config, file, tenant } => {
            let platform = app::platform(*config)?;
            let (tenant, bytes) = (tenant_of(&platform, &tenant).await?, std::fs::read(file)?);
            let done = as_system(&platform, &tenant, "import_streets", async |tx| {
                facilities::import_streets(tx, &bytes).await
            });
            count(done.await)
        }
    }
}

async fn tenant_of(platform: &Platform, slug: &str) -> Result<Arc<TenantRef>, Box<dyn Error>> {
    let found = platform.tenants.by_slug(slug, platform.clock.now()).await?;
    found.ok_or_else(|| format!("there is no municipality {slug:?}").into())
}

fn count(done: Result<(usize, u64), ImportError>) -> Result<(), Box<dyn Error>> {
    match done {
        Ok((rows, changed)) => {
            say(&format!("{rows} rows, {changed} new or changed"));
            Ok(())
        }
        Err(ImportError::List(faults)) => {
            tell("error", &faults);
            Err(format!("{} faults; nothing was changed", faults.len()).into())
        }
        Err(error) => Err(error.into()),
    }
}

async fn facilities(
    config: Config,
    file: &Path,
    tenant: &str,
    mapping: Option<&str>,
    dry_run: bool,
) -> Result<(), Box<dyn Error>> {
    let platform = app::platform(config)?;
    let tenant = tenant_of(&platform, tenant).await?;
    let mapping = mapping.map(read_mapping).transpose()?;
    let list = facilities::read_list(&std::fs::read(file)?, mapping.as_ref());
    let total = list.count;
    let report = as_system(&platform, &tenant, "import_facilities", async |tx| {
        facilities::import_facilities(tx, list, dry_run, |done| progress(done, total)).await
    })
    .await
    .map_err(|error: CatalogueError| error.to_string())?;
    print_report(&report);
    if report.errors.is_empty() {
        Ok(())
    } else {
        Err(format!("{} faults; nothing was changed", report.errors.len()).into())
    }
}

async fn families(
    config: Config,
    file: &Path,
    tenant: &str,
    mapping: Option<&Path>,
    run: imports::Run,
) -> Result<(), Box<dyn Error>> {
    if file == Path::new("-") {
        say(imports::template(&imports::FamilyMapping::default()).trim_end());
        return Ok(());
    }
    let platform = app::platform(config)?;
    let tenant = tenant_of(&platform, tenant).await?;
    let (bytes, mapping) = (std::fs::read(file)?, mapping.map(std::fs::read_to_string).transpose()?);
    let mapping: Option<imports::FamilyMapping> = mapping.map(|text| serde_json::from_str(&text)).transpose()?;
    let report = as_system(&platform, &tenant, "import_families", async |tx| {
        if let Some(new) = &mapping {
            let (_, seen) = imports::mapping(tx).await?;
            imports::put_mapping(tx, seen, new).await?;
        }
        imports::import_families(tx, &bytes, run, |done| progress(done, done)).await
    })
    .await?;
    tell("error", &report.list_faults);
    report.items.iter().for_each(|item| tell("error", &item.faults));
    if run.dry_run {
        for item in &report.items {
            say(&format!("row {} {} {:?}", item.row, item.source_id, item.state).to_lowercase());
        }
    }
    say(&format!(
        "{}{} rows: {} new, {} known, {} known and different, {} duplicates, {} faulty",
        if report.written { "" } else { "nothing written: " },
        report.rows,
        report.new,
        report.known,
        report.known_differs,
        report.duplicates,
        report.faulty
    ));
    Ok(())
}

fn read_mapping(name: &str) -> Result<Mapping, Box<dyn Error>> {
    match Mapping::built_in(name) {
        Some(mapping) => Ok(mapping),
        None => Ok(Mapping::from_json(&std::fs::read_to_string(name)?)?),
    }
}

/// A long list says on standard error how far it is.
#[expect(
    clippy::print_stderr,
    reason = "progress is for people, the report on standard output for scripts"
)]
fn progress(done: usize, total: usize) {
    if done.is_multiple_of(500) {
        eprintln!("{done} of {total} rows");
    }
}

fn tell(kind: &str, notes: &[RowNote]) {
    for note in notes {
        say(&format!(
            "{kind} row {} column {:?} {}: {}",
            note.row, note.column, note.code, note.detail
        ));
    }
}

fn print_report(report: &Report) {
    if report.dry_run {
        for item in &report.items {
            say(&format!("row {} {} {:?}", item.row, item.source_id, item.outcome).to_lowercase());
        }
    }
    tell("warning", &report.warnings);
    tell("error", &report.errors);
    let first = if report.dry_run { "dry run: " } else { "" };
    say(&format!(
        "{first}{} rows: {} created, {} updated, {} unchanged, {} errors, {} warnings",
        report.rows,
        report.created,
        report.updated,
        report.unchanged,
        report.errors.len(),
        report.warnings.len()
    ));
}
