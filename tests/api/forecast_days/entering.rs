//! How what was made up gets into the product.

use std::collections::BTreeSet;

use chrono::Datelike;
use kitaplatz::access::TenantTx;
use kitaplatz::facilities::{self, AgeBand, Basis, NewFigure, Stay};
use kitaplatz::platform::ids::{ChildId, FacilityId, OfferId, random_uuid};
use serde_json::{Value, json};

use super::{BANDS, Child, Kept, Permission, Shelter, Span, TODAY, Team, Town, month, next};
use crate::support::facilities::bare_offer;

fn spans(spans: &[Span]) -> Value {
    let one = |span: &Span| json!({"reason": "Sommer", "valid_from": span.0, "valid_to": span.1});
    spans.iter().map(one).collect()
}

fn hours(all: &[(Span, i32)]) -> Value {
    let one =
        |(span, minutes): &(Span, i32)| json!({"weekly_minutes": minutes, "valid_from": span.0, "valid_to": span.1});
    all.iter().map(one).collect()
}

impl Town {
    fn basis(&self) -> Basis {
        let permit = |p: &Shelter| {
            let line = |(care, band, places): &(&str, usize, i32)| json!({"care_type": care, "age_band": BANDS[*band], "places": places});
            json!({"valid_from": p.span.0, "valid_to": p.span.1, "places": p.places.iter().map(line).collect::<Value>()})
        };
        let group = |(n, t): (usize, &Team)| {
            json!({"name": format!("Gruppe {n}"), "age_from_months": 0, "age_to_months": 120, "under3": t.places[0], "over3": t.places[1],
                   "school_age": t.places[2], "valid_from": t.span.0, "valid_to": t.span.1, "staff": hours(&t.staff),
                   "closures": spans(&t.closed)})
        };
        let contingent = |k: &Kept| json!({"age_band": BANDS[k.band], "places": k.places, "purpose": "Notplatz", "valid_from": k.span.0, "valid_to": k.span.1});
        let basis = json!({
            "permits": self.permits.iter().map(permit).collect::<Value>(),
            "groups": self.teams.iter().enumerate().map(group).collect::<Value>(),
            "staff": hours(&self.staff),
            "closures": spans(&self.closed),
            "contingents": self.kept.iter().map(contingent).collect::<Value>(),
        });
        serde_json::from_value(basis).unwrap()
    }

    pub(super) async fn enter(&self, tx: &mut TenantTx, facility: FacilityId) {
        if let Some(licences) = &self.licences {
            license(tx, facility, licences).await;
        }
        for entered in &self.entered {
            let figure = NewFigure {
                operable: entered.by_hand.unwrap_or(entered.licensed),
                operable_reason: entered.by_hand.map(|_| "Eine Stelle ist frei".into()),
                operable_since: entered.by_hand.map(|_| TODAY),
                occupied_external: entered.external,
                ..NewFigure::of(month(entered.month), entered.licensed)
            };
            let band = AgeBand::parse(BANDS[entered.band]).unwrap();
            let seen = facilities::capacity_version(tx, facility).await.unwrap();
            facilities::put_figure(tx, facility, band, &figure, seen).await.unwrap();
        }
        facilities::put_basis(tx, facility, self.basis(), 0).await.unwrap();
        for child in &self.children {
            child.enter(tx, facility).await;
        }
        facilities::rebuild_many(tx, &BTreeSet::from([facility])).await.unwrap();
    }
}

