//! Drafting a notice from the newest template of its kind, and writing templates.

use chrono::{Datelike, NaiveDate};

use super::model::{NewNotice, NoticeKind, NoticeText};
use super::store::{self, Draft};
use super::{NoticeError, defaults, person};
use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandRow, DemandState};
use crate::platform::clock::berlin_date;
use crate::platform::dates;
use crate::platform::fields::Invalid;
use crate::platform::ids::{NoticeId, NoticeTemplateId};
use crate::{facilities, families, tenancy};
/// Writes the next version of a template.
pub async fn add_template(
    tx: &mut TenantTx,
    kind: NoticeKind,
    text: NoticeText,
) -> Result<(NoticeTemplateId, i32), NoticeError> {
    let (id, text, by) = (NoticeTemplateId::new(), text.checked()?, person(tx)?);
    text.check_gaps()?;
    let version = store::add_template(tx, id, kind, &text, by).await?;
    tx.touch(id);
    Ok((id, version))
}

/// Drafts a notice from the newest template of its kind, with what is known put in.
pub async fn draft(tx: &mut TenantTx, new: &NewNotice) -> Result<NoticeId, NoticeError> {
    let (today, by) = (tx.today(), person(tx)?);
    new.check(today)?;
    let demand = demands::demand_for_update(tx, new.demand_id).await?;
    if demand.state == DemandState::Draft {
        return Err(NoticeError::Missing);
    }
    tx.touch_child(demand.child_id);
    if demand.legal_claim_asserted_at.is_none() {
        return Err(NoticeError::NoClaim);
    }
    let facility = match new.facility_id {
        Some(id) => Some(facilities::facility_brief(tx, id).await?.ok_or(NoticeError::Missing)?),
        None => None,
    };
    let template = store::templates(tx).await?.into_iter().find(|t| t.kind == new.kind);
    let template_id = template.as_ref().map(|t| t.id);
    let text = template.map_or_else(|| defaults::first(new.kind), |t| t.text());
    let text = fill(tx, text, &demand, new, facility.as_ref().map(|f| f.name.as_str())).await?;
    let file_number = match new.file_number.as_deref().map(str::trim) {
        Some(own) => own.to_owned(),
        None => format!("{}/{:04}", today.year(), store::next_number(tx, today.year()).await?),
    };
    let id = NoticeId::new();
    let draft = Draft {
        id,
        demand_id: demand.id,
        kind: new.kind,
        file_number: &file_number,
        template_id,
        facility_id: new.facility_id,
        care_from: new.care_from,
        text: &text,
        by,
    };
    if !store::insert(tx, &draft).await? {
        return Err(Invalid::one("/file_number", "taken", "another notice has this number").into());
    }
    tx.touch(id);
    Ok(id)
}

async fn fill(
    tx: &mut TenantRead,
    text: NoticeText,
    demand: &DemandRow,
    new: &NewNotice,
    facility: Option<&str>,
) -> Result<NoticeText, NoticeError> {
    let child = families::child_facts(tx, demand.child_id)
        .await?
        .ok_or(NoticeError::Missing)?;
    let office = tenancy::contact(tx).await?;
    let date = |day: Option<NaiveDate>| day.map(|day| dates::date(day, "de"));
    let known = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    Ok(text.filled(|name| match name {
        "child" => {
            let (first, last) = child.first_name.as_deref().zip(child.last_name.as_deref())?;
            Some(format!("{first} {last}"))
        }
        "birth_date" => date(child.birth_date),
        "reference_code" => demand.reference_code.clone(),
        "asserted_on" => date(demand.legal_claim_asserted_at.map(berlin_date)),
        "due_on" => date(demand.legal_due_on),
        "desired_start" => date(demand.desired_start),
        "facility" => facility.map(str::to_owned),
        "care_from" => date(new.care_from),
        "office" => known(&office.office),
        "office_address" => known(&office.address),
        _ => None,
    }))
}
