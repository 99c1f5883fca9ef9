//! Coordinated rounds: a facility answers a step, with orders of its own and their reasons or with the order that stands.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use utoipa::ToSchema;

use super::compose::Ordered;
use super::coordination::{self, Answer, AnswerKind, Applicant};
use super::model::DeviationReason;
use super::standing::{Standing, standing};
use super::steps::{advance, mine, open_step};
use super::store::{self, RoundRow};
use super::{RoundError, by_hand, person};
use crate::access::TenantTx;
use crate::facilities::AgeBand;
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{CaseId, FacilityId, RoundId};

/// A child's place in an order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepPlace, example = json!({"case_id": "0d7c1f6e-2a4b-4c8d-9e0f-1a2b3c4d5e6f", "reason": "group_mix"}))]
pub struct NewPlace {
    /// The case.
    pub case_id: CaseId,
    /// Why it goes before a child with more points; needed where it does.
    #[serde(default)]
    pub reason: Option<DeviationReason>,
}

/// An order of the children who wish the places of one age band.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepOrder, example = json!({"age_band": "under3", "places": []}))]
pub struct NewOrder {
    /// The band.
    pub age_band: AgeBand,
    /// Who goes first, best first; whom it leaves out follow as they stand.
    pub places: Vec<NewPlace>,
}

/// What a facility answers in a step.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = StepAnswer, example = json!({"step": 1, "orders": []}))]
pub struct NewAnswer {
    /// The step.
    #[schema(minimum = 1)]
    pub step: i32,
    /// By age band; a band that is left out goes by the order that stands, which is that of the points until there is another.
    pub orders: Vec<NewOrder>,
}

/// A facility confirms: its own orders, or the order that stands. It may change its mind until the step is over.
pub async fn answer(
    tx: &mut TenantTx,
    id: RoundId,
    facility: FacilityId,
    seen: i32,
    new: &NewAnswer,
) -> Result<(), RoundError> {
    let round = mine(tx, id, facility).await?;
    round.machine().decide()?;
    let standing = standing(tx, &round).await?;
    Stale::check(seen, standing.versions.get(&facility).copied().unwrap_or(0))?;
    let orders = orders(&standing, facility, new)?;
    open_step(&standing, new.step)?;
    let answered = standing.inputs.answer(new.step, facility).is_some();
    if !answered && !standing.inputs.may_answer(&standing.situation).contains(&facility) {
        return Err(RoundError::NotAwaited);
    }
    let answer = Answer {
        step: new.step,
        facility_id: facility,
        kind: if orders.is_empty() {
            AnswerKind::Points
        } else {
            AnswerKind::Hand
        },
        orders,
    };
    put(tx, &round, &standing, &answer).await?;
    advance(tx, &round).await
}

async fn put(tx: &mut TenantTx, round: &RoundRow, standing: &Standing, answer: &Answer) -> Result<(), RoundError> {
    let by = person(tx)?;
    store::put_answer(tx, round.id, answer, Some(by), None).await?;
    // The version of the choice goes with every answer, so that two people of one facility see each other's.
    let choice = standing.inputs.choice(answer.facility_id);
    Ok(store::put_choice(tx, round.id, answer.facility_id, choice, by).await?)
}

/// Checks the orders of an answer: complete, what was offered kept, a reason at each place that needs one.
fn orders(
    standing: &Standing,
    facility: FacilityId,
    new: &NewAnswer,
) -> Result<BTreeMap<String, Vec<Ordered>>, Invalid> {
    let mut orders = BTreeMap::new();
    for (n, order) in new.orders.iter().enumerate() {
        let pools = &standing.inputs.pools;
        let pool = pools
            .iter()
            .find(|p| p.facility_id == facility && p.band == order.age_band);
        let list = pool.and_then(|p| Some((&p.name, standing.situation.pools.get(&p.name)?)));
        let Some((pool, list)) = list else {
            let at = format!("/orders/{n}/age_band");
            return Err(Invalid::one(&at, "unknown", "no places of this facility"));
        };
        let checked = checked(standing, facility, (pool, list), order, n)?;
        if orders.insert(pool.clone(), checked).is_some() {
            let at = format!("/orders/{n}/age_band");
            return Err(Invalid::one(
                &at,
                "duplicate",
                "an order for these places is there already",
            ));
        }
    }
    Ok(orders)
}

fn checked(
    standing: &Standing,
    facility: FacilityId,
    (pool, list): (&str, &[Applicant]),
    order: &NewOrder,
    n: usize,
) -> Result<Vec<Ordered>, Invalid> {
    let whole = whole(standing, (pool, list), order, n)?;
    let kept = standing.kept(facility, pool);
    if let Some(place) = (0..kept).find(|&at| whole[at].child != list[at].child) {
        let at = format!("/orders/{n}/places/{place}/case_id");
        return Err(Invalid::one(
            at,
            "locked",
            "an offer was made by this order; it stays as it is",
        ));
    }
    let children: Vec<&str> = whole.iter().map(|o| o.child.as_str()).collect();
    let applicants: Vec<String> = list.iter().map(|a| a.child.clone()).collect();
    let points = standing.by_points(pool, &applicants);
    let deviates: BTreeSet<usize> = by_hand::deviations(&children, &points).into_iter().collect();
    let place = |(at, place): (usize, &Ordered)| match place.reason {
        None if deviates.contains(&at) => {
            let at = format!("/orders/{n}/places/{at}/reason");
            Err(Invalid::one(at, "required", "a child with more points comes later"))
        }
        reason => Ok(Ordered {
            child: place.child.clone(),
            reason: reason.filter(|_| deviates.contains(&at)),
        }),
    };
    whole.iter().enumerate().map(place).collect()
}

/// The children whom an order names, and after them the others as they stand.
fn whole(
    standing: &Standing,
    (pool, list): (&str, &[Applicant]),
    order: &NewOrder,
    n: usize,
) -> Result<Vec<Ordered>, Invalid> {
    let ids: BTreeMap<CaseId, &str> = standing.cases.iter().map(|c| (c.id, c.child.as_str())).collect();
    let wish: BTreeSet<&str> = list.iter().map(|a| a.child.as_str()).collect();
    let mut named = BTreeSet::new();
    let mut whole = Vec::new();
    for (at, place) in order.places.iter().enumerate() {
        let at = format!("/orders/{n}/places/{at}/case_id");
        let Some(child) = ids.get(&place.case_id).copied().filter(|child| wish.contains(child)) else {
            return Err(Invalid::one(at, "unknown", "no child that wishes these places"));
        };
        if !named.insert(child) {
            return Err(Invalid::one(at, "duplicate", "this child stands in the order already"));
        }
        whole.push(Ordered {
            child: child.to_owned(),
            reason: place.reason,
        });
    }
    let before = coordination::orders(&standing.inputs.answers);
    let before = before.get(pool).map(Vec::as_slice).unwrap_or_default();
    let rest = list
        .iter()
        .filter(|a| !named.contains(a.child.as_str()))
        .map(|a| Ordered {
            child: a.child.clone(),
            reason: before.iter().find(|o| o.child == a.child).and_then(|o| o.reason),
        });
    whole.extend(rest);
    Ok(whole)
}
