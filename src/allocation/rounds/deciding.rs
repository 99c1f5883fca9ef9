//! Where persons decide: deviations with four eyes, the conflicts that must be opened, the release by two.

use serde::Deserialize;
use utoipa::ToSchema;

use super::compose::compose;
use super::model::{DeviationKind, DeviationReason, DeviationState, RunKind, SamePerson, four_eyes};
use super::proposal::Flag;
use super::store::{self, DeviationRow, NewDeviationRow, RoundRow};
use super::{RoundError, aside, locked, person, running};
use crate::access::TenantTx;
use crate::allocation::{Instance, ResultFile, verify};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{CaseId, DeviationId, PreferenceId, RoundId, RunId};

/// A deviation as a person proposes it.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"case_id": "0d7c1f6e-2a4b-4c8d-9e0f-1a2b3c4d5e6f", "kind": "place",
    "preference_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "reason": "hardship", "note": "Beschluss vom 3. März 2027, Az. 51.2"}))]
pub struct NewDeviation {
    /// The case.
    pub case_id: CaseId,
    /// What is decided.
    pub kind: DeviationKind,
    /// About which wish.
    pub preference_id: PreferenceId,
    /// The published reason.
    pub reason: DeviationReason,
    /// The ground in words, for the record; at most 1,000 characters.
    #[schema(min_length = 1, max_length = 1000)]
    pub note: String,
}

/// A person wants to deviate. Nothing changes until a second one agrees and the round is run again.
pub async fn propose_deviation(
    tx: &mut TenantTx,
    round: RoundId,
    new: &NewDeviation,
) -> Result<DeviationId, RoundError> {
    let found = locked(tx, round).await?;
    found.machine().decide()?;
    let mut fields = Fields::new();
    let note = fields.text(&new.note, "/note", 1000);
    fields.finish()?;
    let filter = store::Cases {
        id: Some(new.case_id),
        ..Default::default()
    };
    let case = store::cases(tx, round, &filter).await?.pop();
    let case = case.ok_or_else(|| Invalid::one("/case_id", "unknown", "no case of this round"))?;
    let wish = case.wishes.iter().find(|w| w.preference_id == new.preference_id);
    let wish = wish.ok_or_else(|| Invalid::one("/preference_id", "unknown", "no wish of this case"))?;
    if wish.pool.is_none() {
        return Err(Invalid::one("/preference_id", "not_eligible", "this wish is no candidate").into());
    }
    let id = DeviationId::new();
    let row = NewDeviationRow {
        id,
        round_id: round,
        case_id: new.case_id,
        kind: new.kind,
        preference_id: new.preference_id,
        reason: new.reason,
        note,
        by: person(tx)?,
    };
    tx.touch_child(case.child_id);
    if store::insert_deviation(tx, &row).await? {
        Ok(id)
    } else {
        Err(RoundError::DeviationStands)
    }
}

/// A second person agrees; the next run holds to it.
pub async fn approve_deviation(tx: &mut TenantTx, round: RoundId, id: DeviationId) -> Result<(), RoundError> {
    let (_, deviation) = decidable(tx, round, id).await?;
    if deviation.state != DeviationState::Proposed {
        return Err(RoundError::DeviationState("approved"));
    }
    let by = person(tx)?;
    four_eyes(deviation.proposed_by, by)?;
    Ok(store::approve_deviation(tx, id, by).await?)
}

/// Takes a deviation back, approved or not.
pub async fn withdraw_deviation(tx: &mut TenantTx, round: RoundId, id: DeviationId) -> Result<(), RoundError> {
    let (_, deviation) = decidable(tx, round, id).await?;
    if deviation.state == DeviationState::Withdrawn {
        return Err(RoundError::DeviationState("withdrawn"));
    }
    let by = person(tx)?;
    Ok(store::withdraw_deviation(tx, id, by).await?)
}

async fn decidable(tx: &mut TenantTx, round: RoundId, id: DeviationId) -> Result<(RoundRow, DeviationRow), RoundError> {
    let found = locked(tx, round).await?;
    let deviation = store::deviations(tx, round, None, Some(id)).await?.pop();
    let deviation = deviation.ok_or(RoundError::Missing)?;
    found.machine().decide()?;
    tx.touch(id);
    Ok((found, deviation))
}

/// A person opens the conflicts of the standing run. It is noted, because nobody may release what nobody looked at.
pub async fn open_conflicts(tx: &mut TenantTx, id: RoundId) -> Result<RunId, RoundError> {
    let round = locked(tx, id).await?;
    let reviewed = round.machine().review()?;
    let run = round.run_id.ok_or(RoundError::RunOutdated)?;
    let by = person(tx)?;
    store::note_review(tx, id, run, by).await?;
    if reviewed.state() != round.state {
        store::set_state(tx, id, &reviewed).await?;
    }
    Ok(run)
}

