//! Import of lists: facilities of a tenant, its streets, postal codes of Germany. All rows or none; a second run changes nothing.

mod cells;
pub(super) mod http;
mod mapping;
mod model;
mod store;
mod table;

pub use mapping::Mapping;
pub use model::{List, read as read_list};
pub use table::RowNote;

use std::collections::HashMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::catalogue::{self, CatalogueError, Facts, search_words};
use super::model::ProviderKind;
use crate::access::TenantTx;
use crate::platform::crypto::sha256;
use crate::platform::db::OpsDb;
use crate::platform::fields::is_postal_code;
use crate::platform::ids::{FacilityId, ProviderId};
use model::ImportRow;
use table::{Table, note};

/// What happens, or would happen, to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A new facility.
    Created,
    /// A known one with other data.
    Updated,
    /// A known one with the same data.
    Unchanged,
    /// The row has faults.
    Refused,
}

/// A row of the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowOutcome {
    /// Line of the list; the header is row 1.
    pub row: usize,
    /// Its id.
    pub source_id: String,
    /// What happens to it.
    pub outcome: Outcome,
}

/// What an import did, or would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Report {
    /// Rows below the header.
    pub rows: usize,
    /// New facilities.
    pub created: usize,
    /// Known facilities with other data.
    pub updated: usize,
    /// Known facilities with the same data; they are not touched.
    pub unchanged: usize,
    /// Faults; with a single one nothing was changed.
    pub errors: Vec<RowNote>,
    /// What was left out or is doubtful; it stops nothing.
    pub warnings: Vec<RowNote>,
    /// Every row.
    pub items: Vec<RowOutcome>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// Imports a list. With a fault anywhere, or as a dry run, nothing is written. `progress` hears the number of rows done.
pub async fn import_facilities(
    tx: &mut TenantTx,
    list: List,
    dry_run: bool,
    mut progress: impl FnMut(usize),
) -> Result<Report, CatalogueError> {
    let before = store::imported(tx).await?;
    let before: HashMap<&str, (FacilityId, Option<&[u8]>)> = before
        .iter()
        .map(|b| (b.source_id.as_str(), (b.id, b.source_hash.as_deref())))
        .collect();
    let refused: std::collections::HashSet<usize> = list.errors.iter().map(|e| e.row).collect();
    let write = !dry_run && list.errors.is_empty();
    let mut providers = Providers::load(tx).await?;
    let mut items = Vec::with_capacity(list.rows.len());
    for (done, row) in list.rows.iter().enumerate() {
        let (known, hash) = (before.get(row.source_id.as_str()), hash(row));
        let outcome = match known {
            _ if refused.contains(&row.row) => Outcome::Refused,
            Some((_, Some(same))) if *same == hash.as_slice() => Outcome::Unchanged,
            Some(_) => Outcome::Updated,
            None => Outcome::Created,
        };
        if write && matches!(outcome, Outcome::Created | Outcome::Updated) {
            put(tx, known.map(|(id, _)| *id), row, &hash, &mut providers).await?;
        }
        items.push(RowOutcome {
            row: row.row,
            source_id: row.source_id.clone(),
            outcome,
        });
        progress(done + 1);
    }
    let count = |outcome| items.iter().filter(|i| i.outcome == outcome).count();
    let count = |outcome| if list.errors.is_empty() { count(outcome) } else { 0 };
    Ok(Report {
        rows: list.count,
        created: count(Outcome::Created),
        updated: count(Outcome::Updated),
        unchanged: count(Outcome::Unchanged),
        errors: list.errors,
        warnings: list.warnings,
        items,
        dry_run,
    })
}

/// Tells whether a row changed since the last import. The version in front makes a new reading of the same list count as a change.
fn hash(row: &ImportRow) -> Vec<u8> {
    let mut text = b"1:".to_vec();
    text.extend(serde_json::to_vec(row).unwrap_or_default());
    sha256(&text)
}

/// Providers of the tenant by name: the same name is the same provider.
struct Providers(HashMap<String, (ProviderId, Option<ProviderKind>)>);

impl Providers {
    async fn load(tx: &mut TenantTx) -> Result<Self, sqlx::Error> {
        let known = store::providers(tx).await?;
        Ok(Self(
            known.into_iter().map(|(name, id, kind)| (name, (id, kind))).collect(),
        ))
    }

    /// The provider of a row; made when it is new, and given a kind when none was known. What is known is not overwritten.
    async fn of(&mut self, tx: &mut TenantTx, row: &ImportRow) -> Result<Option<ProviderId>, sqlx::Error> {
        let Some(name) = &row.provider_name else {
            return Ok(None);
        };
        let known = self.0.get(name).copied();
        let (id, kind) = known.unwrap_or_else(|| (ProviderId::new(), None));
        if known.is_none() || (kind.is_none() && row.provider_kind.is_some()) {
            store::put_provider(tx, id, name, row.provider_kind).await?;
            self.0.insert(name.clone(), (id, row.provider_kind));
        }
        Ok(Some(id))
    }
}

