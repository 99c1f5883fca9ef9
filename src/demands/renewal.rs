//! Whether a family still needs the place: asked three times by mail, answered with one click or in the account, ended after a grace.
//! Where nobody has an account, some days more go by, because a letter may not be opened yet; where nobody can be reached but by letter, the
//! office asks instead of an end by itself. Every step is in the demand's history.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::clerk::tell_ended;
use super::model::{answer_by, has_run_out, interval_ends, is_reminder_due};
use super::store::{self, Candidate, Change, DemandRow};
use super::writing::child_of;
use super::{DemandEnd, DemandError, demand_for_update, end_demand, renew};
use crate::access::TenantTx;
use crate::notifications::{self, ChildInitial, Message, Token};
use crate::platform::clock::{berlin_date, end_of_day};
use crate::platform::crypto::random_token;
use crate::platform::ids::DemandId;
use crate::tenancy;

/// A demand that a family renewed by a link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewed {
    /// Its reference code.
    pub reference_code: Option<String>,
    /// The last day of the interval that began.
    pub until: Option<NaiveDate>,
}

/// What is to be done about a demand today.
#[derive(Debug, Clone, Copy)]
enum Due {
    Remind(NaiveDate),
    End,
    /// The family gets letters, and nobody knows whether they arrived: the office asks it before the demand ends.
    Ask,
}

/// A demand about which something is to be done today.
pub(super) struct DueDemand {
    pub id: DemandId,
    touched_at: DateTime<Utc>,
    due: Due,
}

/// The demands of families whose time is nearly over, or who did not answer.
pub(super) async fn due_now(tx: &mut TenantTx) -> Result<Vec<DueDemand>, sqlx::Error> {
    let settings = tenancy::settings(tx).await?;
    let Some(months) = settings.renewal_interval_months else {
        return Ok(Vec::new());
    };
    let (now, today) = (tx.now(), tx.today());
    let candidates = store::renewal_candidates(tx, touched_before(now, months)).await?;
    let due = |c: Candidate| {
        Some(DueDemand {
            due: due(&c, months, settings.letter_grace_days, today)?,
            id: c.id,
            touched_at: c.touched_at,
        })
    };
    Ok(candidates.into_iter().filter_map(due).collect())
}

/// Asks the family, or ends its demand.
pub(super) async fn tend(tx: &mut TenantTx, one: &DueDemand) -> Result<(), DemandError> {
    let demand = demand_for_update(tx, one.id).await?;
    // It may have changed while this waited for the lock.
    if demand.updated_at != one.touched_at || demand.machine().renew().is_err() {
        return Ok(());
    }
    match one.due {
        Due::Remind(ends) => remind(tx, &demand, ends).await,
        Due::Ask => Ok(store::note_change(tx, &demand, Change::of("renewal_unanswered")).await?),
        Due::End => {
            end_demand(tx, &demand, DemandEnd::Expired, None).await?;
            tell_ended(tx, &demand, DemandEnd::Expired, None).await
        }
    }
}

fn due(candidate: &Candidate, months: i32, letter_grace: i32, today: NaiveDate) -> Option<Due> {
    let ends = interval_ends(berlin_date(candidate.touched_at), months)?;
    let grace = if candidate.has_account { 0 } else { letter_grace };
    if has_run_out(today, candidate.asked, grace) {
        match (candidate.unanswered, candidate.gets_letters) {
            // It is the office's to ask, or to end.
            (true, _) => None,
            (false, true) => Some(Due::Ask),
            (false, false) => Some(Due::End),
        }
    } else {
        is_reminder_due(ends, today, candidate.asked).then_some(Due::Remind(ends))
    }
}

/// Nobody is asked who touched the demand after this instant. Counted in the shortest months and with a day more, so that the rule in the
/// model decides, and not this.
fn touched_before(now: DateTime<Utc>, months: i32) -> DateTime<Utc> {
    now - Duration::days(i64::from(months) * 28) + Duration::days(31)
}

async fn remind(tx: &mut TenantTx, demand: &DemandRow, ends: NaiveDate) -> Result<(), DemandError> {
    let Some(reference_code) = demand.reference_code.clone() else {
        return Ok(());
    };
    let until = answer_by(ends, tx.today());
    let child = child_of(tx, demand.child_id).await?;
    notifications::tell_each(tx, demand.child_id, demand.id, async |tx, guardian| {
        let token = random_token();
        store::add_renewal_link(tx, demand.id, guardian, &token, end_of_day(until)).await?;
        Ok(Message::RenewalDue {
            demand_id: demand.id,
            reference_code: reference_code.clone(),
            child: ChildInitial::of(child.first_name.as_deref()),
            until,
            last: until > ends,
            token: Token::new(token),
        })
    })
    .await?;
    Ok(store::note_change(tx, demand, Change::of("renewal_reminded")).await?)
}

/// The family follows the link of a mail: the demand is renewed, once for what was sent at once; following it again changes nothing.
/// `Missing`: no link that holds, or the demand has ended or moved on.
pub async fn renew_by_link(tx: &mut TenantTx, token: &str) -> Result<Renewed, DemandError> {
    let link = store::renewal_link(tx, token).await?.ok_or(DemandError::Missing)?;
    let demand = open(tx, link.demand_id).await?;
    if store::use_renewal_link(tx, link.id).await? {
        renew(tx, demand.id).await?;
    }
    tx.touch(demand.id);
    tx.touch_child(demand.child_id);
    let demand = open(tx, link.demand_id).await?;
    let months = tenancy::settings(tx).await?.renewal_interval_months;
    Ok(Renewed {
        until: months.and_then(|m| interval_ends(berlin_date(demand.updated_at), m)),
        reference_code: demand.reference_code,
    })
}

async fn open(tx: &mut TenantTx, id: DemandId) -> Result<DemandRow, DemandError> {
    let demand = demand_for_update(tx, id).await?;
    demand.machine().renew().map_err(|_| DemandError::Missing)?;
    Ok(demand)
}