/// What a person decides about cases.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"case_ids": ["0d7c1f6e-2a4b-4c8d-9e0f-1a2b3c4d5e6f"], "decided": true, "note": "Kein Platz; das Amt ruft die Familie an."}))]
pub struct NewCaseDecision {
    /// The cases, 1 to 200.
    #[schema(min_items = 1, max_items = 200)]
    pub case_ids: Vec<CaseId>,
    /// Whether what is proposed to them is decided; `false` takes a decision back.
    pub decided: bool,
    /// The ground in words, for the record; at most 1,000 characters. An exception needs one.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// A person who opened the conflicts decides about cases of the standing run; answers how many are left.
pub async fn decide_cases(tx: &mut TenantTx, id: RoundId, new: &NewCaseDecision) -> Result<i64, RoundError> {
    let round = locked(tx, id).await?;
    round.machine().decide()?;
    let run = round.run_id.ok_or(RoundError::RunOutdated)?;
    let by = person(tx)?;
    if !store::has_reviewed(tx, run, by).await? {
        return Err(RoundError::ConflictsNotOpened);
    }
    let mut fields = Fields::new();
    fields.check((1..=200).contains(&new.case_ids.len()), "/case_ids", "too_many");
    let note = new.note.as_deref().map(|note| fields.text(note, "/note", 1000));
    fields.check(new.decided || note.is_none(), "/note", "not_allowed");
    fields.finish()?;
    let found = store::flagged(tx, id, &new.case_ids).await?;
    let mut fields = Fields::new();
    for (at, case) in new.case_ids.iter().enumerate() {
        let known = found.iter().any(|row| row.id == *case);
        fields.check(known, &format!("/case_ids/{at}"), "unknown");
    }
    let exception = found
        .iter()
        .any(|row| row.flags.iter().any(|flag| flag == Flag::Exception.as_str()));
    fields.check(!new.decided || !exception || note.is_some(), "/note", "required");
    fields.finish()?;
    found.iter().for_each(|row| tx.touch_child(row.child_id));
    store::decide(tx, id, &new.case_ids, new.decided.then_some(by), note).await?;
    Ok(store::undecided(tx, id).await?)
}

/// A person signs the release of a run. The second signature, by another person, releases the round; answers whether it did.
pub async fn sign_release(tx: &mut TenantTx, id: RoundId, seen: i32, run: RunId) -> Result<bool, RoundError> {
    let round = locked(tx, id).await?;
    Stale::check(seen, round.version)?;
    let row = store::runs(tx, id, Some(run)).await?.pop();
    let row = row.ok_or_else(|| Invalid::one("/run_id", "unknown", "no run of this round"))?;
    let released = round.machine().release()?;
    let by = person(tx)?;
    if round.run_id != Some(run) {
        return Err(RoundError::RunOutdated);
    }
    if row.kind != RunKind::Final {
        return Err(RoundError::NotFinal);
    }
    if !store::has_reviewed(tx, run, by).await? {
        return Err(RoundError::ConflictsNotOpened);
    }
    check_standing(tx, &round, run).await?;
    if store::undecided(tx, id).await? > 0 {
        return Err(RoundError::CasesUndecided);
    }
    if !store::sign(tx, id, run, by).await? {
        return Err(SamePerson.into());
    }
    if store::signatures(tx, run).await?.len() < 2 {
        return Ok(false);
    }
    store::set_state(tx, id, &released).await?;
    store::let_wait(tx, id, run).await?;
    super::carrying_out::go_on(tx).await?;
    Ok(true)
}

/// The run is verified once more, and its instance must be the frozen snapshot with seed and decisions as they are now.
async fn check_standing(tx: &mut TenantTx, round: &RoundRow, run: RunId) -> Result<(), RoundError> {
    let deviations = store::deviations(tx, round.id, None, None).await?;
    if deviations.iter().any(|d| d.state == DeviationState::Proposed) {
        return Err(RoundError::DeviationPending);
    }
    let snapshot = store::snapshot(tx, round.id).await?.ok_or(RoundError::Missing)?;
    let frozen = round.snapshot_sha256.clone();
    let cases = super::frozen_cases(tx, round.id).await?;
    let changes = running::changes(tx, round, &cases).await?;
    let files = store::run_files(tx, run).await?.ok_or(RoundError::Missing)?;
    aside(move || {
        let read = |e: crate::allocation::FileError| RoundError::Broken(e.to_string());
        let unseeded = Instance::read(snapshot.as_bytes()).map_err(read)?.sha256();
        if frozen.as_deref() != Some(unseeded.as_str()) {
            return Err(RoundError::Broken("the snapshot is not the frozen one".into()));
        }
        let instance = Instance::read(files.instance.as_bytes()).map_err(read)?;
        if compose(&snapshot, &changes)?.instance.sha256() != instance.sha256() {
            return Err(RoundError::RunOutdated);
        }
        let result = ResultFile::read(files.result.as_bytes()).map_err(read)?;
        match verify(&instance, &result).first() {
            Some(violation) => Err(RoundError::NotVerified(violation.to_string())),
            None => Ok(()),
        }
    })
    .await
}
