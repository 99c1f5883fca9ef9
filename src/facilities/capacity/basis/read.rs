//! SQL that reads what the places of many facilities rest on.

use std::collections::HashMap;

use uuid::Uuid;

use super::model::{Basis, Closure, Contingent, Group, Permit, PermitPlaces, Staff};
use crate::access::TenantRead;
use crate::facilities::capacity::site::Licence;
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

/// Which of these facilities are childminders', with their licences.
pub(in crate::facilities::capacity) async fn childminders(
    tx: &mut TenantRead,
    ids: &[FacilityId],
) -> Result<HashMap<FacilityId, Option<Licence>>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"SELECT f.id AS "id: FacilityId", l.valid_from AS "valid_from?", l.valid_to AS "valid_to?", l.places AS "places?",
                  l.contracts_total AS "contracts_total?"
             FROM facility f
             LEFT JOIN childminder_licence l ON l.tenant_id = f.tenant_id AND l.facility_id = f.id
            WHERE f.tenant_id = $1 AND f.id = ANY($2) AND f.kind = 'childminder'"#,
        tenant.0,
        &ids
    )
    .fetch_all(tx.conn())
    .await?;
    let licence = |from: Option<_>, to: Option<_>, places: Option<_>, contracts_total| {
        let (valid_from, valid_to, places) = (from?, to?, places?);
        Some(Licence {
            valid_from,
            valid_to,
            places,
            contracts_total,
        })
    };
    Ok(rows
        .into_iter()
        .map(|r| (r.id, licence(r.valid_from, r.valid_to, r.places, r.contracts_total)))
        .collect())
}
