//! What a family (or the office on its behalf) does with a demand: begin, fill in, wish facilities, send, withdraw, discard.
//!
//! No command here asks who acts: the caller has found the demand among those that the person may touch.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::json;

use super::model::{
    DemandChange, DemandEnd, DemandState, PreferenceState, SubmitFacts, SubmitRules, Wish, check_submission,
    check_ways, is_editable, reference_code,
};
use super::store::{self, Answer, Change, DemandRow, PreferenceRow, Sending};
use super::{
    DemandError, criteria, demand_for_update, end_demand, preference_for_update, recompute_points, starting,
    withdraw_preference,
};
use crate::access::{TenantRead, TenantTx};
use crate::contracts;
use crate::facilities::CareType;
use crate::families::{self, ChildFacts};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::clock::berlin_date;
use crate::platform::crypto::random_bytes;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{ChildId, DemandId, FacilityId};
use crate::platform::jobs::NewJob;
use crate::residence;
use crate::tenancy::{self, Settings};

/// Most rows of preferences a demand can have, ended ones included (a CHECK of the table).
const MOST_RANKS: usize = 50;

/// Begins a draft for a child; one demand a child that has not ended.
pub async fn create(tx: &mut TenantTx, child: ChildId) -> Result<DemandId, DemandError> {
    if !store::lock_running(tx, child).await?.is_empty() {
        return Err(DemandError::Exists);
    }
    store::insert_demand(tx, child, false).await?.ok_or(DemandError::Exists)
}

/// Begins a draft for a child that has a place and wishes another one. The place stays until an offer elsewhere is accepted, whether care
/// has begun there or not.
pub async fn create_transfer(tx: &mut TenantTx, child: ChildId) -> Result<DemandId, DemandError> {
    let running = store::lock_running(tx, child).await?;
    if running.iter().any(|state| *state != DemandState::Covered) {
        return Err(DemandError::Exists);
    }
    if contracts::place_of(tx, child).await?.is_none() {
        return Err(DemandError::NoPlace);
    }
    store::insert_demand(tx, child, true).await?.ok_or(DemandError::Exists)
}

/// Begins a draft for what comes after the place that a child has or will have.
pub async fn create_followup(tx: &mut TenantTx, child: ChildId) -> Result<DemandId, DemandError> {
    let running = store::lock_running(tx, child).await?;
    if running.iter().any(|state| *state != DemandState::Covered) {
        return Err(DemandError::Exists);
    }
    store::insert_demand(tx, child, false).await?.ok_or(DemandError::Exists)
}

/// Fills in a draft, complete or not; after sending only hours, window, latest start and facts change, until the key date, and the start.
pub async fn change(tx: &mut TenantTx, id: DemandId, change: &DemandChange) -> Result<(), DemandError> {
    let today = tx.today();
    let moves = starting::moved_to(&demand_for_update(tx, id).await?, change).is_some();
    change_as_of(tx, id, change, today).await?;
    if moves {
        starting::tell_moved(tx, id).await?;
    }
    Ok(())
}

/// The same where the family said it on an earlier day: what came by the key date is in time.
pub async fn change_as_of(
    tx: &mut TenantTx,
    id: DemandId,
    change: &DemandChange,
    said_on: NaiveDate,
) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    let today = tx.today();
    let moved_to = starting::moved_to(&row, change);
    if moved_to.is_some() {
        starting::may_move(tx, &row).await?;
    }
    let moves_only = moved_to.is_some() && change.is_of_start_only();
    if !moves_only && !is_editable(row.state, editable_until(tx, &row).await?, said_on) {
        return Err(DemandError::NotEditable);
    }
    if row.state != DemandState::Draft {
        change.check_after_sending()?;
    }
    let facts = change.facts.as_deref().unwrap_or_default();
    check_facts(tx, facts).await?;
    if let Some(Some(ways)) = &change.ways {
        let wished = store::preferences_of(tx, id)
            .await?
            .into_iter()
            .filter(|p| p.state.is_live());
        check_ways(ways, &wished.map(|p| p.facility_id).collect::<Vec<_>>())?;
    }
    store::save_wish(tx, id, &wish(&row).changed(change, today)?).await?;
    store::save_facts(tx, id, facts).await?;
    if let Some(start) = moved_to {
        starting::move_start(tx, &row, start, said_on).await?;
        store::note_change(tx, &row, Change::of("start_changed")).await?;
    }
    if row.state != DemandState::Draft && !moves_only {
        store::note_change(tx, &row, Change::of("changed")).await?;
    }
    // Points can hang on how old the child is at the start.
    if facts.is_empty() && moved_to.is_none() {
        Ok(())
    } else {
        recompute_points(tx, id).await
    }
}

