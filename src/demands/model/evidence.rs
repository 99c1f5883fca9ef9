//! What the office notes about evidence. The document itself is not kept.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// What the office found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// It was seen and proves the claim.
    Seen,
    /// It does not prove the claim, which counts no longer.
    Rejected,
}

/// A clerk's note on the evidence for one criterion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"state": "seen", "valid_until": "2027-12-31"}))]
pub struct EvidenceNote {
    /// What was found.
    pub state: Finding,
    /// Last day on which what was seen holds; `null` when it does not end.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
}

impl Finding {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Rejected => "rejected",
        }
    }
}

impl EvidenceNote {
    /// The same, or what cannot be right.
    pub fn checked(self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        if let Some(day) = self.valid_until {
            // No childhood lasts longer.
            let latest = today.checked_add_months(Months::new(18 * 12));
            fields.check(self.state == Finding::Seen, "/valid_until", "not_supported");
            fields.check(day >= today, "/valid_until", "too_early");
            fields.check(latest.is_none_or(|latest| day <= latest), "/valid_until", "too_late");
        }
        fields.finish()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(state: Finding, valid_until: &str) -> Vec<String> {
        let note = EvidenceNote {
            state,
            valid_until: Some(valid_until.parse().unwrap()),
        };
        match note.checked("2027-02-01".parse().unwrap()) {
            Ok(_) => vec![],
            Err(Invalid(faults)) => faults.into_iter().map(|f| f.code).collect(),
        }
    }

    #[test]
    fn what_was_seen_holds_from_today_on_and_what_was_rejected_never_holds() {
        assert!(codes(Finding::Seen, "2027-02-01").is_empty());
        assert!(codes(Finding::Seen, "2045-02-01").is_empty());
        assert_eq!(codes(Finding::Seen, "2027-01-31"), ["too_early"]);
        assert_eq!(codes(Finding::Seen, "2045-02-02"), ["too_late"]);
        assert_eq!(codes(Finding::Rejected, "2027-02-01"), ["not_supported"]);
    }
}
