//! New contracts: drafted for an accepted offer, or agreed elsewhere.

use chrono::NaiveTime;

use crate::access::TenantTx;
use crate::contracts::model::NewContract;
use crate::platform::ids::ContractId;
use crate::tenancy::NoticeRule;

/// A contract as it is drafted for an accepted offer.
pub async fn insert(
    tx: &mut TenantTx,
    id: ContractId,
    new: &NewContract,
    notice: &NoticeRule,
) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                    hours_per_week, window_from, window_to, created_at, notice_months, notice_to, notice_not_last_months,
                                    week)
         VALUES ($1, $2, $3, $4, $5, $6, 'drafted', $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        tenant.0,
        id.0,
        new.offer_id.0,
        new.demand_id.0,
        new.child_id.0,
        new.facility_id.0,
        new.care_from,
        new.care_until,
        new.hours_per_week,
        new.window_from,
        new.window_to,
        now,
        notice.months,
        notice.to as _,
        notice.not_last_months,
        new.week as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Contracts that were agreed elsewhere, with the same times on every day.
pub async fn insert_agreed(tx: &mut TenantTx, all: &[NewContract], notice: &NoticeRule) -> Result<(), sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    let ids: Vec<_> = all.iter().map(|_| ContractId::new().0).collect();
    let offers: Vec<_> = all.iter().map(|c| c.offer_id.0).collect();
    let demands: Vec<_> = all.iter().map(|c| c.demand_id.0).collect();
    let children: Vec<_> = all.iter().map(|c| c.child_id.0).collect();
    let facilities: Vec<_> = all.iter().map(|c| c.facility_id.0).collect();
    let from: Vec<_> = all.iter().map(|c| c.care_from).collect();
    let until: Vec<_> = all.iter().map(|c| c.care_until).collect();
    let hours: Vec<_> = all.iter().map(|c| c.hours_per_week).collect();
    let comes: Vec<_> = all.iter().map(|c| c.window_from).collect();
    let goes: Vec<_> = all.iter().map(|c| c.window_to).collect();
    sqlx::query!(
        "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                    hours_per_week, created_at, notice_months, began_on, window_from, window_to, notice_to,
                                    notice_not_last_months)
         SELECT $1, r.id, r.offer_id, r.demand_id, r.child_id, r.facility_id,
                CASE WHEN r.care_from <= $12 THEN 'active' ELSE 'signed_by_provider' END, r.care_from, r.care_until, r.hours, $10, $11,
                CASE WHEN r.care_from <= $12 THEN r.care_from END, r.comes, r.goes, $15, $16
           FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::uuid[], $7::date[], $8::date[], $9::int[], $13::time[],
                       $14::time[])
                AS r (id, offer_id, demand_id, child_id, facility_id, care_from, care_until, hours, comes, goes)",
        tenant.0,
        &ids,
        &offers,
        &demands,
        &children,
        &facilities,
        &from,
        &until,
        &hours,
        now,
        notice.months,
        today,
        &comes as &[Option<NaiveTime>],
        &goes as &[Option<NaiveTime>],
        notice.to as _,
        notice.not_last_months
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
