//! What the notice of a fee is drafted from: what is owed by which table, and the reasons.

use super::FeeError;
use super::store::{self, AssessmentRow, ContractRow};
use crate::access::TenantRead;
use crate::documents::{FeeSum, FeeSumRelief, FeeSums};
use crate::notices::NewFeeNotice;

/// The calculation as it stands now, for the notice that keeps it.
pub(super) async fn of(
    tx: &mut TenantRead,
    fee: &AssessmentRow,
    contract: &ContractRow,
) -> Result<NewFeeNotice, FeeError> {
    let schedules = store::schedules(tx).await?;
    let table = |id| schedules.iter().find(|s| s.id == id);
    let periods = &fee.periods.0;
    let mut grounds: Vec<String> = Vec::new();
    for ground in periods
        .iter()
        .filter_map(|p| table(p.schedule_id))
        .map(|s| &s.legal_basis)
    {
        if !ground.is_empty() && !grounds.contains(ground) {
            grounds.push(ground.clone());
        }
    }
    if periods.iter().any(|period| period.relief.is_some()) {
        grounds.push("§ 90 Absatz 4 SGB VIII".to_owned());
    }
    let sum = |p: &super::Period| FeeSum {
        from_month: p.from_month,
        until_month: p.until_month,
        care: p.care.as_str().to_owned(),
        hours_per_week: p.hours_per_week,
        cents: p.cents,
    };
    let relief = |p: &super::Period| {
        p.relief.map(|relief| FeeSumRelief {
            from_month: p.from_month,
            until_month: p.until_month,
            reason: relief.reason.as_str().to_owned(),
            percent: relief.percent,
            full_cents: relief.full_cents,
        })
    };
    let of_contract = store::assessments(tx, Some(&[fee.contract_id]), None).await?;
    let sums = FeeSums {
        from_month: fee.from_month,
        care_from: contract.care_from,
        care_until: contract.care_until,
        hours_per_week: contract.hours_in(fee.from_month),
        child_position: fee.child_position,
        lone_parent: fee.lone_parent,
        income_up_to: fee.income_up_to,
        due_day: periods
            .first()
            .and_then(|p| table(p.schedule_id))
            .map_or(15, |s| s.due_day),
        periods: periods.iter().map(sum).collect(),
        reliefs: periods.iter().filter_map(relief).collect(),
        grounds,
        note: fee.note.clone(),
        replaces: None,
    };
    Ok(NewFeeNotice {
        fee: fee.id,
        demand: contract.demand_id,
        child: contract.child_id,
        facility: contract.facility_id,
        file_number: fee.file_number().ok_or(FeeError::Missing)?,
        sums,
        replaces: of_contract
            .iter()
            .rfind(|other| other.issued_at.is_some())
            .map(|other| other.id),
    })
}
