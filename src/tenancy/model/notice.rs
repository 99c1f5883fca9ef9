//! How long before its end a contract is given notice: not law, but what statutes and contracts of providers say. Pure.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::clock::month_of;

/// The days on which a contract can end by notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "month")]
pub enum NoticeTo {
    /// The end of every month.
    #[default]
    Month,
    /// The end of March, June, September and December.
    Quarter,
    /// The end of the Kita year.
    KitaYear,
}

/// A period of notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRule {
    /// Whole months.
    pub months: i32,
    /// To the end of what.
    pub to: NoticeTo,
    /// Months before the agreed end, usually school entry, in which nobody leaves by notice; 0: none.
    pub not_last_months: i32,
}

impl NoticeRule {
    /// The first day without care when notice is given today. `begins`: month and day on which the Kita year begins; `until`: the first day
    /// without care as it was agreed. Where it is `until` or later, notice changes nothing.
    pub fn earliest_end(&self, today: NaiveDate, begins: (u32, u32), until: NaiveDate) -> NaiveDate {
        let over = month_of(today).checked_add_months(Months::new(self.months.unsigned_abs() + 1));
        let over = over.unwrap_or(NaiveDate::MAX);
        let end = match self.to {
            NoticeTo::Month => over,
            NoticeTo::Quarter => over
                .checked_add_months(Months::new((3 - over.month0() % 3) % 3))
                .unwrap_or(NaiveDate::MAX),
            NoticeTo::KitaYear => year_begins(over, begins),
        };
        if self.allows(end, until) { end } else { until }
    }

    /// What it says, after a number of months: "3 Monate zum Monatsende".
    pub fn says(&self, german: bool) -> String {
        let (n, last) = (self.months, self.not_last_months);
        let mut text = match (german, self.to) {
            (true, NoticeTo::Month) => format!("{} zum Monatsende", months(n, "Monat", "Monate")),
            (true, NoticeTo::Quarter) => format!("{} zum Quartalsende", months(n, "Monat", "Monate")),
            (true, NoticeTo::KitaYear) => format!("{} zum Ende des Kita-Jahres", months(n, "Monat", "Monate")),
            (false, NoticeTo::Month) => format!("{} to the end of a month", months(n, "month", "months")),
            (false, NoticeTo::Quarter) => format!("{} to the end of a quarter", months(n, "month", "months")),
            (false, NoticeTo::KitaYear) => format!("{} to the end of the Kita year", months(n, "month", "months")),
        };
        if last > 0 {
            let within = match (german, last) {
                (true, 1) => ", nicht im letzten Monat vor dem vereinbarten Ende".to_owned(),
                (true, n) => format!(", nicht in den letzten {n} Monaten vor dem vereinbarten Ende"),
                (false, 1) => ", not within the last month before the agreed end".to_owned(),
                (false, n) => format!(", not within the last {n} months before the agreed end"),
            };
            text.push_str(&within);
        }
        text
    }

    /// Whether a contract may end on the day before this one, as far as its last months are concerned.
    pub fn allows(&self, end: NaiveDate, until: NaiveDate) -> bool {
        let last = until.checked_sub_months(Months::new(self.not_last_months.unsigned_abs()));
        self.not_last_months == 0 || end >= until || last.is_none_or(|last| end <= last)
    }
}

fn months(count: i32, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The first day of a Kita year on or after a day.
fn year_begins(day: NaiveDate, (month, first): (u32, u32)) -> NaiveDate {
    let years = [day.year(), day.year() + 1];
    let begins = years
        .iter()
        .filter_map(|year| NaiveDate::from_ymd_opt(*year, month, first));
    begins.into_iter().find(|begin| *begin >= day).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn notice_holds_to_the_end_of_a_month_a_quarter_or_the_kita_year() {
        use NoticeTo::{KitaYear, Month, Quarter};
        let until = day("2033-08-01");
        for (months, to, today, end) in [
            (3, Month, "2028-01-31", "2028-05-01"),
            (3, Month, "2028-02-01", "2028-06-01"),
            (0, Month, "2028-02-29", "2028-03-01"),
            (6, Month, "2028-11-15", "2029-06-01"),
            (1, Quarter, "2028-01-31", "2028-04-01"),
            (2, Quarter, "2028-01-31", "2028-04-01"),
            (3, Quarter, "2028-01-31", "2028-07-01"),
            (0, Quarter, "2028-12-31", "2029-01-01"),
            (3, KitaYear, "2028-04-30", "2028-08-01"),
            (3, KitaYear, "2028-05-01", "2029-08-01"),
            (0, KitaYear, "2028-07-31", "2028-08-01"),
            (0, KitaYear, "2028-08-01", "2029-08-01"),
        ] {
            let rule = NoticeRule {
                months,
                to,
                not_last_months: 0,
            };
            assert_eq!(
                rule.earliest_end(day(today), (8, 1), until),
                day(end),
                "{rule:?} on {today}"
            );
        }
        let bavaria = NoticeRule {
            months: 2,
            to: KitaYear,
            not_last_months: 0,
        };
        assert_eq!(
            bavaria.earliest_end(day("2028-06-30"), (9, 1), until),
            day("2028-09-01")
        );
    }

    #[test]
    fn in_the_last_months_nobody_leaves_by_notice() {
        let rule = NoticeRule {
            months: 1,
            to: NoticeTo::Month,
            not_last_months: 3,
        };
        let until = day("2033-08-01");
        let end = |today: &str| rule.earliest_end(day(today), (8, 1), until);
        assert_eq!(end("2033-03-31"), day("2033-05-01"), "before the last three months");
        assert_eq!(end("2033-04-01"), until, "it goes on to its end");
        assert!(end("2033-07-15") >= until, "notice changes nothing any more");
        for (free_from, allowed) in [
            ("2033-05-01", true),
            ("2033-05-02", false),
            ("2033-07-31", false),
            ("2033-08-01", true),
            ("2034-01-01", true),
        ] {
            assert_eq!(rule.allows(day(free_from), until), allowed, "{free_from}");
        }
        let free = NoticeRule {
            not_last_months: 0,
            ..rule
        };
        assert!(free.allows(day("2033-07-01"), until));
    }

    #[test]
    fn it_is_said_in_both_languages() {
        let rule = |months, to, not_last_months| NoticeRule {
            months,
            to,
            not_last_months,
        };
        assert_eq!(rule(3, NoticeTo::Month, 0).says(true), "3 Monate zum Monatsende");
        assert_eq!(
            rule(1, NoticeTo::KitaYear, 3).says(true),
            "1 Monat zum Ende des Kita-Jahres, nicht in den letzten 3 Monaten vor dem vereinbarten Ende"
        );
        assert_eq!(
            rule(2, NoticeTo::Quarter, 1).says(false),
            "2 months to the end of a quarter, not within the last month before the agreed end"
        );
    }

    #[test]
    fn the_earliest_end_is_never_before_the_months_are_over_and_never_moves_back() {
        let until = day("2040-08-01");
        for to in [NoticeTo::Month, NoticeTo::Quarter, NoticeTo::KitaYear] {
            for months in 0..=12 {
                let rule = NoticeRule {
                    months,
                    to,
                    not_last_months: 0,
                };
                let mut before = NaiveDate::MIN;
                for n in 0..800 {
                    let today = day("2028-01-01") + chrono::Days::new(n);
                    let end = rule.earliest_end(today, (8, 1), until);
                    let least = today.checked_add_months(Months::new(months.unsigned_abs())).unwrap();
                    assert!(end > least && end >= before, "{rule:?} on {today}: {end}");
                    before = end;
                }
            }
        }
    }
}