/// What cannot be right in a form that begins a demand; gaps are no faults here.
pub fn check_change(change: &DemandChange, today: NaiveDate) -> Result<(), Invalid> {
    Wish::default().changed(change, today).map(|_| ())
}

/// Puts the wished facilities in this order: adds, reorders, and takes back what is no longer named. Taking back is possible as long as
/// the demand is open; adding and reordering until the key date.
pub async fn put_preferences(tx: &mut TenantTx, id: DemandId, wished: &[FacilityId]) -> Result<(), DemandError> {
    let today = tx.today();
    put_preferences_as_of(tx, id, wished, today).await
}

/// The same where the family said it on an earlier day.
pub async fn put_preferences_as_of(
    tx: &mut TenantTx,
    id: DemandId,
    wished: &[FacilityId],
    said_on: NaiveDate,
) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    let settings = tenancy::settings(tx).await?;
    let rows = store::preferences_of(tx, id).await?;
    let (live, ended): (Vec<_>, Vec<_>) = rows.into_iter().partition(|p| p.state.is_live());
    let only_takes_back = is_subsequence(wished, &live);
    let may_edit = is_editable(row.state, editable_until(tx, &row).await?, said_on);
    let is_running = matches!(
        row.state,
        DemandState::Submitted | DemandState::Confirmed | DemandState::InAllocation | DemandState::OfferPending
    );
    if !(may_edit || is_running && only_takes_back) {
        return Err(DemandError::NotEditable);
    }
    check_wished(tx, wished, &ended, &settings).await?;
    for gone in live.iter().filter(|p| !wished.contains(&p.facility_id)) {
        if row.state == DemandState::Draft {
            store::delete_preference(tx, gone.id).await?;
        } else {
            // Read anew: the one taken back before may have had the offer, and the others go on since.
            let (demand, gone) = (
                demand_for_update(tx, id).await?,
                preference_for_update(tx, gone.id).await?,
            );
            withdraw_preference(tx, &demand, &gone, &settings).await?;
        }
    }
    rank(tx, &row, wished, &settings).await?;
    // What is taken back leaves the others in their order.
    if !only_takes_back {
        store::forget_ways(tx, id).await?;
    }
    store::touch_demand(tx, id).await?;
    if row.state != DemandState::Draft {
        store::note_change(tx, &row, Change::of("preferences_changed")).await?;
    }
    recompute_points(tx, id).await
}

/// Gives the wished facilities the ranks from 1, new ones a row, and what has ended the ranks after them.
async fn rank(
    tx: &mut TenantTx,
    demand: &DemandRow,
    wished: &[FacilityId],
    settings: &Settings,
) -> Result<(), DemandError> {
    let rows = store::preferences_of(tx, demand.id).await?;
    let rest: Vec<FacilityId> = rows
        .iter()
        .map(|p| p.facility_id)
        .filter(|f| !wished.contains(f))
        .collect();
    if wished.len() + rest.len() > MOST_RANKS {
        return Err(Invalid::one("/facility_ids", "too_many", "too many were wished and taken back").into());
    }
    let now = tx.now();
    for (rank, facility) in (1..).zip(wished.iter().chain(&rest)) {
        let id = match rows.iter().find(|p| p.facility_id == *facility) {
            Some(row) => {
                store::set_rank(tx, row.id, rank).await?;
                row.id
            }
            None => store::insert_preference(tx, demand.id, *facility, rank).await?,
        };
        let row = store::preference(tx, id).await?.ok_or(DemandError::Missing)?;
        let is_new = !row.state.is_live() || row.state == PreferenceState::Draft;
        if demand.state != DemandState::Draft && is_new && wished.contains(facility) {
            receive(tx, &row, now, settings).await?;
        }
    }
    Ok(())
}

