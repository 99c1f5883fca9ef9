//! Import of families and their demands from another system: a trial that says row by row what would happen, then all of it in one
//! transaction.
//!
//! A row is one demand, known by the other system's id: a second run finds it and changes nothing. A child that is known here already, by
//! name and day of birth however they are written, is left out, so that nobody stands on two lists. Nobody is told by mail; families come
//! in with the codes of [`crate::claims`].

pub mod http;
mod list;
mod mapping;
mod store;

pub use mapping::{FIELDS, FamilyMapping, template};

use std::collections::{BTreeMap, HashMap};

use chrono::{Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::TenantTx;
use crate::demands::{self, Complete, DemandError, TakenOver};
use crate::facilities::RowNote;
use crate::families::{self, ChildOf, HomeOf, NewFamily};
use crate::platform::clock::berlin_date;
use crate::platform::http::Stale;
use crate::platform::ids::{ChildId, CriterionId, DemandId, FacilityId, GuardianId, HouseholdId};
use crate::platform::names::agree;
use crate::tenancy::{self, Settings};
use list::{Cells, Reading, Rows, hash};

/// So many rows are looked at, and written, together.
const BATCH: usize = 500;

/// What can stand against an import.
#[derive(Debug, thiserror::Error)]
pub enum ImportsError {
    /// Somebody else changed the mapping.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The mapping cannot be right.
    #[error(transparent)]
    Invalid(#[from] crate::platform::fields::Invalid),
    /// A demand cannot be written.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

/// What happens, or would happen, to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// A new demand.
    New,
    /// It was imported before, and says the same.
    Known,
    /// It was imported before, and says something else now. What is here stands: the family may have changed it.
    KnownDiffers,
    /// The child is known here already; the row is left out.
    Duplicate,
    /// The row has faults.
    Faulty,
}

/// A row of the report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowReport {
    /// Line of the list; the header is row 1.
    pub row: usize,
    /// The other system's id.
    pub source_id: String,
    /// What happens to it.
    pub state: RowState,
    /// What is wrong, with column and code.
    pub faults: Vec<RowNote>,
    /// The child that is known already.
    pub child_id: Option<ChildId>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct FamilyReport {
    /// Rows below the header.
    pub rows: usize,
    /// New demands.
    pub new: usize,
    /// Imported before.
    pub known: usize,
    /// Imported before, and different now.
    pub known_differs: usize,
    /// Children who are known here.
    pub duplicates: usize,
    /// Rows with faults.
    pub faulty: usize,
    /// Faults of the list itself; with one nothing is read.
    pub list_faults: Vec<RowNote>,
    /// Every row.
    pub items: Vec<RowReport>,
    /// Something was written.
    pub written: bool,
}

impl FamilyReport {
    fn add(&mut self, item: RowReport) {
        self.rows += 1;
        *match item.state {
            RowState::New => &mut self.new,
            RowState::Known => &mut self.known,
            RowState::KnownDiffers => &mut self.known_differs,
            RowState::Duplicate => &mut self.duplicates,
            RowState::Faulty => &mut self.faulty,
        } += 1;
        self.items.push(item);
    }
}

/// How an import is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Run {
    /// Only say what would happen.
    pub dry_run: bool,
    /// Import the good rows although others have faults.
    pub leave_out_faulty: bool,
}

/// The mapping of the municipality, its version; version 0 is the template's.
pub async fn mapping(tx: &mut crate::access::TenantRead) -> Result<(FamilyMapping, i32), sqlx::Error> {
    Ok(store::mapping(tx).await?.unwrap_or_default())
}

/// Replaces the mapping; `seen` is 0 the first time.
pub async fn put_mapping(tx: &mut TenantTx, seen: i32, new: &FamilyMapping) -> Result<i32, ImportsError> {
    new.check()?;
    let (_, current) = store::lock_mapping(tx).await?.unwrap_or_default();
    Stale::check(seen, current)?;
    Ok(store::save_mapping(tx, new).await?)
}

/// Imports a list. With a fault in any row nothing is written, unless those rows are to be left out. `progress` hears the rows done.
pub async fn import_families(
    tx: &mut TenantTx,
    bytes: &[u8],
    run: Run,
    mut progress: impl FnMut(usize),
) -> Result<FamilyReport, ImportsError> {
    let (mapping, _) = mapping(tx).await?;
    let report = pass(tx, bytes, &mapping, false, &mut progress).await?;
    let is_clean = report.list_faults.is_empty() && (report.faulty == 0 || run.leave_out_faulty);
    if run.dry_run || !is_clean || report.new == 0 {
        return Ok(report);
    }
    let mut report = pass(tx, bytes, &mapping, true, &mut progress).await?;
    demands::count_all_later(tx).await?;
    report.written = true;
    Ok(report)
}

/// Reads the list once, batch by batch; writes the new rows if it is told to.
async fn pass(
    tx: &mut TenantTx,
    bytes: &[u8],
    mapping: &FamilyMapping,
    write: bool,
    progress: &mut impl FnMut(usize),
) -> Result<FamilyReport, ImportsError> {
    let mut report = FamilyReport::default();
    let mut rows = match Rows::open(bytes, mapping) {
        Ok(rows) => rows,
        Err(faults) => {
            report.list_faults = faults;
            return Ok(report);
        }
    };
    let mut work = Work::begin(tx, mapping).await?;
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(row) = rows.next_row()
        {
            batch.push(row);
        }
        if batch.is_empty() {
            return Ok(report);
        }
        let (items, new) = work.look_at(tx, batch).await?;
        if write {
            work.write(tx, &new).await?;
        }
        items.into_iter().for_each(|item| report.add(item));
        progress(report.rows);
    }
}

