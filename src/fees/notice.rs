//! What stands in a notice: whom it goes to, what is owed by which table, and the reasons.

use super::FeeError;
use super::model::Period;
use super::store::{self, AssessmentRow};
use crate::access::TenantRead;
use crate::documents::{self, FeeNotice, FeeNoticePeriod, FeeNoticeRelief, Letterhead};
use crate::families;
use crate::platform::clock::berlin_date;
use crate::platform::ids::AccountId;

/// The notice for a reader, or for the guardian who has had custody for longest.
///
/// It carries the reader's own address only: parents who live apart do not learn each other's from a paper.
pub(super) async fn compose(
    tx: &mut TenantRead,
    fee: &AssessmentRow,
    reader: Option<AccountId>,
) -> Result<(Letterhead, FeeNotice), FeeError> {
    let contract = store::contract(tx, fee.contract_id).await?.ok_or(FeeError::Missing)?;
    let guardians = families::guardians_of(tx, fee.child_id).await?;
    let to = guardians
        .iter()
        .find(|g| reader.is_none() || g.account_id == reader)
        .or(guardians.first().filter(|_| reader.is_none()));
    let language = match (to, reader, tx.account()) {
        (_, Some(_), Some(account)) => account.language.clone(),
        (Some(guardian), ..) => guardian.language.clone(),
        _ => "de".to_owned(),
    };
    let child = families::child_facts(tx, fee.child_id).await?;
    let schedules = store::schedules(tx).await?;
    let table = |id| schedules.iter().find(|s| s.id == id);
    let mut grounds: Vec<String> = Vec::new();
    for period in &fee.periods.0 {
        let ground = table(period.schedule_id)
            .map(|s| s.legal_basis.clone())
            .unwrap_or_default();
        if !ground.is_empty() && !grounds.contains(&ground) {
            grounds.push(ground);
        }
    }
    if fee.periods.0.iter().any(|period| period.relief.is_some()) {
        grounds.push("§ 90 Absatz 4 SGB VIII".to_owned());
    }
    let paper = FeeNotice {
        address: to.map(|g| g.address_lines()).unwrap_or_default(),
        file_number: fee.file_number(),
        issued_on: fee.issued_at.map(berlin_date),
        child: child.map(|c| c.label(&language)).unwrap_or_default(),
        care_from: contract.care_from,
        care_until: contract.care_until,
        hours_per_week: contract.hours_in(fee.from_month),
        child_position: fee.child_position,
        lone_parent: fee.lone_parent,
        income_up_to: fee.income_up_to,
        due_day: fee
            .periods
            .0
            .first()
            .and_then(|p| table(p.schedule_id))
            .map_or(15, |s| s.due_day),
        periods: lines(&fee.periods.0),
        reliefs: reliefs(&fee.periods.0),
        grounds,
        note: fee.note.clone(),
    };
    Ok((documents::letterhead(tx, &language).await?, paper))
}

/// Months with the same care and amount stand in one line, also where another table says so.
fn lines(periods: &[Period]) -> Vec<FeeNoticePeriod> {
    let mut all: Vec<FeeNoticePeriod> = Vec::new();
    for p in periods {
        match all.last_mut() {
            Some(last) if last.care == p.care.as_str() && last.cents == p.cents && last.until_month == p.from_month => {
                last.until_month = p.until_month;
            }
            _ => all.push(FeeNoticePeriod {
                from_month: p.from_month,
                until_month: p.until_month,
                care: p.care.as_str(),
                hours_per_week: p.hours_per_week,
                cents: p.cents,
            }),
        }
    }
    all
}

/// What is waived, a line for each reason and amount.
fn reliefs(periods: &[Period]) -> Vec<FeeNoticeRelief> {
    let mut all: Vec<FeeNoticeRelief> = Vec::new();
    for (p, relief) in periods.iter().filter_map(|p| Some((p, p.relief?))) {
        let line = FeeNoticeRelief {
            from_month: p.from_month,
            until_month: p.until_month,
            reason: relief.reason.as_str(),
            percent: relief.percent,
            full_cents: relief.full_cents,
        };
        match all.last_mut().filter(|last| last.goes_on(&line)) {
            Some(last) => last.until_month = line.until_month,
            None => all.push(line),
        }
    }
    all
}
