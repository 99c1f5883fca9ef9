//! What offers and contracts take.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::facilities::capacity::model::{Segment, Taken};
use crate::facilities::model::AgeBand;
use crate::platform::ids::{ChildId, FacilityId, OfferId, random_uuid};
use crate::platform::week::WeekTimes;

/// What is taken from a month on, by band.
pub async fn taken(
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
pub async fn week_of(
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

/// Holds the months of a segment for an offer.
pub async fn insert_held(
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
pub async fn insert_occupied(
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

/// What an offer held is occupied by its contract; answers how many rows changed.
pub async fn set_occupied(tx: &mut TenantTx, offer: OfferId) -> Result<u64, sqlx::Error> {
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
pub async fn facility_of_offer(tx: &mut TenantTx, offer: OfferId) -> Result<Option<FacilityId>, sqlx::Error> {
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
pub async fn facilities_of_child(tx: &mut TenantTx, child: ChildId) -> Result<Vec<FacilityId>, sqlx::Error> {
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
pub struct TakenMonths {
    pub facility: FacilityId,
    pub offer: OfferId,
    pub held: bool,
    pub from_month: NaiveDate,
    pub until_month: NaiveDate,
}

/// All that a child takes, over its age bands.
pub async fn stays_of_child(tx: &mut TenantTx, child: ChildId) -> Result<Vec<TakenMonths>, sqlx::Error> {
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

/// The first month that an offer or contract does not take any more.
pub async fn taken_until(tx: &mut TenantTx, offer: OfferId) -> Result<Option<NaiveDate>, sqlx::Error> {
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
pub async fn cut_taken(tx: &mut TenantTx, offer: OfferId, month: NaiveDate) -> Result<(), sqlx::Error> {
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

/// Takes away all that an offer or contract takes.
pub async fn delete_taken(tx: &mut TenantTx, offer: OfferId) -> Result<(), sqlx::Error> {
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