/// A row that can be imported.
struct Ready {
    source_id: String,
    family_id: Option<String>,
    hash: Vec<u8>,
    family: NewFamily,
    submitted_at: chrono::DateTime<chrono::Utc>,
    complete: Complete,
    facilities: Vec<FacilityId>,
    facts: Vec<(CriterionId, Option<i32>)>,
}

/// A child of the list as its name stands there, for finding it twice.
type Listed = (usize, String, String);

/// What is known while a list is read.
struct Work<'a> {
    mapping: &'a FamilyMapping,
    settings: Settings,
    facilities: HashMap<String, Option<FacilityId>>,
    criteria: HashMap<String, (CriterionId, bool)>,
    today: NaiveDate,
    now: chrono::DateTime<chrono::Utc>,
    ids: HashMap<String, usize>,
    children: HashMap<NaiveDate, Vec<Listed>>,
    homes: HashMap<String, HomeOf>,
}

impl<'a> Work<'a> {
    async fn begin(tx: &mut TenantTx, mapping: &'a FamilyMapping) -> Result<Self, ImportsError> {
        let mut facilities: HashMap<String, Option<FacilityId>> = HashMap::new();
        for found in store::facilities(tx).await? {
            // Of two facilities with one name nobody can say which is meant.
            let by_name = facilities.entry(found.name.trim().to_lowercase());
            by_name.and_modify(|one| *one = None).or_insert(Some(found.id));
            if let Some(source_id) = found.source_id {
                facilities.insert(source_id.to_lowercase(), Some(found.id));
            }
        }
        let asked = demands::asked_codes(tx).await?;
        Ok(Self {
            mapping,
            settings: tenancy::settings(tx).await?,
            facilities,
            criteria: asked.into_iter().map(|c| (c.code, (c.id, c.is_number))).collect(),
            today: tx.today(),
            now: tx.now(),
            ids: HashMap::new(),
            children: HashMap::new(),
            homes: HashMap::new(),
        })
    }

    /// Says of each row of a batch what happens to it, and gives back those that are new.
    async fn look_at(
        &mut self,
        tx: &mut TenantTx,
        batch: Vec<Result<Cells, RowNote>>,
    ) -> Result<(Vec<RowReport>, Vec<Ready>), ImportsError> {
        let cells = batch.iter().flatten();
        let ids: Vec<String> = cells.filter_map(|c| c.fields.get("source_id").cloned()).collect();
        let known = store::imported(tx, &ids).await?;
        let births = batch.iter().flatten();
        let births = births.filter_map(|c| self.mapping.date(c.fields.get("child_birth_date")?));
        let children = families::born_on(tx, &births.collect::<Vec<_>>()).await?;
        let (mut items, mut new) = (Vec::with_capacity(batch.len()), Vec::new());
        for row in batch {
            let (item, ready) = match row {
                Ok(cells) => self.judge(&cells, &known, &children),
                Err(fault) => (faulty(fault.row, String::new(), vec![fault]), None),
            };
            items.push(item);
            new.extend(ready);
        }
        Ok((items, new))
    }

