//! What a freeze and a run read of other slices: places, facilities, siblings, and who is still there.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use crate::access::{TenantRead, TenantTx};
use crate::allocation::rounds::groups::Belongs;
use crate::allocation::rounds::snapshot::{GroupHours, Places, Site, TakenHours};
use crate::facilities::{AgeBand, CareType, FacilityKind};
use crate::platform::ids::{ChildId, DemandId, FacilityId, PreferenceId, RoundId};

/// Lets this transaction join 160,000 wishes in memory instead of in files.
pub(in crate::allocation::rounds) async fn take_memory(tx: &mut TenantTx) -> Result<(), sqlx::Error> {
    sqlx::query!("SELECT set_config('work_mem', '192MB', true)")
        .fetch_one(tx.conn())
        .await
        .map(|_| ())
}

/// All facilities with their places by month, as they are now.
pub(in crate::allocation::rounds) async fn sites(
    tx: &mut TenantRead,
    start_on: NaiveDate,
) -> Result<BTreeMap<FacilityId, Site>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT id AS "id: FacilityId", kind AS "kind: FacilityKind", care_types, state = 'open' AS "open!"
             FROM facility
            WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    let mut sites: BTreeMap<FacilityId, Site> = BTreeMap::new();
    for row in rows {
        let site = Site {
            kind: row.kind,
            care_types: row.care_types.iter().filter_map(|word| CareType::parse(word)).collect(),
            open: row.open,
            places: BTreeMap::new(),
            cap: None,
            reserves: Vec::new(),
            groups: Vec::new(),
            taken: Vec::new(),
        };
        sites.insert(row.id, site);
    }
    let pools = sqlx::query!(
        r#"SELECT facility_id AS "facility_id: FacilityId", age_band AS "age_band: AgeBand", base_month,
                  bookable AS "bookable: Vec<Option<i32>>"
             FROM place_pool
            WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    for row in pools {
        if let Some(site) = sites.get_mut(&row.facility_id) {
            let places = Places {
                base_month: row.base_month,
                bookable: row.bookable,
            };
            site.places.insert(row.age_band, places);
        }
    }
    for (facility, left) in licences(tx, start_on).await? {
        if let Some(site) = sites.get_mut(&facility) {
            site.cap = Some(left);
        }
    }
    hours(tx, start_on, &mut sites).await?;
    Ok(sites)
}

/// The hours of groups where each of a facility says when it is open, and where they differ those of the children who are there.
async fn hours(
    tx: &mut TenantRead,
    start_on: NaiveDate,
    sites: &mut BTreeMap<FacilityId, Site>,
) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let groups = sqlx::query!(
        r#"SELECT g.facility_id AS "facility_id: FacilityId", b.band AS "band!: AgeBand", b.places AS "places!", g.valid_from, g.valid_to,
                  (EXTRACT(epoch FROM g.closes_at - g.opens_at) * 5 / 3600)::int AS hours
             FROM care_group g
            CROSS JOIN LATERAL (VALUES ('under3', g.under3), ('over3', g.over3), ('school_age', g.school_age)) AS b (band, places)
            WHERE g.tenant_id = $1 AND b.places > 0 AND (g.valid_to IS NULL OR g.valid_to >= $2)
            ORDER BY g.facility_id, g.id"#,
        tenant.0,
        start_on
    )
    .fetch_all(tx.conn())
    .await?;
    let mut mixed: BTreeSet<FacilityId> = BTreeSet::new();
    for row in groups {
        let Some(site) = sites.get_mut(&row.facility_id) else {
            continue;
        };
        let group = GroupHours {
            band: row.band,
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            places: row.places,
            hours: row.hours,
        };
        if site
            .groups
            .iter()
            .any(|other| other.band == group.band && other.hours != group.hours)
        {
            mixed.insert(row.facility_id);
        }
        site.groups.push(group);
    }
    if mixed.is_empty() {
        return Ok(());
    }
    let mixed: Vec<FacilityId> = mixed.into_iter().collect();
    let taken = sqlx::query!(
        r#"SELECT o.facility_id AS "facility_id: FacilityId", o.age_band AS "band: AgeBand", o.from_month, o.until_month,
                  COALESCE(t.hours_per_week, p.hours_per_week) AS "hours!"
             FROM occupancy o
             JOIN place_offer p ON p.tenant_id = o.tenant_id AND p.id = o.offer_id
             LEFT JOIN care_contract k ON k.tenant_id = p.tenant_id AND k.offer_id = p.id
             LEFT JOIN LATERAL app.terms_on(k.tenant_id, k.id, $3) t ON true
            WHERE o.tenant_id = $1 AND o.facility_id = ANY($2) AND o.until_month > $3"#,
        tenant.0,
        &mixed as _,
        start_on
    )
    .fetch_all(tx.conn())
    .await?;
    for row in taken {
        if let Some(site) = sites.get_mut(&row.facility_id) {
            site.taken.push(TakenHours {
                band: row.band,
                from_month: row.from_month,
                until_month: row.until_month,
                hours: row.hours,
            });
        }
    }
    Ok(())
}

