//! SQL of facilities and licences; of providers, of closing days, and of the lists in files of their own.

mod closing_days;
mod lists;
mod providers;

pub(super) use closing_days::{
    ClosingDayRow, closed_for, closing_days, closing_days_between, closing_days_of, closing_days_of_all,
    delete_closing_day, insert_closing_day,
};
pub(super) use lists::{
    FacilityFilter, FacilityRow, FacilitySort, ProviderFilter, ProviderRow, ProviderSort, facilities, providers,
};
pub(super) use providers::{insert_provider, name_is_taken, provider_version, update_provider};

use chrono::NaiveDate;

use super::model::{FacilityBrief, Facts, Licence, PlacesNow, search_words};
use crate::access::{TenantRead, TenantTx};
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
                  CASE WHEN NOT bool_or(is_example) THEN min(confirmed_on) END AS confirmed_on, bool_or(is_example) AS "is_example!"
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

/// What is known of a facility, with its version; locked until the end of the transaction.
pub(super) async fn facts_for_update(tx: &mut TenantTx, id: FacilityId) -> Result<Option<(Facts, i32)>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let row = sqlx::query!(
        r#"SELECT f.name, f.kind AS "kind: FacilityKind", f.provider_id AS "provider_id: ProviderId", f.care_types, f.street, f.house_number,
                  f.postal_code, f.city, f.district, f.latitude, f.longitude, f.opens_at, f.closes_at, f.languages, f.concepts, f.denomination,
                  f.inclusive, f.barrier_free, f.age_from_months, f.age_to_months, f.description, f.website, f.contact_email, f.phone,
                  f.version, l.valid_from AS "valid_from?", l.valid_to AS "valid_to?", l.places AS "places?",
                  l.contracts_total AS "contracts_total?"
             FROM facility f
             -- The licence that holds, else the next, else the last.
             LEFT JOIN LATERAL (
                  SELECT n.*
                    FROM childminder_licence n
                   WHERE n.tenant_id = f.tenant_id AND n.facility_id = f.id
                   ORDER BY n.valid_to < $3, CASE WHEN n.valid_to < $3 THEN $3 - n.valid_to ELSE n.valid_from - $3 END
                   LIMIT 1) l ON true
            WHERE f.tenant_id = $1 AND f.id = $2
              FOR NO KEY UPDATE OF f"#,
        tenant.0,
        id.0,
        today
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|r| {
        let licence = match (r.valid_from, r.valid_to, r.places) {
            (Some(valid_from), Some(valid_to), Some(places)) => Some(Licence {
                valid_from,
                valid_to,
                places,
                contracts_total: r.contracts_total,
            }),
            _ => None,
        };
        let facts = Facts {
            name: r.name,
            kind: r.kind,
            provider_id: r.provider_id,
            care_types: r.care_types.iter().filter_map(|t| CareType::parse(t)).collect(),
            street: r.street,
            house_number: r.house_number,
            postal_code: r.postal_code,
            city: r.city,
            district: r.district,
            latitude: r.latitude,
            longitude: r.longitude,
            opens_at: r.opens_at,
            closes_at: r.closes_at,
            languages: r.languages,
            concepts: r.concepts,
            denomination: r.denomination,
            inclusive: r.inclusive,
            barrier_free: r.barrier_free,
            age_from_months: r.age_from_months,
            age_to_months: r.age_to_months,
            description: r.description,
            website: r.website,
            contact_email: r.contact_email,
            phone: r.phone,
            licence,
        };
        (facts, r.version)
    }))
}

