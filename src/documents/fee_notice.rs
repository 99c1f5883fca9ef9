//! What a fee was worked out from, as its notice shows it.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::model::Letterhead;

/// What is owed for a child's place and why, as it stood when the notice was drafted. It is kept with the notice and never worked out anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeSums {
    /// First month for which it holds.
    pub from_month: NaiveDate,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
    /// Hours a week by contract in the first month.
    pub hours_per_week: i32,
    /// The child's place among those of the family in care.
    pub child_position: i32,
    /// Whether the parents live alone with it.
    pub lone_parent: bool,
    /// Bracket of the yearly income in euros; `null`: the highest, or incomes do not matter.
    pub income_up_to: Option<i32>,
    /// On this day of the month it is due.
    pub due_day: i32,
    /// What is owed.
    pub periods: Vec<FeeSum>,
    /// What of the fee is waived.
    pub reliefs: Vec<FeeSumRelief>,
    /// Statutes, each once.
    pub grounds: Vec<String>,
    /// What the office adds.
    pub note: String,
    /// The notice from which this one takes over.
    pub replaces: Option<FeeReplaced>,
}

/// Months for which the same is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeSum {
    /// First month.
    pub from_month: NaiveDate,
    /// First month for which it is not owed any more.
    pub until_month: NaiveDate,
    /// `nursery`, `kindergarten` or `after_school`.
    pub care: String,
    /// The row's hours.
    pub hours_per_week: i32,
    /// Cents a month.
    pub cents: i32,
}

/// Months for which the fee is waived or reduced.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeSumRelief {
    /// First month.
    pub from_month: NaiveDate,
    /// First month for which it does not hold any more.
    pub until_month: NaiveDate,
    /// Word for the reason.
    pub reason: String,
    /// What is still paid; 0: nothing.
    pub percent: i32,
    /// Cents a month without it.
    pub full_cents: i32,
}

/// A notice that another one takes over from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FeeReplaced {
    /// Its file number.
    pub file_number: String,
    /// When it was posted.
    pub posted_on: Option<NaiveDate>,
}

impl FeeSum {
    /// Whether the other one says the same for the months after this one.
    fn goes_on(&self, next: &Self) -> bool {
        self.until_month == next.from_month && self.care == next.care && self.cents == next.cents
    }
}

impl FeeSumRelief {
    fn goes_on(&self, next: &Self) -> bool {
        let same = |one: &Self| (one.reason.clone(), one.percent, one.full_cents);
        self.until_month == next.from_month && same(self) == same(next)
    }
}

/// Months with the same care and amount stand in one line, also where another table says so.
fn joined<T: Clone>(all: &[T], goes_on: impl Fn(&T, &T) -> bool, extend: impl Fn(&mut T, &T)) -> Vec<T> {
    let mut lines: Vec<T> = Vec::new();
    for one in all {
        match lines.last_mut() {
            Some(last) if goes_on(last, one) => extend(last, one),
            _ => lines.push(one.clone()),
        }
    }
    lines
}

fn last_day(free_from: NaiveDate) -> NaiveDate {
    free_from.checked_sub_days(Days::new(1)).unwrap_or(free_from)
}

/// `1.234,50 €`: notices are in German.
fn euros(cents: i32) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    let whole = match whole / 1000 {
        0 => whole.to_string(),
        thousands => format!("{thousands}.{:03}", whole % 1000),
    };
    format!("{whole},{rest:02} €")
}

impl FeeSums {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let periods = joined(&self.periods, FeeSum::goes_on, |last, next| {
            last.until_month = next.until_month
        });
        let reliefs = joined(&self.reliefs, FeeSumRelief::goes_on, |last, next| {
            last.until_month = next.until_month;
        });
        let row = |p: &FeeSum| {
            json!({"from": head.date(p.from_month), "to": head.date(last_day(p.until_month)), "care": p.care,
                   "hours": p.hours_per_week, "amount": euros(p.cents), "free": p.cents == 0})
        };
        let relief = |r: &FeeSumRelief| {
            json!({"from": head.date(r.from_month), "to": head.date(last_day(r.until_month)), "reason": r.reason,
                   "percent": r.percent, "full": euros(r.full_cents)})
        };
        let replaces = self
            .replaces
            .as_ref()
            .map(|old| json!({"file_number": old.file_number, "posted_on": old.posted_on.map(|day| head.date(day))}));
        json!({
            "from": head.date(self.from_month), "reliefs": reliefs.iter().map(relief).collect::<Vec<_>>(),
            "care_from": head.date(self.care_from), "care_to": head.date(last_day(self.care_until)),
            "hours_per_week": self.hours_per_week, "child_position": self.child_position, "lone_parent": self.lone_parent,
            "income_up_to": self.income_up_to.map(|e| euros(e.saturating_mul(100))), "due_day": self.due_day,
            "periods": periods.iter().map(row).collect::<Vec<_>>(), "grounds": self.grounds, "note": self.note, "replaces": replaces,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        assert_eq!(euros(20752), "207,52 €");
        assert_eq!(euros(5), "0,05 €");
        assert_eq!(euros(123_450), "1.234,50 €");
    }

    #[test]
    fn months_with_the_same_amount_stand_in_one_line() {
        let sum = |from: &str, until: &str, cents| FeeSum {
            from_month: from.parse().unwrap(),
            until_month: until.parse().unwrap(),
            care: "nursery".into(),
            hours_per_week: 45,
            cents,
        };
        let all = [
            sum("2027-08-01", "2028-01-01", 100),
            sum("2028-01-01", "2028-03-01", 100),
            sum("2028-04-01", "2028-05-01", 100),
            sum("2028-05-01", "2028-06-01", 200),
        ];
        let lines = joined(&all, FeeSum::goes_on, |last, next| last.until_month = next.until_month);
        let joined = sum("2027-08-01", "2028-03-01", 100);
        assert_eq!(
            lines,
            [joined, all[2].clone(), all[3].clone()],
            "over a gap nothing is joined"
        );
    }
}
