//! A figure as it is entered, and what may be wrong with it.

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::month_of;
use crate::platform::fields::{Fields, Invalid};

/// A figure as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_month": "2027-08-01", "licensed": 60, "operable": 54, "operable_reason": "one post is vacant",
    "operable_since": "2027-03-01", "occupied_external": 40}))]
pub struct NewFigure {
    /// First month; any day of it may be given.
    pub from_month: NaiveDate,
    /// Places of the operating permit, 0 to 2000.
    pub licensed: i32,
    /// Places that today's staff can run, at most `licensed`.
    pub operable: i32,
    /// Why fewer can be run than licensed; needed then.
    #[serde(default)]
    pub operable_reason: Option<String>,
    /// Since when; needed with a reason.
    #[serde(default)]
    pub operable_since: Option<NaiveDate>,
    /// Places taken by children whose contracts are not kept here.
    #[serde(default)]
    pub occupied_external: i32,
    /// Made up for a demo; not settable from outside.
    #[serde(skip)]
    pub is_example: bool,
}

impl NewFigure {
    /// A figure whose permitted places are all run.
    pub fn of(from_month: NaiveDate, places: i32) -> Self {
        Self {
            from_month,
            licensed: places,
            operable: places,
            operable_reason: None,
            operable_since: None,
            occupied_external: 0,
            is_example: false,
        }
    }

    /// The figure without needless blanks, from the first of its month; or what is wrong with it.
    pub fn checked(&self) -> Result<Self, Invalid> {
        let text = |t: &Option<String>| t.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let me = Self {
            from_month: month_of(self.from_month),
            operable_reason: text(&self.operable_reason),
            ..self.clone()
        };
        let mut fields = Fields::new();
        let years = 2000..=2200;
        fields.check(years.contains(&me.from_month.year()), "/from_month", "out_of_range");
        for (value, pointer) in [
            (me.licensed, "/licensed"),
            (me.operable, "/operable"),
            (me.occupied_external, "/occupied_external"),
        ] {
            fields.check((0..=2000).contains(&value), pointer, "out_of_range");
        }
        fields.check(me.operable <= me.licensed, "/operable", "above_licensed");
        fields.check(
            me.operable >= me.licensed || me.operable_reason.is_some(),
            "/operable_reason",
            "required",
        );
        let length = me.operable_reason.as_deref().map_or(0, |t| t.chars().count());
        fields.check(length <= 500, "/operable_reason", "too_long");
        // What is set by hand goes before the staff: with a reason, and since when.
        let dated = me.operable_reason.is_none() || me.operable_since.is_some();
        fields.check(dated, "/operable_since", "required");
        let since = me.operable_since.is_none_or(|d| years.contains(&d.year()));
        fields.check(since, "/operable_since", "out_of_range");
        fields.finish()?;
        Ok(me)
    }
}
