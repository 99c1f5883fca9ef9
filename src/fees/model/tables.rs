//! Fee tables: worked out from full fees or row by row, and what can be wrong in one.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::facilities::AgeBand;
use crate::platform::fields::{Fields, Invalid};

/// No statute has more; a table beyond this is a mistake.
const MOST_ROWS: usize = 2000;
/// Ten thousand euros a month.
const MOST_CENTS: i32 = 1_000_000;

/// What kind of care a row of a table is for. A child changes it with its third birthday and with school entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeCare {
    /// Below three years.
    Nursery,
    /// From three years to school entry.
    Kindergarten,
    /// Beside school.
    AfterSchool,
}

impl FeeCare {
    /// The care of an age band.
    pub fn of(band: AgeBand) -> Self {
        match band {
            AgeBand::Under3 => Self::Nursery,
            AgeBand::Over3 => Self::Kindergarten,
            AgeBand::SchoolAge => Self::AfterSchool,
        }
    }

    /// The word in API and templates.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nursery => "nursery",
            Self::Kindergarten => "kindergarten",
            Self::AfterSchool => "after_school",
        }
    }
}

/// A row of a fee table: who pays how much a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeRow, example = json!({"care": "nursery", "hours_per_week": 45, "income_up_to": null, "lone_parent": false, "child": 1,
    "cents": 20752}))]
pub struct FeeRow {
    /// The kind of care.
    pub care: FeeCare,
    /// For so many hours a week at most; the next larger row counts beyond it. Rows are of whole hours: that 34 hours and 30 minutes count
    /// as 35 leaves them in the row in which the minutes stand.
    #[schema(minimum = 1, maximum = 60)]
    pub hours_per_week: i32,
    /// For a yearly income of so many euros at most; `null`: for every income above the other rows.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub income_up_to: Option<i32>,
    /// For parents who live alone with the child.
    pub lone_parent: bool,
    /// The first, second … child of the family in care; the last one of a table stands for all after it.
    #[schema(minimum = 1, maximum = 9)]
    pub child: i32,
    /// Cents a month.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub cents: i32,
}

/// What a kind of care costs in full, and for which hours there is a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeBase)]
pub struct Base {
    /// The kind of care.
    pub care: FeeCare,
    /// Cents a month for the full hours.
    #[schema(minimum = 0, maximum = 1_000_000)]
    pub cents: i32,
    /// What full hours are: so many a week.
    #[schema(minimum = 1, maximum = 60)]
    pub full_hours: i32,
    /// For so many hours a week there is a row.
    #[schema(max_items = 20)]
    pub hours_per_week: Vec<i32>,
}

/// What is paid of the full fee in a family's situation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FeeFactor)]
pub struct Factor {
    /// Parents who live alone with the child.
    pub lone_parent: bool,
    /// The first, second … child of the family in care.
    #[schema(minimum = 1, maximum = 9)]
    pub child: i32,
    /// Of the full fee; 0: free.
    #[schema(minimum = 0, maximum = 200)]
    pub percent: i32,
}

/// A table as it is entered: worked out from full fees, or row by row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[schema(as = FeeTableInput)]
pub enum TableInput {
    /// Full fee × hours ÷ full hours × percent, rounded half up to a cent.
    Formula {
        /// The full fees.
        #[schema(max_items = 3)]
        bases: Vec<Base>,
        /// What is paid of them.
        #[schema(max_items = 18)]
        factors: Vec<Factor>,
    },
    /// Every row as the statute has it.
    Rows {
        /// The rows.
        #[schema(max_items = 2000)]
        rows: Vec<FeeRow>,
    },
}

impl TableInput {
    /// The rows, in the order in which people read a table; or what is wrong, by its place in the body.
    pub fn rows(&self) -> Result<Vec<FeeRow>, Invalid> {
        let mut rows = match self {
            Self::Formula { bases, factors } => {
                check_formula(bases, factors)?;
                bases
                    .iter()
                    .flat_map(|base| factors.iter().flat_map(move |factor| worked_out(base, factor)))
                    .collect()
            }
            Self::Rows { rows } => rows.clone(),
        };
        check_rows(&rows)?;
        rows.sort_by_key(order);
        Ok(rows)
    }
}

fn worked_out(base: &Base, factor: &Factor) -> Vec<FeeRow> {
    let row = |hours: &i32| FeeRow {
        care: base.care,
        hours_per_week: *hours,
        income_up_to: None,
        lone_parent: factor.lone_parent,
        child: factor.child,
        cents: share(base.cents, *hours, base.full_hours, factor.percent),
    };
    base.hours_per_week.iter().map(row).collect()
}

