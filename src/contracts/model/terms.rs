//! What a facility may change in a draft, and what a notice may say. Pure.

use chrono::{NaiveDate, NaiveTime};
use serde::Deserialize;
use utoipa::ToSchema;

use super::machine::last_day;
use super::times::CareTimes;
use crate::platform::dates::time_of_day;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::week::DayTimes;
use crate::tenancy::NoticeRule;

/// The terms of a draft, whole.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ContractTerms, example = json!({"care_from": "2027-08-01", "hours_per_week": 40, "window_from": "08:00", "window_to": "16:00",
    "week": null, "settling_in_weeks": 4, "note": "Eingewöhnung ab dem 2. August"}))]
pub struct TermsChange {
    /// First day of care.
    pub care_from: NaiveDate,
    /// Hours a week, 1 to 60. With `week` they follow from it and can be left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 60)]
    pub hours_per_week: Option<i32>,
    /// Care from this time of day; with `window_to`.
    #[serde(default, deserialize_with = "time_of_day")]
    #[schema(value_type = Option<String>, example = "08:00")]
    pub window_from: Option<NaiveTime>,
    /// Care until this time of day; with `window_from`.
    #[serde(default, deserialize_with = "time_of_day")]
    #[schema(value_type = Option<String>, example = "16:00")]
    pub window_to: Option<NaiveTime>,
    /// Other times on each day, the days on which the child comes; left out: the same on every day.
    #[serde(default)]
    #[schema(max_items = 5)]
    pub week: Option<Vec<DayTimes>>,
    /// Weeks of settling-in, 0 to 26.
    #[schema(minimum = 0, maximum = 26)]
    pub settling_in_weeks: i32,
    /// What else is agreed; at most 1,000 characters. It stands in the contract.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

impl TermsChange {
    /// The same with blanks trimmed and its times, or what is wrong with it. `before` is the start that stands in the draft.
    pub fn checked(self, today: NaiveDate, before: NaiveDate, until: NaiveDate) -> Result<(Self, CareTimes), Invalid> {
        let mut fields = Fields::new();
        let note = self.note.as_deref().map(str::trim).filter(|n| !n.is_empty());
        let moved = self.care_from != before;
        fields.check(!moved || self.care_from >= today, "/care_from", "too_early");
        fields.check(self.care_from < until, "/care_from", "too_late");
        let window = (self.window_from, self.window_to);
        let times = CareTimes::of(self.hours_per_week, window, self.week.as_deref(), &mut fields);
        fields.check(
            (0..=26).contains(&self.settling_in_weeks),
            "/settling_in_weeks",
            "out_of_range",
        );
        fields.check(note.is_none_or(|n| n.chars().count() <= 1000), "/note", "too_long");
        fields.finish()?;
        let note = note.map(str::to_owned);
        Ok((Self { note, ..self }, times))
    }
}

/// Notice, as somebody gives it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notice {
    /// The last day of care that is wished; left out: the earliest.
    pub last_day: Option<NaiveDate>,
    /// Why; at most 500 characters.
    pub reason: Option<String>,
    /// Both sides agree on it, so that the period of notice does not count.
    pub by_agreement: bool,
}

/// The first day without care when this notice is given, or what is wrong with it. `earliest` and `until` are such days too: after the
/// period of notice, and as it was agreed. No `rule` holds for what does not bind yet.
pub fn checked_end(
    notice: &Notice,
    reason_needed: bool,
    today: NaiveDate,
    earliest: NaiveDate,
    until: NaiveDate,
    rule: Option<&NoticeRule>,
) -> Result<NaiveDate, Invalid> {
    let mut fields = Fields::new();
    let reason = notice.reason.as_deref().map(str::trim).unwrap_or_default();
    fields.check(!reason_needed || !reason.is_empty(), "/reason", "required");
    fields.check(reason.chars().count() <= 500, "/reason", "too_long");
    let wished = notice.last_day.map(|day| day.succ_opt().unwrap_or(day));
    let free_from = wished.unwrap_or(earliest);
    let in_time = notice.by_agreement || free_from >= earliest;
    fields.check(
        in_time && last_day(free_from) >= last_day(today),
        "/last_day",
        "too_early",
    );
    let free = notice.by_agreement || rule.is_none_or(|rule| rule.allows(free_from, until));
    fields.check(free, "/last_day", "last_months");
    fields.check(free_from < until, "/last_day", "too_late");
    fields.finish()?;
    Ok(free_from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::NoticeTo;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn codes(found: Result<NaiveDate, Invalid>) -> Vec<(String, String)> {
        let faults = found.unwrap_err().0;
        faults.into_iter().map(|f| (f.pointer, f.code)).collect()
    }

    #[test]
    fn a_notice_ends_after_its_period_or_when_both_agree() {
        let (today, earliest, until) = (day("2028-01-15"), day("2028-05-01"), day("2033-08-01"));
        let rule = NoticeRule {
            months: 3,
            to: NoticeTo::Month,
            not_last_months: 3,
        };
        let end = |notice: &Notice| checked_end(notice, false, today, earliest, until, Some(&rule));
        let on = |last: &str| Notice {
            last_day: Some(day(last)),
            ..Notice::default()
        };
        assert_eq!(end(&Notice::default()), Ok(earliest));
        assert_eq!(end(&on("2028-06-30")), Ok(day("2028-07-01")));
        assert_eq!(
            codes(end(&on("2028-03-31"))),
            [("/last_day".into(), "too_early".into())]
        );
        assert_eq!(codes(end(&on("2033-07-31"))), [("/last_day".into(), "too_late".into())]);
        let agreed = Notice {
            by_agreement: true,
            ..on("2028-01-31")
        };
        assert_eq!(end(&agreed), Ok(day("2028-02-01")));
        let past = Notice {
            by_agreement: true,
            ..on("2028-01-10")
        };
        assert_eq!(codes(end(&past)), [("/last_day".into(), "too_early".into())]);
        let last = ["last_months", "too_late"].map(|code| ("/last_day".to_owned(), code.to_owned()));
        assert_eq!(codes(end(&on("2033-05-31"))), last[..1]);
        assert_eq!(codes(end(&on("2033-07-31"))), last[1..]);
        assert_eq!(end(&on("2033-04-30")), Ok(day("2033-05-01")));
        let both = Notice {
            by_agreement: true,
            ..on("2033-05-31")
        };
        assert_eq!(end(&both), Ok(day("2033-06-01")));
        let bare = checked_end(&Notice::default(), true, today, earliest, until, Some(&rule));
        assert_eq!(codes(bare), [("/reason".into(), "required".into())]);
    }

    #[test]
    fn a_short_draft_is_let_be_also_where_nobody_leaves_in_the_last_months() {
        let (today, from, until) = (day("2027-03-01"), day("2027-06-01"), day("2027-08-01"));
        let rule = NoticeRule {
            months: 3,
            to: NoticeTo::Month,
            not_last_months: 3,
        };
        let let_be = |rule| checked_end(&Notice::default(), false, today, from, until, rule);
        assert_eq!(codes(let_be(Some(&rule))), [("/last_day".into(), "last_months".into())]);
        assert_eq!(let_be(None), Ok(from), "it does not bind yet");
    }
}
