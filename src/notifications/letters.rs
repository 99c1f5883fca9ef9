//! Messages as letters on paper: the words, and where the window of the envelope shows the address.

use super::model::{Message, NotificationError};
use super::render::{self, Frame, Reader};
use crate::access::TenantRead;
use crate::documents::Letter;

/// Whom a letter goes to, as it stands on it.
#[derive(Debug, Clone)]
pub struct Addressee {
    /// Language of the letter.
    pub language: String,
    /// First and last name.
    pub name: Option<String>,
    /// Street and house.
    pub street: Option<String>,
    /// Postal code and town.
    pub place: Option<String>,
    /// Whether the address must not be printed.
    pub address_protected: bool,
    /// Reference code of the matter.
    pub reference_code: Option<String>,
}

/// Puts messages into the words of letters; `base` is the address of the tenant's pages. Nothing is kept.
pub async fn letters(
    tx: &mut TenantRead,
    base: String,
    all: Vec<(Addressee, Message)>,
) -> Result<Vec<Letter>, NotificationError> {
    let contact = crate::tenancy::contact(tx).await?;
    let frame = Frame {
        tenant: &tx.tenant().name,
        office: &contact.office,
        phone: &contact.phone,
        address: &contact.address,
        base,
    };
    let mut set = Vec::with_capacity(all.len());
    for (to, message) in all {
        let reader = Reader::WithoutAccount {
            reference_code: to.reference_code.as_deref(),
        };
        let words = render::words(&message, &to.language, &frame, reader)?;
        let place = if to.address_protected {
            [None, None]
        } else {
            [to.street, to.place]
        };
        set.push(Letter {
            language: to.language,
            address: std::iter::once(to.name).chain(place).flatten().collect(),
            reference_code: to.reference_code,
            subject: words.subject,
            paragraphs: words.body.into_iter().map(|block| block.text).collect(),
        });
    }
    Ok(set)
}