/// Gives a preference to its facility, whose clock begins.
async fn receive(
    tx: &mut TenantTx,
    row: &PreferenceRow,
    at: DateTime<Utc>,
    settings: &Settings,
) -> Result<(), DemandError> {
    let received = row.machine()?.receive()?;
    let change = Change {
        answer: Some(Answer::default()),
        ..Change::of("received")
    };
    store::change_preference(tx, row, &received, change).await?;
    let due = store::days_after(berlin_date(at), settings.answer_clock_days);
    Ok(store::start_clock(tx, row.id, at, due).await?)
}

/// Sends a demand: it gets its reference code, the legal claim its date, the facilities their preferences, the guardians their receipt.
/// `submitted_at` is now, or when the paper arrived. Everything that is missing is answered together.
pub async fn submit(tx: &mut TenantTx, id: DemandId, submitted_at: DateTime<Utc>) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    let submitted = row.machine().submit()?;
    let settings = tenancy::settings(tx).await?;
    let rows = store::preferences_of(tx, id).await?;
    let child = child_of(tx, row.child_id).await?;
    let (wish, on) = (wish(&row), berlin_date(submitted_at));
    let start = check(tx, &wish, &child, id, rows.len(), &settings, on).await?;
    let begins = residence::clock_begins(tx, id, on).await?;
    let due = residence::legal_due_on(begins, start, settings.notice_period_months);
    let sending = Sending {
        reference_code: free_reference_code(tx).await?,
        submitted_at,
        legal: row.legal_claim.then_some((submitted_at, due)),
    };
    store::save_sending(tx, id, &sending).await?;
    store::change_demand(tx, &row, &submitted, Change::of("submitted")).await?;
    for preference in &rows {
        receive(tx, preference, submitted_at, &settings).await?;
    }
    residence::note_sent(tx, id, row.child_id).await?;
    recompute_points(tx, id).await?;
    if settings.confirm_automatically {
        let row = demand_for_update(tx, id).await?;
        let confirmed = row.machine().confirm()?;
        store::change_demand(tx, &row, &confirmed, Change::of("confirmed_by_rule")).await?;
    }
    tx.enqueue(NewJob {
        kind: "CheckRegister",
        payload: json!({ "demand_id": id }),
        dedup_key: None,
        run_at: tx.now(),
    })
    .await?;
    let receipt = Message::Receipt {
        demand_id: id,
        reference_code: sending.reference_code,
        child: ChildInitial::of(child.first_name.as_deref()),
        submitted_at,
        legal_claim: row.legal_claim,
    };
    Ok(notifications::tell_family(tx, row.child_id, id, &receipt).await?)
}

/// The wished start, when nothing is missing.
async fn check(
    tx: &mut TenantTx,
    wish: &Wish,
    child: &ChildFacts,
    demand: DemandId,
    preferences: usize,
    settings: &Settings,
    on: NaiveDate,
) -> Result<NaiveDate, DemandError> {
    let guardians = families::guardians_of(tx, child.id).await?;
    // Who moves here may ask before.
    let moves_here = residence::of_demand(tx, demand).await?.moving.is_some();
    let lives_elsewhere =
        settings.residency_required && !moves_here && residence::lives_elsewhere(tx, child.id).await?;
    let facts = SubmitFacts {
        birth_date: child.birth_date,
        expected_birth_date: child.expected_birth_date,
        has_household: guardians.iter().any(|g| g.address.is_some()),
        lives_elsewhere,
        preferences,
    };
    let rules = SubmitRules {
        days_before_birth: settings.earliest_application_days_before_birth,
        start_age_months: settings.earliest_start_age_months,
    };
    check_submission(wish, facts, rules, on)?;
    wish.desired_start
        .ok_or_else(|| Invalid::one("/desired_start", "required", "").into())
}

/// The family still needs the place: the interval after which the demand runs out begins anew.
pub async fn renew(tx: &mut TenantTx, id: DemandId) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    row.machine().renew()?;
    store::touch_demand(tx, id).await?;
    Ok(store::note_change(tx, &row, Change::of("renewed")).await?)
}

/// The parents take the whole demand back.
pub async fn withdraw(tx: &mut TenantTx, id: DemandId) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    end_demand(tx, &row, DemandEnd::Withdrawn, None).await?;
    Ok(())
}

