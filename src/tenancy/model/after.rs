//! What a municipality sets for contracts and the time after them. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::notice::{NoticeRule, NoticeTo};

/// What a municipality sets for contracts and the time after them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = AfterSettings, example = json!({"contract_notice_months": 3, "signature_reminder_days": 7, "followup_months_ahead": 10,
    "swap_answer_days": 14, "school_key_day": null, "guest_consent": "noted", "contract_notice_to": "month",
    "contract_notice_not_last_months": 0}))]
pub struct After {
    /// Whole months of notice of a contract where its words say nothing else.
    pub contract_notice_months: i32,
    /// To the end of what.
    pub contract_notice_to: NoticeTo,
    /// Months before the agreed end in which nobody leaves by notice.
    pub contract_notice_not_last_months: i32,
    /// A missing signature is asked for again after so many days, three times at most.
    pub signature_reminder_days: i32,
    /// Follow-up care is prepared so many months before a place ends with the child's age.
    pub followup_months_ahead: i32,
    /// Families and facilities have so many days to answer to a swap of places.
    pub swap_answer_days: i32,
    /// Month and day (`MM-DD`) by which a child must be six to begin school with the next Kita year; `null`: as in the federal state.
    pub school_key_day: Option<String>,
    /// Whether a contract of a guest child needs the consent of its home municipality before anybody signs.
    pub guest_consent: GuestConsent,
}

/// What the consent of a guest child's home municipality is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "noted")]
pub enum GuestConsent {
    /// No contract is signed without it.
    Required,
    /// It is noted for the settlement of costs and stops nothing.
    Noted,
}

impl Default for After {
    fn default() -> Self {
        Self {
            contract_notice_months: 3,
            contract_notice_to: NoticeTo::Month,
            contract_notice_not_last_months: 0,
            signature_reminder_days: 7,
            followup_months_ahead: 10,
            swap_answer_days: 14,
            school_key_day: None,
            guest_consent: GuestConsent::Noted,
        }
    }
}

impl After {
    /// The period of notice of a contract where its words say nothing else.
    pub fn notice(&self) -> NoticeRule {
        NoticeRule {
            months: self.contract_notice_months,
            to: self.contract_notice_to,
            not_last_months: self.contract_notice_not_last_months,
        }
    }

    pub(super) fn ranges(&self) -> [(&'static str, i32, i32, i32); 5] {
        [
            (
                "/settings/after/contract_notice_months",
                self.contract_notice_months,
                0,
                12,
            ),
            (
                "/settings/after/contract_notice_not_last_months",
                self.contract_notice_not_last_months,
                0,
                12,
            ),
            (
                "/settings/after/signature_reminder_days",
                self.signature_reminder_days,
                1,
                60,
            ),
            (
                "/settings/after/followup_months_ahead",
                self.followup_months_ahead,
                1,
                24,
            ),
            ("/settings/after/swap_answer_days", self.swap_answer_days, 3, 60),
        ]
    }
}
