//! What each kind of message brings along: where its button leads, what it asks of the reader, the values of its template.

use chrono::NaiveDate;
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::{Frame, Reader};
use crate::notifications::model::{LapseNews, Message, OfferNews, StepNews, Token};
use crate::platform::dates::{date, day, moment};

/// Where the button leads, below the tenant's pages. A token stands behind `#`, so that no server's log sees it.
pub(super) fn path(message: &Message) -> String {
    let token = message.token().map(Token::expose).unwrap_or_default();
    match message {
        Message::ConfirmAddress { .. } => format!("/bestaetigen#{token}"),
        Message::AccountExists | Message::EmailChanged => "/anmelden".into(),
        Message::Reset { .. } => format!("/passwort-neu#{token}"),
        Message::EmailChange { .. } => format!("/email-bestaetigen#{token}"),
        Message::Invitation { .. } => format!("/einladung#{token}"),
        Message::GuardianInvitation { .. } => format!("/elternteil-einladung#{token}"),
        Message::SwapProposed(_) | Message::SwapOff(_) => "/familie/tausch".to_owned(),
        Message::SwapAsked(_) => "/arbeit/tausch".to_owned(),
        Message::FollowupDue { .. } => format!("/anschluss#{token}"),
        // One click is enough; a mail from before there were such links leads to the demand.
        Message::RenewalDue { .. } if !token.is_empty() => format!("/weiter#{token}"),
        Message::GuestConsentEnds { .. } => "/amt/gastkinder?ending=true".into(),
        Message::GuestLapse(news) => format!("/bedarf/{}#wohnort", news.demand_id),
        Message::GuestLapseWork(news) => format!("/arbeit/vertraege?vertrag={}", news.contract_id),
        Message::GuestLapseOffice(news) => format!("/amt/bedarfe/{}#wohnort", news.demand_id),
        Message::Receipt { demand_id, .. }
        | Message::GuestAnswered { demand_id, .. }
        | Message::MoveProofDue { demand_id, .. }
        | Message::RenewalDue { demand_id, .. }
        | Message::DemandConfirmed { demand_id, .. }
        | Message::StartChanged { demand_id, .. }
        | Message::DemandEnded { demand_id, .. }
        | Message::AnswerRecorded { demand_id, .. }
        | Message::NoticePosted { demand_id, .. }
        | Message::VisitPlanned { demand_id, .. }
        | Message::VisitCancelled { demand_id, .. }
        | Message::StateChange { demand_id, .. } => format!("/bedarf/{demand_id}"),
        Message::Offer(news)
        | Message::OfferReminder(news)
        | Message::OfferExpired(news)
        | Message::OfferRevoked(news)
        | Message::OfferBetter { news, .. }
        | Message::OfferBetterOver { news, .. }
        | Message::OfferAccepted(news) => format!("/angebot/{}", news.offer_id),
        Message::StepOpened(_) | Message::StepDeadline(_) => "/arbeit/vergabe".into(),
        Message::FeeNotice { .. } => "/familie/beitraege".to_owned(),
        Message::CapacityDue { .. } if !token.is_empty() => format!("/plaetze-stimmen#{token}"),
        Message::CapacityDue { facility_id, .. } => format!("/arbeit/kapazitaet/{facility_id}"),
        Message::ContractReady { contract_id, .. } | Message::ContractEnds { contract_id, .. } => {
            format!("/vertrag/{contract_id}")
        }
        Message::Substitute(news) => format!("/vertrag/{}", news.contract_id),
        Message::SubstituteWork(news) => match news.substitute_id {
            Some(id) => format!("/arbeit/listen?facility_id={id}&on={}", news.from_on),
            None => "/arbeit/listen".into(),
        },
        Message::ContractSent(news)
        | Message::ContractSigned(news)
        | Message::ContractReminder(news)
        | Message::ContractChangeSent(news)
        | Message::ContractChanged(news) => format!("/vertrag/{}", news.contract_id),
        Message::ContractCode { contract_id, .. } => format!("/vertrag/{contract_id}#{token}"),
        Message::AnswersOverdue { .. } => "/arbeit".into(),
        Message::ProtectedAddressRead { .. } => "/verwaltung/protokoll?alerts=true".into(),
        Message::AuditBroken { .. } => "/verwaltung/protokoll".into(),
        Message::MandateOffered { .. } => "/vollmachten".into(),
        Message::MandateBegan { .. } => "/familie/vollmachten".into(),
        Message::ClaimCode { .. } => format!("/code#{token}"),
    }
}

