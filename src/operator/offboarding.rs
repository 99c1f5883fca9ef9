//! A tenant leaves: all of its rows are handed over as files with a manifest, then two operators destroy it, and numbers prove it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{DateTime, Utc};
use futures_util::TryStreamExt;
use secrecy::SecretString;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::model::OperatorError;
use super::session::ops;
use super::store::{self, Registered};
use crate::platform::Platform;
use crate::platform::crypto::sha256;
use crate::platform::db::{CopyError, FRESH, Layout};
use crate::platform::ids::ChildId;
use crate::{lists, statistics};

/// Secrets and digests of secrets: of no use to anybody who has the right to the data.
pub const SECRETS: [(&str, &str); 12] = [
    ("account", "password_hash"),
    ("account", "recovery_codes"),
    ("account", "totp_last_step"),
    ("account", "totp_secret"),
    ("account_token", "token_hash"),
    ("api_key", "key_hash"),
    ("claim_code", "code_hash"),
    ("confirm_link", "token_hash"),
    ("contract_code", "code_hash"),
    ("followup_link", "token_hash"),
    ("renewal_link", "token_hash"),
    ("session", "token_hash"),
];

/// Beyond the secrets that every export leaves out: what carries one-time codes and hashes of passwords until it is sent or used.
pub const CARRIERS: [(&str, &str); 3] = [
    ("account_token", "payload"),
    ("idempotency_key", "body"),
    ("notification", "context"),
];

/// Whether a column is left out of what is handed over.
pub fn is_left_out(table: &str, column: &str) -> bool {
    SECRETS.contains(&(table, column)) || CARRIERS.contains(&(table, column))
}

/// What was handed over.
#[derive(Debug, Serialize)]
pub struct Manifest {
    /// `kitaplatz-export/1`.
    pub format: &'static str,
    /// Slug of the municipality.
    pub tenant: String,
    /// Name of the municipality.
    pub name: String,
    /// Its official key.
    pub ags: String,
    /// When the snapshot was taken.
    pub made_at: String,
    /// The version of the software, whose documentation describes the tables.
    pub software: &'static str,
    /// Columns that were left out: secrets and digests of secrets.
    pub left_out: Vec<String>,
    /// What is sealed in its table, opened: a JSON object a line.
    pub opened: FileSum,
    /// The same of the answers for the statistics.
    pub opened_answers: FileSum,
    /// One entry a table, tables without rows too.
    pub tables: BTreeMap<String, TableFiles>,
}

/// A table with its two files.
#[derive(Debug, Serialize)]
pub struct TableFiles {
    /// Rows in each of the files.
    pub rows: i64,
    /// Columns in the order of the CSV.
    pub columns: Vec<String>,
    /// Comma-separated values.
    pub csv: FileSum,
    /// A JSON object a line.
    pub json: FileSum,
}

/// A file with its size and checksum.
#[derive(Debug, Serialize)]
pub struct FileSum {
    /// Name below the folder.
    pub file: String,
    /// Bytes.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// Writes all rows of a tenant into a folder that must not exist, with `manifest.json`. The tenant may be suspended.
pub async fn export_tenant(platform: &Platform, slug: &str, to: &Path) -> Result<Manifest, OperatorError> {
    let tenant = registered(platform, slug).await?;
    fs::create_dir(to)?;
    // Not later than the instant of which the copy is.
    let made_at = platform.clock.now().to_rfc3339();
    let mut copy = platform.db.copy_of(tenant.id).await?;
    let (mut columns, mut left_out) = (BTreeMap::<String, Vec<String>>::new(), Vec::new());
    for column in copy.columns().await? {
        if is_left_out(&column.table, &column.name) {
            left_out.push(format!("{}.{}", column.table, column.name));
        } else {
            columns.entry(column.table).or_default().push(column.name);
        }
    }
    left_out.sort();
    let mut tables = BTreeMap::new();
    for (table, columns) in columns {
        let rows = copy.count(&table).await?;
        let mut sums = Vec::new();
        for (layout, ending) in [(Layout::Csv, "csv"), (Layout::JsonLines, "jsonl")] {
            let file = format!("{table}.{ending}");
            let mut sink = Sink::new(File::create(to.join(&file))?);
            copy.write(&table, &columns, layout, &mut sink).await?;
            sums.push(sink.finish(file)?);
        }
        // There are two, written just above.
        let (Some(json), Some(csv)) = (sums.pop(), sums.pop()) else {
            continue;
        };
        tables.insert(
            table,
            TableFiles {
                rows,
                columns,
                csv,
                json,
            },
        );
    }
    let file = "care_sheet.opened.jsonl".to_owned();
    let mut sink = Sink::new(File::create(to.join(&file))?);
    let mut sheets = copy.bytes("care_sheet", "child_id", "sheet");
    while let Some((child, sealed)) = sheets.try_next().await? {
        sink.write_all(&lists::opened(&platform.vault, tenant.id, ChildId(child), &sealed)?)?;
    }
    drop(sheets);
    let opened = sink.finish(file)?;
    let file = "survey_child.opened.jsonl".to_owned();
    let mut sink = Sink::new(File::create(to.join(&file))?);
    let answers = copy
        .bytes_by("survey_child", &statistics::ANSWER_KEYS, "answers")
        .await?;
    sink.write_all(&statistics::opened_answers(&platform.vault, tenant.id, &answers)?)?;
    let opened_answers = sink.finish(file)?;
    let manifest = Manifest {
        format: "kitaplatz-export/1",
        tenant: tenant.slug,
        name: tenant.name,
        ags: tenant.ags,
        made_at,
        software: env!("CARGO_PKG_VERSION"),
        left_out,
        opened,
        opened_answers,
        tables,
    };
    let text = serde_json::to_vec_pretty(&manifest).map_err(io::Error::other)?;
    fs::write(to.join("manifest.json"), text)?;
    Ok(manifest)
}

/// Counts and sums what is written, without keeping it.
struct Sink {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Sink {
    fn new(file: File) -> Self {
        Self {
            file: BufWriter::new(file),
            hash: Sha256::new(),
            bytes: 0,
        }
    }