    fn judge(
        &mut self,
        cells: &Cells,
        known: &HashMap<String, Vec<u8>>,
        children: &[families::KnownChild],
    ) -> (RowReport, Option<Ready>) {
        let source_id = cells.fields.get("source_id").cloned().unwrap_or_default();
        let item = |state, child_id| RowReport {
            row: cells.row,
            source_id: source_id.clone(),
            state,
            faults: Vec::new(),
            child_id,
        };
        if let Some(before) = known.get(&source_id) {
            let same = *before == hash(cells);
            return (
                item(if same { RowState::Known } else { RowState::KnownDiffers }, None),
                None,
            );
        }
        let mut reading = Reading::new(cells, self.mapping);
        let ready = self.ready(&mut reading, cells, &source_id);
        let Some(ready) = ready.filter(|_| reading.faults.is_empty()) else {
            return (faulty(cells.row, source_id, reading.faults), None);
        };
        match self.double(&ready, cells.row, children) {
            Some(Double::Known(child)) => (item(RowState::Duplicate, Some(child)), None),
            Some(Double::Row(row)) => {
                reading.fault("child_birth_date", "duplicate", &format!("row {row} is the same child"));
                (faulty(cells.row, source_id, reading.faults), None)
            }
            None => (item(RowState::New, None), Some(ready)),
        }
    }

    /// The row as it would be written, or its faults in `reading`.
    fn ready(&mut self, reading: &mut Reading<'_>, cells: &Cells, source_id: &str) -> Option<Ready> {
        let family_id = cells.fields.get("family_id").cloned();
        for (field, id) in [("source_id", Some(source_id)), ("family_id", family_id.as_deref())] {
            if id.is_some_and(|id| id.chars().count() > 100) {
                reading.fault(field, "too_long", "");
            }
        }
        if source_id.is_empty() {
            reading.fault("source_id", "required", "");
        } else if let Some(row) = self.ids.insert(source_id.to_owned(), cells.row) {
            reading.fault("source_id", "duplicate", &format!("row {row} has the same id"));
        }
        let read = reading.read(&self.settings.default_language);
        if !self.settings.languages.contains(&read.family.language) {
            reading.fault(
                "language",
                "unknown_word",
                "the municipality does not write in this language",
            );
        }
        let submitted_at = read.submitted_at.filter(|at| self.is_plausible(reading, *at));
        let facilities = self.facilities(reading, &read.facilities);
        let facts = self.facts(reading, &read.criteria);
        let family = reading.of(read.family.checked(self.today));
        let (family, submitted_at) = (family?, submitted_at?);
        let complete = demands::complete(
            &read.change,
            &family.child,
            read.facilities.len(),
            &self.settings,
            berlin_date(submitted_at),
            self.today,
        );
        Some(Ready {
            source_id: source_id.to_owned(),
            family_id,
            hash: hash(cells),
            complete: reading.of(complete)?,
            family,
            submitted_at,
            facilities,
            facts,
        })
    }

    /// A demand is not sent in the future, nor before the childhood that it is for.
    fn is_plausible(&self, reading: &mut Reading<'_>, at: chrono::DateTime<chrono::Utc>) -> bool {
        let low = self.today.checked_sub_months(Months::new(16 * 12));
        let fault = match () {
            () if at > self.now => "in_future",
            () if low.is_some_and(|low| berlin_date(at) < low) => "too_early",
            () => return true,
        };
        reading.fault("submitted_at", fault, "");
        false
    }

    fn facilities(&self, reading: &mut Reading<'_>, wished: &[(String, String)]) -> Vec<FacilityId> {
        let mut ids = Vec::new();
        for (header, name) in wished {
            let code = match self.facilities.get(&name.trim().to_lowercase()) {
                Some(Some(id)) if ids.contains(id) => "duplicate",
                Some(Some(id)) => {
                    ids.push(*id);
                    continue;
                }
                Some(None) => "ambiguous",
                None => "unknown_facility",
            };
            reading.fault_at(header, code, &format!("{name:?}"));
        }
        ids
    }

