//! Every kind of message.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{
    ChildInitial, ContractNews, DemandNow, Ending, LapseNews, OfferNews, Said, Step, StepNews, SubstituteNews,
    SwapNews, Token, ToldBy,
};
use crate::access::Role;
use crate::platform::ids::{ContractId, DemandId, FacilityId, NoticeId, VisitId};

/// A message. The words stand in the templates; here is what they may use.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Message {
    /// Confirm the address of a new account.
    ConfirmAddress {
        /// Of the link to `/bestaetigen`.
        #[serde(default)]
        token: Token,
    },
    /// Somebody tried to register with an address that has an account.
    AccountExists,
    /// Set a new password.
    Reset {
        /// Of the link to `/passwort-neu`.
        #[serde(default)]
        token: Token,
    },
    /// Confirm a new address of an account; goes to the new address.
    EmailChange {
        /// Of the link to `/email-bestaetigen`.
        #[serde(default)]
        token: Token,
    },
    /// The account has another address now; goes to the old one, in case it was somebody else.
    EmailChanged,
    /// Join as staff.
    Invitation {
        /// The role that is granted.
        #[serde(with = "role_name")]
        role: Role,
        /// Of the link to `/einladung`.
        #[serde(default)]
        token: Token,
    },
    /// Join as the other guardian of children.
    GuardianInvitation {
        /// Of the link to `/elternteil-einladung`.
        #[serde(default)]
        token: Token,
    },
    /// Somebody read a protected address; goes to the administrators and names nobody.
    ProtectedAddressRead {
        /// When.
        at: DateTime<Utc>,
    },
    /// The chain of the audit is broken; goes to the administrators.
    AuditBroken {
        /// When it was found.
        at: DateTime<Utc>,
    },
    /// A family offers a mandate.
    MandateOffered {
        /// Whom the family names.
        name: String,
        /// Whether to act, and not only to look.
        may_act: bool,
        /// Its last day.
        valid_until: NaiveDate,
    },
    /// Somebody has a mandate in the reader's name.
    MandateBegan {
        /// Who.
        name: String,
        /// Whether to act, and not only to look.
        may_act: bool,
        /// Its last day.
        valid_until: NaiveDate,
    },
    /// The care demand arrived.
    Receipt {
        /// The demand.
        demand_id: DemandId,
        /// Its reference code.
        reference_code: String,
        /// Whose demand.
        child: ChildInitial,
        /// When it arrived; with a legal claim this is when the claim was asserted.
        submitted_at: DateTime<Utc>,
        /// Whether the legal claim was asserted.
        legal_claim: bool,
    },
    /// The office, or the municipality's rule, confirmed the demand.
    DemandConfirmed {
        /// The demand.
        demand_id: DemandId,
        /// Its reference code.
        reference_code: String,
        /// Whose demand.
        child: ChildInitial,
    },
    /// The family moved the wished start of a demand that was sent.
    StartChanged {
        /// The demand.
        demand_id: DemandId,
        /// Its reference code.
        reference_code: String,
        /// Whose demand.
        child: ChildInitial,
        /// The start that holds now.
        start: NaiveDate,
        /// Until when the municipality owes a place, where the claim was asserted.
        legal_due_on: Option<NaiveDate>,
    },
    /// The demand ended without a place.
    DemandEnded {
        /// The demand.
        demand_id: DemandId,
        /// Its reference code.
        reference_code: String,
        /// Whose demand.
        child: ChildInitial,
        /// How it ended.
        ending: Ending,
        /// What the office says about it, in its own words.
        #[serde(default)]
        explanation: Option<String>,
    },
    /// The office entered what a family without an account said; so it reads what was understood.
    AnswerRecorded {
        /// The demand.
        demand_id: DemandId,
        /// Whose demand.
        child: ChildInitial,
        /// The facility that it is about, where it is about one.
        facility: Option<String>,
        /// What the family said.
        said: Said,
        /// On which day.
        told_on: NaiveDate,
        /// In which way.
        told_by: ToldBy,
        /// What a changed demand says from now on.
        #[serde(default)]
        now: Option<DemandNow>,
    },
    /// The place ends with the child's age; the family says whether it wants follow-up care.
    FollowupDue {
        /// Whose place.
        child: ChildInitial,
        /// Where the child is.
        facility: String,
        /// First day without the place.
        needed_from: NaiveDate,
        /// Whether school begins; otherwise the child turns three.
        after_school: bool,
        /// Whether the family was asked before.
        #[serde(default)]
        reminder: bool,
        /// Opens the page on which the family answers.
        #[serde(default)]
        token: Token,
    },
    /// The home municipality of a guest child answered.
    GuestAnswered {
        /// The demand.
        demand_id: DemandId,
        /// Whose demand.
        child: ChildInitial,
        /// Whether it agreed.
        granted: bool,
        /// First day without the consent.
        until: Option<NaiveDate>,
    },
    /// Consents of home municipalities end soon; for those who administer the municipality.
    GuestConsentEnds {
        /// How many.
        count: i64,
        /// The first end.
        first: NaiveDate,
    },
    /// The consent for a guest child with a contract does not hold any more, or the office decided about it.
    GuestLapse(LapseNews),
    /// The same, for those who run the facility.
    GuestLapseWork(LapseNews),
    /// The same, for those who administer the municipality.
    GuestLapseOffice(LapseNews),
    /// A family that moves here is asked for the proof.
    MoveProofDue {
        /// The demand.
        demand_id: DemandId,
        /// Whose demand.
        child: ChildInitial,
        /// The day of the move.
        move_on: NaiveDate,
    },
    /// The demand runs out soon, unless the family renews it.
    RenewalDue {
        /// The demand.
        demand_id: DemandId,
        /// Its reference code.
        reference_code: String,
        /// Whose demand.
        child: ChildInitial,
        /// Last day on which it can be renewed.
        until: NaiveDate,
        /// Whether the interval is over, and this is the last time that the family is asked.
        #[serde(default)]
        last: bool,
        /// Of the link to `/weiter`, which renews without signing in.
        #[serde(default)]
        token: Token,
    },
    /// The figures of a facility were not confirmed for a month.
    CapacityDue {
        /// The facility.
        facility_id: FacilityId,
        /// Its name.
        facility: String,
        /// When the oldest of them was confirmed.
        confirmed_on: Option<NaiveDate>,
        /// Of the link that confirms them; none in mails from before there was one.
        #[serde(default)]
        token: Token,
    },
    /// A facility planned an appointment to get to know each other, or changed it.
    VisitPlanned {
        /// The appointment.
        visit_id: VisitId,
        /// The demand.
        demand_id: DemandId,
        /// The facility's name.
        facility: String,
        /// Who is invited.
        child: ChildInitial,
        /// When.
        starts_at: DateTime<Utc>,
        /// Where.
        place: String,
        /// The calendar file that goes with the mail.
        #[serde(default)]
        calendar: Option<String>,
    },
    /// An appointment does not take place.
    VisitCancelled {
        /// The demand.
        demand_id: DemandId,
        /// The facility's name.
        facility: String,
        /// Who was invited.
        child: ChildInitial,
        /// The calendar file that goes with the mail.
        #[serde(default)]
        calendar: Option<String>,
    },
    /// Families wait longer for a facility's answer than the municipality allows; goes to whoever runs it.
    AnswersOverdue {
        /// The facility's name.
        facility: String,
        /// So many families wait.
        waiting: i64,
        /// The oldest preference is open for so many days.
        oldest_days: i64,
    },
    /// A notice was posted to the family.
    NoticePosted {
        /// The notice.
        notice_id: NoticeId,
        /// About this demand.
        demand_id: DemandId,
        /// Its file number.
        file_number: String,
        /// Whose demand.
        child: ChildInitial,
        /// When it was posted.
        posted_on: NaiveDate,
    },
    /// A facility answered a preference.
    StateChange {
        /// The demand.
        demand_id: DemandId,
        /// The facility's name.
        facility: String,
        /// What it did.
        step: Step,
        /// Whose preference.
        child: ChildInitial,
    },
    /// A place is offered.
    Offer(OfferNews),
    /// The deadline of an open offer is near.
    OfferReminder(OfferNews),
    /// The deadline passed without an answer.
    OfferExpired(OfferNews),
    /// The facility took the offer back.
    OfferRevoked(OfferNews),
    /// The family accepted.
    OfferAccepted(OfferNews),
    /// A place that the family likes better than the one it has is offered.
    OfferBetter {
        /// The offer.
        news: OfferNews,
        /// The facility of the place that it keeps until it accepts.
        kept: String,
    },
    /// That offer is open no longer; the family has what it had.
    OfferBetterOver {
        /// The offer.
        news: OfferNews,
        /// The facility of the place that it has.
        kept: String,
    },
    /// A step of a coordinated round was opened.
    StepOpened(StepNews),
    /// The deadline of a step is near, and an answer is missing.
    StepDeadline(StepNews),
    /// The draft of the care contract can be read.
    ContractReady {
        /// The contract.
        contract_id: ContractId,
        /// The facility's name.
        facility: String,
        /// Whose contract.
        child: ChildInitial,
    },
    /// A notice of parent fees can be read. No amount stands in a mail.
    FeeNotice {
        /// The contract.
        contract_id: ContractId,
        /// Whose place.
        child: ChildInitial,
    },
    /// The facility sent the contract; it can be signed.
    ContractSent(ContractNews),
    /// A signature on the contract, or on a change of it, is still missing.
    ContractReminder(ContractNews),
    /// The facility sent a change of the contract; it can be signed.
    ContractChangeSent(ContractNews),
    /// Both sides have signed a change of the contract.
    ContractChanged(ContractNews),
    /// A swap of places is proposed to the family.
    SwapProposed(SwapNews),
    /// A child would come to the facility by a swap.
    SwapAsked(SwapNews),
    /// A swap does not come about.
    SwapOff(SwapNews),
    /// The childminder is away: where the child goes meanwhile, that nobody was found yet, or that she is there again.
    Substitute(SubstituteNews),
    /// The same, for those who run the substitute's place.
    SubstituteWork(SubstituteNews),
    /// A code to sign with.
    ContractCode {
        /// The contract.
        contract_id: ContractId,
        /// The facility's name.
        facility: String,
        /// The code; it also stands in the link, so that nobody must type it.
        #[serde(default)]
        token: Token,
    },
    /// The code with which a family that was entered without an account takes its demands over; always a letter.
    ClaimCode {
        /// The code, to be typed from the paper. It leaves the outbox when the letter was printed.
        #[serde(default)]
        token: Token,
        /// Last day on which it can be used.
        until: NaiveDate,
    },
    /// Both sides have signed.
    ContractSigned(ContractNews),
    /// Somebody gave notice, or the contract does not come about.
    ContractEnds {
        /// The contract.
        contract_id: ContractId,
        /// The facility's name.
        facility: String,
        /// Whose contract.
        child: ChildInitial,
        /// The last day of care; `None`: care does not begin.
        last_day: Option<NaiveDate>,
        /// Whether the facility gave notice, and not the family.
        by_facility: bool,
        /// The day on which the family's notice arrived on paper.
        #[serde(default)]
        received_on: Option<NaiveDate>,
    },
}

/// A role by its stable name, because its derived form belongs to the API.
mod role_name {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use crate::access::Role;

    pub fn serialize<S: Serializer>(role: &Role, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(role.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Role, D::Error> {
        let name = String::deserialize(from)?;
        Role::parse(&name).ok_or_else(|| D::Error::custom("unknown role"))
    }
}
