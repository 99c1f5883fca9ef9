//! SQL of capacity: figures, places taken, and the pool that is derived from both.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::super::model::AgeBand;
use super::model::{Figure, NewFigure, Segment, Taken};
use super::site::Limit;
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::{ChildId, FacilityId, OfferId, random_uuid};
use crate::platform::week::WeekTimes;

/// Takes the rows that an offer locks, always in the same order.
pub(super) async fn lock_pool(tx: &mut TenantTx, facility: FacilityId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT age_band
           FROM place_pool
          WHERE tenant_id = $1 AND facility_id = $2
          ORDER BY age_band
            FOR UPDATE",
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await
    .map(|_| ())
}

/// Takes the facility itself: figures of an age band that has no pool yet have no other row to lock.
pub(super) async fn lock_facility(tx: &mut TenantTx, facility: FacilityId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "SELECT id
           FROM facility
          WHERE tenant_id = $1 AND id = $2
            FOR NO KEY UPDATE",
        tenant.0,
        facility.0
    )
    .fetch_optional(tx.conn())
    .await
    .map(|row| row.is_some())
}

pub(super) async fn figures(tx: &mut TenantRead, facility: FacilityId) -> Result<Vec<(AgeBand, Figure)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT age_band AS "age_band: AgeBand", from_month, licensed, operable, operable_reason IS NOT NULL AS "by_hand!",
                  occupied_external, confirmed_on, is_example
             FROM capacity
            WHERE tenant_id = $1 AND facility_id = $2
            ORDER BY age_band, from_month"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let figure = Figure {
                from_month: r.from_month,
                licensed: r.licensed,
                operable: r.operable,
                by_hand: r.by_hand,
                limit: if r.by_hand { Limit::ByHand } else { Limit::Permit },
                reserved: 0,
                occupied_external: r.occupied_external,
                confirmed_on: r.confirmed_on,
                is_example: r.is_example,
            };
            (r.age_band, figure)
        })
        .collect())
}

pub(super) async fn taken(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
) -> Result<Vec<(AgeBand, Taken)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT o.age_band AS "age_band: AgeBand", o.state = 'held' AS "held!", o.from_month, o.until_month,
                  w.week AS "week?: WeekTimes"
             FROM occupancy o
             LEFT JOIN app.agreed_weeks($1, ARRAY[$2::uuid]) w ON w.offer_id = o.offer_id
            WHERE o.tenant_id = $1 AND o.facility_id = $2 AND o.until_month > $3"#,
        tenant.0,
        facility.0,
        from
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let taken = Taken {
                held: r.held,
                from_month: r.from_month,
                until_month: r.until_month,
                week: r.week,
            };
            (r.age_band, taken)
        })
        .collect())
}

/// The times of the week that were offered by a childminder or agreed with one.
pub(super) async fn week_of(
    tx: &mut TenantRead,
    facility: FacilityId,
    offer: OfferId,
) -> Result<Option<WeekTimes>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT week AS "week!: WeekTimes" FROM app.agreed_weeks($1, ARRAY[$2::uuid]) WHERE offer_id = $3"#,
        tenant.0,
        facility.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn insert_held(
    tx: &mut TenantTx,
    facility: FacilityId,
    offer: OfferId,
    child: ChildId,
    segment: &Segment,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO occupancy (tenant_id, id, facility_id, age_band, child_id, offer_id, state, from_month, until_month)
         VALUES ($1, $2, $3, $4, $5, $6, 'held', $7, $8)",
        tenant.0,
        random_uuid(),
        facility.0,
        segment.band as _,
        child.0,
        offer.0,
        segment.from_month,
        segment.until_month
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Notes what contracts of another system take.
pub(super) async fn insert_occupied(
    tx: &mut TenantTx,
    rows: &[(FacilityId, OfferId, ChildId, Segment)],
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<_> = rows.iter().map(|_| random_uuid()).collect();
    let facilities: Vec<_> = rows.iter().map(|(facility, ..)| facility.0).collect();
    let offers: Vec<_> = rows.iter().map(|(_, offer, ..)| offer.0).collect();
    let children: Vec<_> = rows.iter().map(|(.., child, _)| child.0).collect();
    let bands: Vec<_> = rows.iter().map(|(.., s)| s.band.as_str().to_owned()).collect();
    let from: Vec<_> = rows.iter().map(|(.., s)| s.from_month).collect();
    let until: Vec<_> = rows.iter().map(|(.., s)| s.until_month).collect();
    sqlx::query!(
        "INSERT INTO occupancy (tenant_id, id, facility_id, age_band, child_id, offer_id, state, from_month, until_month)
         SELECT $1, r.id, r.facility_id, r.band, r.child_id, r.offer_id, 'occupied', r.from_month, r.until_month
           FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::date[], $8::date[])
                AS r (id, facility_id, band, child_id, offer_id, from_month, until_month)",
        tenant.0,
        &ids,
        &facilities,
        &bands,
        &children,
        &offers,
        &from,
        &until
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn set_occupied(tx: &mut TenantTx, offer: OfferId) -> Result<u64, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE occupancy
            SET state = 'occupied'
          WHERE tenant_id = $1 AND offer_id = $2 AND state = 'held'",
        tenant.0,
        offer.0
    )
    .execute(tx.conn())
    .await
    .map(|done| done.rows_affected())
}

