//! Children of one family who look for places at the same time: whether they go to one facility is asked of the parents, once for all of
//! them. A round takes the answer as it stands at its freeze; until the round is released it stays as it is.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::clerk::sent;
use super::model::{SaidOfSiblings, SiblingAnswer, is_same_time, newest};
use super::shown::ChildLabel;
use super::store::{self, Change, SiblingRow};
use super::{DemandError, check_told, demand_for_update, note_told, tell_recorded};
use crate::access::{TenantRead, TenantTx};
use crate::families;
use crate::notifications::{Said, Told};
use crate::platform::clock::berlin_date;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, DemandId};

/// A sibling who looks for a place at the same time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DemandSibling)]
pub struct SiblingShown {
    /// Its demand.
    pub demand_id: DemandId,
    /// The child.
    pub child: ChildLabel,
}

/// What the parents say of children who look for places at the same time.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DemandSiblings)]
pub struct SiblingsShown {
    /// The other children; without any the answer has no effect.
    pub with: Vec<SiblingShown>,
    /// Names of the facilities that all of them wish; without any the answer has no effect.
    pub common: Vec<String>,
    /// What the parents answered; `null`: nothing, and what a round sets for all counts.
    pub answer: Option<SiblingAnswer>,
    /// When they did.
    pub said_at: Option<DateTime<Utc>>,
    /// Whether it can be changed now: not while a round that took one of the demands has yet to be released.
    pub changeable: bool,
}

/// The demands for which one answer counts: this one first, and those of siblings at the same time.
struct Together {
    own: SiblingRow,
    others: Vec<SiblingRow>,
}

impl Together {
    /// As the account sees them or, without one, the office; `None` when the demand itself looks for no place.
    async fn of(tx: &mut TenantRead, id: DemandId, account: Option<AccountId>) -> Result<Option<Self>, sqlx::Error> {
        let mut rows = store::family_of(tx, id, account).await?;
        let Some(at) = rows.iter().position(|row| row.demand_id == id) else {
            return Ok(None);
        };
        let (own, today) = (rows.remove(at), tx.today());
        let at_once = |row: &SiblingRow| {
            let starts = own.desired_start.zip(row.desired_start);
            row.child_id != own.child_id && starts.is_some_and(|(a, b)| is_same_time(a, b, today))
        };
        rows.retain(at_once);
        Ok(Some(Self { own, others: rows }))
    }

    fn demands(&self) -> Vec<DemandId> {
        let all = std::iter::once(&self.own).chain(&self.others);
        all.map(|row| row.demand_id).collect()
    }

    fn said(&self) -> Option<SaidOfSiblings> {
        let all = std::iter::once(&self.own).chain(&self.others);
        newest(all.filter_map(|row| {
            let (answer, at) = row.answer.zip(row.said_at)?;
            Some(SaidOfSiblings { answer, at })
        }))
    }
}

/// What is shown with a demand; `None` where there is nothing to ask. The office sees an answer on paper also where no sibling is known.
pub(super) async fn shown(
    tx: &mut TenantRead,
    id: DemandId,
    language: &str,
) -> Result<Option<SiblingsShown>, DemandError> {
    let account = tx.scope().own();
    let Some(found) = Together::of(tx, id, account).await? else {
        return Ok(None);
    };
    let said = found.said();
    if found.others.is_empty() && (account.is_some() || said.is_none()) {
        return Ok(None);
    }
    let demands = found.demands();
    let common = match found.others.is_empty() {
        true => Vec::new(),
        false => store::wished_by_all(tx, &demands).await?,
    };
    let changeable = !store::is_frozen(tx, &demands).await?;
    let mut with = Vec::with_capacity(found.others.len());
    for row in found.others {
        tx.touch_child(row.child_id);
        let label = families::child_label(row.first_name.as_deref(), row.last_name.as_deref(), language);
        with.push(SiblingShown {
            demand_id: row.demand_id,
            child: ChildLabel {
                id: row.child_id,
                label,
            },
        });
    }
    Ok(Some(SiblingsShown {
        with,
        common,
        answer: said.map(|said| said.answer),
        said_at: said.map(|said| said.at),
        changeable,
    }))
}

