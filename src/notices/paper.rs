//! A notice for the typesetter. German is the language of the proceedings (§ 19 SGB X), whoever reads it.

use super::store::{Filter, NoticeRow};
use super::{NoticeError, listed};
use crate::access::TenantRead;
use crate::documents::{self, Letterhead, NoticeLetter};
use crate::platform::http::Sorted;
use crate::platform::ids::{AccountId, ChildId, FeeId, GuardianId};
use crate::{facilities, families};

/// A notice as it goes to an address.
pub(super) async fn paper(
    tx: &mut TenantRead,
    row: NoticeRow,
    address: Vec<String>,
) -> Result<(Letterhead, NoticeLetter), NoticeError> {
    let head = documents::letterhead(tx, "de").await?;
    let letter = NoticeLetter {
        address,
        file_number: row.file_number,
        reference_code: row.reference_code,
        posted_on: row.posted_on,
        title: row.title,
        decision: row.decision,
        reasons: row.reasons,
        sums: row.sums.map(|sums| sums.0),
        remedy: row.remedy,
        signed_by: row.approved_by_name,
    };
    Ok((head, letter))
}

/// The office's copy: to a guardian, the first with custody when none is named; or to the childminder.
pub(super) async fn office_paper(
    tx: &mut TenantRead,
    row: NoticeRow,
    to: Option<GuardianId>,
) -> Result<(Letterhead, NoticeLetter), NoticeError> {
    let address = match (row.child_id, row.facility_id) {
        (Some(child), _) => of_guardian(tx, child, to).await?,
        (None, Some(facility)) if to.is_none() => {
            let facility = facilities::facility_brief(tx, facility)
                .await?
                .ok_or(NoticeError::Missing)?;
            let street = format!("{} {}", facility.street, facility.house_number);
            let place = format!("{} {}", facility.postal_code, facility.city);
            vec![facility.name, street, place]
        }
        _ => return Err(NoticeError::Missing),
    };
    paper(tx, row, address).await
}

async fn of_guardian(tx: &mut TenantRead, child: ChildId, to: Option<GuardianId>) -> Result<Vec<String>, NoticeError> {
    let guardians = families::guardians_of(tx, child).await?;
    let to = match to {
        Some(id) => Some(
            guardians
                .iter()
                .find(|g| g.guardian_id == id)
                .ok_or(NoticeError::Missing)?,
        ),
        None => guardians.first(),
    };
    Ok(to.map(families::Contact::address_lines).unwrap_or_default())
}

/// The family's own copy.
///
/// It carries the reader's own address: parents who live apart do not learn each other's from a paper.
pub(super) async fn own_paper(
    tx: &mut TenantRead,
    row: NoticeRow,
    family: AccountId,
) -> Result<(Letterhead, NoticeLetter), NoticeError> {
    let child = row.child_id.ok_or(NoticeError::Missing)?;
    let guardians = families::guardians_of(tx, child).await?;
    let reader = guardians.into_iter().find(|g| g.is(family));
    let address = families::address_on_paper(tx, reader);
    paper(tx, row, address).await
}

/// The notice of a fee: the family's own copy for a reader of it, else the office's.
pub async fn letter_of_fee(
    tx: &mut TenantRead,
    fee: FeeId,
    reader: Option<AccountId>,
) -> Result<(Letterhead, NoticeLetter), NoticeError> {
    let filter = Filter {
        fees: Some(vec![fee]),
        order: Sorted::first(1),
        ..Filter::default()
    };
    let row = listed(tx, &filter).await?.pop().ok_or(NoticeError::Missing)?;
    tx.touch(row.id);
    match reader {
        Some(family) if row.state.is_out() => own_paper(tx, row, family).await,
        Some(_) => Err(NoticeError::Missing),
        None => office_paper(tx, row, None).await,
    }
}