/// What the reader is to do, for who cannot follow the button: `answer`, `sign`, `account` (only an account can answer), or nothing.
pub(super) fn asks(message: &Message) -> &'static str {
    match message {
        Message::Offer(_)
        | Message::OfferBetter { .. }
        | Message::OfferReminder(_)
        | Message::RenewalDue { .. }
        | Message::FollowupDue { .. } => "answer",
        Message::ContractSent(_) | Message::ContractReminder(_) | Message::ContractChangeSent(_) => "sign",
        Message::SwapProposed(_) => "account",
        // Its words say all, and the code is in them.
        Message::ClaimCode { .. } => "code",
        _ => "",
    }
}

pub(super) fn values(message: &Message, language: &str, frame: &Frame<'_>, reader: Reader<'_>) -> Value {
    let (online, code) = match reader {
        Reader::Online => (true, None),
        Reader::WithoutAccount { reference_code } => (false, reference_code),
    };
    let shared = context! {
        tenant => frame.tenant, office => frame.office, phone => frame.phone, address => frame.address,
        online, code, asks => asks(message),
        imprint => format!("{}/recht/imprint", frame.base), privacy => format!("{}/recht/privacy", frame.base),
    };
    let own = match message {
        Message::ConfirmAddress { .. }
        | Message::AccountExists
        | Message::EmailChanged
        | Message::Reset { .. }
        | Message::EmailChange { .. }
        | Message::GuardianInvitation { .. } => context! {},
        Message::Invitation { role, .. } => context! { role => role.as_str() },
        Message::Receipt {
            reference_code,
            child,
            submitted_at,
            legal_claim,
            ..
        } => context! {
            reference_code, legal_claim, child => child.text(), submitted_at => moment(*submitted_at, language),
        },
        Message::DemandConfirmed {
            reference_code, child, ..
        } => context! { reference_code, child => child.text() },
        Message::StartChanged {
            reference_code,
            child,
            start,
            legal_due_on,
            ..
        } => context! {
            reference_code, child => child.text(), start => date(*start, language), due => legal_due_on.map(|d| date(d, language)),
        },
        Message::DemandEnded {
            reference_code,
            child,
            ending,
            explanation,
            ..
        } => context! { reference_code, child => child.text(), ending => ending.as_str(), explanation },
        Message::AnswerRecorded {
            child,
            facility,
            said,
            told_on,
            told_by,
            now,
            ..
        } => context! {
            facility, child => child.text(), said => said.as_str(), told_by => told_by.as_str(), told_on => date(*told_on, language),
            now => now.as_ref().map(Serde), latest_start => now.as_ref().and_then(|n| n.latest_start).map(|d| date(d, language)),
            start => now.as_ref().and_then(|n| n.desired_start).map(|d| date(d, language)),
            due => now.as_ref().and_then(|n| n.legal_due_on).map(|d| date(d, language)),
        },
        Message::SwapProposed(news) | Message::SwapAsked(news) | Message::SwapOff(news) => context! {
            facility => &news.facility, to => &news.to, child => news.child.text(), swap_on => date(news.swap_on, language),
            deadline => day(news.deadline_on, language),
        },
        Message::Substitute(news) | Message::SubstituteWork(news) => context! {
            facility => &news.facility, substitute => &news.substitute, address => &news.address, child => news.child.text(),
            what => &news.what, from_on => date(news.from_on, language), to_on => date(news.to_on, language),
        },
        Message::FollowupDue {
            child,
            facility,
            needed_from,
            after_school,
            reminder,
            ..
        } => context! {
            child => child.text(), facility, after_school, reminder, needed_from => date(*needed_from, language),
        },
        Message::GuestAnswered {
            child, granted, until, ..
        } => context! { child => child.text(), granted, until => last_day(*until, language) },
        Message::GuestConsentEnds { count, first } => context! { count, first => date(*first, language) },
        Message::GuestLapse(news) | Message::GuestLapseWork(news) | Message::GuestLapseOffice(news) => {
            of_lapse(news, language)
        }
        Message::MoveProofDue { child, move_on, .. } => context! {
            child => child.text(), move_on => date(*move_on, language),
        },
        Message::RenewalDue {
            reference_code,
            child,
            until,
            last,
            ..
        } => context! { reference_code, last, child => child.text(), until => day(*until, language) },
        Message::CapacityDue {
            facility, confirmed_on, ..
        } => context! { facility, confirmed_on => confirmed_on.map(|d| date(d, language)) },
        Message::VisitPlanned {
            facility,
            child,
            starts_at,
            place,
            ..
        } => context! { facility, child => child.text(), starts_at => moment(*starts_at, language), place },
        Message::VisitCancelled { facility, child, .. } => context! { facility, child => child.text() },
        Message::AnswersOverdue {
            facility,
            waiting,
            oldest_days,
        } => context! { facility, waiting, oldest_days },
        Message::NoticePosted {
            file_number,
            child,
            posted_on,
            ..
        } => context! { file_number, child => child.text(), posted_on => date(*posted_on, language) },
        Message::ProtectedAddressRead { at } | Message::AuditBroken { at } => context! { at => moment(*at, language) },
        Message::MandateOffered {
            name,
            may_act,
            valid_until,
        }
        | Message::MandateBegan {
            name,
            may_act,
            valid_until,
        } => context! { name, may_act, until => date(*valid_until, language) },
        Message::StateChange {
            facility, step, child, ..
        } => context! { facility, step => step.as_str(), child => child.text() },
        Message::Offer(news)
        | Message::OfferReminder(news)
        | Message::OfferExpired(news)
        | Message::OfferRevoked(news)
        | Message::OfferAccepted(news) => of_offer(news, language),
        Message::OfferBetter { news, kept } | Message::OfferBetterOver { news, kept } => {
            context! { kept, ..of_offer(news, language) }
        }
        Message::StepOpened(news) | Message::StepDeadline(news) => of_step(news, language),
        Message::ContractReady { facility, child, .. } => context! { facility, child => child.text() },
        Message::FeeNotice { child, .. } => context! { child => child.text() },
        Message::ContractSent(news)
        | Message::ContractSigned(news)
        | Message::ContractReminder(news)
        | Message::ContractChangeSent(news)
        | Message::ContractChanged(news) => context! {
            facility => &news.facility, child => news.child.text(), care_from => date(news.care_from, language),
        },
        Message::ContractCode { facility, token, .. } => context! { facility, code => token.expose() },
        Message::ClaimCode { token, until } => context! {
            code => token.expose(), until => date(*until, language), page => format!("{}/code", frame.base),
        },
        Message::ContractEnds {
            facility,
            child,
            last_day,
            by_facility,
            received_on,
            ..
        } => context! {
            facility, by_facility, child => child.text(), last_day => last_day.map(|d| date(d, language)),
            received_on => received_on.map(|d| date(d, language)),
        },
    };
    context! { ..own, ..shared }
}

