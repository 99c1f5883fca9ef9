//! Sending and signing: the facility sends, every guardian with an account signs online or on paper, the provider signs last.

use chrono::{Duration, NaiveDate};

use super::model::{ContractError, Side, TermsChange, TransitionError, Way};
use super::store::{self, Code, ContractRow, SignatureRow};
use super::{contract, document_of, locked, locked_with_places, words};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::{self, Stay};
use crate::families::{self, Contact};
use crate::notifications::{self, ChildInitial, ContractNews, Message, Recipient, Token};
use crate::platform::crypto::{digest, random_bytes};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, ContractId, GuardianId};

/// How long a code holds.
const CODE_LIFE: Duration = Duration::minutes(15);
/// So often it may be tried.
const TRIES: i32 = 5;
/// So many codes a person may ask for within an hour.
const CODES_AN_HOUR: i64 = 5;

/// The facility changes the terms of a draft. Another start takes its places anew.
pub async fn put_terms(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    terms: TermsChange,
) -> Result<ContractRow, ContractError> {
    let row = locked_with_places(tx, id).await?;
    Stale::check(seen, row.version)?;
    row.machine().edit()?;
    let terms = terms.checked(tx.today(), row.care_from, row.care_until)?;
    match store::put_terms(tx, id, &terms).await {
        Ok(()) => {}
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => return Err(ContractError::Overlaps),
        Err(error) => return Err(error.into()),
    }
    if terms.care_from != row.care_from {
        take_anew(tx, &row, terms.care_from).await?;
    }
    contract(tx, id).await
}

/// Gives the place back and takes it for the new time; refused when that is not free.
async fn take_anew(tx: &mut TenantTx, row: &ContractRow, from: NaiveDate) -> Result<(), ContractError> {
    let child = families::child_facts(tx, row.child_id)
        .await?
        .ok_or(ContractError::Missing)?;
    let birth = child.birth_date.or(child.expected_birth_date).unwrap_or(from);
    if from < birth {
        return Err(Invalid::one("/care_from", "before_birth", "").into());
    }
    let stay = Stay {
        child: row.child_id,
        birth,
        from,
        until: row.care_until,
    };
    facilities::release_place(tx, row.offer_id).await?;
    facilities::hold_place(tx, row.facility_id, row.offer_id, stay).await?;
    Ok(facilities::occupy_place(tx, row.offer_id).await?)
}

/// The facility sends a draft to the guardians: from now on it says what it says, in the words that hold today.
pub async fn send(tx: &mut TenantTx, id: ContractId, seen: i32) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    row.machine().send()?;
    let words = words(tx, &row).await?;
    let document = document_of(tx, &row, &words).await?;
    store::set_sent(tx, id, words.template, &document).await?;
    tell(tx, &row, Message::ContractSent).await?;
    contract(tx, id).await
}

/// The facility takes a sent contract back to change it, while nobody has signed.
pub async fn recall(tx: &mut TenantTx, id: ContractId, seen: i32) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let signed = store::signatures(tx, id).await?.len();
    row.machine().recall(signed)?;
    store::set_recalled(tx, id).await?;
    contract(tx, id).await
}

/// Who must sign: every guardian with custody today who has an account; where none has one, every guardian.
pub async fn must_sign(tx: &mut TenantRead, row: &ContractRow) -> Result<Vec<Contact>, sqlx::Error> {
    let all = families::guardians_of(tx, row.child_id).await?;
    let online: Vec<Contact> = all.iter().filter(|g| g.account_id.is_some()).cloned().collect();
    Ok(if online.is_empty() { all } else { online })
}

/// Those of them who have not.
pub fn missing<'a>(must: &'a [Contact], signed: &[SignatureRow]) -> Vec<&'a Contact> {
    let has = |id: GuardianId| signed.iter().any(|s| s.guardian_id == Some(id));
    must.iter().filter(|g| !has(g.guardian_id)).collect()
}

/// A guardian asks for a code to sign with; it goes to the account's address.
pub async fn request_code(tx: &mut TenantTx, id: ContractId, account: AccountId) -> Result<(), ContractError> {
    let row = locked(tx, id).await?;
    let me = signer(tx, &row, account).await?;
    let since = tx.now() - Duration::hours(1);
    if store::codes_since(tx, account, since).await? >= CODES_AN_HOUR {
        return Err(ContractError::TooMany(3600));
    }
    let code = six_digits();
    let kept = Code {
        contract: id,
        account,
        hash: hash_of(id, account, &code),
        expires_at: tx.now() + CODE_LIFE,
    };
    store::add_code(tx, &kept).await?;
    let message = Message::ContractCode {
        contract_id: id,
        facility: row.facility_name,
        token: Token::new(code),
    };
    let email = me.email.unwrap_or_default();
    notifications::enqueue(tx, Recipient::account(account, email, me.language), message).await?;
    Ok(())
}

/// Counts a try on the code and notes when it was one too many; it stands before [`use_code`], in a unit of work of its own.
pub async fn count_try(tx: &mut TenantTx, id: ContractId, account: AccountId) -> Result<(), ContractError> {
    contract(tx, id).await?;
    let tries = store::tries_of_code(tx, id, account).await?;
    if tries.is_some_and(|tries| tries > TRIES) {
        store::void_codes(tx, id, account).await?;
    }
    Ok(())
}