async fn put(
    tx: &mut TenantTx,
    known: Option<FacilityId>,
    row: &ImportRow,
    hash: &[u8],
    providers: &mut Providers,
) -> Result<(), CatalogueError> {
    let provider_id = providers.of(tx, row).await?;
    let before = match known {
        Some(id) => catalogue::facts_of(tx, id).await?,
        None => Facts::default(),
    };
    let facts = Facts {
        name: row.name.clone(),
        kind: row.kind,
        provider_id,
        care_types: row.care_types.clone(),
        street: row.street.clone(),
        house_number: row.house_number.clone(),
        postal_code: row.postal_code.clone(),
        city: row.city.clone(),
        district: row.district.clone(),
        latitude: row.latitude,
        longitude: row.longitude,
        opens_at: row.opens_at,
        closes_at: row.closes_at,
        languages: row.languages.clone(),
        concepts: row.concepts.clone(),
        denomination: row.denomination.clone(),
        inclusive: row.inclusive,
        barrier_free: row.barrier_free,
        age_from_months: row.age_from_months,
        age_to_months: row.age_to_months,
        // What people added by hand stays where the list says nothing.
        description: row.description.clone().or(before.description),
        website: row.website.clone().or(before.website),
        contact_email: row.contact_email.clone().or(before.contact_email),
        phone: row.phone.clone().or(before.phone),
        licence: before.licence,
    };
    let id = known.unwrap_or_else(FacilityId::new);
    catalogue::put_imported(tx, id, &facts).await?;
    Ok(store::put_source(tx, id, row, hash).await?)
}

/// Imports postal codes of Germany: columns `postal_code`, `place`, `kreis_ags5`, `latitude`, `longitude`. Answers rows and changes.
pub async fn import_postal_codes(ops: &OpsDb, bytes: &[u8]) -> Result<(usize, u64), ImportError> {
    let table = Table::read(bytes).map_err(|n| ImportError::List(vec![n]))?;
    let columns = columns(&table, ["postal_code", "place", "kreis_ags5", "latitude", "longitude"])?;
    let (mut list, mut faults) = (store::PostalCodes::default(), Vec::new());
    for (row, record) in &table.records {
        let cell = |n: usize| record.get(columns[n]).map_or("", String::as_str);
        let (latitude, longitude) = (cell(3).parse::<f64>(), cell(4).parse::<f64>());
        match (is_postal_code(cell(0)), latitude, longitude) {
            (true, Ok(latitude), Ok(longitude)) if latitude.abs() <= 90.0 && longitude.abs() <= 180.0 => {
                list.codes.push(cell(0).to_owned());
                list.places.push(cell(1).to_owned());
                list.districts.push(cell(2).to_owned());
                list.latitudes.push(latitude);
                list.longitudes.push(longitude);
            }
            (false, ..) => faults.push(note(*row, "postal_code", "invalid", "five digits are needed")),
            _ => faults.push(note(*row, "latitude", "invalid", "degrees are needed")),
        }
    }
    if !faults.is_empty() {
        return Err(ImportError::List(faults));
    }
    Ok((table.records.len(), store::put_postal_codes(ops, &list).await?))
}

/// Imports the streets of the tenant: column `street`, and `postal_code`, `latitude`, `longitude` where known. Answers rows and changes.
pub async fn import_streets(tx: &mut TenantTx, bytes: &[u8]) -> Result<(usize, u64), ImportError> {
    let table = Table::read(bytes).map_err(|n| ImportError::List(vec![n]))?;
    let [street] = columns(&table, ["street"])?;
    let place = |header: &str| table.headers.iter().position(|h| h == header);
    let (code, latitude, longitude) = (place("postal_code"), place("latitude"), place("longitude"));
    let mut list = store::Streets::default();
    for (_, record) in &table.records {
        let cell = |at: Option<usize>| at.and_then(|at| record.get(at)).map_or("", String::as_str);
        let name = cell(Some(street));
        if name.is_empty() || name.chars().count() > 200 {
            continue;
        }
        let degrees = |at, most: f64| cell(at).parse::<f64>().ok().filter(|d| d.abs() <= most);
        let (latitude, longitude) = (degrees(latitude, 90.0), degrees(longitude, 180.0));
        list.names.push(name.to_owned());
        list.written_out.push(search_words(name));
        list.postal_codes.push(
            Some(cell(code))
                .filter(|c| is_postal_code(c))
                .unwrap_or_default()
                .to_owned(),
        );
        list.latitudes.push(latitude.filter(|_| longitude.is_some()));
        list.longitudes.push(longitude.filter(|_| latitude.is_some()));
    }
    Ok((list.names.len(), store::put_streets(tx, &list).await?))
}

fn columns<const N: usize>(table: &Table, names: [&str; N]) -> Result<[usize; N], ImportError> {
    let mut at = [0; N];
    for (place, name) in at.iter_mut().zip(names) {
        let missing = || ImportError::List(vec![note(1, name, "missing_column", "the list has no such column")]);
        *place = table.headers.iter().position(|h| h == name).ok_or_else(missing)?;
    }
    Ok(at)
}

/// Why a list of postal codes or streets was not imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Faults in the list; nothing was changed.
    #[error("{} faults, the first in row {} column {:?}: {}", .0.len(), .0.first().map_or(0, |n| n.row), .0.first().map_or("", |n| &n.column), .0.first().map_or("", |n| &n.detail))]
    List(Vec<RowNote>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}