/// Throws a draft away; nothing of it is kept.
pub async fn discard(tx: &mut TenantTx, id: DemandId) -> Result<(), DemandError> {
    let row = demand_for_update(tx, id).await?;
    if row.state != DemandState::Draft {
        return Err(DemandError::NotDraft);
    }
    Ok(store::delete_demand(tx, id).await?)
}

/// Until when the family may change a sent demand: the key date that comes next after it was sent, if the tenant has one.
pub(super) async fn editable_until(tx: &mut TenantRead, row: &DemandRow) -> Result<Option<NaiveDate>, sqlx::Error> {
    let settings = tenancy::settings(tx).await?;
    Ok(row.submitted_at.and_then(|at| settings.next_key_date(berlin_date(at))))
}

pub(super) fn wish(row: &DemandRow) -> Wish {
    Wish {
        care_type: row.care_type.as_deref().and_then(CareType::parse),
        desired_start: row.desired_start,
        latest_start: row.latest_start,
        hours_per_week: row.hours_per_week,
        least_hours: row.least_hours,
        times_first: row.times_first,
        ways: row.ways.clone(),
        window_from: row.window_from,
        window_to: row.window_to,
        legal_claim: row.legal_claim,
    }
}

pub(super) async fn child_of(tx: &mut TenantRead, child: ChildId) -> Result<ChildFacts, DemandError> {
    families::child_facts(tx, child).await?.ok_or(DemandError::Missing)
}

async fn check_facts(tx: &mut TenantTx, facts: &[super::FactChange]) -> Result<(), DemandError> {
    let asked = criteria::store::asked_criteria(tx).await?;
    let (mut fields, mut seen) = (Fields::new(), BTreeSet::new());
    for (n, fact) in facts.iter().enumerate() {
        let pointer = format!("/facts/{n}/criterion_id");
        let found = asked.iter().find(|c| c.id == fact.criterion_id);
        fields.check(found.is_some(), &pointer, "unknown");
        fields.check(seen.insert(fact.criterion_id), &pointer, "duplicate");
        let wants_number = fact.claimed && found.is_some_and(|c| c.source.is_number());
        let pointer = format!("/facts/{n}/number");
        fields.check(!wants_number || fact.number.is_some(), &pointer, "required");
        let may_have = found.is_none_or(|c| c.source.is_number());
        fields.check(may_have || fact.number.is_none(), &pointer, "not_asked");
        let fits = fact.number.is_none_or(|n| (0..=1000).contains(&n));
        fields.check(fits, &pointer, "out_of_range");
    }
    Ok(fields.finish()?)
}

async fn check_wished(
    tx: &mut TenantTx,
    wished: &[FacilityId],
    ended: &[PreferenceRow],
    settings: &Settings,
) -> Result<(), DemandError> {
    let most = usize::try_from(settings.max_preferences).unwrap_or(MOST_RANKS);
    if wished.len() > most {
        let detail = format!("at most {most}");
        return Err(Invalid::one("/facility_ids", "too_many", detail).into());
    }
    let known = store::open_facilities(tx, wished).await?;
    let (mut fields, mut seen) = (Fields::new(), BTreeSet::new());
    for (n, facility) in wished.iter().enumerate() {
        let pointer = format!("/facility_ids/{n}");
        fields.check(known.contains(facility), &pointer, "unknown");
        fields.check(seen.insert(*facility), &pointer, "duplicate");
        let answered = ended.iter().find(|p| p.facility_id == *facility);
        let may_return = answered.is_none_or(|p| p.machine().is_ok_and(|m| m.receive().is_ok()));
        fields.check(may_return, &pointer, "refused");
    }
    Ok(fields.finish()?)
}

/// Whether `wished` only leaves out some of the living preferences, and keeps the order of the others.
fn is_subsequence(wished: &[FacilityId], live: &[PreferenceRow]) -> bool {
    let mut rest = live.iter();
    wished.iter().all(|facility| rest.any(|p| p.facility_id == *facility))
}

async fn free_reference_code(tx: &mut TenantTx) -> Result<String, DemandError> {
    // 22^8 codes: a second try is rare, a tenth means that something is broken.
    for _ in 0..10 {
        if let Some(code) = reference_code(&random_bytes::<24>())
            && !store::is_code_taken(tx, &code).await?
        {
            return Ok(code);
        }
    }
    Err(DemandError::Db(sqlx::Error::Protocol(
        "no free reference code found".into(),
    )))
}
