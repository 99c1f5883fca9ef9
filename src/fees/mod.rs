//! Parent fees: versioned tables as a statute has them, what a contract costs by them, notices, and the list of receivables.
//!
//! Invariants: a published table never changes, a later one takes over in its month; a fee and its notice are one: drafted together, posted
//! together once a second person approved the notice, thrown away together; what was issued stays word for word, and a later notice takes
//! over from its own month; a file number is used once; a relief changes amounts by a new notice alone. Money is not moved here: other
//! programs collect it.

pub mod http;
mod model;
#[cfg(test)]
mod model_tests;
mod notice;
mod reliefs;
mod schedules;
mod store;
mod templates;

pub use model::{Base, Factor, FeeCare, FeeRow, Period, ReliefReason, TableInput};
pub use reliefs::{NewRelief, end_relief, grant};
pub use schedules::{FeePublication, NewSchedule, ScheduleChange, create, publish, put, withdraw};
pub use templates::{Template, templates};

use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::access::{TenantRead, TenantTx};
use crate::facilities::{self, SchoolEntries, Stay};
use crate::families;
use crate::notices::{self, NoticeError};
use crate::notifications::{self, ChildInitial, Message};
use crate::platform::clock::month_of;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{ContractId, FeeId};
use model::{Facts, NoFee, Schedule, Terms};
use store::ContractRow;

/// What can stand against a command on fees.
#[derive(Debug, thiserror::Error)]
pub enum FeeError {
    /// There is none, or it is not the asker's.
    #[error("missing")]
    Missing,
    /// A published table is never changed.
    #[error("only a draft can be changed; begin a new table")]
    NotDraft,
    /// A table that holds or held cannot be taken back.
    #[error("this table has come into force; begin a new one")]
    InForce,
    /// A notice that was issued is never changed.
    #[error("this notice was issued; write a new one")]
    Issued,
    /// For the contract a draft is open already.
    #[error("there is a draft for this contract already")]
    DraftOpen,
    /// No table holds.
    #[error("no fee table holds in {0}")]
    NoSchedule(NaiveDate),
    /// The table has no row.
    #[error("the fee table has no row for {} and so many hours", .0.as_str())]
    NoRow(FeeCare),
    /// In some of these months something is waived already.
    #[error("in some of these months something is waived already")]
    ReliefOverlaps,
    /// It was taken back.
    #[error("this relief was taken back")]
    ReliefOver,
    /// Tables or terms changed since the draft was worked out.
    #[error("the amounts have changed since the draft was made")]
    Outdated,
    /// Some fields are invalid.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Somebody else changed it.
    #[error(transparent)]
    Stale(#[from] Stale),
    /// Its notice stands against it.
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// A document cannot be made.
    #[error(transparent)]
    Document(#[from] crate::documents::DocumentError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

impl From<NoFee> for FeeError {
    fn from(none: NoFee) -> Self {
        match none {
            NoFee::NoSchedule(month) => Self::NoSchedule(month),
            NoFee::NoRow(care) => Self::NoRow(care),
        }
    }
}

/// What the office enters for a contract.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"contract_id": "5b0f6f0e-6d3c-4c0f-9a57-2f1be5f0c9d2", "from_month": "2027-08-01", "child_position": 1,
    "lone_parent": false, "income_up_to": null, "note": ""}))]
pub struct NewFee {
    /// The contract.
    pub contract_id: ContractId,
    /// From this month on; any day of it may be given.
    pub from_month: NaiveDate,
    /// The child's place among those of the family in care, from 1.
    #[schema(minimum = 1, maximum = 9)]
    pub child_position: i32,
    /// Whether the parents live alone with it.
    pub lone_parent: bool,
    /// The bracket of the yearly income in euros; `null`: the highest. The income itself is not kept.
    #[serde(default)]
    pub income_up_to: Option<i32>,
    /// What the notice says beyond its reasons.
    #[serde(default)]
    #[schema(max_length = 1000)]
    pub note: String,
}

impl NewFee {
    fn facts(&self) -> Facts {
        Facts {
            child: self.child_position,
            lone_parent: self.lone_parent,
            income_up_to: self.income_up_to,
        }
    }

