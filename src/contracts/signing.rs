//! Sending and signing: the facility sends, every guardian signs, online or, without an account, on paper, and the provider signs last. A
//! contract and a change of one that is agreed go the same way; what is signed is whichever is under way.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::model::{CareContract, ContractError, ContractState, Side, TermsChange, TransitionError, Way};
use super::store::{self, AmendmentRow, Code, ContractRow, SignatureRow};
use super::{amending, contract, document_of, locked, locked_with_places, words};
use crate::access::{TenantRead, TenantTx};
use crate::facilities::{self, Stay};
use crate::families::{self, Contact};
use crate::notifications::{self, ChildInitial, ContractNews, Message, Recipient, Token};
use crate::platform::crypto::{digest, random_bytes};
use crate::platform::fields::Invalid;
use crate::platform::http::Stale;
use crate::platform::ids::{AccountId, AmendmentId, ContractId, GuardianId};
use crate::residence;

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
    let (terms, times) = terms.checked(tx.today(), row.care_from, row.care_until)?;
    match store::put_terms(tx, id, &terms, &times).await {
        Ok(()) => {}
        Err(sqlx::Error::Database(db)) if db.code().as_deref() == Some("23P01") => return Err(ContractError::Overlaps),
        Err(error) => return Err(error.into()),
    }
    facilities::times_agreed(tx, row.facility_id).await?;
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
    let entry = facilities::school_entry_of(tx, row.child_id, birth).await?;
    let open = facilities::open_days(tx, row.facility_id).await?;
    if open.first_for(birth, entry, from) != Some(from) {
        return Err(Invalid::one("/care_from", "closed", "").into());
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

/// What goes its way of signatures: the contract itself, or the open change of one that is agreed.
struct Paper {
    amendment: Option<AmendmentRow>,
    machine: CareContract,
    sent_at: Option<DateTime<Utc>>,
}

impl Paper {
    async fn of(tx: &mut TenantRead, row: &ContractRow) -> Result<Self, sqlx::Error> {
        Ok(match amending::open(tx, row.id).await? {
            Some(change) => Self {
                machine: change.machine(),
                sent_at: change.sent_at,
                amendment: Some(change),
            },
            None => Self {
                amendment: None,
                machine: row.machine(),
                sent_at: row.sent_at,
            },
        })
    }

    /// The same for who takes a step towards the signatures: no change is agreed any more of a contract that ends.
    async fn under_way(tx: &mut TenantRead, row: &ContractRow) -> Result<Self, ContractError> {
        let paper = Self::of(tx, row).await?;
        if paper.amendment.is_some() && !amending::may_change(row, tx.today()) {
            return Err(ContractError::NoChange);
        }
        Ok(paper)
    }

    fn id(&self) -> Option<AmendmentId> {
        self.amendment.as_ref().map(|a| a.id)
    }

    async fn signatures(&self, tx: &mut TenantRead, row: &ContractRow) -> Result<Vec<SignatureRow>, sqlx::Error> {
        store::signatures(tx, row.id, self.id()).await
    }

    async fn set_state(&self, tx: &mut TenantTx, row: &ContractRow, to: ContractState) -> Result<(), sqlx::Error> {
        match self.id() {
            Some(change) => store::set_amendment_state(tx, row.id, change, to).await,
            None => store::set_state(tx, row.id, to).await,
        }
    }
}

/// The facility sends a draft to the guardians: from now on it says what it says, in the words that hold today.
pub async fn send(tx: &mut TenantTx, id: ContractId, seen: i32) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let paper = Paper::under_way(tx, &row).await?;
    paper.machine.clone().send()?;
    match &paper.amendment {
        Some(change) => amending::send(tx, &row, change).await?,
        None => {
            let words = words(tx, &row).await?;
            let document = document_of(tx, &row, &words).await?;
            store::set_sent(tx, id, words.template, &document).await?;
            tell(tx, &row, row.care_from, Message::ContractSent).await?;
        }
    }
    contract(tx, id).await
}

