//! The classes of deletion and their cut-off days. Pure.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::tenancy::Retention;

/// What is deleted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RetentionClass)]
pub(crate) enum Class {
    /// Care sheets of children whose care ended.
    CareSheet,
    /// What was entered for the youth-welfare statistics.
    Survey,
    /// Drafts that nobody touched.
    Draft,
    /// What was recorded about decisions.
    Decision,
    /// Mandates of counsellors that ended.
    Mandate,
    /// Demands that ended without a place.
    Unserved,
    /// Demands with contracts whose care ended.
    Served,
    /// Notices on childminders' licences.
    Licence,
    /// Children without any demand, and guardians and households without children.
    Family,
    /// Parents' accounts that nobody uses.
    Account,
    /// Mails and letters that never left.
    Undelivered,
    /// Proofs of sending that belong to no demand.
    Sent,
    /// Events of the audit.
    Audit,
    /// Background jobs that are over.
    Job,
}

/// The unit of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RetentionUnit)]
pub(crate) enum Unit {
    /// Days.
    Days,
    /// Months.
    Months,
}

impl Class {
    /// In the order in which they are deleted: what others hang on goes first.
    pub const ALL: [Self; 14] = [
        Self::CareSheet,
        Self::Survey,
        Self::Draft,
        Self::Decision,
        Self::Mandate,
        Self::Unserved,
        Self::Served,
        Self::Licence,
        Self::Family,
        Self::Account,
        Self::Undelivered,
        Self::Sent,
        Self::Audit,
        Self::Job,
    ];

    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CareSheet => "care_sheet",
            Self::Survey => "survey",
            Self::Draft => "draft",
            Self::Decision => "decision",
            Self::Mandate => "mandate",
            Self::Unserved => "unserved",
            Self::Served => "served",
            Self::Licence => "licence",
            Self::Family => "family",
            Self::Account => "account",
            Self::Undelivered => "undelivered",
            Self::Sent => "sent",
            Self::Audit => "audit",
            Self::Job => "job",
        }
    }

    /// For how long it is kept.
    pub fn period(self, kept: &Retention) -> (i32, Unit) {
        match self {
            Self::CareSheet => (kept.care_sheet_days, Unit::Days),
            Self::Survey => (kept.survey_days, Unit::Days),
            Self::Draft | Self::Family => (kept.draft_days, Unit::Days),
            Self::Decision => (kept.decision_months, Unit::Months),
            Self::Unserved => (kept.unserved_months, Unit::Months),
            Self::Served | Self::Licence => (kept.contract_months, Unit::Months),
            Self::Account => (kept.account_months, Unit::Months),
            Self::Undelivered => (kept.undelivered_days, Unit::Days),
            // A mandate says who stood behind an event in a family's name: it is kept for as long as the events.
            Self::Sent | Self::Audit | Self::Mandate => (kept.audit_months, Unit::Months),
            Self::Job => (kept.job_days, Unit::Days),
        }
    }

    /// What lies before this day is due: the period counts from the day itself, from the end of the Kita year, or from the end of the year.
    pub fn cutoff(self, kept: &Retention, kita_year_start: &str, today: NaiveDate) -> NaiveDate {
        let (period, unit) = self.period(kept);
        let period = period.unsigned_abs();
        let back = match unit {
            Unit::Days => today.checked_sub_days(Days::new(u64::from(period))),
            Unit::Months => today.checked_sub_months(Months::new(period)),
        };
        let back = back.unwrap_or(NaiveDate::MIN);
        match self {
            Self::Unserved => year_start(kita_year_start, back),
            Self::Decision => year_start("01-01", back),
            _ => back,
        }
    }
}

/// The last first day of a year (`MM-DD`) on or before a day.
fn year_start(start: &str, day: NaiveDate) -> NaiveDate {
    let (month, of_month) = start
        .split_once('-')
        .and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)))
        .unwrap_or((8, 1));
    let in_year = |year| NaiveDate::from_ymd_opt(year, month, of_month);
    let this = in_year(day.year()).filter(|start| *start <= day);
    this.or_else(|| in_year(day.year() - 1)).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cutoff(class: Class, today: &str) -> String {
        let day = class.cutoff(&Retention::default(), "08-01", today.parse().unwrap());
        day.to_string()
    }

    #[test]
    fn a_demand_without_a_place_goes_a_year_after_its_kita_year() {
        // Ended in March 2027: its Kita year ends with July 2027, and the period a year later.
        assert_eq!(cutoff(Class::Unserved, "2028-07-31"), "2026-08-01");
        assert_eq!(cutoff(Class::Unserved, "2028-08-01"), "2027-08-01");
    }

    #[test]
    fn a_decision_goes_three_years_after_the_end_of_its_year() {
        assert_eq!(cutoff(Class::Decision, "2030-12-31"), "2027-01-01");
        assert_eq!(cutoff(Class::Decision, "2031-01-01"), "2028-01-01");
    }

    #[test]
    fn other_periods_count_from_the_day() {
        assert_eq!(cutoff(Class::Served, "2038-02-01"), "2028-02-01");
        assert_eq!(cutoff(Class::Job, "2027-03-03"), "2027-02-01");
    }
}
