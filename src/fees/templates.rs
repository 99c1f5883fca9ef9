//! Fee tables of real municipalities to begin with.

use super::model::{Base, Factor, FeeCare, TableInput};

/// A table to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// Short name in requests.
    pub code: &'static str,
    /// Name for people.
    pub name: &'static str,
    /// What a notice would name as its ground.
    pub legal_basis: &'static str,
    /// The table.
    pub table: TableInput,
}

/// The tables that a draft can begin with.
pub fn templates() -> [Template; 1] {
    [Template {
        code: "leipzig_2014",
        name: "Leipzig 2014",
        legal_basis: "Elternbeiträge der Stadt Leipzig ab Januar 2014 (9 Stunden: Krippe 207,52 €, Kindergarten 124,93 €)",
        table: leipzig_2014(),
    }]
}

/// Leipzig from January 2014, 4 to 9 hours on five days a week: the second child pays 60 %, a lone parent 90 % and 50 %, the third is free.
pub(super) fn leipzig_2014() -> TableInput {
    let base = |care, cents| Base {
        care,
        cents,
        full_hours: 45,
        hours_per_week: vec![20, 25, 30, 35, 40, 45],
    };
    let factor = |lone_parent, child, percent| Factor {
        lone_parent,
        child,
        percent,
    };
    TableInput::Formula {
        bases: vec![base(FeeCare::Nursery, 20752), base(FeeCare::Kindergarten, 12493)],
        factors: vec![
            factor(false, 1, 100),
            factor(false, 2, 60),
            factor(false, 3, 0),
            factor(true, 1, 90),
            factor(true, 2, 50),
            factor(true, 3, 0),
        ],
    }
}
