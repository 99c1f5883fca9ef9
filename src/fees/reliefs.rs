//! Waivers and reductions of a fee (§ 90 SGB VIII): granted for months and for a reason, ended early when the reason is gone.
//!
//! A relief changes no notice that was issued: the list marks it, and the office works out a new one.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::FeeError;
use super::model::ReliefReason;
use super::store::{self, ContractRow};
use crate::access::TenantTx;
use crate::platform::clock::month_of;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::{ContractId, FeeReliefId};

/// What the office grants.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFeeRelief, example = json!({"contract_id": "5b0f6f0e-6d3c-4c0f-9a57-2f1be5f0c9d2", "reason": "housing_benefit",
    "percent": 0, "from_month": "2027-09-01", "until_month": "2028-03-01", "evidence_on": "2027-01-15", "note": ""}))]
pub struct NewRelief {
    /// The contract.
    pub contract_id: ContractId,
    /// Why.
    pub reason: ReliefReason,
    /// What is still paid of the table's amount; 0: the fee is waived.
    #[schema(minimum = 0, maximum = 99)]
    pub percent: i32,
    /// First month; any day of it may be given.
    pub from_month: NaiveDate,
    /// First month for which it does not hold any more; any day of it may be given. Two years at most, then it is looked at again.
    pub until_month: NaiveDate,
    /// Day on which the evidence was seen; `statute` alone needs none.
    #[serde(default)]
    pub evidence_on: Option<NaiveDate>,
    /// For the file; it stands in no notice.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub note: String,
}

impl NewRelief {
    fn checked(&self, contract: &ContractRow, today: NaiveDate) -> Result<Self, Invalid> {
        let me = Self {
            from_month: month_of(self.from_month),
            until_month: month_of(self.until_month),
            note: self.note.trim().to_owned(),
            ..self.clone()
        };
        let mut fields = Fields::new();
        fields.check((0..=99).contains(&me.percent), "/percent", "out_of_range");
        fields.check(
            me.from_month >= month_of(contract.care_from),
            "/from_month",
            "too_early",
        );
        fields.check(me.from_month < contract.care_until, "/from_month", "too_late");
        fields.check(me.until_month > me.from_month, "/until_month", "too_early");
        let longest = me
            .from_month
            .checked_add_months(Months::new(24))
            .unwrap_or(me.from_month);
        fields.check(me.until_month <= longest, "/until_month", "too_late");
        let seen = me.evidence_on.is_some() || !me.reason.needs_evidence();
        fields.check(seen, "/evidence_on", "required");
        fields.check(
            me.evidence_on.is_none_or(|day| day <= today),
            "/evidence_on",
            "in_future",
        );
        fields.check(me.note.chars().count() <= 500, "/note", "too_long");
        fields.finish()?;
        Ok(me)
    }
}

/// Grants a relief. Nobody is told: the notice that follows from it tells the family.
pub async fn grant(tx: &mut TenantTx, new: &NewRelief) -> Result<FeeReliefId, FeeError> {
    let contract = store::contract(tx, new.contract_id).await?.ok_or(FeeError::Missing)?;
    tx.touch_child(contract.child_id);
    let new = new.checked(&contract, tx.today())?;
    let id = FeeReliefId::new();
    tx.touch(id);
    match store::insert_relief(tx, id, &contract, &new).await {
        Ok(()) => Ok(id),
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => Err(FeeError::ReliefOverlaps),
        Err(error) => Err(error.into()),
    }
}

/// Lets a relief end before a month. Before its first month it is taken back as a whole, and stays in the file as that.
pub async fn end_relief(tx: &mut TenantTx, id: FeeReliefId, seen: i32, until: NaiveDate) -> Result<(), FeeError> {
    let relief = store::lock_relief(tx, id).await?.ok_or(FeeError::Missing)?;
    tx.touch(id);
    tx.touch_child(relief.child_id);
    Stale::check(seen, relief.version)?;
    if relief.revoked_at.is_some() {
        return Err(FeeError::ReliefOver);
    }
    let until = month_of(until);
    let mut fields = Fields::new();
    fields.check(until < relief.until_month, "/until_month", "not_earlier");
    fields.finish()?;
    store::end_relief(tx, id, Some(until).filter(|month| *month > relief.from_month)).await?;
    Ok(())
}
