//! What happens to each row of a list: new, known, double, or faulty, and why.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use chrono::{DateTime, Months, NaiveDate, NaiveTime, Utc};

use super::list::{Cells, Claimed, Placed, Read, Reading, hash};
use super::report::faulty;
use super::store::{self, Named};
use super::{FamilyMapping, ImportsError, RowReport, RowState};
use crate::access::TenantTx;
use crate::demands::{self, ClaimedFact, Complete};
use crate::facilities::{self, AgeBand, CareType, RowNote};
use crate::families::{self, HomeOf, KnownGuardian, NewChild, NewFamily, SecondGuardian};
use crate::platform::clock::berlin_date;
use crate::platform::ids::{ChildId, CriterionId, FacilityId, HouseholdId};
use crate::platform::names::agree;
use crate::tenancy::{self, SchoolRule, Settings};

/// A row that can be imported.
pub(super) struct Ready {
    pub(super) source_id: String,
    pub(super) family_id: Option<String>,
    pub(super) hash: Vec<u8>,
    pub(super) family: NewFamily,
    pub(super) second: Option<SecondGuardian>,
    pub(super) wish: Option<Wished>,
    pub(super) contract: Option<Contract>,
}

/// What a family waits for.
pub(super) struct Wished {
    pub(super) submitted_at: DateTime<Utc>,
    pub(super) complete: Complete,
    pub(super) facilities: Vec<FacilityId>,
    pub(super) facts: Vec<ClaimedFact>,
}

/// The place that a child has already.
pub(super) struct Contract {
    pub(super) facility: FacilityId,
    pub(super) care_type: CareType,
    pub(super) birth: NaiveDate,
    pub(super) from: NaiveDate,
    pub(super) until: NaiveDate,
    pub(super) hours: i32,
    pub(super) window: Option<(NaiveTime, NaiveTime)>,
}

/// A child of the list as its name stands there, for finding it twice.
type Listed = (usize, String, String);

/// What is known while a list is read.
pub(super) struct Work<'a> {
    mapping: &'a FamilyMapping,
    pub(super) settings: Settings,
    pub(super) school_rule: SchoolRule,
    /// By name and by the id of the facilities' import.
    facilities: HashMap<String, Option<Arc<Named>>>,
    criteria: HashMap<String, (CriterionId, bool)>,
    today: NaiveDate,
    now: DateTime<Utc>,
    ids: HashMap<String, usize>,
    children: HashMap<NaiveDate, Vec<Listed>>,
    pub(super) homes: HashMap<String, HomeOf>,
    /// Everybody of a household that more than one row is of.
    pub(super) people: HashMap<HouseholdId, Vec<KnownGuardian>>,
    /// Facilities of which children have places by now.
    pub(super) taken: BTreeSet<FacilityId>,
}

impl<'a> Work<'a> {
    pub(super) async fn begin(tx: &mut TenantTx, mapping: &'a FamilyMapping) -> Result<Self, ImportsError> {
        let mut facilities: HashMap<String, Option<Arc<Named>>> = HashMap::new();
        for found in store::facilities(tx).await? {
            let found = Arc::new(found);
            // Of two facilities with one name nobody can say which is meant.
            let by_name = facilities.entry(found.name.trim().to_lowercase());
            by_name.and_modify(|one| *one = None).or_insert(Some(found.clone()));
            if let Some(source_id) = &found.source_id {
                facilities.insert(source_id.to_lowercase(), Some(found.clone()));
            }
        }
        let asked = demands::asked_codes(tx).await?;
        Ok(Self {
            mapping,
            settings: tenancy::settings(tx).await?,
            school_rule: facilities::school_rule(tx).await?,
            facilities,
            criteria: asked.into_iter().map(|c| (c.code, (c.id, c.is_number))).collect(),
            today: tx.today(),
            now: tx.now(),
            ids: HashMap::new(),
            children: HashMap::new(),
            homes: HashMap::new(),
            people: HashMap::new(),
            taken: BTreeSet::new(),
        })
    }

    /// Says of each row of a batch what happens to it, and gives back those that are new.
    pub(super) async fn look_at(
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
        let contract = read
            .contract
            .as_ref()
            .and_then(|placed| self.contract(reading, placed, &read.family.child));
        let wish = (!read.is_contract_only()).then(|| self.wish(reading, &read));
        let second = read.second.map(SecondGuardian::checked);
        let second = second.and_then(|second| reading.of(second));
        Some(Ready {
            source_id: source_id.to_owned(),
            family_id,
            hash: hash(cells),
            family: reading.of(read.family.checked(self.today))?,
            second,
            wish: wish.flatten(),
            contract,
        })
    }

    /// What the family waits for, or faults in `reading`.
    fn wish(&self, reading: &mut Reading<'_>, read: &Read) -> Option<Wished> {
        let submitted_at = read.submitted_at.filter(|at| self.is_plausible(reading, *at));
        let facilities = self.wishes(reading, &read.facilities);
        let facts = self.facts(reading, &read.criteria);
        let submitted_at = submitted_at?;
        let complete = demands::complete(
            &read.change,
            &read.family.child,
            read.facilities.len(),
            &self.settings,
            berlin_date(submitted_at),
            self.today,
        );
        Some(Wished {
            submitted_at,
            complete: reading.of(complete)?,
            facilities,
            facts,
        })
    }

