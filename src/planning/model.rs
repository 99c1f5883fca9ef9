//! Adding up places and children. Pure, whole numbers only.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facilities::{AgeBand, Forecast, SchoolEntries, age_band_on, months_after};
use crate::platform::fields::{Fields, Invalid};

/// More planning areas and years than any municipality has.
const MOST_ROWS: usize = 5000;

/// Children of a birth year in a planning area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"area": "Plagwitz", "birth_year": 2026, "children": 180}))]
pub struct Population {
    /// Name of the planning area, as facilities have it; empty: not known.
    #[schema(max_length = 200)]
    pub area: String,
    /// Year of birth.
    #[schema(minimum = 2000, maximum = 2100)]
    pub birth_year: i32,
    /// How many.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub children: i32,
}

/// What the office enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"as_of": "2026-12-31", "target_under3": 45, "target_over3": 98, "target_school_age": 60,
    "population": [{"area": "Plagwitz", "birth_year": 2026, "children": 180}]}))]
pub struct NeedsPlan {
    /// Day on which the register of residents was counted.
    pub as_of: NaiveDate,
    /// Percent of children below three for whom there shall be a place.
    #[schema(minimum = 0, maximum = 100)]
    pub target_under3: i32,
    /// Percent of children from three years to school entry.
    #[schema(minimum = 0, maximum = 100)]
    pub target_over3: i32,
    /// Percent of schoolchildren.
    #[schema(minimum = 0, maximum = 100)]
    pub target_school_age: i32,
    /// Children by planning area and birth year.
    #[schema(max_items = 5000)]
    pub population: Vec<Population>,
}

impl NeedsPlan {
    /// Without blanks around names; or what is wrong with it.
    pub fn checked(&self, today: NaiveDate) -> Result<Self, Invalid> {
        let mut me = self.clone();
        let mut fields = Fields::new();
        fields.check(me.as_of <= today, "/as_of", "in_future");
        for (percent, at) in [
            (me.target_under3, "/target_under3"),
            (me.target_over3, "/target_over3"),
            (me.target_school_age, "/target_school_age"),
        ] {
            fields.check((0..=100).contains(&percent), at, "out_of_range");
        }
        fields.check(me.population.len() <= MOST_ROWS, "/population", "too_many");
        let mut seen = BTreeSet::new();
        for (n, row) in me.population.iter_mut().enumerate().take(MOST_ROWS) {
            let at = |name: &str| format!("/population/{n}/{name}");
            row.area = row.area.trim().to_owned();
            fields.check(row.area.chars().count() <= 200, &at("area"), "too_long");
            fields.check(
                (2000..=2100).contains(&row.birth_year),
                &at("birth_year"),
                "out_of_range",
            );
            fields.check((0..=1_000_000).contains(&row.children), &at("children"), "out_of_range");
            let new = seen.insert((row.area.clone(), row.birth_year));
            fields.check(new, &at("birth_year"), "twice");
        }
        fields.finish()?;
        Ok(me)
    }

    fn target(&self, band: AgeBand) -> i32 {
        match band {
            AgeBand::Under3 => self.target_under3,
            AgeBand::Over3 => self.target_over3,
            AgeBand::SchoolAge => self.target_school_age,
        }
    }
}

/// Children of the same birthday who wait for a place from the same month on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// District of the facility wished first; empty: not known.
    pub area: String,
    /// (Expected) date of birth.
    pub birth: NaiveDate,
    /// First day of school, where it was decided.
    pub decided_entry: Option<NaiveDate>,
    /// First month for which a place is wished.
    pub from_month: NaiveDate,
    /// How many.
    pub count: i32,
}

/// A month of a planning area and age band.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Places that can be run.
    pub places: i32,
    /// Places taken by contracts and open offers.
    pub taken: i32,
    /// Places that can still be given.
    pub free: i32,
    /// Children without a place and without an open offer who wish one by then, by the registrations of today.
    pub waiting: i32,
    /// Children who live here; `null` where the office has entered nothing.
    pub children: Option<i32>,
    /// Children for whom there shall be a place.
    pub needed: Option<i32>,
}

/// The months of an age band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BandPlan {
    /// The age band.
    pub age_band: AgeBand,
    /// 24 months from the current one.
    pub months: Vec<PlanMonth>,
}

/// A planning area.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AreaPlan {
    /// Name of the planning area; empty for facilities and children of whom none is known.
    pub area: String,
    /// Middle of its facilities, for the map.
    pub latitude: Option<f64>,
    /// Middle of its facilities, for the map.
    pub longitude: Option<f64>,
    /// Open facilities in it.
    pub facilities: i32,
    /// By age band.
    pub bands: Vec<BandPlan>,
}

/// What is asked for.
pub(super) struct Asked<'a> {
    /// First month.
    pub base: NaiveDate,
    /// When school begins.
    pub entries: &'a SchoolEntries,
    /// Births after the last year that was entered, in percent of that year.
    pub births_percent: i32,
}

