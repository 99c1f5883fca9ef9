//! The ladder of places by month, and which age bands a stay passes through. Pure.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::model::{AgeBand, CareType, FacilityKind};
use super::site::Limit;
use crate::platform::clock::month_of;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::ChildId;
use crate::platform::week::WeekTimes;

/// Months that the place pool looks ahead, from the current one: seven years, birth to school entry.
pub const HORIZON: usize = 84;

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

/// Why a place cannot be taken, or figures cannot be entered.
#[derive(Debug, thiserror::Error)]
pub enum CapacityError {
    /// No place is bookable in some month of the stay.
    #[error("no bookable place for {} in {month}", .band.as_str())]
    NoPlace {
        /// The age band.
        band: AgeBand,
        /// The first month without a place.
        month: NaiveDate,
    },
    /// The childminder's licence allows no further contract in some month of the stay.
    #[error("the licence allows no further contract in {month}")]
    ContractsFull {
        /// The first month with one too many.
        month: NaiveDate,
    },
    /// The facility never said how many places it has for an age band that the stay passes through.
    #[error("the capacity for {} is not known", .0.as_str())]
    Unknown(AgeBand),
    /// The stay ends before it begins.
    #[error("the stay ends before it begins")]
    EmptyStay,
    /// The figure falls below what was promised to families.
    #[error("{promised} places are promised in {month}, only {left} would be left")]
    BelowPromised {
        /// The first month in which it does.
        month: NaiveDate,
        /// Places held or occupied by contracts kept here.
        promised: i32,
        /// What the new figure leaves for them.
        left: i32,
    },
    /// Children were placed in a group that would be removed.
    #[error("children were placed in a group that is left out; end it by its last day")]
    GroupInUse,
    /// There is no such facility.
    #[error("missing")]
    Missing,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl CapacityError {
    /// The database's fault, if it is one: a job tries again where it may pass.
    pub fn database(&self) -> Option<&sqlx::Error> {
        match self {
            Self::Db(error) => Some(error),
            _ => None,
        }
    }
}

/// A figure as the facility entered it, or as it counts after all that bounds it; it holds from its month until the next figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// First month.
    pub from_month: NaiveDate,
    /// Places of the operating permit.
    pub licensed: i32,
    /// Places that today's staff can run.
    pub operable: i32,
    /// Whether the facility set `operable` itself, with a reason.
    pub by_hand: bool,
    /// What bounds `operable`.
    pub limit: Limit,
    /// Places kept for a purpose.
    pub reserved: i32,
    /// Places taken by children whose contracts are not kept here.
    pub occupied_external: i32,
    /// When the facility confirmed it.
    pub confirmed_on: Option<NaiveDate>,
    /// Whether it was made up for a demo.
    pub is_example: bool,
}

/// A place taken for some months, by an open offer (`held`) or a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// By an offer that is still open.
    pub held: bool,
    /// First month.
    pub from_month: NaiveDate,
    /// First month in which the place is free again.
    pub until_month: NaiveDate,
    /// The times of the week that are agreed with a childminder; `None`: all day on every day.
    pub week: Option<WeekTimes>,
}

/// One month of the ladder. `bookable` may be negative: more is promised than today's staff can run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rung {
    /// First day of the month.
    pub month: NaiveDate,
    /// Places of the permit.
    pub licensed: i32,
    /// Places that today's staff can run.
    pub operable: i32,
    /// Places taken by contracts, kept here or not.
    pub occupied: i32,
    /// Places held by open offers.
    pub held: i32,
    /// Places kept for a purpose.
    pub reserved: i32,
    /// `operable − occupied − held − reserved`.
    pub bookable: i32,
    /// What bounds `operable`.
    pub limited_by: Limit,
}

impl Taken {
    /// Whether it takes a place in a month.
    pub fn in_month(&self, month: NaiveDate) -> bool {
        self.from_month <= month && month < self.until_month
    }
}

/// A figure as it is entered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"from_month": "2027-08-01", "licensed": 60, "operable": 54, "operable_reason": "one post is vacant",
    "operable_since": "2027-03-01", "occupied_external": 40}))]
pub struct NewFigure {
    /// First month; any day of it may be given.
    pub from_month: NaiveDate,
    /// Places of the operating permit, 0 to 2000.
    pub licensed: i32,
    /// Places that today's staff can run, at most `licensed`.
    pub operable: i32,
    /// Why fewer can be run than licensed; needed then.
    #[serde(default)]
    pub operable_reason: Option<String>,
    /// Since when; needed with a reason.
    #[serde(default)]
    pub operable_since: Option<NaiveDate>,
    /// Places taken by children whose contracts are not kept here.
    #[serde(default)]
    pub occupied_external: i32,
    /// Made up for a demo; not settable from outside.
    #[serde(skip)]
    pub is_example: bool,
}

impl NewFigure {
    /// A figure whose permitted places are all run.
    pub fn of(from_month: NaiveDate, places: i32) -> Self {
        Self {
            from_month,
            licensed: places,
            operable: places,
            operable_reason: None,
            operable_since: None,
            occupied_external: 0,
            is_example: false,
        }
    }