/// Writes what is known of a facility, new or not, and the text that the search looks into.
pub(super) async fn put_facts(tx: &mut TenantTx, id: FacilityId, facts: &Facts) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    let care_types: Vec<String> = facts.care_types.iter().map(|t| t.as_str().to_owned()).collect();
    let street = search_words(&facts.street);
    sqlx::query!(
        "INSERT INTO facility (tenant_id, id, name, kind, provider_id, care_types, street, house_number, postal_code, city, district, latitude,
                               longitude, opens_at, closes_at, languages, concepts, denomination, inclusive, barrier_free, age_from_months,
                               age_to_months, description, website, contact_email, phone, created_at, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
                 $27, app.norm(concat_ws(' ', $3::text, $28::text, $8::text, $9::text, $10::text, $11::text,
                                         (SELECT p.name FROM provider p WHERE p.tenant_id = $1 AND p.id = $5))))
         ON CONFLICT (tenant_id, id) DO UPDATE
            SET name = EXCLUDED.name, kind = EXCLUDED.kind, provider_id = EXCLUDED.provider_id, care_types = EXCLUDED.care_types,
                street = EXCLUDED.street, house_number = EXCLUDED.house_number, postal_code = EXCLUDED.postal_code, city = EXCLUDED.city,
                district = EXCLUDED.district, latitude = EXCLUDED.latitude, longitude = EXCLUDED.longitude, opens_at = EXCLUDED.opens_at,
                closes_at = EXCLUDED.closes_at, languages = EXCLUDED.languages, concepts = EXCLUDED.concepts,
                denomination = EXCLUDED.denomination, inclusive = EXCLUDED.inclusive, barrier_free = EXCLUDED.barrier_free,
                age_from_months = EXCLUDED.age_from_months, age_to_months = EXCLUDED.age_to_months, description = EXCLUDED.description,
                website = EXCLUDED.website, contact_email = EXCLUDED.contact_email, phone = EXCLUDED.phone,
                search_text = EXCLUDED.search_text, version = facility.version + 1",
        tenant.0,
        id.0,
        facts.name,
        facts.kind as _,
        facts.provider_id.map(|p| p.0),
        &care_types,
        facts.street,
        facts.house_number,
        facts.postal_code,
        facts.city,
        facts.district,
        facts.latitude,
        facts.longitude,
        facts.opens_at,
        facts.closes_at,
        &facts.languages,
        &facts.concepts,
        facts.denomination,
        facts.inclusive,
        facts.barrier_free,
        facts.age_from_months,
        facts.age_to_months,
        facts.description,
        facts.website,
        facts.contact_email,
        facts.phone,
        now,
        street
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Writes a licence beside those before and after it: what it overlaps ends the day before, or goes where it begins on its first day or
/// later. `None` takes all of them away.
pub(super) async fn put_licence(
    tx: &mut TenantTx,
    id: FacilityId,
    licence: Option<Licence>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let Some(licence) = licence else {
        return sqlx::query!(
            "DELETE FROM childminder_licence WHERE tenant_id = $1 AND facility_id = $2",
            tenant.0,
            id.0
        )
        .execute(tx.conn())
        .await
        .map(|_| ());
    };
    // A licence of one day cannot be: what would be left with less than two goes.
    sqlx::query!(
        "DELETE FROM childminder_licence
          WHERE tenant_id = $1 AND facility_id = $2 AND valid_from >= $3::date - 1 AND valid_from <= $4 AND valid_to >= $3",
        tenant.0,
        id.0,
        licence.valid_from,
        licence.valid_to
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE childminder_licence
            SET valid_to = $3::date - 1
          WHERE tenant_id = $1 AND facility_id = $2 AND valid_from < $3 AND valid_to >= $3",
        tenant.0,
        id.0,
        licence.valid_from
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO childminder_licence (tenant_id, facility_id, valid_from, valid_to, places, contracts_total)
         VALUES ($1, $2, $3, $4, $5, $6)",
        tenant.0,
        id.0,
        licence.valid_from,
        licence.valid_to,
        licence.places,
        licence.contracts_total
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Ends the licence that holds on a day with that day; what begins later goes. Nothing is done where none goes beyond it: a childminder
/// without any licence on record would count as one whose licence is not known.
pub(super) async fn end_licence(tx: &mut TenantTx, id: FacilityId, last_day: NaiveDate) -> Result<bool, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ended = sqlx::query!(
        "UPDATE childminder_licence
            SET valid_to = $3
          WHERE tenant_id = $1 AND facility_id = $2 AND valid_from < $3 AND valid_to > $3",
        tenant.0,
        id.0,
        last_day
    )
    .execute(tx.conn())
    .await?;
    if ended.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "DELETE FROM childminder_licence WHERE tenant_id = $1 AND facility_id = $2 AND valid_from >= $3",
        tenant.0,
        id.0,
        last_day
    )
    .execute(tx.conn())
    .await?;
    Ok(true)
}

/// Lets who has the facility open see that it changed meanwhile.
pub(super) async fn mark_changed(tx: &mut TenantTx, id: FacilityId) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "UPDATE facility SET version = version + 1 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        id.0
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
