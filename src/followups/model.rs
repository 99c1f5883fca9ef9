//! Who is next for a vacancy, and who is passed over and why. Pure.

use std::collections::{HashMap, HashSet};

use chrono::{Months, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::together::{self, Base, Said};
use crate::allocation::rounds::DeviationReason;
use crate::demands::{DemandState, PreferenceState, SiblingAnswer, WaitingWish};
use crate::facilities::{
    AgeBand, CareType, FacilityKind, OpenDays, Places, SchoolEntries, Stay, Stayer, age_band_on, usual_end,
};
use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::{DemandId, FacilityId, PreferenceId};
use crate::platform::week::WeekTimes;

/// So long a place may stay empty for a child that wishes to begin later.
const WAIT_MONTHS: u32 = 3;

/// Why a child of the list is passed over for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "start")]
pub enum Skip {
    /// It has an open offer of this facility.
    OpenOffer,
    /// It has an open offer, and its other wishes rest.
    Paused,
    /// The facility refused it.
    Refused,
    /// Nobody has confirmed the demand yet.
    NotConfirmed,
    /// The family wishes to begin much later, or cannot begin that late.
    Start,
    /// The facility is not open for as long as the family needs.
    Hours,
    /// No place is free for the whole stay.
    Stay,
    /// It lives elsewhere, and its home municipality refused the consent without which there is no contract.
    Residence,
    /// It goes only together with its siblings, and not all of them can have a place here now.
    Siblings,
    /// Nothing is free at all.
    NoVacancy,
}

impl Skip {
    /// The word in API and record.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OpenOffer => "open_offer",
            Self::Paused => "paused",
            Self::Refused => "refused",
            Self::NotConfirmed => "not_confirmed",
            Self::Start => "start",
            Self::Hours => "hours",
            Self::Stay => "stay",
            Self::Residence => "residence",
            Self::Siblings => "siblings",
            Self::NoVacancy => "no_vacancy",
        }
    }
}

/// A free place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Vacancy {
    /// First day on which a child can have it.
    pub free_from: NaiveDate,
    /// So many are free then.
    pub free: i32,
}

/// A child on the list.
#[derive(Debug, Clone)]
pub struct FollowupRow {
    /// The wish.
    pub waiting: WaitingWish,
    /// Its number in the last draw, if it was in it.
    pub lottery: Option<String>,
    /// First day of care, if it gets the place.
    pub care_from: NaiveDate,
    /// Why it is passed over; `None`: the vacancy is something for it.
    pub skip: Option<Skip>,
    /// The place among those who are not passed over, from 1.
    pub position: Option<usize>,
    /// What its family said of siblings who look for places at the same time.
    pub siblings: Option<SiblingAnswer>,
    /// The wishes of siblings who are offered their places together with it, with the list on which each stands.
    pub with: Vec<(AgeBand, PreferenceId)>,
}

impl FollowupRow {
    /// Whether the vacancy is something for it.
    pub(super) fn waits(&self) -> bool {
        self.skip.is_none()
    }

    pub(super) fn demand(&self) -> DemandId {
        self.waiting.wish.demand_id
    }
}

/// A follow-up list as it stands.
#[derive(Debug, Clone)]
pub struct FollowupList {
    /// The facility.
    pub facility_id: FacilityId,
    /// Its name.
    pub facility_name: String,
    /// The age band.
    pub age_band: AgeBand,
    /// What is free.
    pub vacancy: Option<Vacancy>,
    /// Whether whoever looks may offer.
    pub may_offer: bool,
    /// Whether a round that was not released yet gives these places.
    pub round_under_way: bool,
    /// Those who wait by order, then those who are passed over.
    pub rows: Vec<FollowupRow>,
    /// The lists of the other age bands on which siblings stand who are offered their places together.
    pub others: Vec<OtherList>,
}

/// The list of another age band, as it is without looking at siblings.
#[derive(Debug, Clone)]
pub struct OtherList {
    /// The age band.
    pub band: AgeBand,
    /// What is free.
    pub vacancy: Option<Vacancy>,
    /// Those who wait by order, then those who are passed over.
    pub rows: Vec<FollowupRow>,
}

/// A facility as a vacancy sees it.
pub(super) struct Site {
    pub name: String,
    pub kind: Option<FacilityKind>,
    pub care_types: Vec<CareType>,
    pub hours: Option<(NaiveTime, NaiveTime)>,
    pub places: Places,
    pub open: OpenDays,
    pub entries: SchoolEntries,
    /// Guests who cannot have a contract.
    pub no_residence: HashSet<DemandId>,
}

