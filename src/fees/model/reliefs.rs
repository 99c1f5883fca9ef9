//! What of a fee is waived, and why (§ 90 SGB VIII).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Why a fee is waived or reduced. With the first five the law itself says that it cannot be asked of the family (§ 90 Abs. 4 SGB VIII).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = FeeReliefReason)]
pub enum ReliefReason {
    /// Bürgergeld (SGB II).
    CitizensIncome,
    /// Leistungen nach dem dritten und vierten Kapitel SGB XII.
    SocialAssistance,
    /// Leistungen nach §§ 2 und 3 AsylbLG.
    AsylumBenefits,
    /// Kinderzuschlag (§ 6a BKGG).
    ChildSupplement,
    /// Wohngeld.
    HousingBenefit,
    /// The burden is more than the family's income allows, worked out by the office.
    Hardship,
    /// The child lives with foster parents.
    FosterCare,
    /// The municipality's statute says so.
    Statute,
}

impl ReliefReason {
    /// The word in database, API and templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CitizensIncome => "citizens_income",
            Self::SocialAssistance => "social_assistance",
            Self::AsylumBenefits => "asylum_benefits",
            Self::ChildSupplement => "child_supplement",
            Self::HousingBenefit => "housing_benefit",
            Self::Hardship => "hardship",
            Self::FosterCare => "foster_care",
            Self::Statute => "statute",
        }
    }

    /// Whether evidence must have been seen; a statute needs none.
    pub fn needs_evidence(self) -> bool {
        self != Self::Statute
    }
}

/// A relief as amounts are worked out with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relief {
    /// First month.
    pub from_month: NaiveDate,
    /// First month in which it does not hold any more.
    pub until_month: NaiveDate,
    /// Why.
    pub reason: ReliefReason,
    /// What is still paid of the table's amount; 0: nothing.
    pub percent: i32,
}

/// What a period's amount was before it was reduced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeePeriodRelief)]
pub struct PeriodRelief {
    /// Why.
    pub reason: ReliefReason,
    /// What is still paid of it; 0: nothing.
    pub percent: i32,
    /// Cents a month by the table.
    pub full_cents: i32,
}

impl Relief {
    /// Whether it holds in a month.
    pub fn holds_in(&self, month: NaiveDate) -> bool {
        self.from_month <= month && month < self.until_month
    }

    /// What is still to be paid of an amount, rounded half up to a cent.
    pub fn of(&self, cents: i32) -> i32 {
        (cents.saturating_mul(self.percent) + 50) / 100
    }

    /// The same beside an amount.
    pub fn noted(&self, full_cents: i32) -> PeriodRelief {
        PeriodRelief {
            reason: self.reason,
            percent: self.percent,
            full_cents,
        }
    }
}