/// The facility takes back what it sent to change it, while nobody has signed.
pub async fn recall(tx: &mut TenantTx, id: ContractId, seen: i32) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let paper = Paper::of(tx, &row).await?;
    let signed = paper.signatures(tx, &row).await?.len();
    paper.machine.clone().recall(signed)?;
    match paper.id() {
        Some(change) => store::set_amendment_sent(tx, id, change, None).await?,
        None => store::set_recalled(tx, id).await?,
    }
    contract(tx, id).await
}

/// Who must sign: every guardian with custody today (§ 1629 BGB). Who has no account signs on paper.
pub async fn must_sign(tx: &mut TenantRead, row: &ContractRow) -> Result<Vec<Contact>, sqlx::Error> {
    families::guardians_of(tx, row.child_id).await
}

/// Those of them who have not.
pub fn missing<'a>(must: &'a [Contact], signed: &[SignatureRow]) -> Vec<&'a Contact> {
    let has = |id: GuardianId| signed.iter().any(|s| s.guardian_id == Some(id));
    must.iter().filter(|g| !has(g.guardian_id)).collect()
}

/// A guardian asks for a code to sign with; it goes to the account's address.
pub async fn request_code(tx: &mut TenantTx, id: ContractId, account: AccountId) -> Result<(), ContractError> {
    let row = locked(tx, id).await?;
    let paper = Paper::under_way(tx, &row).await?;
    let me = signer(tx, &row, &paper, account).await?;
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
    let paper = Paper::under_way(tx, &row).await?;
    let me = signer(tx, &row, &paper, account).await?;
    let today = tx.today();
    add_guardians(tx, &row, &paper, &[&me], way, today).await
}

/// The facility records that a guardian who is missing has signed on paper, or all of them have.
pub async fn record_paper(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    signed_on: NaiveDate,
    by: Option<GuardianId>,
) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    let paper = Paper::under_way(tx, &row).await?;
    let sent_on = paper.sent_at.map(crate::platform::clock::berlin_date);
    paper.machine.clone().sign(0)?;
    if signed_on > tx.today() {
        return Err(Invalid::one("/signed_on", "in_future", "").into());
    }
    if sent_on.is_some_and(|sent| signed_on < sent) {
        return Err(Invalid::one("/signed_on", "before_sent", "").into());
    }
    let (must, signed) = (must_sign(tx, &row).await?, paper.signatures(tx, &row).await?);
    let mut who = missing(&must, &signed);
    who.retain(|guardian| by.is_none_or(|by| guardian.guardian_id == by));
    if who.is_empty() && by.is_some() {
        return Err(Invalid::one("/guardian_id", "not_missing", "").into());
    }
    add_guardians(tx, &row, &paper, &who, Way::Paper, signed_on).await
}

async fn add_guardians(
    tx: &mut TenantTx,
    row: &ContractRow,
    paper: &Paper,
    who: &[&Contact],
    way: Way,
    signed_on: NaiveDate,
) -> Result<ContractRow, ContractError> {
    check_consent(tx, row, paper).await?;
    for guardian in who {
        let new = SignatureRow {
            side: Side::Guardian,
            guardian_id: Some(guardian.guardian_id),
            name: format!("{} {}", guardian.first_name, guardian.last_name),
            way,
            signed_on,
        };
        if !store::add_signature(tx, row.id, paper.id(), &new).await? {
            return Err(ContractError::Signed);
        }
    }
    let (must, signed) = (must_sign(tx, row).await?, paper.signatures(tx, row).await?);
    let next = paper.machine.clone().sign(missing(&must, &signed).len())?;
    paper.set_state(tx, row, next.state()).await?;
    contract(tx, row.id).await
}

/// Nobody signs for a guest child before its home municipality agreed, where the tenant wants that; a change needs no new consent.
async fn check_consent(tx: &mut TenantTx, row: &ContractRow, paper: &Paper) -> Result<(), ContractError> {
    let covered = paper.amendment.is_some() || residence::consent_covers(tx, row.demand_id, row.care_from).await?;
    if covered {
        Ok(())
    } else {
        Err(ContractError::ConsentMissing)
    }
}