    fn finish(mut self, file: String) -> io::Result<FileSum> {
        self.file.flush()?;
        Ok(FileSum {
            file,
            bytes: self.bytes,
            sha256: hex(&self.hash.finalize()),
        })
    }
}

impl Write for Sink {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.file.write_all(piece)?;
        self.hash.update(piece);
        self.bytes += u64::try_from(piece.len()).unwrap_or(0);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How far a destruction is.
#[derive(Debug)]
pub enum Destruction {
    /// The first person asked for it.
    Requested,
    /// The second one confirmed, and every row is gone: the numbers by table.
    Done(Value),
}

/// Asks for the destruction of a suspended tenant, or, as a second person, confirms and does it. `manifest` is the file that was handed
/// over: both name the same one.
pub async fn destroy_tenant(
    platform: &Platform,
    slug: &str,
    manifest: &Path,
    email: &str,
    password: SecretString,
) -> Result<Destruction, OperatorError> {
    let ops = ops(platform)?;
    let who = operator(platform, email, password).await?;
    let tenant = registered(platform, slug).await?;
    let Some(since) = tenant.suspended_at.filter(|_| tenant.state == "suspended") else {
        return Err(OperatorError::NotSuspended);
    };
    let sum = hex(&sha256(&checked_manifest(manifest, slug, since)?));
    let now = platform.clock.now();
    let Some(open) = store::open_destruction(ops, tenant.id).await? else {
        store::request_destruction(ops, &tenant, &sum, &who, now).await?;
        return Ok(Destruction::Requested);
    };
    if open.requested_by == who {
        return Err(OperatorError::SecondPerson);
    }
    if open.manifest_sha256 != sum {
        return Err(OperatorError::OtherManifest);
    }
    let numbers = store::destroy(ops, open.id, &who, now).await?;
    platform.tenants.forget();
    Ok(Destruction::Done(numbers))
}

/// The bytes of a manifest of this tenant, whose files are all there with their checksums, made after nobody could change anything any more.
fn checked_manifest(path: &Path, slug: &str, since: DateTime<Utc>) -> Result<Vec<u8>, OperatorError> {
    let bytes = fs::read(path)?;
    let manifest: Value = serde_json::from_slice(&bytes).map_err(io::Error::other)?;
    if manifest["format"] != "kitaplatz-export/1" || manifest["tenant"] != slug {
        return Err(OperatorError::OtherManifest);
    }
    let made_at = manifest["made_at"]
        .as_str()
        .and_then(|at| at.parse::<DateTime<Utc>>().ok());
    // A process that has just asked goes on for as long as it does not ask again.
    if made_at.is_none_or(|at| at < since + FRESH) {
        return Err(OperatorError::EarlierManifest);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let tables = manifest["tables"].as_object().into_iter().flatten();
    let files = tables.flat_map(|(_, table)| [&table["csv"], &table["json"]]);
    for file in files.chain([&manifest["opened"], &manifest["opened_answers"]]) {
        let name = file["file"].as_str().unwrap_or_default();
        let mut hash = Sha256::new();
        io::copy(&mut File::open(folder.join(name))?, &mut hash)?;
        if file["sha256"] != hex(&hash.finalize()) {
            return Err(OperatorError::OtherManifest);
        }
    }
    Ok(bytes)
}

async fn operator(platform: &Platform, email: &str, password: SecretString) -> Result<String, OperatorError> {
    let found = store::operator_by_email(ops(platform)?, email).await?;
    let stored = found.as_ref().map(|operator| operator.password_hash.clone());
    let fits = platform.hasher.verify(password, stored).await?;
    let operator = found.filter(|_| fits).ok_or(OperatorError::Credentials)?;
    Ok(operator.email)
}

async fn registered(platform: &Platform, slug: &str) -> Result<Registered, OperatorError> {
    let found = store::registered(ops(platform)?, slug).await?;
    found.ok_or(OperatorError::Missing)
}

impl From<CopyError> for OperatorError {
    fn from(error: CopyError) -> Self {
        match error {
            CopyError::Db(db) => db.into(),
            CopyError::File(file) => file.into(),
        }
    }
}
