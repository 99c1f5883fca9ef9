//! SQL that reads what the places of many facilities rest on.

use std::collections::HashMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::model::{Basis, Closure, Contingent, Group, Permit, PermitPlaces, Staff};
use crate::access::TenantRead;
use crate::facilities::capacity::site::{Hours, Licence};
use crate::facilities::model::{AgeBand, CareType};
use crate::platform::ids::{FacilityId, GroupId};

/// What the places of these facilities rest on; a facility that said nothing is left out.
pub(in crate::facilities::capacity) async fn bases(
    tx: &mut TenantRead,
    ids: &[FacilityId],
) -> Result<HashMap<FacilityId, Basis>, sqlx::Error> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let mut bases = HashMap::new();
    permits(tx, &ids, &mut bases).await?;
    groups(tx, &ids, &mut bases).await?;
    staff(tx, &ids, &mut bases).await?;
    closures(tx, &ids, &mut bases).await?;
    contingents(tx, &ids, &mut bases).await?;
    Ok(bases)
}

type Bases = HashMap<FacilityId, Basis>;

async fn permits(tx: &mut TenantRead, ids: &[Uuid], into: &mut Bases) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT p.facility_id AS "facility_id: FacilityId", p.id, p.reference, p.valid_from, p.valid_to,
                  l.care_type AS "care_type: CareType", l.age_band AS "age_band: AgeBand", l.places
             FROM operating_permit p
             JOIN permit_places l ON l.tenant_id = p.tenant_id AND l.permit_id = p.id
            WHERE p.tenant_id = $1 AND p.facility_id = ANY($2)
            ORDER BY p.facility_id, p.valid_from, l.age_band, l.care_type"#,
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    let mut last = None;
    for row in rows {
        let permits = &mut into.entry(row.facility_id).or_default().permits;
        if last != Some(row.id) {
            permits.push(Permit {
                reference: row.reference,
                valid_from: row.valid_from,
                valid_to: row.valid_to,
                places: Vec::new(),
            });
        }
        last = Some(row.id);
        if let Some(permit) = permits.last_mut() {
            permit.places.push(PermitPlaces {
                care_type: row.care_type,
                age_band: row.age_band,
                places: row.places,
            });
        }
    }
    Ok(())
}

async fn groups(tx: &mut TenantRead, ids: &[Uuid], into: &mut Bases) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", id AS "id: GroupId", name, age_from_months, age_to_months, under3, over3,
                  school_age, opens_at, closes_at, valid_from, valid_to
             FROM care_group
            WHERE tenant_id = $1 AND facility_id = ANY($2)
            ORDER BY facility_id, valid_from, name, id"#,
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        into.entry(row.facility_id).or_default().groups.push(Group {
            id: Some(row.id),
            name: row.name,
            age_from_months: row.age_from_months,
            age_to_months: row.age_to_months,
            under3: row.under3,
            over3: row.over3,
            school_age: row.school_age,
            opens_at: row.opens_at,
            closes_at: row.closes_at,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            staff: Vec::new(),
            closures: Vec::new(),
        });
    }
    Ok(())
}

/// The group of a facility, or nothing where the row is for the whole facility.
fn group_in(basis: &mut Basis, group: Option<GroupId>) -> Option<&mut Group> {
    basis.groups.iter_mut().find(|g| group.is_some() && g.id == group)
}

async fn staff(tx: &mut TenantRead, ids: &[Uuid], into: &mut Bases) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", group_id AS "group_id: GroupId", weekly_minutes, valid_from, valid_to
             FROM qualified_staff
            WHERE tenant_id = $1 AND facility_id = ANY($2)
            ORDER BY facility_id, valid_from, id"#,
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        let staff = Staff {
            weekly_minutes: row.weekly_minutes,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        };
        let basis = into.entry(row.facility_id).or_default();
        match group_in(basis, row.group_id) {
            Some(group) => group.staff.push(staff),
            None => basis.staff.push(staff),
        }
    }
    Ok(())
}

async fn closures(tx: &mut TenantRead, ids: &[Uuid], into: &mut Bases) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", group_id AS "group_id: GroupId", reason, valid_from, valid_to
             FROM capacity_closure
            WHERE tenant_id = $1 AND facility_id = ANY($2)
            ORDER BY facility_id, valid_from, id"#,
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        let closure = Closure {
            reason: row.reason,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        };
        let basis = into.entry(row.facility_id).or_default();
        match group_in(basis, row.group_id) {
            Some(group) => group.closures.push(closure),
            None => basis.closures.push(closure),
        }
    }
    Ok(())
}

