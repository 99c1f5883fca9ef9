//! The own account: name, language, password, address, sessions, closing it.

use actix_web::HttpResponse;
use serde_json::json;

use super::http::{AccountBody, AccountEdit, Closing, EmailChange, PasswordChange, TokenBody};
use super::model::{CONFIRM_LIFE, IdentityError};
use super::registration::{is_language, refuse_weak};
use super::sign_in::{limit, own, prove};
use super::store::AccountRow;
use super::{store, throttle};
use crate::access::{Action, Ctx, TenantTx, end_session_cookie};
use crate::notifications::{self, Message, Recipient, Token};
use crate::platform::fields::{Fields, Invalid, normalised_email};
use crate::platform::http::{ApiError, Body, IfMatch, Stale, Versioned};
use crate::platform::ids::SessionId;
use crate::platform::limits::Kind;

/// Changes name and language.
pub(super) async fn update(
    ctx: &Ctx,
    if_match: IfMatch,
    body: &Body<AccountEdit>,
) -> Result<Versioned<AccountBody>, ApiError> {
    ctx.write(Action::UpdateAccount, async |tx| {
        let account = own(tx).await?;
        Stale::check(if_match.version()?, account.version)?;
        let edit = body.parse()?;
        let name = match &edit.display_name {
            Some(name) => name.as_deref().map(str::trim).filter(|n| !n.is_empty()),
            None => account.display_name.as_deref(),
        };
        let language = edit.language.as_deref().unwrap_or(&account.language);
        let mut fields = Fields::new();
        fields.check(
            name.is_none_or(|n| n.chars().count() <= 120),
            "/display_name",
            "too_long",
        );
        fields.check(is_language(language), "/language", "unknown");
        fields.finish()?;
        tx.touch(account.id);
        store::update_account(tx, account.id, name, language).await?;
        let account = own(tx).await?;
        Ok(Versioned::new(account.version, AccountBody::of(&account)))
    })
    .await
}

/// Changes the password and ends all other sessions.
pub(super) async fn change_password(ctx: &Ctx, body: &Body<PasswordChange>) -> Result<HttpResponse, ApiError> {
    let (input, account) = prove(ctx, Action::ChangePassword, body, |b| &b.current_password).await?;
    refuse_weak(ctx, "/new_password", &input.new_password, &account.email)?;
    let hash = ctx.platform.hasher.hash(input.new_password.into()).await?;
    ctx.write(Action::ChangePassword, async |tx| {
        still(tx, &account).await?;
        store::set_password(tx, account.id, &hash).await?;
        let session = tx.account().map(|a| a.session);
        store::end_sessions(tx, account.id, session).await?;
        store::revoke_links_to(tx, "reset", &account.email).await?;
        throttle::forget(tx, &account.email, ctx.address).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Refuses when the password changed between the check and the write.
async fn still(tx: &mut TenantTx, checked: &AccountRow) -> Result<(), ApiError> {
    let now = own(tx).await?;
    tx.touch(now.id);
    if now.id == checked.id && now.password_hash == checked.password_hash {
        Ok(())
    } else {
        Err(Invalid::one("/current_password", "wrong", "").into())
    }
}

/// Sends a link to the new address; the old one stays until the link is used.
pub(super) async fn request_email_change(ctx: &Ctx, body: &Body<EmailChange>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::Mail)?;
    let (input, account) = prove(ctx, Action::RequestEmailChange, body, |b| &b.current_password).await?;
    let email = normalised_email(&input.email).ok_or_else(|| Invalid::one("/email", "invalid", ""))?;
    ctx.write(Action::RequestEmailChange, async |tx| {
        still(tx, &account).await?;
        throttle::forget(tx, &account.email, ctx.address).await?;
        if throttle::may_mail(tx, &email).await? {
            send_email_change(tx, &account, &email).await?;
        }
        Ok(())
    })
    .await?;
    Ok(HttpResponse::Accepted().json(json!({})))
}

/// An address that has an account is told so; the answer to the request is the same.
async fn send_email_change(tx: &mut TenantTx, account: &AccountRow, email: &str) -> Result<(), ApiError> {
    let recipient = Recipient::address(email, account.language.as_str());
    let message = if store::is_address_taken(tx, email).await? {
        Message::AccountExists
    } else {
        let (_, secret) =
            store::insert_link(tx, "email_change", Some(account.id), email, json!({}), CONFIRM_LIFE).await?;
        Message::EmailChange {
            token: Token::new(secret),
        }
    };
    notifications::enqueue(tx, recipient, message).await?;
    Ok(())
}

/// Makes the new address the account's. Links that were sent to the old address stop working.
pub(super) async fn confirm_email_change(ctx: &Ctx, body: &Body<TokenBody>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::SignIn)?;
    let input = body.parse()?;
    ctx.write(Action::ConfirmEmailChange, async |tx| {
        let link = store::use_link(tx, "email_change", &input.token)
            .await?
            .ok_or(IdentityError::Link)?;
        let account = link.account_id.ok_or(IdentityError::Link)?;
        tx.touch(account);
        let before = store::account(tx, account).await?.ok_or(IdentityError::Link)?;
        if !store::set_email(tx, account, &link.email).await? {
            return Err(IdentityError::Link.into());
        }
        store::revoke_links_of(tx, account).await?;
        // The owner hears of it where a thief of the session cannot read.
        let old_address = Recipient::account(account, before.email, before.language);
        notifications::enqueue(tx, old_address, Message::EmailChanged).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Closes the account, if nothing runs for the family any more.
pub(super) async fn close(ctx: &Ctx, body: &Body<Closing>) -> Result<HttpResponse, ApiError> {
    let (_, account) = prove(ctx, Action::CloseAccount, body, |b| &b.current_password).await?;
    ctx.write(Action::CloseAccount, async |tx| {
        still(tx, &account).await?;
        if store::has_open_matters(tx, account.id).await? {
            return Err(IdentityError::OpenMatters.into());
        }
        if super::staff_store::is_last_admin(tx, account.id).await? {
            return Err(IdentityError::OwnAdminRole.into());
        }
        super::roles::close(tx, account.id).await?;
        throttle::forget(tx, &account.email, ctx.address).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent()
        .cookie(end_session_cookie(&ctx.tenant.slug))
        .finish())
}

/// Ends one of the own sessions; from its next request on it is nobody's.
pub(super) async fn end_session(ctx: &Ctx, id: SessionId) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::EndSession, async |tx| {
        let account = own(tx).await?;
        tx.touch(id);
        if store::end_session(tx, account.id, id).await? {
            Ok(HttpResponse::NoContent().finish())
        } else {
            Err(IdentityError::Missing.into())
        }
    })
    .await
}
