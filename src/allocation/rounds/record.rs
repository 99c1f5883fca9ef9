//! The record of a decision: everything on which it rests, as it stood at that moment.

use serde_json::{Value, json};

use super::RoundError;
use super::proposal::hex;
use super::store::{self, CaseRow, DeviationRow, NewRecord, RoundRow};
use crate::access::TenantTx;
use crate::demands::DemandRow;
use crate::platform::crypto::sha256;

/// Adds the record of a case; it is kept as the text that was hashed.
pub(super) async fn write(
    tx: &mut TenantTx,
    round: &RoundRow,
    case: &CaseRow,
    demand: &DemandRow,
) -> Result<(), RoundError> {
    let run_id = case.run_id.ok_or(RoundError::Missing)?;
    let run = store::runs(tx, round.id, Some(run_id))
        .await?
        .pop()
        .ok_or(RoundError::Missing)?;
    let deviations = store::deviations(tx, round.id, Some(case.id), None).await?;
    // The release was signed for the standing run; a run after it follows from the same release.
    let released = round.run_id.ok_or(RoundError::Missing)?;
    let (signatures, reviews) = (
        store::signatures(tx, released).await?,
        store::reviews(tx, released).await?,
    );
    let facts = store::facts_of(tx, case.demand_id).await?;
    let wished: Vec<_> = case.wishes.iter().map(|wish| wish.facility_id).collect();
    let by_hand = store::hand_orders(tx, round.id, &wished).await?;
    let body = json!({
        "format": "kitaplatz-decision/1",
        "tenant": tx.tenant().slug,
        "round": {
            "id": round.id, "name": round.name, "key_date": round.key_date, "start_on": round.start_on, "mode": round.mode,
            "criteria": round.rule_set, "snapshot_sha256": round.snapshot_sha256, "commitment": round.commitment, "seed": round.seed,
        },
        "run": {
            "id": run.id, "number": run.number, "kind": run.kind, "instance_sha256": run.instance_sha256, "engine": run.engine,
            "verified_at": run.verified_at, "started_by": run.created_by, "started_by_name": run.created_by_name,
        },
        "child": {
            "demand_id": case.demand_id, "child_id": case.child_id, "pseudonym": case.child, "family_pseudonym": case.family,
            "birth_date": case.birth_date, "age_band": case.age_band, "care_from": case.care_from, "legal_claim": case.legal_claim,
            // How the children of the family were placed, and when the parents said so; without it the round's own rule counted.
            "siblings": case.siblings, "siblings_said_at": case.siblings_said_at,
        },
        // What the family asked for, as it stands when the decision is made; what counted of it was frozen with the wishes.
        "demand": {
            "reference_code": demand.reference_code, "submitted_at": demand.submitted_at, "care_type": demand.care_type,
            "desired_start": demand.desired_start, "latest_start": demand.latest_start, "hours_per_week": demand.hours_per_week,
            "least_hours": demand.least_hours, "times_first": demand.times_first, "ways": demand.ways,
            "window_from": demand.window_from, "window_to": demand.window_to,
            "legal_claim_asserted_at": demand.legal_claim_asserted_at, "legal_due_on": demand.legal_due_on,
        },
        "facts": facts.iter().map(fact).collect::<Vec<_>>(),
        "lottery_number": case.lottery,
        "wishes": wishes(case),
        "decision": match case.preference_id {
            // A part of the pool where it has some, with the first day and the hours that go with it.
            Some(id) => json!({"preference_id": id, "pool": case.pool, "part": case.part, "way": case.way()}),
            None => Value::Null,
        },
        "deviations": deviations.iter().map(deviation).collect::<Vec<_>>(),
        // The facilities that put their children into an order of their own, and who did; the reason stands with the wish.
        "ordered_by_hand": by_hand.iter().map(hand_order).collect::<Vec<_>>(),
        // The named person who decided about this very case, where something grave was to be looked at; for all others who released.
        "case_decided_by": case.decided_by.map(|by| json!({
            "account_id": by, "name": case.decided_by_name, "at": case.decided_at, "note": case.decision_note,
        })),
        "conflicts_opened_by": persons(&reviews),
        "released_by": persons(&signatures),
        "decided_at": tx.now(),
    });
    let text = body.to_string();
    let record = NewRecord {
        round_id: round.id,
        run_id,
        case_id: case.id,
        sha256: &hex(&sha256(text.as_bytes())),
        body: &text,
    };
    Ok(store::add_record(tx, &record).await?)
}

/// The document itself is not kept: who saw it, when, until when it holds.
fn fact(row: &store::FactRow) -> Value {
    json!({
        "criterion": row.code, "claimed": row.claimed, "number": row.number, "evidence": row.evidence, "seen_on": row.seen_on,
        "seen_by": row.seen_by, "seen_by_name": row.seen_by_name, "valid_until": row.valid_until,
    })
}

fn hand_order(row: &store::HandOrder) -> Value {
    json!({"facility_id": row.facility_id, "step": row.step, "account_id": row.account_id, "name": row.name, "at": row.at})
}

fn persons(rows: &[store::PersonAt]) -> Vec<Value> {
    let one = |p: &store::PersonAt| json!({"account_id": p.account_id, "name": p.name, "at": p.at});
    rows.iter().map(one).collect()
}

/// Wish by wish: what was counted, with the state of the evidence, and the place in the order.
fn wishes(case: &CaseRow) -> Vec<Value> {
    let wish = |(rank, wish): (usize, &super::snapshot::CaseWish)| {
        json!({
            "rank": rank + 1, "preference_id": wish.preference_id, "facility_id": wish.facility_id, "pool": wish.pool,
            "excluded": wish.excluded, "ways": wish.ways, "priority": wish.priority, "points": wish.points, "breakdown": wish.lines,
            "reason": case.code(wish.preference_id),
        })
    };
    case.wishes.iter().enumerate().map(wish).collect()
}

fn deviation(row: &DeviationRow) -> Value {
    json!({
        "id": row.id, "kind": row.kind, "preference_id": row.preference_id, "reason": row.reason, "note": row.note, "state": row.state,
        "proposed_by": row.proposed_by, "proposed_by_name": row.proposed_by_name, "proposed_at": row.proposed_at,
        "approved_by": row.approved_by, "approved_by_name": row.approved_by_name, "approved_at": row.approved_at,
        "withdrawn_by": row.withdrawn_by, "withdrawn_by_name": row.withdrawn_by_name, "withdrawn_at": row.withdrawn_at,
    })
}
