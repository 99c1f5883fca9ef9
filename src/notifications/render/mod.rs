//! From a message to words: one template per kind and language gives subject, plain text, HTML and letter, so that all say the same.
//!
//! A template is the subject's line and then paragraphs between blank lines; `[[ … ]]` is the one button. The paragraphs are told apart
//! before anything is put in: no name of a facility can make a button or a paragraph. A language more is a folder more and a line in
//! `TEMPLATES`.

mod kinds;

use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value, context};
use serde::Serialize;

use super::model::Message;
use kinds::{path, values};

macro_rules! templates {
    ($($language:literal)*) => {
        &[$(($language, templates!(@kinds $language
            "opening" "closing" "mail_foot" "without_account" "answer_recorded" "account_exists" "confirm_address" "contract_ready" "demand_confirmed" "demand_ended" "start_changed" "email_change" "fee_notice" "capacity_due"
            "email_changed" "answers_overdue" "notice_posted" "renewal_due" "followup_due" "guest_answered" "guest_consent_ends" "guest_lapse" "guest_lapse_work" "guest_lapse_office" "move_proof_due"
            "guardian_invitation" "invitation" "offer" "offer_accepted" "offer_better" "offer_better_over" "offer_expired" "offer_reminder" "offer_revoked" "receipt"
            "reset" "state_change" "step_deadline" "step_opened" "visit_cancelled" "visit_planned" "contract_sent" "contract_code" "contract_signed" "contract_ends"
            "contract_reminder" "contract_change_sent" "contract_changed" "swap_proposed" "swap_asked" "swap_off" "substitute" "substitute_work" "mandate_offered" "mandate_began" "claim_code" "protected_address_read" "audit_broken"))),*]
    };
    (@kinds $language:literal $($kind:literal)*) => {
        &[$(($kind, include_str!(concat!("../templates/", $language, "/", $kind, ".txt")))),*]
    };
}

type OfLanguage = (&'static str, &'static [(&'static str, &'static str)]);

/// The first language stands in for one that we do not have.
const TEMPLATES: &[OfLanguage] = templates!("de" "en");

const LAYOUT: &str = include_str!("../templates/layout.html");

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

#[cfg(test)]
mod tests;
