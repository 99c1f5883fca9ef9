//! Restricted data (Art. 18 GDPR): whatever happened for a child, of the staff only administrators find its name in an answer.

use std::collections::BTreeSet;

use reqwest::Method;

use super::calls::operations;
use super::check::Check;
use super::none;
use super::table::{Expected, Table, Who, Whose};
use super::world::World;

/// What all children of the world of the matrix are called, and nobody else.
const NAME: &str = "Mia";

/// Staff, and machines in their place.
const STAFF: [Who; 7] = [
    Who::Clerk,
    Who::ReadOnly,
    Who::Manager,
    Who::OtherManager,
    Who::ProviderManager,
    Who::Childminder,
    Who::Key,
];

impl Check<'_> {
    /// Does once whatever changes something.
    async fn happens(&mut self) {
        for (operation, who, whose) in self.doers(|operation| operation.method != Method::GET) {
            self.allowed(operation, who, whose).await;
        }
    }

    /// The answers to questions that these people may ask in which the name stands.
    async fn naming(&mut self, people: &[Who]) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for (operation, row) in self.rows().filter(|(o, _)| o.method == Method::GET).collect::<Vec<_>>() {
            for who in people {
                for whose in [Whose::Here, Whose::There] {
                    let asked = operation.has(self.world, whose) && row.expected(*who, whose) == Expected::Allowed;
                    if asked && self.asked(operation, *who, whose).await.contains(NAME) {
                        found.insert(operation.id.clone());
                    }
                }
            }
        }
        found
    }
}

#[actix_web::rt::test(system = "crate::support::Shared")]
async fn of_the_staff_only_administrators_find_the_name_of_a_restricted_child() {
    let (world, operations, table) = (World::new().await, operations(), Table::committed());
    let mut check = Check::new(&world, &operations, &table);
    check.happens().await;
    none(&check.faults);
    let before = check.naming(&[Who::Clerk, Who::Manager]).await;
    assert!(before.len() >= 30, "{before:#?}");
    // All of them, so that there is one for whom anything happened.
    let sql = "UPDATE child SET restricted_at = now(), restricted_reason = 'objection' WHERE tenant_id = $1 AND $2::uuid IS NOT NULL";
    world.ours.app.change(sql, world.ours.here.facility.0).await;
    let after = check.naming(&STAFF).await;
    assert_eq!(after, BTreeSet::new(), "name restricted children");
    assert!(check.naming(&[Who::TenantAdmin]).await.len() >= 20);
}