    /// The figure without needless blanks, from the first of its month; or what is wrong with it.
    pub fn checked(&self) -> Result<Self, Invalid> {
        let text = |t: &Option<String>| t.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned);
        let me = Self {
            from_month: month_of(self.from_month),
            operable_reason: text(&self.operable_reason),
            ..self.clone()
        };
        let mut fields = Fields::new();
        let years = 2000..=2200;
        fields.check(years.contains(&me.from_month.year()), "/from_month", "out_of_range");
        for (value, pointer) in [
            (me.licensed, "/licensed"),
            (me.operable, "/operable"),
            (me.occupied_external, "/occupied_external"),
        ] {
            fields.check((0..=2000).contains(&value), pointer, "out_of_range");
        }
        fields.check(me.operable <= me.licensed, "/operable", "above_licensed");
        fields.check(
            me.operable >= me.licensed || me.operable_reason.is_some(),
            "/operable_reason",
            "required",
        );
        let length = me.operable_reason.as_deref().map_or(0, |t| t.chars().count());
        fields.check(length <= 500, "/operable_reason", "too_long");
        // What is set by hand goes before the staff: with a reason, and since when.
        let dated = me.operable_reason.is_none() || me.operable_since.is_some();
        fields.check(dated, "/operable_since", "required");
        let since = me.operable_since.is_none_or(|d| years.contains(&d.year()));
        fields.check(since, "/operable_since", "out_of_range");
        fields.finish()?;
        Ok(me)
    }
}

/// Refuses figures that leave fewer places than were promised (open offers, contracts kept here) in some month from `from` on.
///
/// A reservation counts too: who reserves takes from what is free, not from a family. An edit of a facility that is overbooked already
/// passes when no month gets worse, else nobody could mend it step by step.
pub fn check_promises(
    before: &[Figure],
    after: &[Figure],
    taken: &[Taken],
    from: NaiveDate,
) -> Result<(), CapacityError> {
    let last = taken.iter().map(|t| t.until_month).max().unwrap_or(from);
    let months = usize::try_from(months_between(from, last)).unwrap_or(0);
    for rung in ladder(after, taken, from, months).into_iter().flatten() {
        let was = self::rung(before, taken, rung.month).map_or(0, |r| r.bookable);
        let promised = taken.iter().filter(|t| t.in_month(rung.month)).count();
        let promised = i32::try_from(promised).unwrap_or(i32::MAX);
        if promised > 0 && rung.bookable < was.min(0) {
            let left = rung.bookable.saturating_add(promised);
            return Err(CapacityError::BelowPromised {
                month: rung.month,
                promised,
                left,
            });
        }
    }
    Ok(())
}

/// The month `n` months after another.
pub fn months_after(month: NaiveDate, n: u32) -> NaiveDate {
    month.checked_add_months(Months::new(n)).unwrap_or(NaiveDate::MAX)
}

/// Whole months from one first-of-month to another; negative when `to` is earlier.
pub fn months_between(from: NaiveDate, to: NaiveDate) -> i32 {
    let number = |d: NaiveDate| d.year() * 12 + i32::try_from(d.month()).unwrap_or(1);
    number(to) - number(from)
}

/// The ladder of one month; `None` before the first figure, because unknown stays unknown. `figures` are sorted by month.
pub fn rung(figures: &[Figure], taken: &[Taken], month: NaiveDate) -> Option<Rung> {
    let count = |held: bool| {
        let n = taken.iter().filter(|t| t.held == held && t.in_month(month)).count();
        i32::try_from(n).unwrap_or(i32::MAX)
    };
    rung_of(figures, count(false), count(true), month)
}

/// The same for so many places taken by contracts kept here and held by open offers.
pub fn rung_of(figures: &[Figure], occupied: i32, held: i32, month: NaiveDate) -> Option<Rung> {
    let figure = figures.iter().rev().find(|f| f.from_month <= month)?;
    let occupied = figure.occupied_external.saturating_add(occupied);
    Some(Rung {
        month,
        licensed: figure.licensed,
        operable: figure.operable,
        occupied,
        held,
        reserved: figure.reserved,
        bookable: figure
            .operable
            .saturating_sub(occupied)
            .saturating_sub(held)
            .saturating_sub(figure.reserved),
        limited_by: figure.limit,
    })
}

/// The ladder of `months` months from `base` on.
pub fn ladder(figures: &[Figure], taken: &[Taken], base: NaiveDate, months: usize) -> Vec<Option<Rung>> {
    (0..u32::try_from(months).unwrap_or(0))
        .map(|n| rung(figures, taken, months_after(base, n)))
        .collect()
}

/// The figure that stands for freshness: the one in force in a month, or the first one to come.
pub fn current(figures: &[Figure], month: NaiveDate) -> Option<&Figure> {
    figures
        .iter()
        .rev()
        .find(|f| f.from_month <= month)
        .or_else(|| figures.first())
}

/// The day on which a child is three years old. Born on 29 February, it is three on 1 March of a common year (§ 188 BGB).
pub fn third_birthday(birth: NaiveDate) -> NaiveDate {
    birthday(birth, 3)
}

pub(super) fn birthday(birth: NaiveDate, years: i32) -> NaiveDate {
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

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