async fn license(tx: &mut TenantTx, facility: FacilityId, licences: &[Permission]) {
    let tenant = tx.tenant_id().0;
    let kind = "UPDATE facility SET kind = 'childminder' WHERE tenant_id = $1 AND id = $2";
    sqlx::query(kind)
        .bind(tenant)
        .bind(facility.0)
        .execute(tx.conn())
        .await
        .unwrap();
    for licence in licences {
        sqlx::query(
            "INSERT INTO childminder_licence (tenant_id, facility_id, valid_from, valid_to, places, contracts_total)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(tenant)
        .bind(facility.0)
        .bind(licence.span.0)
        .bind(licence.span.1)
        .bind(licence.places)
        .bind(licence.contracts)
        .execute(tx.conn())
        .await
        .unwrap();
    }
}

impl Child {
    async fn enter(&self, tx: &mut TenantTx, facility: FacilityId) {
        let stay = Stay {
            child: ChildId::new(),
            birth: self.birth,
            from: self.from,
            until: self.until,
        };
        let offer = bare_offer(tx, facility, &stay).await.unwrap();
        let tenant = tx.tenant_id().0;
        let hours = "UPDATE place_offer SET hours_per_week = $3 WHERE tenant_id = $1 AND id = $2";
        sqlx::query(hours)
            .bind(tenant)
            .bind(offer.0)
            .bind(self.offered)
            .execute(tx.conn())
            .await
            .unwrap();
        if self.deferred > 0 {
            self.defer(tx, stay.child).await;
        }
        facilities::take_known_places(tx, &[(facility, offer, stay)])
            .await
            .unwrap();
        if self.deferred > 0 {
            facilities::follow_birth(tx, stay.child, self.birth).await.unwrap();
        }
        if self.held {
            let held = "UPDATE occupancy SET state = 'held' WHERE tenant_id = $1 AND offer_id = $2";
            sqlx::query(held)
                .bind(tenant)
                .bind(offer.0)
                .execute(tx.conn())
                .await
                .unwrap();
        } else {
            self.sign(tx, offer).await;
        }
        if let Some(day) = self.leaves {
            facilities::end_place(tx, offer, day).await.unwrap();
        }
    }

    async fn defer(&self, tx: &mut TenantTx, child: ChildId) {
        let entry = facilities::school_entry_of(tx, child, self.birth).await.unwrap();
        let later = entry.with_year(entry.year() + self.deferred).unwrap();
        let (tenant, now) = (tx.tenant_id().0, tx.now());
        sqlx::query(
            "INSERT INTO school_entry_decision (tenant_id, id, child_id, number, kind, entry_on, decided_on, recorded_at)
             VALUES ($1, $2, $3, 1, 'deferral', $4, $5, $6)",
        )
        .bind(tenant)
        .bind(random_uuid())
        .bind(child.0)
        .bind(later)
        .bind(TODAY)
        .bind(now)
        .execute(tx.conn())
        .await
        .unwrap();
    }

    async fn sign(&self, tx: &mut TenantTx, offer: OfferId) {
        let (tenant, now, id) = (tx.tenant_id().0, tx.now(), random_uuid());
        sqlx::query(
            "INSERT INTO care_contract (tenant_id, id, offer_id, demand_id, child_id, facility_id, state, care_from, care_until,
                                        hours_per_week, created_at)
             SELECT tenant_id, $3, id, demand_id, child_id, facility_id, 'active', care_from, care_until, $4, created_at
               FROM place_offer WHERE tenant_id = $1 AND id = $2",
        )
        .bind(tenant)
        .bind(offer.0)
        .bind(id)
        .bind(self.hours)
        .execute(tx.conn())
        .await
        .unwrap();
        for (n, change) in self.changes.iter().enumerate() {
            sqlx::query(
                "INSERT INTO contract_amendment (tenant_id, id, contract_id, number, state, valid_from, care_until, hours_per_week,
                                                 created_at, agreed_at)
                 VALUES ($1, $2, $3, $4, CASE WHEN $5 THEN 'signed_by_provider' ELSE 'terminated' END, $6, $7, $8, $9,
                         CASE WHEN $5 THEN $9 END)",
            )
            .bind(tenant)
            .bind(random_uuid())
            .bind(id)
            .bind(i32::try_from(n + 1).unwrap())
            .bind(change.agreed)
            .bind(change.from)
            .bind(self.until.max(next(change.from)))
            .bind(change.hours)
            .bind(now)
            .execute(tx.conn())
            .await
            .unwrap();
        }
    }
}
