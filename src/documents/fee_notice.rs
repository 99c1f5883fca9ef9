//! The notice of parent fees.

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use super::model::Letterhead;

/// What is owed for a child's place, by which table, why, and how to object.
#[derive(Debug, Clone)]
pub struct FeeNotice {
    /// Name and address, a line each; the name alone where the address is protected.
    pub address: Vec<String>,
    /// File number; `None` for a draft.
    pub file_number: Option<String>,
    /// The day on which it was issued.
    pub issued_on: Option<NaiveDate>,
    /// First name and initial of the child.
    pub child: String,
    /// First day of care.
    pub care_from: NaiveDate,
    /// First day on which the place is free again.
    pub care_until: NaiveDate,
    /// Hours a week by contract.
    pub hours_per_week: i32,
    /// The child's place among those of the family in care.
    pub child_position: i32,
    /// Whether the parents live alone with it.
    pub lone_parent: bool,
    /// Bracket of the yearly income in euros; `None`: the highest, or incomes do not matter.
    pub income_up_to: Option<i32>,
    /// On this day of the month it is due.
    pub due_day: i32,
    /// What is owed.
    pub periods: Vec<FeeNoticePeriod>,
    /// What of the fee is waived.
    pub reliefs: Vec<FeeNoticeRelief>,
    /// Statutes, each once.
    pub grounds: Vec<String>,
    /// What the office adds.
    pub note: String,
}

/// Months for which the same is owed.
#[derive(Debug, Clone)]
pub struct FeeNoticePeriod {
    /// First month.
    pub from_month: NaiveDate,
    /// First month for which it is not owed any more.
    pub until_month: NaiveDate,
    /// `nursery`, `kindergarten` or `after_school`.
    pub care: &'static str,
    /// The row's hours.
    pub hours_per_week: i32,
    /// Cents a month.
    pub cents: i32,
}

/// Months for which the fee is waived or reduced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeNoticeRelief {
    /// First month.
    pub from_month: NaiveDate,
    /// First month for which it does not hold any more.
    pub until_month: NaiveDate,
    /// Word for the reason.
    pub reason: &'static str,
    /// What is still paid; 0: nothing.
    pub percent: i32,
    /// Cents a month without it.
    pub full_cents: i32,
}

impl FeeNoticeRelief {
    /// Whether the other one says the same for the months after this one.
    pub fn goes_on(&self, next: &Self) -> bool {
        let same = |one: &Self| (one.reason, one.percent, one.full_cents);
        self.until_month == next.from_month && same(self) == same(next)
    }
}

fn last_day(free_from: NaiveDate) -> NaiveDate {
    free_from.checked_sub_days(Days::new(1)).unwrap_or(free_from)
}

/// `1.234,50 €`, `€1,234.50`.
fn euros(cents: i32, language: &str) -> String {
    let (whole, rest) = (cents / 100, cents % 100);
    let (group, point) = if language == "en" { (",", ".") } else { (".", ",") };
    let whole = match whole / 1000 {
        0 => whole.to_string(),
        thousands => format!("{thousands}{group}{:03}", whole % 1000),
    };
    match language {
        "en" => format!("€{whole}{point}{rest:02}"),
        _ => format!("{whole}{point}{rest:02} €"),
    }
}

impl FeeNotice {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        let label = head.say("Aktenzeichen", "File number");
        let date = head.date(self.issued_on.unwrap_or(head.today));
        let mut facts = vec![json!([head.say("Datum", "Date"), date])];
        facts.extend(self.file_number.as_ref().map(|number| json!([label, number])));
        let row = |p: &FeeNoticePeriod| {
            json!({"from": head.date(p.from_month), "to": head.date(last_day(p.until_month)), "care": p.care,
                   "hours": p.hours_per_week, "amount": euros(p.cents, head.language), "free": p.cents == 0})
        };
        let relief = |r: &FeeNoticeRelief| {
            json!({"from": head.date(r.from_month), "to": head.date(last_day(r.until_month)), "reason": r.reason,
                   "percent": r.percent, "full": euros(r.full_cents, head.language)})
        };
        json!({
            "reliefs": self.reliefs.iter().map(relief).collect::<Vec<_>>(), "address": self.address, "facts": facts, "draft": self.file_number.is_none(), "child": self.child,
            "care_from": head.date(self.care_from), "care_to": head.date(last_day(self.care_until)),
            "hours_per_week": self.hours_per_week, "child_position": self.child_position, "lone_parent": self.lone_parent,
            "income_up_to": self.income_up_to.map(|e| euros(e.saturating_mul(100), head.language)), "due_day": self.due_day,
            "periods": self.periods.iter().map(row).collect::<Vec<_>>(), "grounds": self.grounds, "note": self.note,
            "contact": {"office": head.contact.office, "address": head.contact.address, "email": head.contact.email},
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_people_read_them() {
        assert_eq!(euros(20752, "de"), "207,52 €");
        assert_eq!(euros(5, "de"), "0,05 €");
        assert_eq!(euros(123_450, "en"), "€1,234.50");
    }
}