/// The answer that counts for a demand as it stands; `None` where no sibling looks for a place at the same time, or nothing was said.
pub(super) async fn answer_on_paper(
    tx: &mut TenantRead,
    id: DemandId,
    account: AccountId,
) -> Result<Option<SiblingAnswer>, sqlx::Error> {
    let found = Together::of(tx, id, Some(account)).await?;
    let found = found.filter(|found| !found.others.is_empty());
    Ok(found.and_then(|found| found.said()).map(|said| said.answer))
}

/// The parents answer for all of their children who look for places at the same time. That the account has custody of this demand's child
/// was asked before.
pub async fn answer_siblings(
    tx: &mut TenantTx,
    id: DemandId,
    seen: i32,
    account: AccountId,
    answer: SiblingAnswer,
) -> Result<(), DemandError> {
    let found = Together::of(tx, id, Some(account)).await?;
    let demands = found.filter(|f| !f.others.is_empty()).map(|f| f.demands());
    let Some(demands) = demands else {
        let row = demand_for_update(tx, id).await?;
        Stale::check(seen, row.version)?;
        return Err(DemandError::NoSiblings);
    };
    let now = tx.now();
    write(tx, id, seen, &demands, answer, now).await
}

/// The office enters what a family without an account answered. It stands also where no sibling is known yet, and counts once one is.
pub async fn record_siblings(
    tx: &mut TenantTx,
    id: DemandId,
    seen: i32,
    answer: SiblingAnswer,
    told: Told,
) -> Result<(), DemandError> {
    // All of them are locked in one order, before any other lock.
    let found = Together::of(tx, id, None).await?;
    if let Some(found) = &found {
        store::lock_demands(tx, &found.demands()).await?;
    }
    let row = sent(tx, id, seen).await?;
    let today = tx.today();
    let told = told.checked(row.submitted_at.map_or(today, berlin_date), today)?;
    check_told(tx, row.child_id).await?;
    let found = found.ok_or(DemandError::NoSiblings)?;
    let (demands, at) = (found.demands(), told.at(tx.now()));
    write(tx, id, seen, &demands, answer, at).await?;
    let said = match answer {
        SiblingAnswer::Required => Said::SiblingsRequired,
        SiblingAnswer::Preferred => Said::SiblingsPreferred,
        SiblingAnswer::Independent => Said::SiblingsIndependent,
    };
    note_told(tx, id, said, told).await?;
    tell_recorded(tx, id, None, said, told).await
}

/// Writes what stands in a form on paper, once its demand was sent.
pub async fn siblings_on_paper(
    tx: &mut TenantTx,
    id: DemandId,
    answer: SiblingAnswer,
    received_at: DateTime<Utc>,
) -> Result<(), DemandError> {
    // Those of its siblings have the answer from now on too, unless a round under way took theirs.
    let found = Together::of(tx, id, None).await?.ok_or(DemandError::NoSiblings)?;
    let mut demands = found.demands();
    if store::is_frozen(tx, &demands).await? {
        demands = vec![id];
    }
    let version = demand_for_update(tx, id).await?.version;
    write(tx, id, version, &demands, answer, received_at).await
}

async fn write(
    tx: &mut TenantTx,
    id: DemandId,
    seen: i32,
    demands: &[DemandId],
    answer: SiblingAnswer,
    at: DateTime<Utc>,
) -> Result<(), DemandError> {
    store::lock_demands(tx, demands).await?;
    let own = demand_for_update(tx, id).await?;
    Stale::check(seen, own.version)?;
    if store::is_frozen(tx, demands).await? {
        return Err(DemandError::SiblingsFrozen);
    }
    store::save_said_of_siblings(tx, demands, answer, at).await?;
    for demand in demands {
        let row = demand_for_update(tx, *demand).await?;
        tx.touch_child(row.child_id);
        let change = Change {
            reason: Some(answer.as_str()),
            ..Change::of("siblings_answered")
        };
        store::note_change(tx, &row, change).await?;
    }
    Ok(())
}