impl Site {
    /// Those who belong on the list of an age band, by their age on the day on which they would begin; in order and numbered.
    fn rows(
        &self,
        band: AgeBand,
        waiting: &[WaitingWish],
        draw: &HashMap<DemandId, String>,
        vacancy: Option<&Vacancy>,
        today: NaiveDate,
    ) -> Vec<FollowupRow> {
        let mut rows = Vec::new();
        for wish in waiting {
            let from = self.care_from(wish, vacancy, today);
            let entry = self.entries.of(wish.child_id, wish.birth);
            if age_band_on(wish.birth, from, entry) == band {
                rows.push(FollowupRow {
                    waiting: wish.clone(),
                    lottery: draw.get(&wish.wish.demand_id).cloned(),
                    care_from: from,
                    skip: self.skip(wish, from, vacancy),
                    position: None,
                    siblings: None,
                    with: Vec::new(),
                });
            }
        }
        put_in_order(&mut rows);
        rows
    }

    /// The first day of care that an offer would name: as wished, once the place is free, and not while the facility is closed.
    fn care_from(&self, waiting: &WaitingWish, vacancy: Option<&Vacancy>, today: NaiveDate) -> NaiveDate {
        let free_from = vacancy.map_or(today, |v| v.free_from);
        let from = waiting.desired_start.max(free_from).max(waiting.birth);
        let entry = self.entries.of(waiting.child_id, waiting.birth);
        self.open.first_for(waiting.birth, entry, from).unwrap_or(from)
    }

    fn skip(&self, waiting: &WaitingWish, from: NaiveDate, vacancy: Option<&Vacancy>) -> Option<Skip> {
        if let Some(skip) = skip_by_state(waiting.wish.state, waiting.demand_state) {
            return Some(skip);
        }
        if self.no_residence.contains(&waiting.wish.demand_id) {
            return Some(Skip::Residence);
        }
        let Some(vacancy) = vacancy else {
            return Some(Skip::NoVacancy);
        };
        if !start_fits(waiting, vacancy.free_from, from) {
            return Some(Skip::Start);
        }
        if !hours_fit(waiting, self.hours) {
            return Some(Skip::Hours);
        }
        (!self.places.has_room(&self.stay(waiting, from))).then_some(Skip::Stay)
    }

    /// The stay of a child that begins on a day.
    fn stay(&self, waiting: &WaitingWish, from: NaiveDate) -> Stayer {
        let entry = self.entries.of(waiting.child_id, waiting.birth);
        let stay = Stay {
            child: waiting.child_id,
            birth: waiting.birth,
            from,
            until: usual_end(waiting.birth, from, entry, self.kind, &self.care_types),
        };
        let week = waiting.window_from.zip(waiting.window_to).map(WeekTimes::every_day);
        Stayer {
            stay,
            week,
            school_entry: entry,
        }
    }

    /// Whether all of these children can have their places at once.
    pub(super) fn have_room<'a>(&self, rows: impl Iterator<Item = &'a FollowupRow>) -> bool {
        let stays: Vec<Stayer> = rows.map(|row| self.stay(&row.waiting, row.care_from)).collect();
        self.places.have_room(&stays)
    }
}

/// The vacancy that a list is about, and the list: the first month in which a place is free and somebody can begin, and where there is
/// none, the first with a free place. So a place that nobody wants now is not kept back for long from whoever does.
pub(super) fn follow_up(
    site: &Site,
    band: AgeBand,
    waiting: &[WaitingWish],
    draw: &HashMap<DemandId, String>,
    today: NaiveDate,
    settle: &dyn Fn(&Vacancy, Vec<FollowupRow>) -> Vec<FollowupRow>,
) -> (Option<Vacancy>, Vec<FollowupRow>) {
    let mut first: Option<(Option<Vacancy>, Vec<FollowupRow>)> = None;
    for (month, free) in site.places.free_months(band) {
        let free_from = month.max(today);
        let vacancy = Vacancy {
            free_from: site.open.first(band, free_from).unwrap_or(free_from),
            free,
        };
        let rows = settle(&vacancy, site.rows(band, waiting, draw, Some(&vacancy), today));
        if rows.first().is_some_and(FollowupRow::waits) {
            return (Some(vacancy), rows);
        }
        let for_siblings = |rows: &[FollowupRow]| rows.iter().any(|row| row.skip == Some(Skip::Siblings));
        // That siblings wait for one another says more than that they could not begin before.
        if first
            .as_ref()
            .is_none_or(|(_, old)| for_siblings(&rows) && !for_siblings(old))
        {
            first = Some((Some(vacancy), rows));
        }
    }
    first.unwrap_or_else(|| (None, site.rows(band, waiting, draw, None, today)))
}

