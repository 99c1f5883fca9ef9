//! From a message to words: one template per kind and language gives subject, plain text, HTML and letter, so that all say the same.
//!
//! A template is the subject's line and then paragraphs between blank lines; `[[ … ]]` is the one button. The paragraphs are told apart
//! before anything is put in: no name of a facility can make a button or a paragraph. A language more is a folder more and a line in
//! `TEMPLATES`.

use chrono::NaiveDate;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::model::{LapseNews, Message, OfferNews, StepNews};
use crate::platform::dates::{date, day, moment};

macro_rules! templates {
    ($($language:literal)*) => {
        &[$(($language, templates!(@kinds $language
            "opening" "closing" "mail_foot" "without_account" "answer_recorded" "account_exists" "confirm_address" "contract_ready" "demand_confirmed" "demand_ended" "email_change" "fee_notice" "capacity_due"
            "email_changed" "answers_overdue" "notice_posted" "renewal_due" "followup_due" "guest_answered" "guest_consent_ends" "guest_lapse" "guest_lapse_work" "guest_lapse_office" "move_proof_due"
            "guardian_invitation" "invitation" "offer" "offer_accepted" "offer_better" "offer_better_over" "offer_expired" "offer_reminder" "offer_revoked" "receipt"
            "reset" "state_change" "step_deadline" "step_opened" "visit_cancelled" "visit_planned" "contract_sent" "contract_code" "contract_signed" "contract_ends"
            "contract_reminder" "contract_change_sent" "contract_changed" "swap_proposed" "swap_asked" "swap_off" "mandate_offered" "mandate_began" "claim_code" "protected_address_read" "audit_broken"))),*]
    };
    (@kinds $language:literal $($kind:literal)*) => {
        &[$(($kind, include_str!(concat!("templates/", $language, "/", $kind, ".txt")))),*]
    };
}

type OfLanguage = (&'static str, &'static [(&'static str, &'static str)]);

/// The first language stands in for one that we do not have.
const TEMPLATES: &[OfLanguage] = templates!("de" "en");

const LAYOUT: &str = include_str!("templates/layout.html");

/// A template and its values do not fit; a test renders every one.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// A value is missing, or the template is malformed.
    #[error("template: {0}")]
    Jinja(#[from] minijinja::Error),
    /// There is no such template.
    #[error("no template {0}")]
    Unknown(String),
}

/// What every message of a tenant shares.
pub(super) struct Frame<'a> {
    /// The municipality's name.
    pub tenant: &'a str,
    /// Who writes.
    pub office: &'a str,
    /// Where people without an account reach the office: its telephone number and its address on one line; either may be empty.
    pub phone: &'a str,
    /// See `phone`.
    pub address: &'a str,
    /// Address of the tenant's pages, without a slash at its end.
    pub base: String,
}

/// Whether the reader can follow the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader<'a> {
    /// It leads where the reader can do something.
    Online,
    /// A letter, or the mail of a family whose button would lead to a sign-in it has no account for: it reads how to answer without.
    WithoutAccount {
        /// By what the office finds the matter.
        reference_code: Option<&'a str>,
    },
}

/// A paragraph, or the button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Block {
    pub text: String,
    pub button: bool,
}

/// A message in words.
pub(super) struct Words {
    pub language: &'static str,
    pub subject: String,
    pub body: Vec<Block>,
    link: String,
}

/// A mail's three forms.
pub(super) struct Rendered {
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// The languages that have words.
pub(super) fn languages() -> impl Iterator<Item = &'static str> {
    TEMPLATES.iter().map(|(language, _)| *language)
}

/// A message in words of a language. Who cannot follow the button reads in its place how to answer.
pub(super) fn words(
    message: &Message,
    language: &str,
    frame: &Frame<'_>,
    reader: Reader<'_>,
) -> Result<Words, TemplateError> {
    let language = known(language);
    let link = format!("{}{}", frame.base, path(message));
    let values = values(message, language, frame, reader);
    let mut parts = render(language, message.kind(), &values)?.into_iter();
    let subject = parts.next().map(|block| block.text).unwrap_or_default();
    let mut body = render(language, "opening", &values)?;
    for part in parts {
        if part.button && reader != Reader::Online {
            body.extend(render(language, "without_account", &values)?);
        } else {
            body.push(part);
        }
    }
    body.extend(render(language, "closing", &values)?);
    Ok(Words {
        language,
        subject,
        body,
        link,
    })
}