    fn checked(&self, contract: &ContractRow) -> Result<Self, Invalid> {
        let me = Self {
            from_month: month_of(self.from_month),
            note: self.note.trim().to_owned(),
            ..self.clone()
        };
        let mut fields = Fields::new();
        let begins = month_of(contract.care_from);
        fields.check(me.from_month >= begins, "/from_month", "too_early");
        fields.check(me.from_month < contract.care_until, "/from_month", "too_late");
        fields.check((1..=9).contains(&me.child_position), "/child_position", "out_of_range");
        let income = me.income_up_to.is_none_or(|euros| (1..=1_000_000).contains(&euros));
        fields.check(income, "/income_up_to", "out_of_range");
        fields.check(me.note.chars().count() <= 1000, "/note", "too_long");
        fields.finish()?;
        Ok(me)
    }
}

/// All that fees are worked out from, beside the contract.
struct Rules {
    /// The month of today.
    month: NaiveDate,
    schedules: Vec<Schedule>,
    entries: SchoolEntries,
}

impl Rules {
    async fn load(tx: &mut TenantRead) -> Result<Self, sqlx::Error> {
        Ok(Self {
            month: month_of(tx.today()),
            schedules: store::published(tx).await?,
            entries: facilities::school_entries(tx).await?,
        })
    }

    /// What is owed for a contract from a month on.
    fn owed(&self, contract: &ContractRow, from: NaiveDate, facts: &Facts) -> Result<Vec<Period>, NoFee> {
        let stay = Stay {
            child: contract.child_id,
            birth: contract.birth,
            from: contract.care_from,
            until: contract.care_until,
        };
        let entry = self.entries.of(stay.child, stay.birth);
        // A stay of no day costs nothing.
        let segments = facilities::segments(&stay, entry).unwrap_or_default();
        let terms = Terms {
            hours: &contract.hours(),
            schedules: &self.schedules,
            reliefs: &contract.reliefs,
        };
        model::periods(&segments, from, &terms, facts)
    }
}

/// Works out what is owed for a contract and keeps it as a draft, with the draft of its notice: the only one of that contract.
pub async fn draft(tx: &mut TenantTx, new: &NewFee) -> Result<FeeId, FeeError> {
    let contract = store::contract(tx, new.contract_id).await?.ok_or(FeeError::Missing)?;
    tx.touch_child(contract.child_id);
    let new = new.checked(&contract)?;
    let periods = Rules::load(tx).await?.owed(&contract, new.from_month, &new.facts())?;
    let id = FeeId::new();
    tx.touch(id);
    if !store::insert_draft(tx, id, &contract, &new, &periods).await? {
        return Err(FeeError::DraftOpen);
    }
    let fee = store::lock_fee(tx, id).await?.ok_or(FeeError::Missing)?;
    let notice = notice::of(tx, &fee, &contract).await?;
    notices::draft_fee(tx, notice).await?;
    Ok(id)
}

/// Posts the notice of a draft that a second person approved: it stays as it is from now on, it is owed, and the guardians are told.
/// `seen` is the version of the notice.
pub async fn issue(tx: &mut TenantTx, id: FeeId, seen: i32, posted_on: NaiveDate) -> Result<(), FeeError> {
    let fee = store::lock_fee(tx, id).await?.ok_or(FeeError::Missing)?;
    tx.touch(id);
    tx.touch_child(fee.child_id);
    if fee.issued_at.is_some() {
        return Err(FeeError::Issued);
    }
    let contract = store::contract(tx, fee.contract_id).await?.ok_or(FeeError::Missing)?;
    // Between draft and notice a table may have been published, or the contract changed: in what is owed, or in what the reasons say.
    let rules = Rules::load(tx).await?;
    let now = notice::of(tx, &fee, &contract).await?;
    let as_drafted = notices::post_fee(tx, &now, seen, posted_on).await?;
    if !as_drafted || rules.owed(&contract, fee.from_month, &fee.facts()).as_ref() != Ok(&fee.periods.0) {
        return Err(FeeError::Outdated);
    }
    store::issue(tx, id).await?;
    let child = families::child_facts(tx, fee.child_id).await?;
    let message = Message::FeeNotice {
        contract_id: fee.contract_id,
        child: ChildInitial::of(child.as_ref().and_then(|c| c.first_name.as_deref())),
    };
    notifications::tell_family(tx, fee.child_id, contract.demand_id, &message).await?;
    Ok(())
}

/// Drops a draft and that of its notice, whose version is `seen`.
pub async fn discard(tx: &mut TenantTx, id: FeeId, seen: i32) -> Result<(), FeeError> {
    let fee = store::lock_fee(tx, id).await?.ok_or(FeeError::Missing)?;
    tx.touch(id);
    tx.touch_child(fee.child_id);
    if fee.issued_at.is_some() {
        return Err(FeeError::Issued);
    }
    notices::discard_fee(tx, id, seen).await?;
    store::delete_draft(tx, id).await?;
    Ok(())
}
