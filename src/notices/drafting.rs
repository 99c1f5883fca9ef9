//! Drafting a notice from the newest template of its kind, and writing templates.

use chrono::{Datelike, NaiveDate};

use super::model::{LicenceTerms, NewNotice, NoticeKind, NoticeText};
use super::store::{self, Draft, FeeDraft};
use super::{NoticeError, defaults, person};
use crate::access::{TenantRead, TenantTx};
use crate::demands::{self, DemandState};
use crate::documents::{FeeReplaced, FeeSums};
use crate::facilities::{self, FacilityBrief, FacilityKind};
use crate::platform::clock::berlin_date;
use crate::platform::dates;
use crate::platform::fields::Invalid;
use crate::platform::ids::{ChildId, DemandId, FacilityId, FeeId, NoticeId, NoticeTemplateId};
use crate::{families, tenancy};

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

/// What can be put into the gaps of a template.
#[derive(Default)]
struct Known {
    child: Option<String>,
    birth_date: Option<NaiveDate>,
    reference_code: Option<String>,
    asserted_on: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    desired_start: Option<NaiveDate>,
    facility: Option<FacilityBrief>,
    care_from: Option<NaiveDate>,
    fee_from: Option<NaiveDate>,
    licence: LicenceTerms,
}

/// Drafts a notice from the newest template of its kind, with what is known put in.
pub async fn draft(tx: &mut TenantTx, new: &NewNotice) -> Result<NoticeId, NoticeError> {
    let by = person(tx)?;
    new.check(tx.today())?;
    let mut known = Known {
        care_from: new.care_from,
        licence: new.licence(),
        ..Known::default()
    };
    if let Some(id) = new.demand_id {
        let demand = demands::demand_for_update(tx, id).await?;
        if demand.state == DemandState::Draft {
            return Err(NoticeError::Missing);
        }
        tx.touch_child(demand.child_id);
        if new.kind.needs_claim() && demand.legal_claim_asserted_at.is_none() {
            return Err(NoticeError::NoClaim);
        }
        of_child(tx, &mut known, demand.child_id).await?;
        known.reference_code = demand.reference_code;
        known.asserted_on = demand.legal_claim_asserted_at.map(berlin_date);
        known.due_on = demand.legal_due_on;
        known.desired_start = demand.desired_start;
    }
    if let Some(id) = new.facility_id {
        let facility = facilities::facility_brief(tx, id).await?.ok_or(NoticeError::Missing)?;
        if new.kind.is_licence() && facility.kind != Some(FacilityKind::Childminder) {
            return Err(Invalid::one("/facility_id", "childminders_only", "no childminder").into());
        }
        known.facility = Some(facility);
    }
    let (text, template_id) = written(tx, new.kind, &known).await?;
    let file_number = match new.file_number.as_deref().map(str::trim) {
        Some(own) => own.to_owned(),
        None => next_file_number(tx).await?,
    };
    insert(
        tx,
        &Draft {
            id: NoticeId::new(),
            demand_id: new.demand_id,
            kind: new.kind,
            file_number: &file_number,
            template_id,
            facility_id: new.facility_id,
            care_from: new.care_from,
            licence: known.licence,
            fee: None,
            text: &text,
            by,
        },
    )
    .await
}

/// What a notice of a fee is drafted from.
#[derive(Debug)]
pub struct NewFeeNotice {
    /// The fee.
    pub fee: FeeId,
    /// The demand of its contract.
    pub demand: DemandId,
    /// The child in care.
    pub child: ChildId,
    /// Where it is in care.
    pub facility: FacilityId,
    /// The number under which it is owed.
    pub file_number: String,
    /// The calculation.
    pub sums: FeeSums,
    /// The fee of the same contract that was told last.
    pub replaces: Option<FeeId>,
}