async fn contingents(tx: &mut TenantRead, ids: &[Uuid], into: &mut Bases) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", age_band AS "age_band: AgeBand", places, purpose, valid_from, valid_to
             FROM reserved_contingent
            WHERE tenant_id = $1 AND facility_id = ANY($2)
            ORDER BY facility_id, valid_from, id"#,
        tenant.0,
        ids
    )
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        into.entry(row.facility_id).or_default().contingents.push(Contingent {
            age_band: row.age_band,
            places: row.places,
            purpose: row.purpose,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
        });
    }
    Ok(())
}

/// Which of these facilities are childminders', with their licences, the earliest first.
pub(in crate::facilities::capacity) async fn childminders(
    tx: &mut TenantRead,
    ids: &[FacilityId],
) -> Result<HashMap<FacilityId, Vec<Licence>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT f.id AS "id: FacilityId", l.valid_from AS "valid_from?", l.valid_to AS "valid_to?", l.places AS "places?",
                  l.contracts_total AS "contracts_total?"
             FROM facility f
             LEFT JOIN childminder_licence l ON l.tenant_id = f.tenant_id AND l.facility_id = f.id
            WHERE f.tenant_id = $1 AND f.id = ANY($2) AND f.kind = 'childminder'
            ORDER BY f.id, l.valid_from"#,
        tenant.0,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    let mut all: HashMap<FacilityId, Vec<Licence>> = HashMap::new();
    for row in rows {
        let licences = all.entry(row.id).or_default();
        if let (Some(valid_from), Some(valid_to), Some(places)) = (row.valid_from, row.valid_to, row.places) {
            licences.push(Licence {
                valid_from,
                valid_to,
                places,
                contracts_total: row.contracts_total,
            });
        }
    }
    Ok(all)
}

/// What is agreed with the children of these facilities between two months, as many at once as have the same. A contract counts with its
/// terms of the day, an open offer with what it offers.
pub(in crate::facilities::capacity) async fn hours(
    tx: &mut TenantRead,
    ids: &[FacilityId],
    from: NaiveDate,
    until: NaiveDate,
) -> Result<HashMap<FacilityId, Vec<Hours>>, sqlx::Error> {
    let mut all: HashMap<FacilityId, Vec<Hours>> = HashMap::new();
    if ids.is_empty() {
        return Ok(all);
    }
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"WITH changes AS (
             SELECT a.contract_id, a.hours_per_week, a.valid_from AS since,
                    min(a.valid_from) OVER (PARTITION BY a.contract_id) AS first,
                    -- A later change takes the place of an earlier one, whatever its day.
                    COALESCE(min(a.valid_from)
                               OVER (PARTITION BY a.contract_id ORDER BY a.number ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING),
                             'infinity') AS until
               FROM contract_amendment a
              WHERE a.tenant_id = $1 AND a.state = 'signed_by_provider'),
           places AS (
             SELECT o.facility_id, o.age_band, greatest(o.from_month, $3) AS from_month, least(o.until_month, $4) AS until_month,
                    k.id AS contract_id, COALESCE(k.hours_per_week, p.hours_per_week) AS hours_per_week
               FROM occupancy o
               JOIN place_offer p ON p.tenant_id = o.tenant_id AND p.id = o.offer_id
               LEFT JOIN care_contract k ON k.tenant_id = o.tenant_id AND k.offer_id = o.offer_id
              WHERE o.tenant_id = $1 AND o.facility_id = ANY($2) AND o.from_month < $4 AND o.until_month > $3),
           agreed AS (
             SELECT p.facility_id, p.age_band, p.hours_per_week, p.from_month AS from_day, least(p.until_month, f.first) AS until_day
               FROM places p
               LEFT JOIN (SELECT DISTINCT contract_id, first FROM changes) f ON f.contract_id = p.contract_id
              UNION ALL
             SELECT p.facility_id, p.age_band, c.hours_per_week, greatest(p.from_month, c.since), least(p.until_month, c.until)
               FROM places p
               JOIN changes c ON c.contract_id = p.contract_id)
           SELECT facility_id AS "facility_id!: FacilityId", age_band AS "age_band!: AgeBand", hours_per_week AS "hours_per_week!",
                  from_day AS "from!", until_day AS "until!", count(*)::int AS "count!"
             FROM agreed
            WHERE from_day < until_day
            GROUP BY 1, 2, 3, 4, 5"#,
        tenant.0,
        &ids,
        from,
        until
    )
    .fetch_all(tx.conn())
    .await?;
    for row in rows {
        all.entry(row.facility_id).or_default().push(Hours {
            band: row.age_band,
            minutes: row.hours_per_week * 60,
            from: row.from,
            until: row.until,
            count: row.count,
        });
    }
    Ok(all)
}