/// A message as a mail.
pub(super) fn mail(
    message: &Message,
    language: &str,
    frame: &Frame<'_>,
    reader: Reader<'_>,
) -> Result<Rendered, TemplateError> {
    let words = words(message, language, frame, reader)?;
    let values = values(message, words.language, frame, reader);
    let foot = render(words.language, "mail_foot", &values)?;
    let mut env = environment();
    env.add_template("layout.html", LAYOUT)?;
    let html = env.get_template("layout.html")?.render(context! {
        language => words.language, subject => &words.subject, tenant => frame.tenant, link => &words.link,
        body => Serde(&words.body), foot => Serde(&foot), color => "#1d4f91",
    })?;
    let plain = |block: &Block| {
        if block.button {
            format!("{}:\n{}", block.text, words.link)
        } else {
            block.text.clone()
        }
    };
    let mut paragraphs: Vec<String> = words.body.iter().map(plain).collect();
    paragraphs.push("--".into());
    paragraphs.extend(foot.iter().map(plain));
    Ok(Rendered {
        subject: words.subject,
        text: paragraphs.join("\n\n") + "\n",
        html,
    })
}

fn known(language: &str) -> &'static str {
    languages()
        .find(|l| *l == language)
        .or_else(|| languages().next())
        .unwrap_or("de")
}

fn environment() -> Environment<'static> {
    let mut env = Environment::new();
    env.set_undefined_behavior(UndefinedBehavior::Strict);
    env
}

/// The blocks of a template with the values put in; a paragraph that is empty then is left out.
fn render(language: &str, name: &str, values: &Value) -> Result<Vec<Block>, TemplateError> {
    let source = TEMPLATES
        .iter()
        .find(|(l, _)| *l == language)
        .and_then(|(_, all)| all.iter().find(|(n, _)| *n == name))
        .map(|(_, source)| *source)
        .ok_or_else(|| TemplateError::Unknown(format!("{language}/{name}")))?;
    let env = environment();
    let mut blocks = Vec::new();
    for paragraph in source.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        let label = paragraph.strip_prefix("[[").and_then(|p| p.strip_suffix("]]"));
        let text = env.render_str(label.unwrap_or(paragraph), values)?;
        // One line a paragraph: what was put in may hold line breaks, and a subject must not.
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            blocks.push(Block {
                text,
                button: label.is_some(),
            });
        }
    }
    Ok(blocks)
}

/// Where the button leads, below the tenant's pages. A token stands behind `#`, so that no server's log sees it.
fn path(message: &Message) -> String {
    let token = message.token().map(super::model::Token::expose).unwrap_or_default();
    match message {
        Message::ConfirmAddress { .. } => format!("/bestaetigen#{token}"),
        Message::AccountExists | Message::EmailChanged => "/anmelden".into(),
        Message::Reset { .. } => format!("/passwort-neu#{token}"),
        Message::EmailChange { .. } => format!("/email-bestaetigen#{token}"),
        Message::Invitation { .. } => format!("/einladung#{token}"),
        Message::GuardianInvitation { .. } => format!("/elternteil-einladung#{token}"),
        // One click is enough; a mail from before there were such links leads to the demand.
        Message::SwapProposed(_) | Message::SwapOff(_) => "/familie/tausch".to_owned(),
        Message::SwapAsked(_) => "/arbeit/tausch".to_owned(),
        Message::FollowupDue { .. } => format!("/anschluss#{token}"),
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
fn asks(message: &Message) -> &'static str {
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

fn values(message: &Message, language: &str, frame: &Frame<'_>, reader: Reader<'_>) -> Value {
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
        },
        Message::SwapProposed(news) | Message::SwapAsked(news) | Message::SwapOff(news) => context! {
            facility => &news.facility, to => &news.to, child => news.child.text(), swap_on => date(news.swap_on, language),
            deadline => day(news.deadline_on, language),
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

#[cfg(test)]
#[path = "render_tests.rs"]
mod tests;