/// Locks a contract, if it stands in the version that was seen.
pub async fn check_seen(tx: &mut TenantTx, id: ContractId, seen: i32) -> Result<(), ContractError> {
    let row = locked(tx, id).await?;
    Ok(Stale::check(seen, row.version)?)
}

/// Uses a code up.
pub async fn use_code(tx: &mut TenantTx, id: ContractId, account: AccountId, code: &str) -> Result<(), ContractError> {
    let digits: String = code.chars().filter(char::is_ascii_digit).collect();
    if !store::fitting_code(tx, id, account, &hash_of(id, account, &digits)).await? {
        return Err(Invalid::one("/code", "wrong", "wrong, or older than 15 minutes").into());
    }
    Ok(store::drop_codes(tx, id, account).await?)
}

/// A guardian signs online, after a code or the second factor was shown.
pub async fn sign(
    tx: &mut TenantTx,
    id: ContractId,
    account: AccountId,
    way: Way,
) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    let me = signer(tx, &row, account).await?;
    let today = tx.today();
    add_guardians(tx, &row, &[&me], way, today).await
}

/// The facility records that the guardians who are missing have signed on paper.
pub async fn record_paper(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    signed_on: NaiveDate,
) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let sent_on = row.sent_at.map(crate::platform::clock::berlin_date);
    row.machine().sign(0)?;
    if signed_on > tx.today() {
        return Err(Invalid::one("/signed_on", "in_future", "").into());
    }
    if sent_on.is_some_and(|sent| signed_on < sent) {
        return Err(Invalid::one("/signed_on", "before_sent", "").into());
    }
    let (must, signed) = (must_sign(tx, &row).await?, store::signatures(tx, id).await?);
    let missing = missing(&must, &signed);
    add_guardians(tx, &row, &missing, Way::Paper, signed_on).await
}

async fn add_guardians(
    tx: &mut TenantTx,
    row: &ContractRow,
    who: &[&Contact],
    way: Way,
    signed_on: NaiveDate,
) -> Result<ContractRow, ContractError> {
    for guardian in who {
        let new = SignatureRow {
            side: Side::Guardian,
            guardian_id: Some(guardian.guardian_id),
            name: format!("{} {}", guardian.first_name, guardian.last_name),
            way,
            signed_on,
        };
        if !store::add_signature(tx, row.id, &new).await? {
            return Err(ContractError::Signed);
        }
    }
    let (must, signed) = (must_sign(tx, row).await?, store::signatures(tx, row.id).await?);
    let next = row.machine().sign(missing(&must, &signed).len())?;
    store::set_state(tx, row.id, next.state()).await?;
    contract(tx, row.id).await
}

/// The provider signs, by the people of the facility, after all guardians have.
pub async fn countersign(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    name: &str,
) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let machine = all_signed(tx, &row).await?;
    let signature = SignatureRow {
        side: Side::Provider,
        guardian_id: None,
        name: name.to_owned(),
        way: Way::Account,
        signed_on: tx.today(),
    };
    let next = machine.countersign(tx.today())?;
    if !store::add_signature(tx, id, &signature).await? {
        return Err(ContractError::Signed);
    }
    store::set_state(tx, id, next.state()).await?;
    tell(tx, &row, Message::ContractSigned).await?;
    contract(tx, id).await
}

/// The contract as signed by the guardians. Where a guardian lost custody after the others had signed, nobody is missing any more.
async fn all_signed(tx: &mut TenantTx, row: &ContractRow) -> Result<super::model::CareContract, ContractError> {
    let (must, signed) = (must_sign(tx, row).await?, store::signatures(tx, row.id).await?);
    let machine = row.machine();
    if machine.state() != super::ContractState::Sent {
        return Ok(machine);
    }
    if signed.is_empty() || !missing(&must, &signed).is_empty() {
        return Err(ContractError::SignatureMissing);
    }
    Ok(machine.sign(0)?)
}

/// The guardian behind an account, if it is still to sign a contract that was sent.
async fn signer(tx: &mut TenantTx, row: &ContractRow, account: AccountId) -> Result<Contact, ContractError> {
    if row.state != super::ContractState::Sent {
        return Err(TransitionError {
            state: row.state,
            step: "sign",
        }
        .into());
    }
    let must = must_sign(tx, row).await?;
    let me = must.into_iter().find(|g| g.account_id == Some(account));
    let me = me.ok_or(ContractError::Missing)?;
    let signed = store::signatures(tx, row.id).await?;
    if signed.iter().any(|s| s.guardian_id == Some(me.guardian_id)) {
        return Err(ContractError::Signed);
    }
    Ok(me)
}

/// Tells the family about its contract.
pub(super) async fn tell(
    tx: &mut TenantTx,
    row: &ContractRow,
    message: impl FnOnce(ContractNews) -> Message,
) -> Result<(), ContractError> {
    let message = message(ContractNews {
        contract_id: row.id,
        facility: row.facility_name.clone(),
        care_from: row.care_from,
        child: ChildInitial::of(row.child_first_name.as_deref()),
    });
    Ok(notifications::tell_family(tx, row.child_id, row.demand_id, &message).await?)
}

fn six_digits() -> String {
    let number = u64::from_be_bytes(random_bytes::<8>()) % 1_000_000;
    format!("{number:06}")
}

/// Only for this contract and person: a table of the hashes of all codes fits no row.
fn hash_of(id: ContractId, account: AccountId, code: &str) -> Vec<u8> {
    digest(&format!("{id}/{account}/{code}"))
}
