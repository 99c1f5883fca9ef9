//! Messages to people, one kind each with exactly what it may say; and who receives them.

mod kind;
mod message;
mod news;
mod told;

use serde::{Deserialize, Serialize};

use crate::platform::ids::{AccountId, DemandId, GuardianId};
pub use message::Message;
pub use news::{
    ContractNews, DemandNow, Ending, LapseNews, OfferNews, Said, Step, StepNews, SubstituteNews, SwapNews, ToldBy,
};
pub use told::Told;

/// A one-time token that becomes part of a link. It never shows in a log, and leaves the outbox when the mail is sent.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Token(String);

impl Token {
    /// A token that goes into a link.
    pub fn new(secret: impl Into<String>) -> Self {
        Self(secret.into())
    }

    pub(in crate::notifications) fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

/// All of a child's name that a mail may say: the first letter of the first name; nothing for an unborn child.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChildInitial(Option<char>);

impl ChildInitial {
    /// The initial of a first name.
    pub fn of(first_name: Option<&str>) -> Self {
        Self(first_name.and_then(|name| name.trim().chars().next()))
    }

    /// `M.`, or nothing.
    pub fn text(&self) -> Option<String> {
        self.0.map(|letter| format!("{}.", letter.to_uppercase()))
    }
}

/// Who receives a message.
#[derive(Clone, Default)]
pub struct Recipient {
    /// The account, if there is one.
    pub account_id: Option<AccountId>,
    /// The guardian, if it is one.
    pub guardian_id: Option<GuardianId>,
    /// The demand that it is about, so that clerk and family see when it cannot be delivered.
    pub demand_id: Option<DemandId>,
    /// Where mail goes; without it the message is a letter to print.
    pub email: Option<String>,
    /// Language of the words.
    pub language: String,
}

impl Recipient {
    /// Somebody who is known by an address only.
    pub fn address(email: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            email: Some(email.into()),
            language: language.into(),
            ..Self::default()
        }
    }

    /// A guardian: by mail where there is an address, else by letter.
    pub fn guardian(id: GuardianId, account: Option<AccountId>, email: Option<String>, language: String) -> Self {
        Self {
            account_id: account,
            guardian_id: Some(id),
            demand_id: None,
            email: email.filter(|email| !email.is_empty()),
            language,
        }
    }

    /// A guardian who gets a letter, whether mail would reach them or not: that somebody lives there is what a letter shows.
    pub fn by_letter(guardian: GuardianId, demand: DemandId, language: impl Into<String>) -> Self {
        Self {
            guardian_id: Some(guardian),
            demand_id: Some(demand),
            language: language.into(),
            ..Self::default()
        }
    }

    /// The owner of an account.
    pub fn account(id: AccountId, email: impl Into<String>, language: impl Into<String>) -> Self {
        Self {
            account_id: Some(id),
            ..Self::address(email, language)
        }
    }
}

impl std::fmt::Debug for Recipient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // No address: this may end in a log.
        f.debug_struct("Recipient")
            .field("account_id", &self.account_id)
            .field("guardian_id", &self.guardian_id)
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

/// A mail server's words without addresses: they may end in a log and on a clerk's screen.
pub(in crate::notifications) fn without_addresses(text: &str) -> String {
    let words = text
        .split_whitespace()
        .map(|word| if word.contains('@') { "…" } else { word });
    words.collect::<Vec<_>>().join(" ").chars().take(300).collect()
}

/// What can stand against dealing with a message.
#[derive(Debug, thiserror::Error)]
pub enum NotificationError {
    /// There is no such message in this state.
    #[error("missing")]
    Missing,
    /// Its link was used up with the first mail; the person must ask for a new one.
    #[error("the link of this message is gone; the person must ask for a new one")]
    LinkGone,
    /// A letter cannot be made.
    #[error(transparent)]
    Document(#[from] crate::documents::DocumentError),
    /// The words cannot be put together.
    #[error(transparent)]
    Template(#[from] super::render::TemplateError),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] sqlx::Error),
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Role;

    #[test]
    fn a_child_is_an_initial_at_most() {
        assert_eq!(ChildInitial::of(Some(" mia")).text().as_deref(), Some("M."));
        assert_eq!(ChildInitial::of(Some("Öykü")).text().as_deref(), Some("Ö."));
        assert_eq!(ChildInitial::of(None).text(), None);
        assert_eq!(ChildInitial::of(Some("  ")).text(), None);
    }

    #[test]
    fn a_message_without_its_token_still_reads_back() {
        let message = Message::Invitation {
            role: Role::FacilityManager,
            token: Token::new("geheim"),
        };
        let mut json = serde_json::to_value(&message).unwrap();
        assert_eq!(json["role"], "facility_manager");
        assert_eq!(serde_json::from_value::<Message>(json.clone()).unwrap(), message);
        json.as_object_mut().unwrap().remove("token");
        let blank: Message = serde_json::from_value(json).unwrap();
        assert_eq!(blank.token(), Some(&Token::default()));
    }

    #[test]
    fn neither_token_nor_address_shows_when_it_is_logged() {
        let message = Message::Reset {
            token: Token::new("geheim"),
        };
        assert!(!format!("{message:?}").contains("geheim"));
        assert!(!format!("{:?}", Recipient::address("mia@example.org", "de")).contains("mia"));
        assert_eq!(
            without_addresses("550 5.1.1 <mia@example.org>: unknown user"),
            "550 5.1.1 … unknown user"
        );
    }
}
