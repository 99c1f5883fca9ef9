//! For how long a municipality keeps what: the periods of deletion. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::Fields;

/// Periods of deletion; part of the versioned settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(example = json!({"draft_days": 90, "unserved_months": 12, "contract_months": 120, "decision_months": 36, "account_months": 24,
    "undelivered_days": 90, "audit_months": 24, "job_days": 30, "care_sheet_days": 30, "survey_days": 180}))]
pub struct Retention {
    /// A draft that nobody touched, and a child for whom nothing was ever sent, in days.
    pub draft_days: i32,
    /// A demand that ended without a place, in months after the end of its Kita year.
    pub unserved_months: i32,
    /// A demand with a contract, in months after the end of care.
    pub contract_months: i32,
    /// Records of decisions in rounds and follow-up lists, in months after the end of their year.
    pub decision_months: i32,
    /// A parent's account without any demand, in months after the last sign-in.
    pub account_months: i32,
    /// Mails that could not be delivered and letters that nobody printed, in days.
    pub undelivered_days: i32,
    /// Events of the audit, in months.
    pub audit_months: i32,
    /// Background jobs that are over, in days.
    pub job_days: i32,
    /// Care sheets (allergies, pick-up persons), in days after the end of care.
    pub care_sheet_days: i32,
    /// What was entered of children for the youth-welfare statistics, in days after the key date; what was entered of the house and its
    /// staff stays a year longer, because the next form begins with it.
    pub survey_days: i32,
}

impl Default for Retention {
    fn default() -> Self {
        Self {
            draft_days: 90,
            unserved_months: 12,
            contract_months: 120,
            decision_months: 36,
            account_months: 24,
            undelivered_days: 90,
            audit_months: 24,
            job_days: 30,
            care_sheet_days: 30,
            survey_days: 180,
        }
    }
}

impl Retention {
    /// Refuses periods that are too short to prove anything, or that keep for ever.
    pub(super) fn check(&self, fields: &mut Fields) {
        for (field, value, low, high) in [
            ("draft_days", self.draft_days, 30, 365),
            ("unserved_months", self.unserved_months, 6, 36),
            ("contract_months", self.contract_months, 12, 180),
            ("decision_months", self.decision_months, 12, 120),
            ("account_months", self.account_months, 6, 60),
            ("undelivered_days", self.undelivered_days, 30, 365),
            ("audit_months", self.audit_months, 12, 60),
            ("job_days", self.job_days, 7, 180),
            ("care_sheet_days", self.care_sheet_days, 0, 180),
            ("survey_days", self.survey_days, 30, 366),
        ] {
            let pointer = format!("/settings/retention/{field}");
            fields.check((low..=high).contains(&value), &pointer, "out_of_range");
        }
    }
}
