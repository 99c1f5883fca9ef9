//! Free places for a child, as the public search tells them. Pure.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::facilities::capacity::{HORIZON, Segment, Stay, months_after, months_between, segments};
use crate::facilities::model::AgeBand;
use crate::platform::clock::month_of;
use crate::platform::ids::ChildId;

/// Whether a facility has a place for a child.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AvailabilityState {
    /// Green: a place in every month from the start to school entry.
    Covered,
    /// Yellow: a place in some of these months.
    Partly,
    /// No place in any month that is known.
    Full,
    /// The facility did not say.
    Unknown,
}

/// Free places of a facility.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Availability {
    /// In one word.
    pub state: AvailabilityState,
    /// The age band in which the child starts (without a child: the youngest of the facility).
    pub age_band: Option<AgeBand>,
    /// First day on which a place is free.
    pub free_from: Option<NaiveDate>,
    /// Last day on which it is; `null` when it is to the end.
    pub free_until: Option<NaiveDate>,
    /// When the facility confirmed its figures.
    pub confirmed_on: Option<NaiveDate>,
    /// The confirmation is older than the municipality allows, or there is none.
    pub stale: bool,
    /// The figures are made up for a demonstration.
    pub is_example: bool,
}

/// Bookable places of one age band, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Age band.
    pub band: AgeBand,
    /// Month of the first entry.
    pub base_month: NaiveDate,
    /// Bookable places by month; `None` is unknown.
    pub bookable: Vec<Option<i32>>,
    /// Permitted places of the first month.
    pub licensed: Option<i32>,
    /// When it was confirmed.
    pub confirmed_on: Option<NaiveDate>,
    /// Whether it was made up.
    pub is_example: bool,
}

impl Pool {
    /// Bookable places in a month.
    pub fn at(&self, month: NaiveDate) -> Option<i32> {
        let index = usize::try_from(months_between(self.base_month, month)).ok()?;
        self.bookable.get(index).copied().flatten()
    }
}

/// The months in which a child needs a place, by age band.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// In order of time; for [`Wanted::youngest`] one an age band, of which the facility's youngest counts.
    pub segments: Vec<Segment>,
    /// No child is known: the facility's youngest age band counts.
    pub youngest: bool,
}

/// A child for whom a place is looked for: its (expected) birth and the day on which it enters school.
#[derive(Debug, Clone, Copy)]
pub struct Born {
    /// (Expected) date of birth.
    pub birth: NaiveDate,
    /// First day of school.
    pub entry: NaiveDate,
}

/// Months that count when no child is known, or when it is a schoolchild already.
const A_YEAR: u32 = 12;

impl Wanted {
    /// What a child born on `birth` needs from `start` on; months gone by and months beyond the horizon do not count.
    pub fn of(child: Option<Born>, start: Option<NaiveDate>, today: NaiveDate) -> Self {
        let base = month_of(today);
        let start = start.unwrap_or(today).max(base);
        let horizon = months_after(base, u32::try_from(HORIZON).unwrap_or(0));
        let year = months_after(month_of(start), A_YEAR);
        let Some(Born { birth, entry }) = child else {
            let all = AgeBand::ALL.iter().map(|band| Segment {
                band: *band,
                from_month: month_of(start),
                until_month: year,
            });
            return Self {
                segments: all.collect(),
                youngest: true,
            };
        };
        let until = if month_of(start) < month_of(entry) {
            month_of(entry)
        } else {
            year
        };
        let stay = Stay {
            child: ChildId(uuid::Uuid::nil()),
            birth,
            from: start,
            until,
        };
        let clipped = segments(&stay, entry).unwrap_or_default().into_iter().map(|s| Segment {
            until_month: s.until_month.min(horizon),
            ..s
        });
        Self {
            segments: clipped.filter(|s| s.from_month < s.until_month).collect(),
            youngest: false,
        }
    }

    /// What a facility with these pools has for it.
    pub fn availability(&self, pools: &[Pool], today: NaiveDate, stale_after_days: i32) -> Availability {
        let pool = |band| pools.iter().find(|p| p.band == band);
        let counted: Vec<&Segment> = if self.youngest {
            self.segments
                .iter()
                .find(|s| pool(s.band).is_some())
                .into_iter()
                .collect()
        } else {
            self.segments.iter().collect()
        };
        let months: Vec<(NaiveDate, Option<i32>)> = counted
            .iter()
            .flat_map(|s| s.months().map(|m| (m, pool(s.band).and_then(|p| p.at(m)))))
            .collect();
        let free = |value: &Option<i32>| value.is_some_and(|n| n >= 1);
        let run = months.iter().skip_while(|(_, n)| !free(n));
        let run: Vec<_> = run.take_while(|(_, n)| free(n)).map(|(m, _)| *m).collect();
        let state = if !months.is_empty() && run.len() == months.len() {
            AvailabilityState::Covered
        } else if !run.is_empty() {
            AvailabilityState::Partly
        } else if months.iter().any(|(_, n)| n.is_some()) {
            AvailabilityState::Full
        } else {
            AvailabilityState::Unknown
        };
        let to_the_end = run.last() == months.last().map(|(m, _)| m);
        let last_day = |m: &NaiveDate| months_after(*m, 1).checked_sub_days(Days::new(1));
        let told: Vec<&Pool> = counted.iter().filter_map(|s| pool(s.band)).collect();
        let confirmed_on = told.iter().map(|p| p.confirmed_on).min().flatten();
        Availability {
            state,
            age_band: counted.first().map(|s| s.band),
            free_from: run.first().copied(),
            free_until: run.last().filter(|_| !to_the_end).and_then(last_day),
            confirmed_on,
            stale: !told.is_empty() && is_stale(confirmed_on, today, stale_after_days),
            is_example: told.iter().any(|p| p.is_example),
        }
    }
}

