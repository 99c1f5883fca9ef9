//! When a facility or a group is closed, and whether that takes its places away. Pure.
//!
//! A break (summer, Christmas, a burst pipe) takes none: contracts go on, children stay at home and come back, and a Kita year that has one
//! in it is no year without places. Only nobody begins on a closed day. A longer closure takes the places of every month that it touches.

use chrono::{Days, NaiveDate};

use super::super::model::AgeBand;
use super::basis::{Basis, Closure, Group, holds};

/// Closed days in a row up to which it is a break: the summer holidays of schools are as long, in every federal state.
const BREAK_DAYS: i64 = 42;

/// Days in a row, the first and the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run(NaiveDate, NaiveDate);

impl Run {
    fn is_break(&self) -> bool {
        (self.1 - self.0).num_days() < BREAK_DAYS
    }
}

/// The closed days of a facility and of each of its groups, in the order of the groups.
#[derive(Debug, Clone, Default)]
pub(super) struct Closures {
    all: Vec<Run>,
    groups: Vec<Vec<Run>>,
}

impl Closures {
    /// A group is closed with the facility too, so that its own days and the facility's make one run where they meet.
    pub fn of(basis: &Basis) -> Self {
        let group = |group: &Group| match group.closures.as_slice() {
            [] => Vec::new(),
            own => runs(own.iter().chain(&basis.closures)),
        };
        Self {
            all: runs(basis.closures.iter()),
            groups: basis.groups.iter().map(group).collect(),
        }
    }

    /// How many of the licensed places of a band are gone on a day.
    pub fn gone(&self, basis: &Basis, band: AgeBand, day: NaiveDate, licensed: i32) -> i32 {
        let gone = |runs: &[Run]| on(runs, day).is_some_and(|run| !run.is_break());
        if gone(&self.all) {
            return licensed;
        }
        let groups = basis.groups.iter().zip(&self.groups);
        let shut = groups.filter(|(group, runs)| holds(group.valid_from, group.valid_to, day) && gone(runs));
        shut.map(|(group, _)| group.places(band)).sum()
    }

    /// The first day from a day on when some group of a band, or the facility where no group has it, is open; `None` where none comes.
    pub fn first_open(&self, basis: &Basis, band: AgeBand, day: NaiveDate) -> Option<NaiveDate> {
        let mut day = day;
        // Every step goes behind the end of a run.
        loop {
            let groups = basis.groups.iter().zip(&self.groups);
            let of_band = groups.filter(|(g, _)| g.places(band) > 0 && holds(g.valid_from, g.valid_to, day));
            let ends: Option<Vec<NaiveDate>> = of_band.map(|(_, runs)| on(runs, day).map(|run| run.1)).collect();
            let shut_until = match on(&self.all, day) {
                Some(run) => Some(run.1),
                // Closed only where each of them is, and until one of them opens.
                None => ends.and_then(|ends| ends.into_iter().min()),
            };
            match shut_until {
                None => return Some(day),
                Some(NaiveDate::MAX) => return None,
                Some(last) => day = day_after(last),
            }
        }
    }
}

fn on(runs: &[Run], day: NaiveDate) -> Option<&Run> {
    runs.iter().find(|run| run.0 <= day && day <= run.1)
}

fn day_after(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX)
}

/// Closures as days in a row: those that overlap or follow one another are one.
fn runs<'c>(closures: impl Iterator<Item = &'c Closure>) -> Vec<Run> {
    let mut all: Vec<Run> = closures
        .map(|c| Run(c.valid_from, c.valid_to.unwrap_or(NaiveDate::MAX)))
        .collect();
    all.sort_by_key(|run| run.0);
    let mut joined: Vec<Run> = Vec::new();
    for run in all {
        match joined.last_mut() {
            Some(last) if run.0 <= day_after(last.1) => last.1 = last.1.max(run.1),
            _ => joined.push(run),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn closure(from: &str, to: Option<&str>) -> Closure {
        Closure {
            reason: "Sommer".into(),
            valid_from: day(from),
            valid_to: to.map(day),
        }
    }

    fn group(over3: i32, closures: Vec<Closure>) -> Group {
        Group {
            id: None,
            name: "Igel".into(),
            age_from_months: 36,
            age_to_months: 84,
            under3: 0,
            over3,
            school_age: 0,
            opens_at: None,
            closes_at: None,
            valid_from: day("2027-01-01"),
            valid_to: None,
            staff: Vec::new(),
            closures,
        }
    }

    fn gone(basis: &Basis, on: &str) -> i32 {
        Closures::of(basis).gone(basis, AgeBand::Over3, day(on), 50)
    }

    fn opens(basis: &Basis, from: &str) -> Option<NaiveDate> {
        Closures::of(basis).first_open(basis, AgeBand::Over3, day(from))
    }

    #[test]
    fn six_weeks_are_a_break_and_a_day_more_is_none() {
        let closed = |from, to| Basis {
            closures: vec![closure(from, to)],
            ..Basis::default()
        };
        assert_eq!(gone(&closed("2027-07-05", Some("2027-08-15")), "2027-08-01"), 0);
        assert_eq!(gone(&closed("2027-07-05", Some("2027-08-16")), "2027-08-01"), 50);
        assert_eq!(gone(&closed("2027-07-05", None), "2027-08-01"), 50);
        assert_eq!(gone(&closed("2027-07-05", None), "2027-07-04"), 0);
    }

    #[test]
    fn breaks_that_follow_one_another_are_one_closure() {
        let basis = Basis {
            groups: vec![
                group(18, vec![closure("2027-08-01", Some("2027-08-31"))]),
                group(7, vec![closure("2027-10-01", Some("2027-10-31"))]),
            ],
            closures: vec![closure("2027-07-12", Some("2027-07-31"))],
            ..Basis::default()
        };
        // The first group is closed for 51 days, of which the facility is for 20.
        assert_eq!(gone(&basis, "2027-07-20"), 18);
        assert_eq!(gone(&basis, "2027-08-31"), 18);
        assert_eq!(gone(&basis, "2027-10-15"), 0);
        let weekly = Basis {
            closures: vec![
                closure("2027-07-26", Some("2027-08-25")),
                closure("2027-07-05", Some("2027-07-25")),
            ],
            ..Basis::default()
        };
        assert_eq!(gone(&weekly, "2027-08-01"), 50);
    }

    #[test]
    fn a_child_begins_on_the_first_day_on_which_a_group_of_its_age_is_open() {
        let both = |second: Vec<Closure>| Basis {
            groups: vec![
                group(18, vec![closure("2027-08-01", Some("2027-08-20"))]),
                group(7, second),
            ],
            closures: vec![closure("2027-07-26", Some("2027-08-06"))],
            ..Basis::default()
        };
        assert_eq!(opens(&both(vec![]), "2027-07-25"), Some(day("2027-07-25")));
        assert_eq!(opens(&both(vec![]), "2027-08-01"), Some(day("2027-08-07")));
        let second = vec![closure("2027-08-05", Some("2027-08-13"))];
        assert_eq!(opens(&both(second), "2027-08-01"), Some(day("2027-08-14")));
        let for_ever = Basis {
            closures: vec![closure("2027-08-01", None)],
            ..Basis::default()
        };
        assert_eq!(opens(&for_ever, "2027-09-01"), None);
        assert_eq!(opens(&Basis::default(), "2027-09-01"), Some(day("2027-09-01")));
    }
}
