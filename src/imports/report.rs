//! What an import says of each row, and of the list.

use serde::Serialize;
use utoipa::ToSchema;

use crate::facilities::RowNote;
use crate::platform::ids::ChildId;

/// What happens, or would happen, to a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// A new demand.
    New,
    /// It was imported before, and says the same.
    Known,
    /// It was imported before, and says something else now. What is here stands: the family may have changed it.
    KnownDiffers,
    /// The child is known here already; the row is left out.
    Duplicate,
    /// The row has faults.
    Faulty,
}

/// A row of the report.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RowReport {
    /// Line of the list; the header is row 1.
    pub row: usize,
    /// The other system's id.
    pub source_id: String,
    /// What happens to it.
    pub state: RowState,
    /// What is wrong, with column and code.
    pub faults: Vec<RowNote>,
    /// The child that is known already.
    pub child_id: Option<ChildId>,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub struct FamilyReport {
    /// Rows below the header.
    pub rows: usize,
    /// New demands.
    pub new: usize,
    /// Imported before.
    pub known: usize,
    /// Imported before, and different now.
    pub known_differs: usize,
    /// Children who are known here.
    pub duplicates: usize,
    /// Rows with faults.
    pub faulty: usize,
    /// Faults of the list itself; with one nothing is read.
    pub list_faults: Vec<RowNote>,
    /// Every row.
    pub items: Vec<RowReport>,
    /// Places that new children have already, by a running contract.
    pub contracts: usize,
    /// Something was written.
    pub written: bool,
}

impl FamilyReport {
    pub(super) fn add(&mut self, item: RowReport) {
        self.rows += 1;
        *match item.state {
            RowState::New => &mut self.new,
            RowState::Known => &mut self.known,
            RowState::KnownDiffers => &mut self.known_differs,
            RowState::Duplicate => &mut self.duplicates,
            RowState::Faulty => &mut self.faulty,
        } += 1;
        self.items.push(item);
    }
}

/// The report of a row with faults.
pub(super) fn faulty(row: usize, source_id: String, faults: Vec<RowNote>) -> RowReport {
    RowReport {
        row,
        source_id,
        state: RowState::Faulty,
        faults,
        child_id: None,
    }
}