    /// The place that the child has already, or faults in `reading`.
    fn contract(&self, reading: &mut Reading<'_>, placed: &Placed, child: &NewChild) -> Option<Contract> {
        let name = placed.facility.as_deref()?;
        let header = reading.header("contract_facility");
        let facility = self.facility(reading, &header, name);
        let hours = placed.hours?;
        if !(1..=60).contains(&hours) {
            reading.fault("contract_hours", "out_of_range", "1 to 60 hours a week");
        }
        let window = window(reading, placed);
        let from = placed.from?;
        let Some(birth) = child.birth_date else {
            reading.fault("child_birth_date", "required", "a child with a place is born");
            return None;
        };
        let facility = facility?;
        let entry = facilities::school_entry(birth, self.school_rule);
        let usual = facilities::usual_end(birth, from, entry, facility.kind, &facility.care_types);
        let until = placed.last_day.map_or(usual, |day| day.succ_opt().unwrap_or(day));
        match () {
            () if from < birth => reading.fault("contract_from", "too_early", "before the child is born"),
            () if until <= from => reading.fault("contract_last_day", "too_early", "before the first day"),
            () if until <= self.today => {
                reading.fault("contract_last_day", "ended", "only running contracts come over")
            }
            () => {}
        }
        let care_type = match facilities::age_band_on(birth, from, entry) {
            AgeBand::Under3 => CareType::Nursery,
            AgeBand::Over3 => CareType::Kindergarten,
            AgeBand::SchoolAge => CareType::AfterSchool,
        };
        Some(Contract {
            facility: facility.id,
            care_type,
            birth,
            from,
            until,
            hours,
            window,
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

    /// The facility of a name, or a fault of its column.
    fn facility(&self, reading: &mut Reading<'_>, header: &str, name: &str) -> Option<Arc<Named>> {
        let code = match self.facilities.get(&name.trim().to_lowercase()) {
            Some(Some(found)) => return Some(found.clone()),
            Some(None) => "ambiguous",
            None => "unknown_facility",
        };
        reading.fault_at(header, code, &format!("{name:?}"));
        None
    }

    fn wishes(&self, reading: &mut Reading<'_>, wished: &[(String, String)]) -> Vec<FacilityId> {
        let mut ids = Vec::new();
        for (header, name) in wished {
            match self.facility(reading, header, name) {
                Some(found) if ids.contains(&found.id) => reading.fault_at(header, "duplicate", &format!("{name:?}")),
                Some(found) => ids.push(found.id),
                None => {}
            }
        }
        ids
    }

    fn facts(&self, reading: &mut Reading<'_>, claimed: &[Claimed]) -> Vec<ClaimedFact> {
        let mut facts = Vec::new();
        for Claimed { code, number, seen_on } in claimed {
            let header = self.mapping.criteria.get(code).cloned().unwrap_or_default();
            if seen_on.is_some_and(|day| day > self.today) {
                let header = self.mapping.evidence.get(code).cloned().unwrap_or_default();
                reading.fault_at(&header, "in_future", "");
            }
            let fact = |criterion, number| ClaimedFact {
                criterion,
                number,
                seen_on: *seen_on,
            };
            match self.criteria.get(code) {
                None => reading.fault_at(
                    &header,
                    "unknown_criterion",
                    &format!("no family is asked for {code:?}"),
                ),
                Some((_, true)) if !number.is_some_and(|n| (0..=1000).contains(&n)) => {
                    reading.fault_at(&header, "out_of_range", "a number from 0 to 1000 is needed");
                }
                Some((id, true)) => facts.push(fact(*id, *number)),
                Some((id, false)) => facts.push(fact(*id, None)),
            }
        }
        facts
    }

    /// Whether the child stands in an earlier row, or is known here.
    fn double(&mut self, ready: &Ready, row: usize, children: &[families::KnownChild]) -> Option<Double> {
        let child = &ready.family.child;
        let (born, first, last) = (child.birth_date?, child.first_name.as_ref()?, child.last_name.as_ref()?);
        let known = children.iter().find(|c| c.is(first, last, born));
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
}

/// When the child comes and goes, if the row says both in their order.
fn window(reading: &mut Reading<'_>, placed: &Placed) -> Option<(NaiveTime, NaiveTime)> {
    match placed.window {
        (Some(from), Some(to)) if to > from => return Some((from.0, to.0)),
        (Some(_), Some(_)) => reading.fault("contract_window_to", "before_start", ""),
        (Some(_), None) => reading.fault("contract_window_to", "required", ""),
        (None, Some(_)) => reading.fault("contract_window_from", "required", ""),
        (None, None) => {}
    }
    None
}

/// A child that stands twice.
enum Double {
    Row(usize),
    Known(ChildId),
}