/// The middle of the facilities of each area.
pub(super) type Positions = BTreeMap<String, (f64, f64)>;

/// Every area that has a facility, a waiting child or a population, by name.
pub(super) fn areas(
    asked: &Asked<'_>,
    plan: Option<&NeedsPlan>,
    places: &[(String, Forecast)],
    waiting: &[Waiting],
    positions: &Positions,
) -> Vec<AreaPlan> {
    let mut names: BTreeSet<&str> = places.iter().map(|(name, _)| name.as_str()).collect();
    names.extend(waiting.iter().map(|w| w.area.as_str()));
    names.extend(plan.iter().flat_map(|p| &p.population).map(|row| row.area.as_str()));
    let one = |name: &str| {
        let forecast = places.iter().find(|(area, _)| area == name).map(|(_, f)| f);
        let here: Vec<&Waiting> = waiting.iter().filter(|w| w.area == name).collect();
        let cohorts = plan.and_then(|p| Cohorts::of(p, name, asked));
        let band = |band: &AgeBand| BandPlan {
            age_band: *band,
            months: months(asked, *band, forecast, &here, cohorts.as_ref(), plan),
        };
        AreaPlan {
            area: name.to_owned(),
            latitude: positions.get(name).map(|p| p.0),
            longitude: positions.get(name).map(|p| p.1),
            facilities: forecast.map_or(0, |f| f.facilities),
            bands: AgeBand::ALL.iter().map(band).collect(),
        }
    };
    names.into_iter().map(one).collect()
}

fn months(
    asked: &Asked<'_>,
    band: AgeBand,
    forecast: Option<&Forecast>,
    waiting: &[&Waiting],
    cohorts: Option<&Cohorts<'_>>,
    plan: Option<&NeedsPlan>,
) -> Vec<PlanMonth> {
    let known = forecast.and_then(|f| f.bands.iter().find(|b| b.age_band == band));
    let one = |n: u32| {
        let month = months_after(asked.base, n);
        let here = known.and_then(|b| b.months.iter().find(|m| m.month == month));
        let children = cohorts.map(|c| c.children(band, month));
        PlanMonth {
            month,
            places: here.map_or(0, |m| m.operable),
            taken: here.map_or(0, |m| m.occupied + m.held),
            free: here.map_or(0, |m| m.bookable),
            waiting: waiting
                .iter()
                .filter(|w| w.from_month <= month && asked.band(w, month) == band)
                .map(|w| w.count)
                .sum(),
            children,
            needed: children
                .zip(plan)
                .map(|(n, p)| rounded(i64::from(n) * i64::from(p.target(band)), 100)),
        }
    };
    (0..24).map(one).collect()
}

/// Half up.
fn rounded(above: i64, below: i64) -> i32 {
    i32::try_from((2 * above + below) / (2 * below)).unwrap_or(i32::MAX)
}

impl Asked<'_> {
    fn band(&self, waiting: &Waiting, month: NaiveDate) -> AgeBand {
        let decided = waiting.decided_entry;
        let entry = decided.unwrap_or_else(|| self.entries.by_rule(waiting.birth));
        age_band_on(waiting.birth, month, entry)
    }
}

/// Twelfths of children by month of birth: a register counts years, children come through the year alike.
struct Cohorts<'a> {
    /// Month of birth, band by month is worked out from its middle; twelfths of children.
    births: Vec<(NaiveDate, i64)>,
    entries: &'a SchoolEntries,
}

impl<'a> Cohorts<'a> {
    /// `None` where nothing was entered for the area.
    fn of(plan: &NeedsPlan, area: &str, asked: &Asked<'a>) -> Option<Self> {
        let rows = plan.population.iter().filter(|row| row.area == area);
        let years: BTreeMap<i32, i32> = rows.map(|row| (row.birth_year, row.children)).collect();
        let (last, newest) = years.last_key_value().map(|(y, n)| (*y, *n))?;
        let mut births = Vec::new();
        for year in *years.keys().next()?..=months_after(asked.base, 24).year() {
            // Years to come are taken to be as the last one, times the scenario.
            let twelfths = match years.get(&year) {
                Some(children) => i64::from(*children) * 100,
                None if year > last => i64::from(newest) * i64::from(asked.births_percent),
                None => 0,
            };
            births.extend((1..=12).filter_map(|m| Some((NaiveDate::from_ymd_opt(year, m, 15)?, twelfths))));
        }
        Some(Self {
            births,
            entries: asked.entries,
        })
    }

    /// Children of a band in a month. Primary school lasts four years.
    fn children(&self, band: AgeBand, month: NaiveDate) -> i32 {
        let of_band = |birth: &NaiveDate| {
            let entry = self.entries.by_rule(*birth);
            let left = months_after(entry, 48);
            *birth <= months_after(month, 1) && month < left && age_band_on(*birth, month, entry) == band
        };
        let twelfths = self
            .births
            .iter()
            .filter(|(birth, _)| of_band(birth))
            .map(|(_, n)| n)
            .sum();
        rounded(twelfths, 1200)
    }
}