    fn facts(&self, reading: &mut Reading<'_>, claimed: &[(String, Option<i32>)]) -> Vec<(CriterionId, Option<i32>)> {
        let mut facts = Vec::new();
        for (code, number) in claimed {
            let header = self.mapping.criteria.get(code).cloned().unwrap_or_default();
            match self.criteria.get(code) {
                None => reading.fault_at(
                    &header,
                    "unknown_criterion",
                    &format!("no family is asked for {code:?}"),
                ),
                Some((_, true)) if !number.is_some_and(|n| (0..=1000).contains(&n)) => {
                    reading.fault_at(&header, "out_of_range", "a number from 0 to 1000 is needed");
                }
                Some((id, true)) => facts.push((*id, *number)),
                Some((id, false)) => facts.push((*id, None)),
            }
        }
        facts
    }

    /// Whether the child stands in an earlier row, or is known here.
    fn double(&mut self, ready: &Ready, row: usize, children: &[families::KnownChild]) -> Option<Double> {
        let child = &ready.family.child;
        let (born, first, last) = (child.birth_date?, child.first_name.as_ref()?, child.last_name.as_ref()?);
        let known = children
            .iter()
            .find(|c| c.birth_date == born && agree(&c.first_name, first) && agree(&c.last_name, last));
        if let Some(known) = known {
            return Some(Double::Known(known.id));
        }
        let listed = self.children.entry(born).or_default();
        if let Some((other, ..)) = listed.iter().find(|(_, f, l)| agree(f, first) && agree(l, last)) {
            return Some(Double::Row(*other));
        }
        listed.push((row, first.clone(), last.clone()));
        None
    }

    /// Writes the new rows of a batch: families, children, demands, and where each came from.
    async fn write(&mut self, tx: &mut TenantTx, new: &[Ready]) -> Result<(), ImportsError> {
        self.find_homes(tx, new).await?;
        let (mut children, mut sent, mut sources) = (Vec::new(), Vec::new(), Vec::new());
        for ready in new {
            let known = ready.family_id.as_ref().and_then(|id| self.homes.get(id)).copied();
            let home = known.unwrap_or_else(|| HomeOf {
                guardian_id: GuardianId::new(),
                household_id: HouseholdId::new(),
            });
            if let Some(id) = &ready.family_id {
                self.homes.insert(id.clone(), home);
            }
            let (child_id, demand_id) = (ChildId::new(), DemandId::new());
            children.push(ChildOf {
                child_id,
                home,
                is_new_family: known.is_none(),
                family: &ready.family,
            });
            sent.push(TakenOver {
                id: demand_id,
                child: child_id,
                submitted_at: ready.submitted_at,
                complete: ready.complete.clone(),
                facilities: ready.facilities.clone(),
                facts: ready.facts.clone(),
            });
            sources.push((ready, demand_id, home.guardian_id));
            tx.touch_child(child_id);
        }
        families::insert_many(tx, &children).await?;
        demands::take_over(tx, &sent, &self.settings).await?;
        Ok(store::insert_sources(tx, &sources).await?)
    }

    /// Families of the batch that came with an earlier list: their younger child joins them.
    async fn find_homes(&mut self, tx: &mut TenantTx, new: &[Ready]) -> Result<(), ImportsError> {
        let ids = new.iter().filter_map(|r| r.family_id.clone());
        let ids: Vec<String> = ids.filter(|id| !self.homes.contains_key(id)).collect();
        let known: BTreeMap<String, GuardianId> = store::families(tx, &ids).await?;
        let guardians: Vec<GuardianId> = known.values().copied().collect();
        let homes = families::homes_of(tx, &guardians).await?;
        for (id, guardian) in known {
            if let Some(home) = homes.iter().find(|home| home.guardian_id == guardian) {
                self.homes.insert(id, *home);
            }
        }
        Ok(())
    }
}

/// A child that stands twice.
enum Double {
    Row(usize),
    Known(ChildId),
}

fn faulty(row: usize, source_id: String, faults: Vec<RowNote>) -> RowReport {
    RowReport {
        row,
        source_id,
        state: RowState::Faulty,
        faults,
        child_id: None,
    }
}
