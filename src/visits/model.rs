//! An appointment as a facility writes it. Pure.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// An appointment to get to know the facility.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"starts_at": "2027-02-10T14:00:00Z", "minutes": 60, "place": "Kita Ahorn, Eingang Lindenweg"}))]
pub struct NewVisit {
    /// When it begins; within the next year.
    pub starts_at: DateTime<Utc>,
    /// How long it takes, 5 to 480 minutes.
    #[schema(minimum = 5, maximum = 480)]
    pub minutes: i32,
    /// Where, at most 200 characters.
    #[schema(max_length = 200)]
    pub place: String,
}

impl NewVisit {
    /// The same with blanks trimmed, or what is wrong with it.
    pub(super) fn checked(self, now: DateTime<Utc>) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let place = fields.text(&self.place, "/place", 200).to_owned();
        fields.check(!place.chars().any(char::is_control), "/place", "invalid");
        fields.check((5..=480).contains(&self.minutes), "/minutes", "out_of_range");
        fields.check(self.starts_at > now, "/starts_at", "in_past");
        fields.check(self.starts_at <= now + Duration::days(366), "/starts_at", "too_late");
        fields.finish()?;
        Ok(Self { place, ..self })
    }
}
