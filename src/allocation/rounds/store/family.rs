//! The children of one family in a round.

use sqlx::types::Json;

use crate::access::TenantRead;
use crate::allocation::rounds::model::Outcome;
use crate::allocation::rounds::snapshot::Wishes;
use crate::platform::ids::{ChildId, FacilityId, PreferenceId, RoundId};

/// What a round says of one of the children.
#[derive(Debug, Clone)]
pub(in crate::allocation::rounds) struct FamilyCase {
    pub child_id: ChildId,
    pub wishes: Json<Wishes>,
    /// The wish at which it has a place; `None`: none.
    pub preference_id: Option<PreferenceId>,
    pub outcome: Outcome,
}

impl FamilyCase {
    /// Where it has a place.
    pub fn facility(&self) -> Option<FacilityId> {
        let placed = self
            .wishes
            .iter()
            .find(|w| Some(w.preference_id) == self.preference_id)?;
        Some(placed.facility_id)
    }
}

/// All children of a family in a round.
pub(in crate::allocation::rounds) async fn family(
    tx: &mut TenantRead,
    round: RoundId,
    family: &str,
) -> Result<Vec<FamilyCase>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        FamilyCase,
        r#"SELECT c.child_id AS "child_id: ChildId", c.wishes AS "wishes: Json<Wishes>",
                  p.preference_id AS "preference_id: PreferenceId", c.outcome AS "outcome: Outcome"
             FROM round_case c
             JOIN case_proposal p ON p.tenant_id = c.tenant_id AND p.case_id = c.id
            WHERE c.tenant_id = $1 AND c.round_id = $2 AND c.family = $3"#,
        tenant.0,
        round.0,
        family
    )
    .fetch_all(tx.conn())
    .await
}
