//! A list as a table on paper.

use serde_json::{Value, json};

use super::model::Letterhead;

/// What stands in the table.
#[derive(Debug, Clone)]
pub struct TablePaper {
    /// What it is.
    pub title: String,
    /// The heads of the columns.
    pub headers: Vec<String>,
    /// The rows, each with as many cells.
    pub rows: Vec<Vec<String>>,
}

impl TablePaper {
    pub(super) fn values(&self, head: &Letterhead) -> Value {
        json!({ "facts": head.facts(None), "title": self.title, "headers": self.headers, "rows": self.rows })
    }
}
