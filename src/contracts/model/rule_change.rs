//! Contracts that end as a former rule of school entry had it: which of them can be changed, and from when. Pure.

use chrono::{Datelike, Months, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use super::ContractState;

/// Why no change is drafted for a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "no_place")]
pub enum Hindrance {
    /// Not both sides have signed it: there is nothing agreed that could be changed.
    NotAgreed,
    /// Another change of it is under way.
    ChangeOpen,
    /// The old end or the new one is too near: nothing can hold before it.
    TooLate,
    /// No place is free in every month of the longer time.
    NoPlace,
    /// The new time meets another contract of the child.
    Overlaps,
    /// It ends as today's rule has it, was changed meanwhile, or is none of those on the list.
    NotListed,
}

/// A contract that ends as a former rule had it.
#[derive(Debug, Clone, Copy)]
pub struct OtherEnd {
    /// Where it stands.
    pub state: ContractState,
    /// Whether a change of it is under way.
    pub change_open: bool,
    /// Since when its terms hold, as they were agreed last.
    pub valid_from: NaiveDate,
    /// First day on which the place is free again, as it was agreed.
    pub until: NaiveDate,
    /// The same by the rule that counts.
    pub usual_until: NaiveDate,
}

impl OtherEnd {
    /// What can be seen to stand against a change without asking for places.
    pub fn hindrance(&self, today: NaiveDate) -> Option<Hindrance> {
        if !matches!(self.state, ContractState::SignedByProvider | ContractState::Active) {
            Some(Hindrance::NotAgreed)
        } else if self.change_open {
            Some(Hindrance::ChangeOpen)
        } else if self.holds_from(today).is_none() {
            Some(Hindrance::TooLate)
        } else {
            None
        }
    }

    /// The day from which a change of the end holds: the first of the next month, so that there is time to sign it, or today where the place
    /// ends before. Never behind what was agreed last; `None`: it would be later than the end.
    pub fn holds_from(&self, today: NaiveDate) -> Option<NaiveDate> {
        let next = today.with_day(1).and_then(|d| d.checked_add_months(Months::new(1)));
        let days = [next.unwrap_or(today), today].map(|day| day.max(self.valid_from));
        days.into_iter().find(|day| *day < self.until.min(self.usual_until))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn end(until: &str, usual: &str) -> OtherEnd {
        OtherEnd {
            state: ContractState::Active,
            change_open: false,
            valid_from: day("2025-08-01"),
            until: day(until),
            usual_until: day(usual),
        }
    }

    #[test]
    fn a_change_of_the_end_holds_from_the_next_month_or_today_and_never_from_its_end_on() {
        let today = day("2027-02-10");
        let from = |end: OtherEnd| end.holds_from(today);
        assert_eq!(from(end("2032-08-01", "2033-08-01")), Some(day("2027-03-01")));
        assert_eq!(from(end("2027-02-20", "2028-08-01")), Some(today));
        assert_eq!(from(end("2028-08-01", "2027-02-20")), Some(today));
        assert_eq!(from(end("2028-08-01", "2027-02-10")), None);
        assert_eq!(from(end("2027-03-01", "2028-08-01")), Some(today));
        let coming = OtherEnd {
            valid_from: day("2027-08-01"),
            ..end("2032-08-01", "2033-08-01")
        };
        assert_eq!(from(coming), Some(day("2027-08-01")));
    }

    #[test]
    fn only_what_is_agreed_and_not_about_to_change_can_change() {
        let today = day("2027-02-10");
        let agreed = end("2032-08-01", "2033-08-01");
        assert_eq!(agreed.hindrance(today), None);
        use ContractState as S;
        for state in [S::Drafted, S::Sent, S::SignedByGuardians] {
            let open = OtherEnd { state, ..agreed };
            assert_eq!(open.hindrance(today), Some(Hindrance::NotAgreed));
        }
        let changing = OtherEnd {
            change_open: true,
            state: S::SignedByProvider,
            ..agreed
        };
        assert_eq!(changing.hindrance(today), Some(Hindrance::ChangeOpen));
        assert_eq!(
            end("2028-08-01", "2027-02-01").hindrance(today),
            Some(Hindrance::TooLate)
        );
    }
}