/// Drafts the notice of a fee; who calls has made the fee in the same transaction.
pub async fn draft_fee(tx: &mut TenantTx, new: NewFeeNotice) -> Result<NoticeId, NoticeError> {
    let by = person(tx)?;
    let mut known = Known {
        facility: facilities::facility_brief(tx, new.facility).await?,
        fee_from: Some(new.sums.from_month),
        ..Known::default()
    };
    of_child(tx, &mut known, new.child).await?;
    known.child.get_or_insert_with(|| "Ihrem erwarteten Kind".to_owned());
    let replaced = match new.replaces {
        Some(fee) => super::of_fees(tx, &[fee]).await?.pop(),
        None => None,
    };
    let sums = FeeSums {
        replaces: replaced.as_ref().map(|old| FeeReplaced {
            file_number: old.file_number.clone(),
            posted_on: old.posted_on,
        }),
        ..new.sums
    };
    let (text, template_id) = written(tx, NoticeKind::Fee, &known).await?;
    insert(
        tx,
        &Draft {
            id: NoticeId::new(),
            demand_id: Some(new.demand),
            kind: NoticeKind::Fee,
            file_number: &new.file_number,
            template_id,
            facility_id: None,
            care_from: None,
            licence: LicenceTerms::default(),
            fee: Some(FeeDraft {
                id: new.fee,
                sums: &sums,
                replaces: replaced.map(|old| old.id),
            }),
            text: &text,
            by,
        },
    )
    .await
}

async fn insert(tx: &mut TenantTx, draft: &Draft<'_>) -> Result<NoticeId, NoticeError> {
    if !store::insert(tx, draft).await? {
        return Err(Invalid::one("/file_number", "taken", "another notice has this number").into());
    }
    tx.touch(draft.id);
    Ok(draft.id)
}

/// The next number of the year.
async fn next_file_number(tx: &mut TenantTx) -> Result<String, sqlx::Error> {
    let year = tx.today().year();
    Ok(format!("{year}/{:04}", store::next_number(tx, year).await?))
}

async fn of_child(tx: &mut TenantRead, known: &mut Known, id: ChildId) -> Result<(), NoticeError> {
    let child = families::child_facts(tx, id).await?.ok_or(NoticeError::Missing)?;
    let names = child.first_name.as_deref().zip(child.last_name.as_deref());
    known.child = names.map(|(first, last)| format!("{first} {last}"));
    known.birth_date = child.birth_date;
    Ok(())
}

/// The newest template of a kind with what is known put in, and which one it was.
async fn written(
    tx: &mut TenantRead,
    kind: NoticeKind,
    known: &Known,
) -> Result<(NoticeText, Option<NoticeTemplateId>), NoticeError> {
    let template = store::templates(tx).await?.into_iter().find(|t| t.kind == kind);
    let id = template.as_ref().map(|t| t.id);
    let text = template.map_or_else(|| defaults::first(kind), |t| t.text());
    let office = tenancy::contact(tx).await?;
    let date = |day: Option<NaiveDate>| day.map(|day| dates::date(day, "de"));
    let said = |text: &str| Some(text.to_owned()).filter(|t| !t.is_empty());
    let text = text.filled(|name| match name {
        "child" => known.child.clone(),
        "birth_date" => date(known.birth_date),
        "reference_code" => known.reference_code.clone(),
        "asserted_on" => date(known.asserted_on),
        "due_on" => date(known.due_on),
        "desired_start" => date(known.desired_start),
        "facility" => known.facility.as_ref().map(|f| f.name.clone()),
        "facility_address" => known.facility.as_ref().and_then(address),
        "care_from" => date(known.care_from),
        "fee_from" => date(known.fee_from),
        "licence_from" => date(known.licence.from),
        "licence_until" => date(known.licence.until),
        "licence_places" => known.licence.places.map(|n| n.to_string()),
        "office" => said(&office.office),
        "office_address" => said(&office.address),
        _ => None,
    });
    Ok((text, id))
}

/// Street and place in a line, once both are known.
fn address(facility: &FacilityBrief) -> Option<String> {
    let street = format!("{} {}", facility.street, facility.house_number)
        .trim()
        .to_owned();
    let place = format!("{} {}", facility.postal_code, facility.city).trim().to_owned();
    (!street.is_empty() && !place.is_empty()).then(|| format!("{street}, {place}"))
}