/// Whether a figure's confirmation is too old to be trusted.
pub fn is_stale(confirmed_on: Option<NaiveDate>, today: NaiveDate, after_days: i32) -> bool {
    confirmed_on.is_none_or(|on| (today - on).num_days() > i64::from(after_days))
}

/// The corners of the square around a circle, for the index: south, north, west, east.
pub fn bounding_box(latitude: f64, longitude: f64, metres: f64) -> [f64; 4] {
    let up = metres / 111_000.0;
    // Towards the poles a degree of longitude gets shorter; Germany ends at 55 degrees, the floor only avoids a division by zero.
    let aside = up / latitude.to_radians().cos().max(0.01);
    [latitude - up, latitude + up, longitude - aside, longitude + aside]
}

/// Words of a search text, at most eight, without the signs that a pattern would read.
pub fn words(text: &str) -> Vec<String> {
    let clean: String = text
        .chars()
        .take(200)
        .filter(|c| !matches!(c, '%' | '_' | '\\'))
        .collect();
    let clean = clean.replace([',', ';'], " ");
    crate::facilities::catalogue::search_words(&clean)
        .split_whitespace()
        .take(8)
        .map(str::to_owned)
        .collect()
}

/// A street without its house number: a text whose last word begins with a digit loses that word.
pub fn without_house_number(street: &str) -> String {
    let street = street.trim();
    match street.rsplit_once(' ') {
        Some((name, last)) if last.starts_with(|c: char| c.is_ascii_digit()) => name.trim().to_owned(),
        _ => street.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn pool(band: AgeBand, bookable: impl Fn(usize) -> Option<i32>) -> Pool {
        Pool {
            band,
            base_month: day("2027-02-01"),
            bookable: (0..HORIZON).map(bookable).collect(),
            licensed: None,
            confirmed_on: Some(day("2027-01-15")),
            is_example: false,
        }
    }

    fn state(pools: &[Pool]) -> Availability {
        // Over three from April 2029, to school in August 2032.
        let wanted = Wanted::of(
            Some(Born {
                birth: day("2026-03-10"),
                entry: day("2032-08-01"),
            }),
            Some(day("2027-08-01")),
            day("2027-02-01"),
        );
        wanted.availability(pools, day("2027-02-01"), 60)
    }

    #[test]
    fn green_needs_a_place_in_every_month_to_school_entry() {
        let (under, over) = (pool(AgeBand::Under3, |_| Some(1)), pool(AgeBand::Over3, |_| Some(2)));
        let green = state(&[under.clone(), over.clone()]);
        assert_eq!((green.state, green.free_until), (AvailabilityState::Covered, None));
        assert_eq!(green.free_from, Some(day("2027-08-01")));
        let late = pool(AgeBand::Over3, |n| Some(i32::from(n < 40)));
        let yellow = state(&[under.clone(), late]);
        assert_eq!(
            (yellow.state, yellow.free_until),
            (AvailabilityState::Partly, Some(day("2030-05-31")))
        );
        assert_eq!(
            state(&[under]).state,
            AvailabilityState::Partly,
            "what comes after is not known"
        );
        let full = [pool(AgeBand::Under3, |_| Some(0)), pool(AgeBand::Over3, |_| Some(-1))];
        assert_eq!(state(&full).state, AvailabilityState::Full);
        assert_eq!(
            state(&[pool(AgeBand::SchoolAge, |_| Some(9))]).state,
            AvailabilityState::Unknown
        );
        assert_eq!(state(&[]).state, AvailabilityState::Unknown);
    }

    #[test]
    fn without_a_child_the_youngest_band_of_the_facility_counts() {
        let wanted = Wanted::of(None, None, day("2027-02-14"));
        let pools = [pool(AgeBand::Over3, |_| Some(1)), pool(AgeBand::SchoolAge, |_| Some(0))];
        let now = wanted.availability(&pools, day("2027-02-14"), 60);
        assert_eq!(
            (now.state, now.age_band),
            (AvailabilityState::Covered, Some(AgeBand::Over3))
        );
    }

    #[test]
    fn an_old_confirmation_is_stale() {
        assert!(!is_stale(Some(day("2027-01-01")), day("2027-03-02"), 60));
        assert!(is_stale(Some(day("2027-01-01")), day("2027-03-03"), 60));
        assert!(is_stale(None, day("2027-03-03"), 60));
    }

    #[test]
    fn a_search_text_cannot_bring_its_own_pattern() {
        assert_eq!(words("100% Müllerstr. _x"), ["100", "müllerstraße", "x"]);
        assert_eq!(without_house_number("Lange Straße 12a"), "Lange Straße");
        assert_eq!(without_house_number("Straße des 17. Juni"), "Straße des 17. Juni");
    }
}
