//! SQL of providers, facilities, licences and closing days.

use chrono::NaiveDate;

use super::model::{FacilityBrief, PlacesNow};
use crate::access::TenantRead;
use crate::facilities::model::{CareType, FacilityKind};
use crate::platform::ids::{FacilityId, ProviderId};

pub(super) async fn briefs(tx: &mut TenantRead, ids: &[FacilityId]) -> Result<Vec<FacilityBrief>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT f.id AS "id: FacilityId", f.name, f.kind AS "kind: FacilityKind",
                  f.provider_id AS "provider_id: ProviderId", p.name AS "provider_name?", f.care_types,
                  f.street, f.house_number, f.postal_code, f.city, f.latitude, f.longitude, f.contact_email, f.phone, f.state = 'open' AS "open!"
             FROM facility f
             LEFT JOIN provider p ON p.tenant_id = f.tenant_id AND p.id = f.provider_id
            WHERE f.tenant_id = $1 AND f.id = ANY($2)
            ORDER BY f.name, f.id"#,
        tenant.0,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| FacilityBrief {
            id: r.id,
            name: r.name,
            kind: r.kind,
            provider_id: r.provider_id,
            provider_name: r.provider_name,
            care_types: r.care_types.iter().filter_map(|t| CareType::parse(t)).collect(),
            street: r.street,
            house_number: r.house_number,
            postal_code: r.postal_code,
            city: r.city,
            latitude: r.latitude,
            longitude: r.longitude,
            contact_email: r.contact_email,
            phone: r.phone,
            open: r.open,
        })
        .collect())
}

pub(super) async fn places_now(
    tx: &mut TenantRead,
    ids: &[FacilityId],
    month: NaiveDate,
) -> Result<Vec<PlacesNow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<_> = ids.iter().map(|id| id.0).collect();
    // An index outside the array is NULL, and so is a month without a figure: both are unknown.
    sqlx::query_as!(
        PlacesNow,
        r#"SELECT facility_id AS "facility_id: FacilityId",
                  sum(greatest(bookable[1 + (extract(year FROM $3::date)::int - extract(year FROM base_month)::int) * 12
                                          + extract(month FROM $3::date)::int - extract(month FROM base_month)::int], 0))::int AS bookable,
                  min(confirmed_on) AS confirmed_on
             FROM place_pool
            WHERE tenant_id = $1 AND facility_id = ANY($2)
            GROUP BY facility_id"#,
        tenant.0,
        &ids,
        month
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn closing_days_between(
    tx: &mut TenantRead,
    facility: FacilityId,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<NaiveDate>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT day
           FROM closing_day
          WHERE tenant_id = $1 AND day >= $3 AND day <= $4 AND (facility_id IS NULL OR facility_id = $2)",
        tenant.0,
        facility.0,
        from,
        to
    )
    .fetch_all(tx.conn())
    .await
}
