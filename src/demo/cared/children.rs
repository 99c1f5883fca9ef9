//! Who is in care in a made-up facility today: children of every age, so many that a few places are left in every month to come. Pure.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::super::houses::{House, Plan};
use super::super::people::{Household, People};
use super::super::stories::first_of;
use super::names::{BOYS, FAMILIES, FATHERS, GIRLS, MOTHERS};
use crate::facilities::{self, AgeBand, Segment, Stay};
use crate::platform::ids::ChildId;
use crate::tenancy::SchoolRule;

/// Contracted hours a week, with the time of day.
const TIMES: [(i64, &str, &str); 5] = [
    (40, "08:00", "16:00"),
    (35, "08:00", "15:00"),
    (45, "07:30", "16:30"),
    (25, "08:00", "13:00"),
    (30, "08:30", "14:30"),
];
/// Of so many places one is left even while children stay who leave in spring.
const LEFT_NOW: i64 = 2;
/// So many months from now on are looked at; whoever comes later is not known yet.
const AHEAD: u32 = 24;

/// A child that is in care.
pub(in crate::demo) struct Child {
    pub born: NaiveDate,
    pub girl: bool,
    pub first_name: &'static str,
    pub family: Family,
    pub facility: &'static str,
    pub from: NaiveDate,
    /// The family moves away, and gave notice for this day.
    pub last_day: Option<NaiveDate>,
    pub times: (i64, &'static str, &'static str),
    /// `None`: just came, and in no group yet.
    pub group: Option<&'static str>,
    /// A facility where it would rather be.
    pub wish: Option<&'static str>,
}

/// Its family; brothers and sisters have the same number.
#[derive(Clone)]
pub(in crate::demo) struct Family {
    pub number: usize,
    pub last_name: &'static str,
    pub mother: &'static str,
    pub father: Option<&'static str>,
    pub home: Household,
}

/// Fills the houses of a town, one after the other.
pub(super) struct Town<'a> {
    pub today: NaiveDate,
    pub rule: SchoolRule,
    pub people: &'a mut People,
    pub children: Vec<Child>,
    born: BTreeSet<NaiveDate>,
}

impl<'a> Town<'a> {
    pub(super) fn new(today: NaiveDate, rule: SchoolRule, people: &'a mut People) -> Self {
        Self {
            today,
            rule,
            people,
            children: Vec::new(),
            born: BTreeSet::new(),
        }
    }

    /// Children of a facility; in every month to come `spare` places are left, and a few fewer until spring.
    pub(super) fn fill(&mut self, house: &'static House, spare: i64) {
        let mut taken: Vec<Segment> = Vec::new();
        let first = self.children.len();
        for age in self.ages(house) {
            let child = self.child(house.name, age, None);
            let more = self.segments(&child);
            if has_room(house, &taken, &more, spare, self.today) {
                taken.extend(more);
                self.children.push(child);
            }
        }
        // Some move away in the next months; until then they take places that others get afterwards.
        for number in 0..6 {
            let last = first_of(self.today + Months::new(3 + number % 2)) - Days::new(1);
            let child = self.child(house.name, if number % 3 == 2 { 20 } else { 50 }, Some(last));
            let more = self.segments(&child);
            if has_room(house, &taken, &more, LEFT_NOW, self.today) {
                taken.extend(more);
                self.children.push(child);
            }
        }
        self.siblings(first);
        self.assign_groups(house, first);
    }

    /// One child of a childminder, who has no groups; its place ends with the third birthday.
    pub(super) fn add(&mut self, facility: &'static str, age: u32) {
        let child = self.child(facility, age, None);
        self.children.push(child);
    }

    /// The ages in months that are tried: the small ones first, for they stay; the large ones not in their order, for some find no room.
    fn ages(&self, house: &House) -> Vec<u32> {
        let spread = |from: u32, months: u32, places: i64| {
            let places = u32::try_from(places).unwrap_or(1).max(1);
            (0..places).map(move |n| from + months * ((n * 7) % places) / places)
        };
        // Beyond this age children are at school.
        let at_school = |age: &u32| facilities::school_entry(self.today - Months::new(*age), self.rule) <= self.today;
        let oldest = (36..100).find(at_school).unwrap_or(72);
        let (small, large) = (house.places(AgeBand::Under3), house.places(AgeBand::Over3));
        spread(12, 24, small).chain(spread(36, oldest - 36, large)).collect()
    }

    fn child(&mut self, facility: &'static str, age: u32, last_day: Option<NaiveDate>) -> Child {
        let number = self.children.len();
        let mut born =
            self.today - Months::new(age) - Days::new(u64::try_from(self.people.between(1, 27)).unwrap_or(1));
        while !self.born.insert(born) {
            born = born - Days::new(1);
        }
        let girl = number.is_multiple_of(2);
        let names = if girl { &GIRLS } else { &BOYS };
        let this_month = first_of(self.today);
        // In the month after the first birthday, or with the Kita year after the third.
        let small = first_of(born + Months::new(13));
        let late = NaiveDate::from_ymd_opt(born.year() + 3, 8, 1).unwrap_or(small);
        let late = if late < born + Months::new(36) {
            late + Months::new(12)
        } else {
            late
        };
        let from = if number % 5 < 2 && late <= self.today {
            late
        } else {
            small.min(this_month)
        };
        Child {
            born,
            girl,
            first_name: names[(number * 7 / 2 + number / 40) % names.len()],
            family: self.family(number),
            facility,
            from,
            last_day,
            times: TIMES[number % TIMES.len()],
            group: None,
            wish: None,
        }
    }

