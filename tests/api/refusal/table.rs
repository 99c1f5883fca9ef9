//! The reviewed table: what each operation must answer to whom. `table.txt` is the contract, this reads it.

use std::collections::{BTreeMap, BTreeSet};

use super::calls::Operation;

/// Who asks: a column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Who {
    /// No session, an ended one, one of another tenant, one of a suspended account.
    Nobody,
    /// The family here.
    Parent,
    /// A guardian of the family here whose custody ended.
    ExParent,
    /// The family there.
    OtherParent,
    /// Of the facility here.
    Manager,
    /// Of the facility there.
    OtherManager,
    /// Of the provider that runs the facility here.
    ProviderManager,
    /// Of the facility there.
    Childminder,
    Clerk,
    TenantAdmin,
    ReadOnly,
    /// Staff whose last role ended.
    NoRole,
    /// A machine client with every scope.
    Key,
    /// A machine client that may read facilities.
    BareKey,
    /// The platform's operator.
    Operator,
}

impl Who {
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::Nobody, "nobody"),
        (Self::Parent, "parent"),
        (Self::ExParent, "ex_parent"),
        (Self::OtherParent, "other_parent"),
        (Self::Manager, "manager"),
        (Self::OtherManager, "other_manager"),
        (Self::ProviderManager, "provider_manager"),
        (Self::Childminder, "childminder"),
        (Self::Clerk, "clerk"),
        (Self::TenantAdmin, "tenant_admin"),
        (Self::ReadOnly, "read_only"),
        (Self::NoRole, "no_role"),
        (Self::Key, "key"),
        (Self::BareKey, "bare_key"),
        (Self::Operator, "operator"),
    ];

    /// Whose things are the own ones; who has none is at home here.
    pub fn home(self) -> Whose {
        match self {
            Self::OtherParent | Self::OtherManager | Self::Childminder => Whose::There,
            _ => Whose::Here,
        }
    }

    /// Those who reach the whole tenant.
    pub fn is_office(self) -> bool {
        matches!(self, Self::Clerk | Self::TenantAdmin | Self::ReadOnly | Self::Key)
    }
}

/// Whose thing is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The family and the facility here.
    Here,
    /// Another family and facility of the same tenant.
    There,
    /// Another tenant's.
    OtherTenant,
    /// Nobody's.
    Missing,
}

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// The permission holds: success, or a rule of the field that comes after it.
    Allowed,
    /// 401, 403 or 404.
    Refused(u16),
}

/// One operation's row.
#[derive(Debug, Clone)]
pub struct Row {
    /// What some allowed request must answer, so that the requests are known to be good ones: `2xx`, or the code of a rule.
    pub proof: String,
    cells: BTreeMap<Who, (Expected, Expected)>,
}

impl Row {
    /// What is expected of a request.
    pub fn expected(&self, who: Who, whose: Whose) -> Expected {
        let (here, there) = self.cells[&who];
        match (whose, here) {
            (Whose::Here, _) => here,
            (Whose::There, _) => there,
            // Who may not even ask learns nothing about ids; who may, finds nothing.
            (_, Expected::Refused(status @ (401 | 403))) => Expected::Refused(status),
            _ => Expected::Refused(404),
        }
    }
}

/// The rows by operation, in their order.
pub struct Table(pub Vec<(String, Row)>);

impl Table {
    /// The committed table.
    pub fn committed() -> Self {
        Self::parse(include_str!("table.txt"))
    }

    pub fn parse(text: &str) -> Self {
        let mut lines = text.lines().filter(|l| !l.trim().is_empty() && !l.starts_with('#'));
        let head: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
        let names: Vec<&str> = Who::ALL.iter().map(|(_, name)| *name).collect();
        assert_eq!(
            head,
            [&["operation", "proof"], names.as_slice()].concat(),
            "the table's head"
        );
        Self(lines.map(row).collect())
    }

    /// Operations without a row, rows without an operation, rows written twice.
    pub fn gaps(&self, operations: &[Operation]) -> Vec<String> {
        let known: BTreeSet<&str> = operations.iter().map(|o| o.id.as_str()).collect();
        let mut written = BTreeSet::new();
        let twice = self.0.iter().filter(|(id, _)| !written.insert(id.as_str()));
        let mut gaps: Vec<String> = twice.map(|(id, _)| format!("{id}: two rows")).collect();
        gaps.extend(
            known
                .difference(&written)
                .map(|id| format!("{id}: no row in tests/api/refusal/table.txt")),
        );
        gaps.extend(
            written
                .difference(&known)
                .map(|id| format!("{id}: a row, but no operation")),
        );
        gaps
    }
}

fn row(line: &str) -> (String, Row) {
    let cells: Vec<&str> = line.split_whitespace().collect();
    assert_eq!(cells.len(), Who::ALL.len() + 2, "{line}");
    let both = |cell: &str| match cell.split_once('/') {
        Some((here, there)) => (expected(here), expected(there)),
        None => (expected(cell), expected(cell)),
    };
    let row = Row {
        proof: cells[1].to_owned(),
        cells: Who::ALL
            .iter()
            .zip(&cells[2..])
            .map(|((who, _), cell)| (*who, both(cell)))
            .collect(),
    };
    (cells[0].to_owned(), row)
}

fn expected(word: &str) -> Expected {
    match word {
        "ok" => Expected::Allowed,
        "401" => Expected::Refused(401),
        "403" => Expected::Refused(403),
        "404" => Expected::Refused(404),
        _ => panic!("{word} is no answer of the table"),
    }
}
