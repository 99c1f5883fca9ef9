//! Adding up the ladders of facilities. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::facilities::capacity::model::{Figure, Taken, months_after, months_between, rung_of};
use crate::facilities::capacity::site::Site;
use crate::facilities::model::AgeBand;
use crate::platform::ids::{FacilityId, ProviderId};
use crate::platform::week::WeekTimes;

/// Months ahead, from the current one.
pub(super) const MONTHS: u32 = 24;

/// Whose forecast: one of these, or none for all that the asker reaches.
#[derive(Debug, Default, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ForecastOf {
    /// Of one facility.
    pub facility_id: Option<FacilityId>,
    /// Of all facilities of a provider.
    pub provider_id: Option<ProviderId>,
    /// Of all facilities of a planning area, by the name of the district.
    pub district: Option<String>,
}

impl ForecastOf {
    /// Whether it asks for all in reach.
    pub(super) fn is_everything(&self) -> bool {
        self.facility_id.is_none() && self.provider_id.is_none() && self.district.is_none()
    }
}

/// So many places of a band taken for the same months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spell {
    /// By open offers.
    pub held: bool,
    pub from_month: NaiveDate,
    /// First month in which they are free again.
    pub until_month: NaiveDate,
    /// The times of the week that are agreed with a childminder.
    pub week: Option<WeekTimes>,
    pub count: i32,
}

/// A month of the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForecastMonth {
    /// First day of the month.
    pub month: NaiveDate,
    /// Places of the permits.
    pub licensed: i32,
    /// Places that can be run.
    pub operable: i32,
    /// Places taken by contracts, kept here or not.
    pub occupied: i32,
    /// Places held by open offers.
    pub held: i32,
    /// Places kept for a purpose.
    pub reserved: i32,
    /// Free places, facility by facility; one that is overbooked takes nothing from another's.
    pub bookable: i32,
    /// Places that are promised and cannot be run.
    pub missing: i32,
}

/// The months of an age band.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ForecastBand {
    /// Age band.
    pub age_band: AgeBand,
    /// 24 months from the current one.
    pub months: Vec<ForecastMonth>,
}

/// A forecast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Forecast {
    /// Facilities that it is about.
    pub facilities: i32,
    /// Of these, facilities that never said how many places they have; they count for nothing.
    pub unknown: i32,
    /// By age band; bands of which nothing is known are left out.
    pub bands: Vec<ForecastBand>,
}

fn empty(base: NaiveDate) -> Vec<ForecastMonth> {
    let month = |n| ForecastMonth {
        month: months_after(base, n),
        licensed: 0,
        operable: 0,
        occupied: 0,
        held: 0,
        reserved: 0,
        bookable: 0,
        missing: 0,
    };
    (0..MONTHS).map(month).collect()
}

/// Children by month: occupied and held, from differences at the months in which they change.
fn counts(base: NaiveDate, spells: impl Iterator<Item = Spell>) -> Vec<(i32, i32)> {
    let last = MONTHS as usize;
    let mut steps = vec![[0_i32; 2]; last + 1];
    let at = |month: NaiveDate| usize::try_from(months_between(base, month)).unwrap_or(0).min(last);
    for spell in spells {
        let kind = usize::from(spell.held);
        steps[at(spell.from_month)][kind] += spell.count;
        steps[at(spell.until_month)][kind] -= spell.count;
    }
    let running = steps.into_iter().scan([0, 0], |sum, step| {
        *sum = [sum[0] + step[0], sum[1] + step[1]];
        Some((sum[0], sum[1]))
    });
    running.take(last).collect()
}

impl Forecast {
    /// Of no facility yet.
    pub(super) fn new(base: NaiveDate) -> Self {
        let band = |band: &AgeBand| ForecastBand {
            age_band: *band,
            months: empty(base),
        };
        Self {
            facilities: 0,
            unknown: 0,
            bands: AgeBand::ALL.iter().map(band).collect(),
        }
    }

    /// Adds a facility.
    pub(super) fn add(&mut self, site: &Site, entered: &[(AgeBand, Figure)], spells: &[(AgeBand, Spell)]) {
        self.facilities += 1;
        self.unknown += i32::from(entered.is_empty());
        // Only a childminder's bands bound each other.
        let taken: Vec<_> = match site.childminder {
            true => spells.iter().flat_map(|(band, spell)| spell.each(*band)).collect(),
            false => Vec::new(),
        };
        let months = self.bands.first().into_iter().flat_map(|band| &band.months);
        let Some(base) = months.map(|m| m.month).next() else {
            return;
        };
        let steps = site.figures(entered, &taken, (base, months_after(base, MONTHS)));
        for (band, figures) in self.bands.iter_mut().zip(steps) {
            let of_band = spells
                .iter()
                .filter(|(b, _)| *b == band.age_band)
                .map(|(_, spell)| *spell);
            let of_band: Vec<Spell> = match site.childminder {
                true => {
                    let taken = of_band
                        .flat_map(|spell| spell.each(band.age_band))
                        .map(|(_, taken)| taken);
                    site.places(taken.collect()).into_iter().map(Spell::of).collect()
                }
                false => of_band.collect(),
            };
            for (month, (occupied, held)) in band.months.iter_mut().zip(counts(base, of_band.into_iter())) {
                if let Some(rung) = rung_of(&figures, occupied, held, month.month) {
                    month.licensed += rung.licensed;
                    month.operable += rung.operable;
                    month.occupied += rung.occupied;
                    month.held += rung.held;
                    month.reserved += rung.reserved;
                    month.bookable += rung.bookable.max(0);
                    month.missing += (-rung.bookable).max(0);
                }
            }
        }
    }

    /// Without the bands of which nothing is known.
    pub(super) fn known(mut self) -> Self {
        let idle = |m: &ForecastMonth| m.licensed == 0 && m.occupied == 0 && m.held == 0;
        self.bands.retain(|band| !band.months.iter().all(idle));
        self
    }
}

impl Spell {
    fn of(taken: Taken) -> Self {
        Self {
            held: taken.held,
            from_month: taken.from_month,
            until_month: taken.until_month,
            week: taken.week,
            count: 1,
        }
    }

    fn each(self, band: AgeBand) -> impl Iterator<Item = (AgeBand, Taken)> {
        let taken = Taken {
            held: self.held,
            from_month: self.from_month,
            until_month: self.until_month,
            week: self.week,
        };
        (0..self.count).map(move |_| (band, taken))
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