/// The facility in which an offer takes a place.
pub(super) async fn facility_of_offer(tx: &mut TenantTx, offer: OfferId) -> Result<Option<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT facility_id AS "facility_id: FacilityId"
             FROM occupancy
            WHERE tenant_id = $1 AND offer_id = $2
            LIMIT 1"#,
        tenant.0,
        offer.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The facilities in which a child takes a place or is offered one, in the order in which they are locked.
pub(super) async fn facilities_of_child(tx: &mut TenantTx, child: ChildId) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT facility_id AS "facility_id: FacilityId"
             FROM occupancy
            WHERE tenant_id = $1 AND child_id = $2
            ORDER BY 1"#,
        tenant.0,
        child.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The months that an offer or contract takes.
pub(super) struct TakenMonths {
    pub facility: FacilityId,
    pub offer: OfferId,
    pub held: bool,
    pub from_month: NaiveDate,
    pub until_month: NaiveDate,
}

/// All that a child takes, over its age bands.
pub(super) async fn stays_of_child(tx: &mut TenantTx, child: ChildId) -> Result<Vec<TakenMonths>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        TakenMonths,
        r#"SELECT facility_id AS "facility: FacilityId", offer_id AS "offer: OfferId", bool_or(state = 'held') AS "held!",
                  min(from_month) AS "from_month!", max(until_month) AS "until_month!"
             FROM occupancy
            WHERE tenant_id = $1 AND child_id = $2
            GROUP BY facility_id, offer_id
            ORDER BY facility_id, offer_id"#,
        tenant.0,
        child.0
    )
    .fetch_all(tx.conn())
    .await
}

/// The day of school entry that was decided for a child. Decisions stand below this slice; their rows are read as data.
pub(super) async fn decided_entry(tx: &mut TenantRead, child: ChildId) -> Result<Option<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT entry_on AS "entry_on!" FROM app.decided_entries($1) WHERE child_id = $2"#,
        tenant.0,
        child.0
    )
    .fetch_optional(tx.conn())
    .await
}

/// The days of school entry that were decided for single children.
pub(super) async fn decided_entries(tx: &mut TenantRead) -> Result<HashMap<ChildId, NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT child_id AS "child_id!: ChildId", entry_on AS "entry_on!" FROM app.decided_entries($1)"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.child_id, row.entry_on)).collect())
}

/// The first month that an offer or contract does not take any more.
pub(super) async fn taken_until(tx: &mut TenantTx, offer: OfferId) -> Result<Option<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT max(until_month) FROM occupancy WHERE tenant_id = $1 AND offer_id = $2",
        tenant.0,
        offer.0
    )
    .fetch_one(tx.conn())
    .await
}

/// Takes nothing any more from a month on.
pub(super) async fn cut_taken(tx: &mut TenantTx, offer: OfferId, month: NaiveDate) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM occupancy
          WHERE tenant_id = $1 AND offer_id = $2 AND from_month >= $3",
        tenant.0,
        offer.0,
        month
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE occupancy
            SET until_month = $3
          WHERE tenant_id = $1 AND offer_id = $2 AND until_month > $3",
        tenant.0,
        offer.0,
        month
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn delete_taken(tx: &mut TenantTx, offer: OfferId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM occupancy
          WHERE tenant_id = $1 AND offer_id = $2",
        tenant.0,
        offer.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A pool row as it is derived.
pub(super) struct Pool {
    pub band: AgeBand,
    pub base_month: NaiveDate,
    pub bookable: Vec<Option<i32>>,
    /// Permitted places of the first month.
    pub licensed: Option<i32>,
    pub confirmed_on: Option<NaiveDate>,
    pub is_example: bool,
}

pub(super) async fn put_pool(tx: &mut TenantTx, facility: FacilityId, pool: &Pool) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO place_pool (tenant_id, facility_id, age_band, base_month, bookable, licensed, confirmed_on, is_example)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (tenant_id, facility_id, age_band) DO UPDATE
            SET base_month = EXCLUDED.base_month, bookable = EXCLUDED.bookable, licensed = EXCLUDED.licensed,
                confirmed_on = EXCLUDED.confirmed_on, is_example = EXCLUDED.is_example",
        tenant.0,
        facility.0,
        pool.band as _,
        pool.base_month,
        pool.bookable.as_slice() as _,
        pool.licensed,
        pool.confirmed_on,
        pool.is_example
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// What is bookable as it stands: band, first month, and the months.
pub(super) async fn pools(
    tx: &mut TenantRead,
    facility: FacilityId,
) -> Result<Vec<(AgeBand, NaiveDate, Vec<Option<i32>>)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT age_band AS "age_band: AgeBand", base_month, bookable AS "bookable: Vec<Option<i32>>"
             FROM place_pool
            WHERE tenant_id = $1 AND facility_id = $2"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| (r.age_band, r.base_month, r.bookable))
        .collect())
}