/// The provider signs, by the people of the facility, after all guardians have.
pub async fn countersign(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    name: &str,
) -> Result<ContractRow, ContractError> {
    let row = amending::locked_to_agree(tx, id).await?;
    Stale::check(seen, row.version)?;
    let paper = Paper::under_way(tx, &row).await?;
    let machine = all_signed(tx, &row, &paper).await?;
    check_consent(tx, &row, &paper).await?;
    let signature = SignatureRow {
        side: Side::Provider,
        guardian_id: None,
        name: name.to_owned(),
        way: Way::Account,
        signed_on: tx.today(),
    };
    let next = machine.countersign(tx.today())?;
    if !store::add_signature(tx, id, paper.id(), &signature).await? {
        return Err(ContractError::Signed);
    }
    match &paper.amendment {
        Some(change) => amending::agree(tx, &row, change).await?,
        None => {
            store::set_state(tx, id, next.state()).await?;
            tell(tx, &row, row.care_from, Message::ContractSigned).await?;
        }
    }
    contract(tx, id).await
}

/// What is under way as signed by the guardians. Where a guardian lost custody after the others had signed, nobody is missing any more.
async fn all_signed(tx: &mut TenantTx, row: &ContractRow, paper: &Paper) -> Result<CareContract, ContractError> {
    let (must, signed) = (must_sign(tx, row).await?, paper.signatures(tx, row).await?);
    let machine = paper.machine.clone();
    if machine.state() != ContractState::Sent {
        return Ok(machine);
    }
    if signed.is_empty() || !missing(&must, &signed).is_empty() {
        return Err(ContractError::SignatureMissing);
    }
    Ok(machine.sign(0)?)
}

/// Reminds the guardians with an account whose signature is missing; the facility speaks with the others.
pub(super) async fn remind(tx: &mut TenantTx, id: ContractId) -> Result<(), ContractError> {
    let row = locked(tx, id).await?;
    let paper = Paper::of(tx, &row).await?;
    if paper.machine.state() != ContractState::Sent {
        return Ok(());
    }
    let (must, signed) = (must_sign(tx, &row).await?, paper.signatures(tx, &row).await?);
    let from = paper.amendment.as_ref().map_or(row.care_from, |a| a.valid_from);
    for guardian in missing(&must, &signed) {
        if let (Some(account), Some(email)) = (guardian.account_id, guardian.email.clone()) {
            let recipient = Recipient::account(account, email, guardian.language.clone());
            let message = Message::ContractReminder(news(&row, from));
            notifications::enqueue(tx, recipient, message).await?;
        }
    }
    Ok(store::set_reminded(tx, id).await?)
}

fn news(row: &ContractRow, from: NaiveDate) -> ContractNews {
    ContractNews {
        contract_id: row.id,
        facility: row.facility_name.clone(),
        care_from: from,
        child: ChildInitial::of(row.child_first_name.as_deref()),
    }
}

/// The guardian behind an account, if it is still to sign what was sent.
async fn signer(
    tx: &mut TenantTx,
    row: &ContractRow,
    paper: &Paper,
    account: AccountId,
) -> Result<Contact, ContractError> {
    if paper.machine.state() != ContractState::Sent {
        return Err(TransitionError {
            state: paper.machine.state(),
            step: "sign",
        }
        .into());
    }
    let must = must_sign(tx, row).await?;
    let me = must.into_iter().find(|g| g.account_id == Some(account));
    let me = me.ok_or(ContractError::Missing)?;
    let signed = paper.signatures(tx, row).await?;
    if signed.iter().any(|s| s.guardian_id == Some(me.guardian_id)) {
        return Err(ContractError::Signed);
    }
    Ok(me)
}

/// Tells the family about its contract; `from` is the day from which what was sent or signed holds.
pub(super) async fn tell(
    tx: &mut TenantTx,
    row: &ContractRow,
    from: NaiveDate,
    message: impl FnOnce(ContractNews) -> Message,
) -> Result<(), ContractError> {
    let message = message(news(row, from));
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
