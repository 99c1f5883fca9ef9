//! Inviting the other guardian by mail: the link gives custody of named children, once, for two weeks.

use std::collections::BTreeSet;

use chrono::Duration;

use super::model::FamilyError;
use super::store::{self, Given};
use crate::access::TenantTx;
use crate::notifications::{self, Message, Recipient, Token};
use crate::platform::crypto::random_token;
use crate::platform::fields::{Invalid, normalised_email};
use crate::platform::ids::{AccountId, ChildId, InvitationId};

/// How long an invitation holds.
const LIFE: Duration = Duration::days(14);

/// More open invitations than this no family needs; it also bounds the mails that one account can cause.
const MOST_OPEN: usize = 4;

/// Invites the other guardian of own children by mail.
pub async fn invite_guardian(
    tx: &mut TenantTx,
    account: AccountId,
    email: &str,
    children: &[ChildId],
) -> Result<InvitationId, FamilyError> {
    let guardian = store::lock_guardian_of(tx, account)
        .await?
        .ok_or(FamilyError::GuardianMissing)?;
    let email = normalised_email(email).ok_or_else(|| Invalid::one("/email", "invalid", "not an e-mail address"))?;
    if children.is_empty() {
        return Err(Invalid::one("/child_ids", "required", "").into());
    }
    let children: Vec<ChildId> = children.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    let own = store::still_in_custody(tx, guardian.id, &children).await?;
    if own.len() != children.len() {
        return Err(Invalid::one("/child_ids", "unknown", "no child of yours").into());
    }
    if store::open_invitations(tx, account).await?.len() >= MOST_OPEN {
        return Err(FamilyError::TooManyInvitations);
    }
    let (token, expires_at) = (random_token(), tx.now() + LIFE);
    let given = Given {
        guardian_id: guardian.id,
        child_ids: children,
    };
    let id = store::insert_invitation(tx, account, &email, &token, &given, expires_at).await?;
    let language = tx.language();
    let message = Message::GuardianInvitation {
        token: Token::new(token),
    };
    notifications::enqueue(tx, Recipient::address(email, language), message).await?;
    Ok(id)
}

/// Takes an open invitation back.
pub async fn revoke_invitation(tx: &mut TenantTx, account: AccountId, id: InvitationId) -> Result<(), FamilyError> {
    if store::revoke_invitation(tx, account, id).await? {
        Ok(())
    } else {
        Err(FamilyError::Missing)
    }
}

/// The other guardian accepts: custody from today on, of those children of whom the inviter still has custody.
pub async fn accept_invitation(tx: &mut TenantTx, account: AccountId, token: &str) -> Result<(), FamilyError> {
    let guardian = store::lock_guardian_of(tx, account)
        .await?
        .ok_or(FamilyError::GuardianMissing)?;
    let given = store::redeem_invitation(tx, token)
        .await?
        .ok_or(FamilyError::InvitationInvalid)?;
    if given.guardian_id == guardian.id {
        return Err(FamilyError::OwnInvitation);
    }
    let children = store::still_in_custody(tx, given.guardian_id, &given.child_ids).await?;
    if children.is_empty() {
        return Err(FamilyError::InvitationInvalid);
    }
    let today = tx.today();
    for child in children {
        tx.touch_child(child);
        store::insert_custody(tx, child, guardian.id, today, None).await?;
    }
    Ok(())
}