/// The same where families said that their children go only together: with the lists of the other age bands.
pub(super) fn follow_up_together(
    site: &Site,
    facility: FacilityId,
    band: AgeBand,
    waiting: &[WaitingWish],
    draw: &HashMap<DemandId, String>,
    today: NaiveDate,
    said: &Said,
) -> (Option<Vacancy>, Vec<FollowupRow>, Vec<OtherList>) {
    let alone = |_: &Vacancy, rows| rows;
    if said.is_empty() {
        let (vacancy, rows) = follow_up(site, band, waiting, draw, today, &alone);
        return (vacancy, rows, Vec::new());
    }
    let other = |band: AgeBand| {
        let (vacancy, rows) = follow_up(site, band, waiting, draw, today, &alone);
        OtherList { band, vacancy, rows }
    };
    let others: Vec<OtherList> = AgeBand::ALL.iter().filter(|b| **b != band).map(|b| other(*b)).collect();
    let places = |vacancy: Option<&Vacancy>| vacancy.and_then(|v| usize::try_from(v.free).ok()).unwrap_or(0);
    let settle = |vacancy: &Vacancy, rows: Vec<FollowupRow>| {
        let base = |other: &OtherList| Base {
            band: other.band,
            free: places(other.vacancy.as_ref()),
            rows: other.rows.clone(),
        };
        let here = Base {
            band,
            free: places(Some(vacancy)),
            rows,
        };
        together::settle(
            site,
            facility,
            said,
            std::iter::once(here).chain(others.iter().map(base)).collect(),
        )
    };
    let (vacancy, mut rows) = follow_up(site, band, waiting, draw, today, &settle);
    for row in &mut rows {
        row.siblings = said.get(&row.demand()).map(|t| t.answer);
    }
    (vacancy, rows, others)
}

fn skip_by_state(wish: PreferenceState, demand: DemandState) -> Option<Skip> {
    match (wish, demand) {
        (PreferenceState::Offered, _) => Some(Skip::OpenOffer),
        (PreferenceState::Paused, _) => Some(Skip::Paused),
        (PreferenceState::Refused, _) => Some(Skip::Refused),
        (_, DemandState::Confirmed | DemandState::InAllocation) => None,
        // Where offers may stand side by side, one that is pending does not let the wish rest.
        (_, DemandState::OfferPending) => Some(Skip::Paused),
        _ => Some(Skip::NotConfirmed),
    }
}

fn start_fits(waiting: &WaitingWish, free_from: NaiveDate, from: NaiveDate) -> bool {
    let longest = free_from.checked_add_months(Months::new(WAIT_MONTHS));
    let in_time = waiting.latest_start.is_none_or(|latest| latest >= from);
    in_time && longest.is_none_or(|longest| waiting.desired_start <= longest)
}

fn hours_fit(waiting: &WaitingWish, hours: Option<(NaiveTime, NaiveTime)>) -> bool {
    match (hours, waiting.window_from.zip(waiting.window_to)) {
        (Some((opens, closes)), Some((from, to))) => opens <= from && to <= closes,
        _ => true,
    }
}

/// Those who wait first. Among equals by the criteria the smaller number of the last draw goes first, then whoever was in a draw, then
/// whoever came earlier.
pub(super) fn put_in_order(rows: &mut [FollowupRow]) {
    rows.sort_by(|a, b| {
        let late = |row: &FollowupRow| (row.lottery.is_none(), row.lottery.clone());
        (a.skip.is_some().cmp(&b.skip.is_some()))
            .then_with(|| b.waiting.wish.priority.cmp(&a.waiting.wish.priority))
            .then_with(|| late(a).cmp(&late(b)))
            .then_with(|| a.waiting.submitted_at.cmp(&b.waiting.submitted_at))
            .then_with(|| a.waiting.wish.id.cmp(&b.waiting.wish.id))
    });
    let mut last = 0;
    for row in rows {
        last += usize::from(row.skip.is_none());
        row.position = row.skip.is_none().then_some(last);
    }
}

/// An offer from the follow-up list.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"preference_id": "7c0f4a52-9d0e-4a5b-a6a1-0d6f6a1b2c3d", "age_band": "under3", "reason": "hardship",
    "note": "Beschluss vom 3. März 2027, Az. 51.2"}))]
pub struct NewFollowup {
    /// The preference that gets the place.
    pub preference_id: PreferenceId,
    /// On the list of this age band.
    pub age_band: AgeBand,
    /// The published reason, for another one than the next.
    #[serde(default)]
    pub reason: Option<DeviationReason>,
    /// The ground in words, for another one than the next; at most 1,000 characters.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: Option<String>,
}

/// Why somebody else than the next gets the place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Deviation<'a> {
    pub reason: DeviationReason,
    pub note: &'a str,
}

impl NewFollowup {
    /// The reason for whoever leaves the order; for the next there is none, whatever was sent.
    pub(super) fn deviation(&self, position: usize) -> Result<Option<Deviation<'_>>, Invalid> {
        if position == 1 {
            return Ok(None);
        }
        let mut fields = Fields::new();
        fields.check(self.reason.is_some(), "/reason", "required");
        let note = fields.text(self.note.as_deref().unwrap_or_default(), "/note", 1000);
        fields.finish()?;
        Ok(self.reason.map(|reason| Deviation { reason, note }))
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