/// `cents × hours ÷ full hours × percent ÷ 100`, rounded half up once, at the end.
fn share(cents: i32, hours: i32, full_hours: i32, percent: i32) -> i32 {
    let above = i64::from(cents) * i64::from(hours) * i64::from(percent);
    let below = i64::from(full_hours.max(1)) * 100;
    i32::try_from((2 * above + below) / (2 * below)).unwrap_or(i32::MAX)
}

type Order = (FeeCare, bool, i32, i64, i32);

/// Incomes without an end come last.
fn order(row: &FeeRow) -> Order {
    let income = row.income_up_to.map_or(i64::MAX, i64::from);
    (row.care, row.lone_parent, row.child, income, row.hours_per_week)
}

fn check_formula(bases: &[Base], factors: &[Factor]) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    fields.check(!bases.is_empty(), "/table/bases", "required");
    fields.check(!factors.is_empty(), "/table/factors", "required");
    let mut cares = BTreeSet::new();
    for (n, base) in bases.iter().enumerate() {
        let at = |name: &str| format!("/table/bases/{n}/{name}");
        fields.check(cares.insert(base.care), &at("care"), "twice");
        fields.check((0..=MOST_CENTS).contains(&base.cents), &at("cents"), "out_of_range");
        fields.check((1..=60).contains(&base.full_hours), &at("full_hours"), "out_of_range");
        let hours = &base.hours_per_week;
        fields.check(
            !hours.is_empty() && hours.len() <= 20,
            &at("hours_per_week"),
            "required",
        );
        let sound = hours.iter().all(|h| (1..=60).contains(h));
        fields.check(sound, &at("hours_per_week"), "out_of_range");
    }
    let mut situations = BTreeSet::new();
    for (n, factor) in factors.iter().enumerate() {
        let at = |name: &str| format!("/table/factors/{n}/{name}");
        let new = situations.insert((factor.lone_parent, factor.child));
        fields.check(new, &at("child"), "twice");
        fields.check((0..=200).contains(&factor.percent), &at("percent"), "out_of_range");
    }
    fields.finish()
}

/// Every row sound, none twice, and no hole: each kind of care has an amount for all its hours, incomes and situations.
fn check_rows(rows: &[FeeRow]) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    fields.check(!rows.is_empty(), "/table/rows", "required");
    fields.check(rows.len() <= MOST_ROWS, "/table/rows", "too_many");
    let mut seen = BTreeSet::new();
    for (n, row) in rows.iter().enumerate().take(MOST_ROWS) {
        let at = |name: &str| format!("/table/rows/{n}/{name}");
        fields.check(
            (1..=60).contains(&row.hours_per_week),
            &at("hours_per_week"),
            "out_of_range",
        );
        fields.check((1..=9).contains(&row.child), &at("child"), "out_of_range");
        fields.check((0..=MOST_CENTS).contains(&row.cents), &at("cents"), "out_of_range");
        let income = row.income_up_to.is_none_or(|euros| (1..=1_000_000).contains(&euros));
        fields.check(income, &at("income_up_to"), "out_of_range");
        fields.check(seen.insert(order(row)), &format!("/table/rows/{n}"), "twice");
    }
    fields.finish()?;
    match hole(rows) {
        Some(hole) => Err(Invalid::one("/table/rows", "incomplete", hole)),
        None => Ok(()),
    }
}

/// The first situation that a table leaves open, in words for an error.
fn hole(rows: &[FeeRow]) -> Option<String> {
    let mut cares: BTreeMap<FeeCare, Vec<&FeeRow>> = BTreeMap::new();
    for row in rows {
        cares.entry(row.care).or_default().push(row);
    }
    for (care, rows) in cares {
        let hours: BTreeSet<_> = rows.iter().map(|r| r.hours_per_week).collect();
        let incomes: BTreeSet<_> = rows.iter().map(|r| r.income_up_to).collect();
        let situations: BTreeSet<_> = rows.iter().map(|r| (r.lone_parent, r.child)).collect();
        // A statute that knows no lone parents has no rows for them.
        for lone in [false, true] {
            let children: BTreeSet<_> = situations.iter().filter(|s| s.0 == lone).map(|s| s.1).collect();
            let last = children.last().copied().unwrap_or(i32::from(!lone));
            if !(1..=last).all(|n| children.contains(&n)) {
                return Some(format!("{}: lone_parent {lone} lacks a child", care.as_str()));
            }
        }
        if !incomes.contains(&None) {
            return Some(format!("{}: no row for the highest income", care.as_str()));
        }
        let all = hours.len() * incomes.len() * situations.len();
        if all != rows.len() {
            return Some(format!(
                "{}: {all} rows are needed, there are {}",
                care.as_str(),
                rows.len()
            ));
        }
    }
    None
}
