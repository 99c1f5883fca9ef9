//! Background work of this slice: old drafts go, demands run out or close; counting is the criteria's.

use chrono::{Duration, Months};
use futures_util::future::LocalBoxFuture;

use super::clerk::tell_ended;
use super::model::{RENEWAL_NOTICE, renewable_until};
use super::writing::child_of;
use super::{DemandEnd, DemandError, contract_started, demand_for_update, end_demand, store};
use crate::access::{TenantTx, as_system, tenant_of_job};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::Platform;
use crate::platform::clock::berlin_date;
use crate::platform::jobs::{Job, JobError, Registry};
use crate::tenancy;

/// Adds this slice's jobs.
pub fn register(registry: Registry) -> Registry {
    super::criteria::jobs::register(registry)
        .every(3600, "TendDemands", |platform, job| boxed(tend_demands(platform, job)))
}

fn boxed<F: Future<Output = Result<(), JobError>> + 'static>(work: F) -> LocalBoxFuture<'static, Result<(), JobError>> {
    Box::pin(work)
}

impl From<DemandError> for JobError {
    fn from(error: DemandError) -> Self {
        match error {
            DemandError::Db(db) => db.into(),
            other => Self::Dead(other.to_string()),
        }
    }
}

async fn tend_demands(platform: Platform, job: Job) -> Result<(), JobError> {
    let tenant = tenant_of_job(&platform, job.tenant).await?;
    as_system(&platform, &tenant, "TendDemands", async |tx| {
        let kept = tenancy::settings(tx).await?.retention.draft_days;
        let untouched_since = tx.now() - Duration::days(kept.into());
        store::delete_old_drafts(tx, untouched_since).await?;
        remind_of_renewal(tx).await?;
        expire_demands(tx).await?;
        for demand in store::begun_demands(tx).await? {
            contract_started(tx, demand).await?;
        }
        Ok(())
    })
    .await
}

/// Where demands must be renewed, tells the families whose time is nearly over, once until they touch the demand again.
async fn remind_of_renewal(tx: &mut TenantTx) -> Result<(), DemandError> {
    let Some(months) = tenancy::settings(tx).await?.renewal_interval_months else {
        return Ok(());
    };
    let Some(since) = (tx.now() + RENEWAL_NOTICE).checked_sub_months(Months::new(months.unsigned_abs())) else {
        return Ok(());
    };
    for id in store::demands_to_remind(tx, since).await? {
        let demand = demand_for_update(tx, id).await?;
        let until = renewable_until(berlin_date(demand.updated_at), months);
        let (Ok(_), Some(until), Some(code)) = (demand.machine().renew(), until, demand.reference_code.clone()) else {
            continue;
        };
        if until < tx.today() {
            continue;
        }
        let child = child_of(tx, demand.child_id).await?;
        let message = Message::RenewalDue {
            demand_id: id,
            reference_code: code,
            child: ChildInitial::of(child.first_name.as_deref()),
            until,
        };
        notifications::tell_family(tx, demand.child_id, id, &message).await?;
        store::note_change(tx, &demand, store::Change::of("renewal_reminded")).await?;
    }
    Ok(())
}

/// Where demands must be renewed, ends those that the family has not touched since the interval began, and tells them.
async fn expire_demands(tx: &mut TenantTx) -> Result<(), DemandError> {
    let Some(months) = tenancy::settings(tx).await?.renewal_interval_months else {
        return Ok(());
    };
    let Some(since) = tx.now().checked_sub_months(Months::new(months.unsigned_abs())) else {
        return Ok(());
    };
    for id in store::untouched_demands(tx, since).await? {
        let demand = demand_for_update(tx, id).await?;
        // It may have changed while this waited for the lock.
        if demand.updated_at < since {
            end_demand(tx, &demand, DemandEnd::Expired, None).await?;
            tell_ended(tx, &demand, DemandEnd::Expired, None).await?;
        }
    }
    Ok(())
}
