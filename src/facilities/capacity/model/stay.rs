//! A child's time in a facility, and which age bands it passes through.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::{CapacityError, Figure, Taken, months_after, rung};
use crate::facilities::model::{AgeBand, CareType, FacilityKind};
use crate::platform::clock::month_of;
use crate::platform::ids::ChildId;
use crate::platform::week::WeekTimes;

/// A child's wished or offered time in a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// The child.
    pub child: ChildId,
    /// Its (expected) date of birth.
    pub birth: NaiveDate,
    /// First day of care.
    pub from: NaiveDate,
    /// First day on which the place is free again.
    pub until: NaiveDate,
}

/// Months of a stay in one age band, half open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// The age band.
    pub band: AgeBand,
    /// First month.
    pub from_month: NaiveDate,
    /// First month in which the place is free again.
    pub until_month: NaiveDate,
}

/// The day on which a child is three years old. Born on 29 February, it is three on 1 March of a common year (§ 188 BGB).
pub fn third_birthday(birth: NaiveDate) -> NaiveDate {
    birthday(birth, 3)
}

/// The day on which a child is so many years old.
pub fn birthday(birth: NaiveDate, years: i32) -> NaiveDate {
    let year = birth.year() + years;
    birth
        .with_year(year)
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// The first month in which a child takes an over-three place: the one after its birthday month. In the birthday month it is still
/// under three on some days and needs the dearer place with more staff; counting it there never promises a place that is not.
pub fn first_month_over3(birth: NaiveDate) -> NaiveDate {
    months_after(month_of(third_birthday(birth)), 1)
}

/// The age band of a child on a day.
pub fn age_band_on(birth: NaiveDate, day: NaiveDate, school_entry: NaiveDate) -> AgeBand {
    let month = month_of(day);
    if month >= month_of(school_entry) {
        AgeBand::SchoolAge
    } else if month >= first_month_over3(birth) {
        AgeBand::Over3
    } else {
        AgeBand::Under3
    }
}

/// How long a child usually stays: to the third birthday in a nursery, to school entry elsewhere, four years of primary school where it
/// comes as a schoolchild.
pub fn usual_end(
    birth: NaiveDate,
    from: NaiveDate,
    school_entry: NaiveDate,
    kind: Option<FacilityKind>,
    care_types: &[CareType],
) -> NaiveDate {
    let nursery_only = kind == Some(FacilityKind::Nursery) || matches!(care_types, [CareType::Nursery]);
    if nursery_only && from < third_birthday(birth) {
        third_birthday(birth)
    } else if from < school_entry {
        school_entry
    } else {
        school_entry.checked_add_months(Months::new(48)).unwrap_or(school_entry)
    }
}

/// The months of a stay, split where the child changes its age band. A month begun is a month taken.
pub fn segments(stay: &Stay, school_entry: NaiveDate) -> Result<Vec<Segment>, CapacityError> {
    if stay.until <= stay.from {
        return Err(CapacityError::EmptyStay);
    }
    let from = month_of(stay.from);
    let last_day = stay.until.checked_sub_days(Days::new(1)).unwrap_or(stay.from);
    let until = months_after(month_of(last_day), 1);
    let (over3, school) = (first_month_over3(stay.birth), month_of(school_entry));
    let parts = [
        (AgeBand::Under3, NaiveDate::MIN, over3),
        (AgeBand::Over3, over3, school),
        (AgeBand::SchoolAge, school, NaiveDate::MAX),
    ];
    Ok(parts
        .into_iter()
        .map(|(band, begins, ends)| Segment {
            band,
            from_month: from.max(begins),
            until_month: until.min(ends),
        })
        .filter(|s| s.from_month < s.until_month)
        .collect())
}

impl Segment {
    /// The place that it takes while an offer holds it.
    pub fn taken(&self, week: Option<WeekTimes>) -> (AgeBand, Taken) {
        let taken = Taken {
            held: true,
            from_month: self.from_month,
            until_month: self.until_month,
            week,
        };
        (self.band, taken)
    }

    /// Its months, one by one.
    pub fn months(&self) -> impl Iterator<Item = NaiveDate> + use<> {
        let (from, until) = (self.from_month, self.until_month);
        (0..)
            .map(move |n| months_after(from, n))
            .take_while(move |m| *m < until)
    }

    /// Refuses when any of its months has fewer bookable places than these.
    pub fn check(&self, figures: &[Figure], taken: &[Taken], least: i32) -> Result<(), CapacityError> {
        for month in self.months() {
            match rung(figures, taken, month) {
                None => return Err(CapacityError::Unknown(self.band)),
                Some(rung) if rung.bookable < least => {
                    return Err(CapacityError::NoPlace { band: self.band, month });
                }
                Some(_) => {}
            }
        }
        Ok(())
    }
}