/// What a childminder's licence leaves over all bands in the month of the start: children at the same time, or contracts in all, whichever is
/// less.
async fn licences(tx: &mut TenantRead, start_on: NaiveDate) -> Result<Vec<(FacilityId, i32)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let month = crate::platform::clock::month_of(start_on);
    let rows = sqlx::query!(
        r#"SELECT l.facility_id AS "facility_id: FacilityId",
                  (least(l.places - app.present_at_once(l.tenant_id, l.facility_id, $3),
                         l.contracts_total - (SELECT count(*)
                                                FROM occupancy o
                                               WHERE o.tenant_id = l.tenant_id AND o.facility_id = l.facility_id
                                                 AND o.from_month <= $3 AND o.until_month > $3))
                   - (SELECT COALESCE(sum(c.occupied_external), 0)
                        FROM capacity c
                       WHERE c.tenant_id = l.tenant_id AND c.facility_id = l.facility_id
                         AND c.from_month = (SELECT max(n.from_month)
                                               FROM capacity n
                                              WHERE n.tenant_id = c.tenant_id AND n.facility_id = c.facility_id
                                                AND n.age_band = c.age_band AND n.from_month <= $3)))::int AS "left!"
             FROM childminder_licence l
            WHERE l.tenant_id = $1 AND l.valid_from <= $2 AND l.valid_to > $2"#,
        tenant.0,
        start_on,
        month
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.facility_id, r.left)).collect())
}

pub(in crate::allocation::rounds) async fn siblings(
    tx: &mut TenantRead,
) -> Result<Vec<(ChildId, ChildId)>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT child_id AS "child_id: ChildId", sibling_id AS "sibling_id: ChildId" FROM sibling_link WHERE tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|r| (r.child_id, r.sibling_id)).collect())
}

/// Children of a round whose demand waits for a place no longer: it was withdrawn, ended, or has a place or an offer by another way.
pub(in crate::allocation::rounds) async fn gone(
    tx: &mut TenantRead,
    round: RoundId,
) -> Result<Vec<String>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "SELECT c.child
           FROM round_case c
           JOIN care_demand d ON d.tenant_id = c.tenant_id AND d.id = c.demand_id
          WHERE c.tenant_id = $1 AND c.round_id = $2 AND d.state NOT IN ('confirmed', 'in_allocation')",
        tenant.0,
        round.0
    )
    .fetch_all(tx.conn())
    .await
}

/// Wishes that have ended since the freeze: the parents took them back or declined, or the facility refused.
pub(in crate::allocation::rounds) async fn ended_wishes(
    tx: &mut TenantRead,
    frozen_at: DateTime<Utc>,
) -> Result<HashSet<PreferenceId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query_scalar!(
        r#"SELECT id AS "id: PreferenceId"
             FROM facility_preference
            WHERE tenant_id = $1 AND state_since >= $2
              AND state IN ('refused', 'declined', 'withdrawn', 'offer_expired', 'covered_elsewhere')"#,
        tenant.0,
        frozen_at
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().collect())
}

/// The wishes of these demands in a round.
pub(in crate::allocation::rounds) async fn wishes_of(
    tx: &mut TenantRead,
    round: RoundId,
    demands: &HashSet<DemandId>,
) -> Result<Vec<PreferenceId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let demands: Vec<uuid::Uuid> = demands.iter().map(|id| id.0).collect();
    sqlx::query_scalar!(
        r#"SELECT p.id AS "id: PreferenceId"
             FROM facility_preference p
             JOIN round_case c ON c.tenant_id = p.tenant_id AND c.demand_id = p.demand_id
            WHERE p.tenant_id = $1 AND c.round_id = $2 AND p.demand_id = ANY($3)"#,
        tenant.0,
        round.0,
        &demands
    )
    .fetch_all(tx.conn())
    .await
}

/// Name, provider and district of every facility.
pub(in crate::allocation::rounds) async fn belongs(
    tx: &mut TenantRead,
) -> Result<HashMap<FacilityId, Belongs>, sqlx::Error> {
    let tenant = tx.tenant_id();
    let rows = sqlx::query!(
        r#"SELECT f.id AS "id: FacilityId", f.name, COALESCE(p.name, '') AS "provider!", COALESCE(f.district, '') AS "district!"
             FROM facility f
             LEFT JOIN provider p ON p.tenant_id = f.tenant_id AND p.id = f.provider_id
            WHERE f.tenant_id = $1"#,
        tenant.0
    )
    .fetch_all(tx.conn())
    .await?;
    let belongs = rows.into_iter().map(|r| {
        let belongs = Belongs {
            provider: r.provider,
            district: r.district,
            name: r.name,
        };
        (r.id, belongs)
    });
    Ok(belongs.collect())
}
