//! What answers say about a contract.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::amendments::{AmendmentBody, amendments};
use crate::access::TenantRead;
use crate::contracts::amending::may_change;
use crate::contracts::model::{ContractError, ContractState, NoticeBy, Side, Way, last_day};
use crate::contracts::signing::{missing, must_sign};
use crate::contracts::store::{self, ContractRow, SignatureRow};
use crate::contracts::{document_of, earliest_end, words};
use crate::documents::{ContractPaper, SignatureLine, TextBlock};
use crate::families::{self, Contact};
use crate::platform::dates::hours_minutes;
use crate::platform::http::{ApiError, Versioned};
use crate::platform::ids::{ChildId, ContractId, DemandId, FacilityId, GuardianId, OfferId};
use crate::platform::week::{DayTimes, WeekTimes};
use crate::tenancy::NoticeTo;

/// A child as staff and family name it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractChild)]
pub struct ChildBody {
    id: ChildId,
    /// First name and initial; `erwartetes Kind` before birth.
    label: String,
}

/// A care contract.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractBody {
    id: ContractId,
    offer_id: OfferId,
    demand_id: DemandId,
    facility_id: FacilityId,
    facility_name: String,
    provider_name: Option<String>,
    child: ChildBody,
    state: ContractState,
    care_from: NaiveDate,
    /// First day on which the place is free again.
    care_until: NaiveDate,
    hours_per_week: i32,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "08:00")]
    window_from: Option<NaiveTime>,
    #[serde(serialize_with = "hours_minutes")]
    #[schema(value_type = Option<String>, example = "16:00")]
    window_to: Option<NaiveTime>,
    /// The times of each day on which the child comes; `null`: the same on every day.
    #[schema(value_type = Option<Vec<DayTimes>>)]
    week: Option<WeekTimes>,
    settling_in_weeks: i32,
    /// What else is agreed; it stands in the contract.
    note: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    /// On which day the proof of protection against measles was shown.
    measles_shown_on: Option<NaiveDate>,
    /// Who of the facility saw it; staff only.
    measles_seen_by: Option<String>,
    /// Who gave notice, if somebody did; the contract goes on until the day before `care_until`.
    notice_by: Option<NoticeBy>,
    notice_at: Option<DateTime<Utc>>,
    /// The day on which a notice on paper arrived, from which its period counts; `null`: it was given in the account.
    notice_received_on: Option<NaiveDate>,
    notice_reason: Option<String>,
    created_at: DateTime<Utc>,
    version: i32,
}

impl ContractBody {
    pub(super) fn of(row: ContractRow, language: &str) -> Self {
        let (first, last) = (row.child_first_name.as_deref(), row.child_last_name.as_deref());
        Self {
            id: row.id,
            offer_id: row.offer_id,
            demand_id: row.demand_id,
            facility_id: row.facility_id,
            child: ChildBody {
                id: row.child_id,
                label: families::child_label(first, last, language),
            },
            facility_name: row.facility_name,
            provider_name: row.provider_name,
            state: row.state,
            care_from: row.care_from,
            care_until: row.care_until,
            hours_per_week: row.hours_per_week,
            window_from: row.window_from,
            window_to: row.window_to,
            week: row.week,
            settling_in_weeks: row.settling_in_weeks,
            note: row.note,
            sent_at: row.sent_at,
            measles_shown_on: row.measles_shown_on,
            measles_seen_by: row.measles_seen_by,
            notice_by: row.notice_by,
            notice_at: row.notice_at,
            notice_received_on: row.notice_received_on,
            notice_reason: row.notice_reason,
            created_at: row.created_at,
            version: row.version,
        }
    }
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractSignature)]
pub struct SignatureBody {
    side: Side,
    name: String,
    way: Way,
    signed_on: NaiveDate,
    /// Whether it is the asker's own.
    own: bool,
}

/// A guardian who has no account and signs on paper.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ContractPaperSigner)]
pub struct PaperSigner {
    guardian_id: GuardianId,
    name: String,
}

/// A contract with its words, its signatures, and what notice would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContractDetail {
    #[serde(flatten)]
    contract: ContractBody,
    /// The words, as they were sent or as they would be.
    text: Vec<TextBlock>,
    /// Name and number of the version of the words; `null`: the usual words.
    words_version: Option<String>,
    /// Whole months of notice.
    notice_months: i32,
    /// To the end of what.
    notice_to: NoticeTo,
    /// Months before the agreed end in which nobody leaves by notice.
    notice_not_last_months: i32,
    signatures: Vec<SignatureBody>,
    /// Guardians who must sign and have not.
    missing: Vec<String>,
    /// Those of them who have no account.
    on_paper: Vec<PaperSigner>,
    /// Whether the asker is one of them and can sign now.
    may_sign: bool,
    /// Whether it does not bind yet, so that either side can let it be without notice.
    may_withdraw: bool,
    /// Its changes by number, those that were let be too.
    amendments: Vec<AmendmentBody>,
    /// Whether the facility can draft a change now.
    may_change: bool,
    /// The last day of care when notice is given today; a day before `care_from`: care does not begin. `null`: no notice can be given.
    earliest_last_day: Option<NaiveDate>,
    /// Whether notice would end it no sooner than it ends anyway, so that it ends sooner only where both sides agree.
    only_by_agreement: bool,
    /// A guardian with custody has an account and gives notice there; otherwise the facility enters the family's notice on paper.
    has_account: bool,
}

