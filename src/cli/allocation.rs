//! `kitaplatz allocation …`: solves, verifies and replays allocation files without a database, and replays runs of one.

use std::error::Error;
use std::fmt::Display;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

use clap::{Subcommand, ValueEnum};

use super::say;
use crate::access::{TenantTx, as_system};
use crate::allocation::{FileError, Instance, ResultFile, Run, instance_schema, result_schema, rounds, solve, verify};
use crate::app;
use crate::platform::config::Config;
use crate::platform::ids::RunId;

#[derive(Subcommand)]
pub(super) enum AllocationCommand {
    /// Solves an instance and writes the verified result.
    Solve {
        /// The instance; `-` is standard input.
        instance: String,
        /// Where the result goes; `-` is standard output.
        #[arg(long, default_value = "-")]
        out: String,
    },
    /// Checks a result against its instance: exits with 0 and says so, or with 1 and each violation.
    Verify {
        /// The instance; `-` is standard input.
        instance: String,
        /// The result; `-` is standard input.
        result: String,
    },
    /// Solves a run again and compares byte for byte: an exported one, or one that stands in the database.
    Replay {
        /// The exported run; `-` is standard input.
        #[arg(required_unless_present = "run_id", conflicts_with = "run_id")]
        run: Option<String>,
        /// The stored run; needs the database's settings.
        #[arg(long = "run", requires = "tenant")]
        run_id: Option<uuid::Uuid>,
        /// Slug of its municipality.
        #[arg(long, requires = "run_id")]
        tenant: Option<String>,
        #[command(flatten)]
        config: Box<Config>,
    },
    /// Prints the JSON Schema of a file.
    Schema {
        /// Of which file.
        #[arg(value_enum, default_value_t = Schema::Instance)]
        of: Schema,
    },
}

#[derive(Clone, Copy, ValueEnum)]
pub(super) enum Schema {
    /// The file that is solved.
    Instance,
    /// The file that comes out.
    Result,
}

pub(super) async fn run(command: AllocationCommand) -> Result<(), Box<dyn Error>> {
    match command {
        AllocationCommand::Solve { instance, out } => {
            let instance = read(&instance, Instance::read);
            let result = solve(&instance).file();
            // No result leaves the house unverified.
            report(&verify(&instance, &result))?;
            write(&out, &result)
        }
        AllocationCommand::Verify { instance, result } => {
            if instance == "-" && result == "-" {
                refuse("-", &"standard input cannot be both files");
            }
            let (instance, result) = (read(&instance, Instance::read), read(&result, ResultFile::read));
            report(&verify(&instance, &result))?;
            let metrics = result.metrics;
            say(&format!(
                "valid: {} of {} children placed, {} with justified envy, {} seats wasted, {} exceptions",
                metrics.placed,
                metrics.children,
                metrics.justified_envy,
                metrics.wasted_seats,
                result.exceptions.len()
            ));
            Ok(())
        }
        AllocationCommand::Replay {
            run,
            run_id,
            tenant,
            config,
        } => match (run, run_id, tenant) {
            (_, Some(id), Some(slug)) => replay_stored(*config, RunId(id), &slug).await,
            (Some(run), ..) => replay(&read(&run, Run::read)),
            _ => Err("name an exported run, or --run and --tenant".into()),
        },
        AllocationCommand::Schema { of } => {
            let schema = match of {
                Schema::Instance => instance_schema(),
                Schema::Result => result_schema(),
            };
            say(&serde_json::to_string_pretty(&schema)?);
            Ok(())
        }
    }
}

/// Does a run of the database again, and says whether every byte is the same.
async fn replay_stored(config: Config, id: RunId, slug: &str) -> Result<(), Box<dyn Error>> {
    let platform = app::platform(config)?;
    let found = platform.tenants.by_slug(slug, platform.clock.now()).await?;
    let tenant = found.ok_or_else(|| format!("there is no municipality {slug:?}"))?;
    let work = async |tx: &mut TenantTx| rounds::replay(tx, id).await;
    let again = as_system(&platform, &tenant, "replay_run", work).await?;
    if !again.same {
        return Err(format!("run {} was not reproduced", again.number).into());
    }
    say(&format!(
        "reproduced: run {}, {} bytes, instance {}",
        again.number, again.bytes, again.instance_sha256
    ));
    Ok(())
}

fn replay(run: &Run) -> Result<(), Box<dyn Error>> {
    let again = solve(&run.instance).file();
    report(&verify(&run.instance, &again))?;
    let (mut before, mut after) = (Vec::new(), Vec::new());
    run.result.write(&mut before)?;
    again.write(&mut after)?;
    if before == after {
        say(&format!(
            "reproduced: {} bytes, instance {}",
            after.len(),
            again.instance_sha256
        ));
        return Ok(());
    }
    let lines = before
        .split(|&byte| byte == b'\n')
        .zip(after.split(|&byte| byte == b'\n'));
    if let Some((before, after)) = lines.into_iter().find(|(before, after)| before != after) {
        say(&format!("the run says:  {}", String::from_utf8_lossy(before).trim()));
        say(&format!("the replay is: {}", String::from_utf8_lossy(after).trim()));
    }
    Err("the run was not reproduced".into())
}

fn report(violations: &[impl Display]) -> Result<(), Box<dyn Error>> {
    if violations.is_empty() {
        return Ok(());
    }
    for violation in violations {
        say(&violation.to_string());
    }
    Err(format!("{} violations", violations.len()).into())
}

/// Reads a whole file; one that cannot be read or is not of its form ends the process with 2.
fn read<T>(path: &str, parse: impl FnOnce(&[u8]) -> Result<T, FileError>) -> T {
    let mut text = Vec::new();
    let read = match path {
        "-" => io::stdin().read_to_end(&mut text),
        path => File::open(path).and_then(|mut file| file.read_to_end(&mut text)),
    };
    if let Err(error) = read {
        refuse(path, &error);
    }
    parse(&text).unwrap_or_else(|error| refuse(path, &error))
}

/// Other failures end with 1, which here would say that a result is wrong.
fn refuse(path: &str, why: &dyn Display) -> ! {
    eprintln!("kitaplatz: {path}: {why}");
    std::process::exit(2)
}

fn write(path: &str, result: &ResultFile) -> Result<(), Box<dyn Error>> {
    let out: Box<dyn Write> = match path {
        "-" => Box::new(io::stdout().lock()),
        path => Box::new(File::create(path)?),
    };
    let mut out = BufWriter::new(out);
    result.write(&mut out)?;
    Ok(out.flush()?)
}
