//! Providers, facilities and childminders, their places by age band and month, the import of lists, and the public search.
//!
//! Places: `bookable = operable − occupied − held − reserved`, derived into `place_pool` by every command that changes one of them.
//! [`hold_place`], [`occupy_place`] and [`release_place`] are what offers and contracts call; nobody else writes occupancy.

mod capacity;
mod catalogue;
pub mod http;
mod importer;
pub mod jobs;
mod model;
mod search;

pub use capacity::rebuild_many;
pub use capacity::{
    Basis, Closure, Contingent, Group, OpenDays, Permit, PermitPlaces, Staff, StaffingRule, basis, holds, open_days,
    open_days_at, put_basis, staffing_rule,
};
pub use capacity::{
    CapacityError, HORIZON, NewFigure, Places, Rung, Segment, Stay, Stayer, age_band_on, capacity_version,
    confirm_figures, end_place, extend_place, first_month_over3, follow_birth, hold_place, lock_places, may_extend,
    months_after, months_between, occupy_place, places, put_figure, release_place, segments, take_known_places,
    third_birthday, times_agreed, usual_end,
};
pub use capacity::{Forecast, ForecastBand, ForecastMonth, forecast_areas};
pub use capacity::{NoRoom, Present, present, room_for};
pub use capacity::{SchoolEntries, school_entries, school_entries_on, school_entry, school_entry_of, school_rule};
pub use catalogue::{
    CatalogueError, FacilityBrief, FacilityInput, Licence, PlacesNow, ProviderInput, close_days, closing_days_between,
    closing_days_of_all, create_facility, create_provider, end_licence, facility_brief, facility_briefs, facility_name,
    grant_licence, places_now,
};
pub use importer::{
    ImportError, List, Mapping, Report, RowNote, import_facilities, import_postal_codes, import_streets, read_list,
};
pub use model::{AgeBand, CareType, FacilityKind, ProviderKind};
pub use search::{AvailabilityState, lies_elsewhere, lying_elsewhere};
