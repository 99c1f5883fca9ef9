//! Places: what the facility said it can run, what offers and contracts take, and what is left to book.
//!
//! Invariants: no offer holds a place that is not bookable in every month of the stay, also under many hands at once; the pool equals
//! what [`model::ladder`] derives from figures and occupancy after every command; unknown capacity stays unknown.

pub(super) mod basis;
mod closures;
mod figures;
pub(super) mod forecast;
mod guests;
pub(super) mod http;
mod known;
mod licence;
mod model;
mod places;
mod pool;
mod presence;
mod school;
mod site;
mod staffing;
mod store;
mod taking;

pub(super) use basis::keep_licence;
pub use basis::{Basis, Closure, Contingent, Group, Permit, PermitPlaces, Staff, holds, put_basis};
pub use figures::{capacity_version, confirm_figures, put_figure};
pub use forecast::{Forecast, ForecastBand, ForecastMonth, forecast_areas};
pub use guests::{NoRoom, Present, present, room_for};
use known::{Known, sites};
pub use known::{OpenDays, basis, open_days, open_days_at, staffing_rule};
pub use model::{
    CapacityError, HORIZON, NewFigure, Rung, Segment, Stay, age_band_on, first_month_over3, ladder, months_after,
    months_between, segments, third_birthday, usual_end,
};
pub use places::{Places, Stayer, places};
use pool::rebuild;
pub use pool::rebuild_many;
pub(super) use pool::{licence_changed, roll_forward};
pub use school::{SchoolEntries, school_entries, school_entries_on, school_entry, school_entry_of, school_rule};
pub use staffing::StaffingRule;
pub use taking::{
    end_place, extend_place, follow_birth, hold_place, lock_places, may_extend, occupy_place, release_place,
    take_known_places, times_agreed,
};
