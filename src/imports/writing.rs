//! Writing the new rows of a batch: families, children, demands, running contracts, and where each came from.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, NaiveTime, Utc};
use chrono_tz::Europe::Berlin;

use super::judging::{Contract, Ready, Work};
use super::{ImportsError, store};
use crate::access::TenantTx;
use crate::demands::{self, Standing, TakenOver};
use crate::facilities;
use crate::families::{self, ChildOf, HomeOf, KnownGuardian, Second};
use crate::offers::{self, Running};
use crate::platform::ids::{ChildId, DemandId, GuardianId, HouseholdId};
use crate::platform::names::agree;
use crate::residence;

impl Work<'_> {
    /// Writes the new rows of a batch.
    pub(super) async fn write(&mut self, tx: &mut TenantTx, new: &[Ready]) -> Result<(), ImportsError> {
        self.find_homes(tx, new).await?;
        let elsewhere = elsewhere(tx, new).await?;
        let (mut children, mut sent, mut sources, mut running) = (vec![], vec![], vec![], vec![]);
        let mut guests = Vec::new();
        for ready in new {
            let (home, is_new_family) = self.home_of(ready);
            let child_id = ChildId::new();
            children.push(ChildOf {
                child_id,
                home,
                is_new_family,
                family: &ready.family,
                second: self.second_of(ready, home.household_id),
            });
            let wish = wished(ready, child_id);
            let is_guest = elsewhere.contains(&ready.family.household.postal_code);
            guests.extend(wish.as_ref().filter(|_| is_guest).map(|demand| (demand.id, child_id)));
            let placed = ready.contract.as_ref().map(|c| placed(c, child_id, tx));
            if let Some((demand, contract)) = &placed {
                self.taken.insert(contract.facility);
                running.push(*contract);
                sources.extend(wish.is_none().then_some((ready, demand.id, home.guardian_id)));
            }
            sources.extend(wish.as_ref().map(|demand| (ready, demand.id, home.guardian_id)));
            sent.extend(wish.into_iter().chain(placed.map(|(demand, _)| demand)));
            tx.touch_child(child_id);
        }
        families::insert_many(tx, &children).await?;
        demands::take_over(tx, &sent, &self.settings).await?;
        residence::mark_many(tx, &guests).await?;
        if !running.is_empty() {
            offers::take_over(tx, &running).await?;
        }
        Ok(store::insert_sources(tx, &sources).await?)
    }

    /// Where a row's family lives, and whether it is new.
    fn home_of(&mut self, ready: &Ready) -> (HomeOf, bool) {
        let known = ready.family_id.as_ref().and_then(|id| self.homes.get(id)).copied();
        let home = known.unwrap_or_else(|| HomeOf {
            guardian_id: GuardianId::new(),
            household_id: HouseholdId::new(),
        });
        if let Some(id) = &ready.family_id {
            self.homes.insert(id.clone(), home);
        }
        (home, known.is_none())
    }

    /// The second guardian of a row: somebody of the household by that name, or somebody new.
    fn second_of<'r>(&mut self, ready: &'r Ready, household: HouseholdId) -> Option<Second<'r>> {
        let second = ready.second.as_ref()?;
        let (first, last) = (&second.guardian.first_name, &second.guardian.last_name);
        let people = self.people.entry(household).or_default();
        let known = people
            .iter()
            .find(|one| agree(&one.first_name, first) && agree(&one.last_name, last));
        if let Some(known) = known {
            return Some(Second {
                id: known.id,
                new: None,
            });
        }
        let id = GuardianId::new();
        people.push(KnownGuardian {
            id,
            household_id: household,
            first_name: first.clone(),
            last_name: last.clone(),
        });
        Some(Second { id, new: Some(second) })
    }

    /// Families of the batch that came with an earlier list: their younger child joins them.
    async fn find_homes(&mut self, tx: &mut TenantTx, new: &[Ready]) -> Result<(), ImportsError> {
        let ids = new.iter().filter_map(|r| r.family_id.clone());
        let ids: Vec<String> = ids.filter(|id| !self.homes.contains_key(id)).collect();
        let known: BTreeMap<String, GuardianId> = store::families(tx, &ids).await?;
        let guardians: Vec<GuardianId> = known.values().copied().collect();
        let homes = families::homes_of(tx, &guardians).await?;
        let households: Vec<HouseholdId> = homes.iter().map(|home| home.household_id).collect();
        for one in families::guardians_in(tx, &households).await? {
            self.people.entry(one.household_id).or_default().push(one);
        }
        for (id, guardian) in known {
            if let Some(home) = homes.iter().find(|home| home.guardian_id == guardian) {
                self.homes.insert(id, *home);
            }
        }
        Ok(())
    }
}

/// Postal codes of the batch that lie in other municipalities: who asks for a place from there is a guest, as with a demand that is sent
/// here.
async fn elsewhere(tx: &mut TenantTx, new: &[Ready]) -> Result<HashSet<String>, sqlx::Error> {
    let codes: BTreeSet<&str> = new
        .iter()
        .map(|ready| ready.family.household.postal_code.as_str())
        .collect();
    let codes: Vec<String> = codes.into_iter().map(str::to_owned).collect();
    facilities::lying_elsewhere(tx, &codes).await
}

/// The demand of a row that waits for a place.
fn wished(ready: &Ready, child: ChildId) -> Option<TakenOver> {
    let wish = ready.wish.as_ref()?;
    Some(TakenOver {
        id: DemandId::new(),
        child,
        submitted_at: wish.submitted_at,
        complete: wish.complete.clone(),
        facilities: wish.facilities.clone(),
        facts: wish.facts.clone(),
        standing: if ready.contract.is_some() {
            Standing::Transfer
        } else {
            Standing::Open
        },
    })
}

/// A contract with the demand that led to it. When that was sent nobody knows any more: by the first day of care at the latest.
fn placed(contract: &Contract, child: ChildId, tx: &TenantTx) -> (TakenOver, Running) {
    let first_day = contract
        .from
        .and_time(NaiveTime::MIN)
        .and_local_timezone(Berlin)
        .earliest();
    let first_day = first_day.map_or(tx.now(), |at| at.with_timezone(&Utc));
    let submitted_at: DateTime<Utc> = first_day.min(tx.now());
    let demand = TakenOver {
        id: DemandId::new(),
        child,
        submitted_at,
        complete: demands::placed(contract.care_type, contract.from, contract.hours),
        facilities: vec![contract.facility],
        facts: Vec::new(),
        standing: if contract.from <= tx.today() {
            Standing::Closed
        } else {
            Standing::Covered
        },
    };
    let running = Running {
        child,
        birth: contract.birth,
        demand: demand.id,
        facility: contract.facility,
        from: contract.from,
        until: contract.until,
        hours_per_week: contract.hours,
        window: contract.window,
    };
    (demand, running)
}
