//! What the API says about copies, restriction and deletion.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::families::Restriction;
use crate::platform::ids::ChildId;
use crate::privacy::retention::{Class, Due, LogRow, Unit};

/// A whole copy of what is stored about a person.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PersonalCopy {
    /// `kitaplatz-auskunft/1`.
    pub format: String,
    pub made_at: DateTime<Utc>,
    pub municipality: String,
    /// Rows by table; `docs/operator/personendaten.txt` says what each column is.
    #[schema(value_type = BTreeMap<String, Vec<Object>>)]
    pub data: BTreeMap<String, Vec<Value>>,
}

/// How somebody showed at the counter who it is.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum IdentifiedBy {
    /// Identity card.
    IdentityCard,
    /// Passport.
    Passport,
    /// Residence permit.
    ResidencePermit,
    /// Known to the clerk in person.
    KnownInPerson,
}

impl IdentifiedBy {
    /// The word for the audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::IdentityCard => "identity_card",
            Self::Passport => "passport",
            Self::ResidencePermit => "residence_permit",
            Self::KnownInPerson => "known_in_person",
        }
    }
}

/// How the guardian who asks was identified.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CopyRequest, example = json!({"identified_by": "identity_card"}))]
pub(super) struct CopyRequest {
    pub identified_by: IdentifiedBy,
}

/// A class of deletion with what is due today.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClassBody {
    class: Class,
    /// For how long it is kept.
    period: i32,
    unit: Unit,
    /// What lies before this day is due.
    cutoff: NaiveDate,
    /// So many are due.
    due: i64,
    /// Since when the oldest of them is there.
    since: Option<DateTime<Utc>>,
}

impl ClassBody {
    pub fn of(due: Due) -> Self {
        Self {
            class: due.class,
            period: due.period,
            unit: due.unit,
            cutoff: due.cutoff,
            due: due.count,
            since: due.since,
        }
    }
}

/// A line of the proof log: what was deleted, and nobody in it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LogBody {
    at: DateTime<Utc>,
    /// Batches of one night share it.
    run_id: Uuid,
    class: String,
    /// What lay before this day was deleted.
    cutoff: NaiveDate,
    deleted: i64,
}

impl LogBody {
    pub fn of(row: LogRow) -> Self {
        Self {
            at: row.at,
            run_id: row.run_id,
            class: row.class,
            cutoff: row.cutoff,
            deleted: row.deleted,
        }
    }
}

/// Periods, what is due, and what was deleted.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RetentionBody {
    /// In the order in which they are deleted.
    pub classes: Vec<ClassBody>,
    /// The latest first.
    pub log: Vec<LogBody>,
}

/// On which ground the data are restricted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"ground": null}))]
pub(super) struct RestrictionInput {
    /// `null` lifts the restriction.
    pub ground: Option<Restriction>,
}

/// The restriction of a child's data.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RestrictionBody {
    pub child_id: ChildId,
    pub ground: Option<Restriction>,
    pub version: i32,
}
