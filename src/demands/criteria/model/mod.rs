//! The rules of criteria: questions, versioned sets of them, and what they make of a family's facts. Pure.

mod catalogue;
mod question;
mod rules;
mod samples;
mod score;
mod templates;
mod warnings;

pub use catalogue::{CATALOGUE, CatalogueEntry, catalogue_entry};
pub use question::{CriterionChange, CriterionScope, NewCriterion, Source};
pub use rules::{
    CriterionUse, Evidence, Points, Reserve, ReserveType, Rule, RuleSet, SeatsPer, SetPhase, SetState, Step, TieBreak,
};
pub use samples::{SampleFamily, sample_families};
pub use score::{Derived, EvidenceState, Fact, Facts, Line, Moment, Outcome, Score, score};
pub use templates::{TEMPLATES, Template, template};
pub use warnings::{CourtWarning, warnings};