/// Facilities whose pool does not begin with the current month, some at a time.
pub(super) async fn behind(tx: &mut TenantTx, month: NaiveDate, limit: i64) -> Result<Vec<FacilityId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT DISTINCT facility_id AS "facility_id: FacilityId"
             FROM place_pool
            WHERE tenant_id = $1 AND base_month < $2
            ORDER BY 1
            LIMIT $3"#,
        tenant.0,
        month,
        limit
    )
    .fetch_all(tx.conn())
    .await
}

/// The version of a facility's figures: moved by people's edits only, so that an offer sent meanwhile does not spoil an edit.
pub(super) async fn version(tx: &mut TenantRead, facility: FacilityId) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT COALESCE(sum(version), 0)::int AS "version!"
             FROM place_pool
            WHERE tenant_id = $1 AND facility_id = $2"#,
        tenant.0,
        facility.0
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn bump_version(
    tx: &mut TenantTx,
    facility: FacilityId,
    band: Option<AgeBand>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE place_pool
            SET version = version + 1
          WHERE tenant_id = $1 AND facility_id = $2 AND ($3::text IS NULL OR age_band = $3)",
        tenant.0,
        facility.0,
        band as _
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

pub(super) async fn put_figure(
    tx: &mut TenantTx,
    facility: FacilityId,
    band: AgeBand,
    new: &NewFigure,
    confirmed_on: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "INSERT INTO capacity (tenant_id, facility_id, age_band, from_month, licensed, operable, operable_reason, operable_since,
                               occupied_external, confirmed_on, is_example)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (tenant_id, facility_id, age_band, from_month) DO UPDATE
            SET licensed = EXCLUDED.licensed, operable = EXCLUDED.operable, operable_reason = EXCLUDED.operable_reason,
                operable_since = EXCLUDED.operable_since, occupied_external = EXCLUDED.occupied_external,
                confirmed_on = EXCLUDED.confirmed_on, is_example = EXCLUDED.is_example",
        tenant.0,
        facility.0,
        band as _,
        new.from_month,
        new.licensed,
        new.operable,
        new.operable_reason,
        new.operable_since,
        new.occupied_external,
        confirmed_on,
        new.is_example
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Confirms the figures in force in a month and those to come.
pub(super) async fn confirm_figures(
    tx: &mut TenantTx,
    facility: FacilityId,
    today: NaiveDate,
    month: NaiveDate,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE capacity c
            SET confirmed_on = $3, is_example = false
          WHERE tenant_id = $1 AND facility_id = $2
            AND from_month >= COALESCE((SELECT max(l.from_month) FROM capacity l
                                         WHERE l.tenant_id = $1 AND l.facility_id = $2 AND l.age_band = c.age_band
                                           AND l.from_month <= $4), $4)",
        tenant.0,
        facility.0,
        today,
        month
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// A figure with all that was said about it.
pub(super) struct EnteredRow {
    pub age_band: AgeBand,
    pub from_month: NaiveDate,
    pub licensed: i32,
    pub operable: i32,
    pub operable_reason: Option<String>,
    pub operable_since: Option<NaiveDate>,
    pub occupied_external: i32,
    pub confirmed_on: Option<NaiveDate>,
    pub is_example: bool,
}

pub(super) async fn entered(tx: &mut TenantRead, facility: FacilityId) -> Result<Vec<EnteredRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        EnteredRow,
        r#"SELECT age_band AS "age_band: AgeBand", from_month, licensed, operable, operable_reason, operable_since,
                  occupied_external, confirmed_on, is_example
             FROM capacity
            WHERE tenant_id = $1 AND facility_id = $2
            ORDER BY age_band, from_month"#,
        tenant.0,
        facility.0
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn facility_exists(tx: &mut TenantRead, facility: FacilityId) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"SELECT EXISTS (SELECT 1 FROM facility WHERE tenant_id = $1 AND id = $2) AS "exists!""#,
        tenant.0,
        facility.0
    )
    .fetch_one(tx.conn())
    .await
}
