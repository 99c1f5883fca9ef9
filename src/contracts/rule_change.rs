//! A municipality changes the rule of school entry, or a child's birth moves: which standing contracts end as before, and drafting their
//! change.
//!
//! Nothing changes by itself: a contract ends as both sides agreed it. What is drafted here is sent, signed and recalled like any change, and
//! an end that was agreed for one child is nobody's to move.

use chrono::NaiveDate;

use super::amending::{self, put_amendment};
use super::model::{Amending, ContractError, Hindrance, OtherEnd, last_day};
use super::store::{self, EndFilter, OtherEndRow, OtherEnds, Rules};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::{self, Stay};
use crate::families;
use crate::platform::http::Sorted;
use crate::platform::ids::ContractId;
use crate::tenancy::{self, SchoolRule};

/// So many changes are drafted at once at most.
pub const MOST_AT_ONCE: i64 = 200;

/// A change that was drafted, or why it was not.
pub struct Outcome {
    /// The contract.
    pub contract_id: ContractId,
    /// As it stood on the list; `None`: it stands there no more.
    pub row: Option<OtherEndRow>,
    /// Why nothing was drafted.
    pub hindrance: Option<Hindrance>,
}

impl OtherEndRow {
    fn end(&self) -> OtherEnd {
        OtherEnd {
            state: self.state,
            change_open: self.change_open,
            valid_from: self.valid_from,
            until: self.care_until,
            usual_until: self.usual_until,
        }
    }

    /// What can be seen to stand against a change.
    pub fn hindrance(&self, today: NaiveDate) -> Option<Hindrance> {
        self.end().hindrance(today)
    }
}

/// The rules by which contracts were made, and the one by which to look at them; `None`: today's.
pub async fn rules(tx: &mut TenantRead, by: Option<SchoolRule>) -> Result<Rules, sqlx::Error> {
    let today = facilities::school_rule(tx).await?;
    Ok(Rules {
        former: tenancy::former_school_rules(tx).await?,
        today,
        by: by.unwrap_or(today),
    })
}

/// How many contracts end as a former rule or a former birth had it.
pub async fn count_other_ends(tx: &mut TenantRead, rules: &Rules) -> Result<OtherEnds, sqlx::Error> {
    store::count_other_ends(tx, rules).await
}

/// Drafts a change of the end for these contracts, or for the first [`MOST_AT_ONCE`] of the list, each for itself: what stands against one
/// leaves the others be. A later end needs a place beside those that the others of this call need.
pub async fn draft_other_ends(
    tx: &mut TenantTx,
    wanted: Option<Vec<ContractId>>,
) -> Result<Vec<Outcome>, ContractError> {
    if let Some(wanted) = &wanted
        && !store::all_here(tx, wanted).await?
    {
        return Err(ContractError::Missing);
    }
    let rules = rules(tx, None).await?;
    let filter = EndFilter {
        ids: wanted.clone(),
        order: Sorted::first(MOST_AT_ONCE),
    };
    let mut rows = store::other_ends(tx, &rules, &filter).await?;
    rows.truncate(usize::try_from(MOST_AT_ONCE).unwrap_or(usize::MAX));
    // Places and contracts are locked in this order, whoever drafts.
    rows.sort_by_key(|row| (row.facility_id, row.contract_id));
    let refused = tx.trial(async |tx| without_place(tx, &rows).await).await?;
    let mut outcomes = Vec::new();
    for row in rows {
        let hindrance = match refused.iter().find(|(id, _)| *id == row.contract_id) {
            Some((_, hindrance)) => Some(*hindrance),
            None => draft(tx, &row).await?,
        };
        tx.touch_child(row.child_id);
        outcomes.push(Outcome {
            contract_id: row.contract_id,
            row: Some(row),
            hindrance,
        });
    }
    let known: Vec<ContractId> = outcomes.iter().map(|o| o.contract_id).collect();
    let gone = wanted.unwrap_or_default().into_iter().filter(|id| !known.contains(id));
    outcomes.extend(gone.map(|contract_id| Outcome {
        contract_id,
        row: None,
        hindrance: Some(Hindrance::NotListed),
    }));
    Ok(outcomes)
}

/// What stands against some of these. Takes the places that the others need, one after the other; the caller gives all of them back.
async fn without_place(tx: &mut TenantTx, rows: &[OtherEndRow]) -> Result<Vec<(ContractId, Hindrance)>, ContractError> {
    let today = tx.today();
    let mut refused = Vec::new();
    for row in rows {
        let hindrance = match row.hindrance(today) {
            None if row.usual_until > row.care_until => {
                let taken = tx.attempt(async |tx| take(tx, row).await).await;
                taken.map_or_else(hindrance_of, |()| Ok(None))?
            }
            known => known,
        };
        refused.extend(hindrance.map(|h| (row.contract_id, h)));
    }
    Ok(refused)
}

async fn take(tx: &mut TenantTx, row: &OtherEndRow) -> Result<(), ContractError> {
    let child = families::child_facts(tx, row.child_id).await?;
    let birth = child.and_then(|c| c.birth_date.or(c.expected_birth_date));
    let stay = Stay {
        child: row.child_id,
        birth: birth.ok_or(ContractError::Missing)?,
        from: row.care_until,
        until: row.usual_until,
    };
    facilities::extend_place(tx, row.offer_id, stay).await?;
    // The database holds that a child has no two contracts for one day.
    store::set_care_until(tx, row.contract_id, row.usual_until).await?;
    Ok(())
}

/// Drafts the change of one contract in a savepoint of its own.
async fn draft(tx: &mut TenantTx, row: &OtherEndRow) -> Result<Option<Hindrance>, ContractError> {
    let drafted = tx.attempt(async |tx| {
        let all = store::amendments(tx, row.contract_id).await?;
        let before = amending::agreed_before(store::first_terms(tx, row.contract_id).await?, &all, i32::MAX);
        let valid_from = row.end().holds_from(tx.today()).ok_or(ContractError::NoChange)?;
        let change = Amending {
            valid_from,
            hours_per_week: Some(before.times.hours_per_week),
            window_from: before.times.window_from,
            window_to: before.times.window_to,
            week: before.times.week.map(Into::into),
            last_day: Some(last_day(row.usual_until)),
            group_id: None,
            note: None,
        };
        put_amendment(tx, row.contract_id, row.version, change).await
    });
    drafted.await.map_or_else(hindrance_of, |_| Ok(None))
}

/// What an error of one contract means for it; what is nobody's fault ends the whole.
fn hindrance_of(error: ContractError) -> Result<Option<Hindrance>, ContractError> {
    use ContractError as E;
    match error {
        E::NoPlace | E::ContractsFull => Ok(Some(Hindrance::NoPlace)),
        E::Overlaps => Ok(Some(Hindrance::Overlaps)),
        E::Invalid(_) => Ok(Some(Hindrance::TooLate)),
        E::Transition(_) => Ok(Some(Hindrance::ChangeOpen)),
        E::Missing | E::NoChange | E::Stale(_) => Ok(Some(Hindrance::NotListed)),
        E::Db(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => Ok(Some(Hindrance::Overlaps)),
        other => Err(other),
    }
}