fn of_offer(news: &OfferNews, language: &str) -> Value {
    context! {
        facility => &news.facility, child => news.child.text(),
        deadline => day(news.deadline_on, language), care_from => date(news.care_from, language),
        week => news.week.map(|week| week.says(language)),
    }
}

/// People read the last day, not the first one on which something holds no more.
fn last_day(until: Option<NaiveDate>, language: &str) -> Option<String> {
    until.and_then(|day| day.pred_opt()).map(|day| date(day, language))
}

fn of_lapse(news: &LapseNews, language: &str) -> Value {
    context! {
        child => news.child.text(), facility => &news.facility, withdrawn => news.withdrawn, decision => &news.decision,
        lapses_on => date(news.lapses_on, language), decide_by => date(news.decide_by, language),
        granted_until => last_day(news.granted_until, language),
    }
}

/// Who speaks for many facilities reads the first of them and how many more there are.
fn of_step(news: &StepNews, language: &str) -> Value {
    const SHOWN: usize = 5;
    let mut facilities = news
        .facilities
        .iter()
        .take(SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(", ");
    let rest = news.facilities.len().saturating_sub(SHOWN);
    if rest > 0 {
        facilities.push_str(&match language {
            "en" => format!(" and {rest} more"),
            _ => format!(" und {rest} weitere"),
        });
    }
    context! { round => &news.round, step => news.number, facilities, deadline => day(news.due_on, language) }
}