    fn family(&mut self, number: usize) -> Family {
        Family {
            number,
            last_name: FAMILIES[(number * 29) % FAMILIES.len()],
            mother: MOTHERS[(number * 3) % MOTHERS.len()],
            father: (number % 5 != 1).then(|| FATHERS[(number * 7 + number / 20) % FATHERS.len()]),
            home: self.people.household(),
        }
    }

    /// Every fifth small child has an older brother or sister in the same house.
    fn siblings(&mut self, first: usize) {
        let three = self.today - Months::new(36);
        let small: Vec<usize> = (first..self.children.len())
            .filter(|n| self.children[*n].born > three)
            .collect();
        let large: Vec<usize> = (first..self.children.len())
            .filter(|n| self.children[*n].born <= three - Months::new(12))
            .collect();
        for (one, other) in small.iter().step_by(5).zip(large.iter().step_by(3)) {
            self.children[*one].family = self.children[*other].family.clone();
        }
    }

    /// Into groups by age; whoever came last is in none yet.
    fn assign_groups(&mut self, house: &House, first: usize) {
        let mut left: Vec<(&Plan, i64, i64)> = house.groups.iter().map(|p| (p, p.under3, p.over3)).collect();
        let three = self.today - Months::new(36);
        let mut order: Vec<usize> = (first..self.children.len()).collect();
        order.sort_by_key(|n| std::cmp::Reverse(self.children[*n].born));
        let newest = order.iter().max_by_key(|n| self.children[**n].from).copied();
        for n in order.into_iter().filter(|n| Some(*n) != newest) {
            let is_small = self.children[n].born > three;
            let age = months_old(self.children[n].born, self.today);
            let free = |group: &(&Plan, i64, i64)| if is_small { group.1 } else { group.2 };
            let places = |plan: &Plan| if is_small { plan.under3 } else { plan.over3 };
            let fits = |group: &&mut (&Plan, i64, i64)| free(group) > 0 && group.0.ages.0 <= age;
            // All groups fill alike.
            let found = left
                .iter_mut()
                .filter(fits)
                .max_by_key(|group| free(group) * 100 / places(group.0).max(1));
            if let Some(group) = found {
                self.children[n].group = Some(group.0.name);
                *(if is_small { &mut group.1 } else { &mut group.2 }) -= 1;
            }
        }
    }

    fn segments(&self, child: &Child) -> Vec<Segment> {
        let entry = facilities::school_entry(child.born, self.rule);
        let stay = Stay {
            child: ChildId::new(),
            birth: child.born,
            from: child.from,
            until: child.last_day.map_or(entry, |day| day + Days::new(1)),
        };
        facilities::segments(&stay, entry).unwrap_or_default()
    }
}

/// Whole months.
fn months_old(born: NaiveDate, today: NaiveDate) -> i64 {
    let begun = i64::from(facilities::months_between(born, today));
    begun - i64::from(today.day() < born.day())
}

/// Whether `spare` places are left in every month in which one more child is there.
fn has_room(house: &House, taken: &[Segment], more: &[Segment], spare: i64, today: NaiveDate) -> bool {
    let there = |s: &Segment, month: NaiveDate| s.from_month <= month && month < s.until_month;
    (0..AHEAD).map(|n| first_of(today) + Months::new(n)).all(|month| {
        more.iter().filter(|s| there(s, month)).all(|own| {
            let others = taken.iter().filter(|s| s.band == own.band && there(s, month)).count();
            i64::try_from(others).unwrap_or(i64::MAX) + spare < house.places(own.band)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::houses::HOUSES;

    #[test]
    fn a_house_is_nearly_full_and_never_too_full_on_any_day_of_the_year() {
        for month in 1..=12 {
            let today = NaiveDate::from_ymd_opt(2026, month, 28).unwrap();
            let mut people = People::of("test");
            let mut town = Town::new(today, SchoolRule::default(), &mut people);
            HOUSES.iter().for_each(|house| town.fill(house, 6));
            for house in &HOUSES {
                let here: Vec<&Child> = town.children.iter().filter(|c| c.facility == house.name).collect();
                let all: Vec<Segment> = here.iter().flat_map(|child| town.segments(child)).collect();
                for band in [AgeBand::Under3, AgeBand::Over3] {
                    let taken = |ahead: u32| {
                        let month = first_of(today) + Months::new(ahead);
                        let there = all
                            .iter()
                            .filter(|s| s.band == band && s.from_month <= month && month < s.until_month);
                        i64::try_from(there.count()).unwrap()
                    };
                    let places = house.places(band);
                    assert!(
                        (0..4).all(|n| taken(n) <= places - 2),
                        "{today} {} {band:?}",
                        house.name
                    );
                    assert!(
                        (4..24).all(|n| taken(n) <= places - 6),
                        "{today} {} {band:?}",
                        house.name
                    );
                    assert!(
                        taken(0) * 10 >= places * 6,
                        "{today} {} {band:?}: {}",
                        house.name,
                        taken(0)
                    );
                }
                for child in &here {
                    assert!(child.from <= today && child.born < child.from, "{today} {}", child.born);
                    let places = house.groups.iter().find(|plan| Some(plan.name) == child.group);
                    let age = months_old(child.born, today);
                    // A few stay on until school for a month after they are seven.
                    let fits = |plan: &Plan| (plan.ages.0..=plan.ages.1).contains(&age);
                    assert!(places.is_none_or(fits), "{today} {age}");
                }
                let without = here.iter().filter(|child| child.group.is_none()).count();
                // Who is three these days may wait for a place among the large ones.
                assert!((1..=2).contains(&without), "{today} {}: {without}", house.name);
            }
            let names: BTreeSet<_> = town
                .children
                .iter()
                .map(|c| (c.first_name, c.family.last_name))
                .collect();
            assert!(
                names.len() + 3 > town.children.len(),
                "hardly any two children have one name"
            );
        }
    }
}