/// A contract as one page shows it.
pub async fn detail(tx: &mut TenantRead, row: ContractRow) -> Result<Versioned<ContractDetail>, ApiError> {
    let (today, me, language) = (tx.today(), tx.account().map(|a| a.id), tx.language());
    let words = words(tx, &row).await?;
    let document = document_of(tx, &row, &words).await?;
    let must = must_sign(tx, &row).await?;
    let signed = store::signatures(tx, row.id, None).await?;
    let absent = missing(&must, &signed);
    let mine = must.iter().find(|g| g.account_id.is_some() && g.account_id == me);
    let mine = mine.map(|g| g.guardian_id);
    let (machine, earliest) = (row.machine(), earliest_end(tx, &row, today).await?);
    let stands = row.notice_by.is_none() && machine.clone().end(earliest).is_ok() && today < row.care_until;
    let open = stands && earliest < row.care_until;
    let unsigned = matches!(row.state, ContractState::Drafted | ContractState::Sent);
    let amendments = amendments(tx, &row).await?;
    let may_change = may_change(&row, today) && !amendments.iter().any(AmendmentBody::is_sent);
    let body = ContractDetail {
        text: document.text,
        words_version: document.version,
        notice_months: document.notice_months,
        notice_to: document.notice_to,
        notice_not_last_months: document.notice_not_last_months,
        only_by_agreement: stands && !open,
        may_sign: row.state == ContractState::Sent && mine.is_some_and(|me| absent.iter().any(|g| g.guardian_id == me)),
        missing: if unsigned { names(&absent) } else { Vec::new() },
        on_paper: if unsigned { on_paper(&absent) } else { Vec::new() },
        signatures: signed.into_iter().map(|s| signature(s, mine)).collect(),
        may_withdraw: open && machine.may_withdraw(today),
        earliest_last_day: open.then(|| last_day(earliest)),
        amendments,
        may_change,
        has_account: families::has_account(tx, row.child_id).await?,
        contract: ContractBody::of(row, &language),
    };
    Ok(Versioned::new(body.contract.version, body))
}

pub(super) fn names(who: &[&Contact]) -> Vec<String> {
    who.iter()
        .map(|g| format!("{} {}", g.first_name, g.last_name))
        .collect()
}

pub(super) fn on_paper(who: &[&Contact]) -> Vec<PaperSigner> {
    let without = who.iter().filter(|g| g.account_id.is_none());
    let signer = |g: &&Contact| PaperSigner {
        guardian_id: g.guardian_id,
        name: format!("{} {}", g.first_name, g.last_name),
    };
    without.map(signer).collect()
}

pub(super) fn signature(row: SignatureRow, mine: Option<GuardianId>) -> SignatureBody {
    SignatureBody {
        side: row.side,
        own: mine.is_some() && row.guardian_id == mine,
        name: row.name,
        way: row.way,
        signed_on: row.signed_on,
    }
}

/// A contract as the document shows it.
pub async fn paper(tx: &mut TenantRead, row: &ContractRow) -> Result<ContractPaper, ContractError> {
    let words = words(tx, row).await?;
    let draft = document_of(tx, row, &words).await?;
    let must = must_sign(tx, row).await?;
    let signed = store::signatures(tx, row.id, None).await?;
    let absent = missing(&must, &signed);
    // One that ended by notice has its last day behind it; where that lies ahead, care never began.
    let withdrawn = row.state == ContractState::Terminated && row.care_until > tx.today();
    Ok(ContractPaper {
        draft,
        sent: row.document.is_some(),
        missing: names(&absent),
        signatures: signed.iter().map(signature_line).collect(),
        withdrawn,
        ends_on: row.notice_by.filter(|_| !withdrawn).map(|_| last_day(row.care_until)),
    })
}

/// A signature as a document shows it.
pub(super) fn signature_line(row: &SignatureRow) -> SignatureLine {
    SignatureLine {
        by_provider: row.side == Side::Provider,
        name: row.name.clone(),
        signed_on: row.signed_on,
        way: match row.way {
            Way::Code => "code",
            Way::SecondFactor => "second_factor",
            Way::Paper => "paper",
            Way::Account => "account",
        },
    }
}
