//! Coming to be known: registration with confirmation, and a new password by mail. Known and unknown addresses get the same answer.

use actix_web::HttpResponse;
use serde_json::json;

use super::http::{Registration, ResetCompletion, ResetRequest, TokenBody};
use super::model::{CONFIRM_LIFE, IdentityError, RESET_LIFE, check_password, guessable};
use super::sign_in::{begin, limit, signed_in};
use super::{store, throttle};
use crate::access::{Action, Ctx, TenantTx};
use crate::notifications::{self, Message, Recipient, Token};
use crate::platform::fields::{Fields, normalised_email};
use crate::platform::http::{ApiError, Body};
use crate::platform::limits::Kind;

/// The languages that mails and pages speak.
pub(super) fn is_language(language: &str) -> bool {
    ["de", "en"].contains(&language)
}

/// Refuses a password that is easy to guess, here and for this person.
pub(super) fn refuse_weak(ctx: &Ctx, pointer: &str, password: &str, email: &str) -> Result<(), ApiError> {
    let mut fields = Fields::new();
    let words = guessable(&ctx.tenant.name, &ctx.tenant.slug, email);
    check_password(&mut fields, pointer, password, &words);
    Ok(fields.finish()?)
}

/// Registers a parent: nothing exists until the address is confirmed. The password waits, hashed, with the link; so whoever confirms
/// gets the account with the password that was typed along with this very link.
pub(super) async fn register(ctx: &Ctx, body: &Body<Registration>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::Mail)?;
    let input = body.parse()?;
    let email = checked_registration(ctx, &input)?;
    let hash = ctx.platform.hasher.hash(input.password.into()).await?;
    ctx.write(Action::Register, async |tx| {
        if !throttle::may_mail(tx, &email).await? {
            return Ok(());
        }
        let payload = json!({ "password_hash": hash, "language": input.language });
        let message = if store::is_address_taken(tx, &email).await? {
            Message::AccountExists
        } else {
            let (_, secret) = store::insert_link(tx, "confirm", None, &email, payload, CONFIRM_LIFE).await?;
            Message::ConfirmAddress {
                token: Token::new(secret),
            }
        };
        let recipient = Recipient::address(email.as_str(), input.language.as_str());
        notifications::enqueue(tx, recipient, message).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::Accepted().json(json!({})))
}

fn checked_registration(ctx: &Ctx, input: &Registration) -> Result<String, ApiError> {
    let mut fields = Fields::new();
    let email = normalised_email(&input.email);
    fields.check(email.is_some(), "/email", "invalid");
    fields.check(is_language(&input.language), "/language", "unknown");
    let email = email.unwrap_or_default();
    let words = guessable(&ctx.tenant.name, &ctx.tenant.slug, &email);
    check_password(&mut fields, "/password", &input.password, &words);
    fields.finish()?;
    Ok(email)
}

/// Confirms an address by its link: the account comes into being and is signed in.
pub(super) async fn confirm(ctx: &Ctx, body: &Body<TokenBody>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::SignIn)?;
    let input = body.parse()?;
    let (session, body) = ctx
        .write(Action::ConfirmRegistration, async |tx| {
            let link = store::use_link(tx, "confirm", &input.token)
                .await?
                .ok_or(IdentityError::Link)?;
            let text = |name: &str| link.payload[name].as_str().unwrap_or_default().to_owned();
            let (hash, language) = (text("password_hash"), text("language"));
            let id = store::insert_account(tx, "parent", &link.email, &hash, None, &language)
                .await?
                .ok_or(IdentityError::Link)?;
            store::revoke_links_to(tx, "confirm", &link.email).await?;
            let account = store::account(tx, id).await?.ok_or(IdentityError::Link)?;
            begin(ctx, tx, &account).await
        })
        .await?;
    Ok(signed_in(ctx, &session, body))
}

/// Sends a link to set a new password, if the address has an account.
pub(super) async fn request_reset(ctx: &Ctx, body: &Body<ResetRequest>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::Mail)?;
    let input = body.parse()?;
    let email =
        normalised_email(&input.email).ok_or_else(|| crate::platform::fields::Invalid::one("/email", "invalid", ""))?;
    ctx.write(Action::RequestPasswordReset, async |tx| {
        if throttle::may_mail(tx, &email).await? {
            send_reset(tx, &email).await?;
        }
        Ok(())
    })
    .await?;
    Ok(HttpResponse::Accepted().json(json!({})))
}

async fn send_reset(tx: &mut TenantTx, email: &str) -> Result<(), ApiError> {
    let Some(account) = store::account_by_email(tx, email).await? else {
        return Ok(());
    };
    store::revoke_links_to(tx, "reset", email).await?;
    let (_, secret) = store::insert_link(tx, "reset", Some(account.id), email, json!({}), RESET_LIFE).await?;
    let recipient = Recipient::account(account.id, email, account.language.as_str());
    let message = Message::Reset {
        token: Token::new(secret),
    };
    notifications::enqueue(tx, recipient, message).await?;
    Ok(())
}

/// Sets a new password by its link and ends all sessions. A password that is refused does not use the link up.
pub(super) async fn complete_reset(ctx: &Ctx, body: &Body<ResetCompletion>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::SignIn)?;
    let input = body.parse()?;
    let link = ctx
        .prepare(Action::CompletePasswordReset, async |tx| {
            let found = store::find_link(tx, "reset", &input.token).await?;
            Ok(found.ok_or(IdentityError::Link)?)
        })
        .await?;
    refuse_weak(ctx, "/password", &input.password, &link.email)?;
    let hash = ctx.platform.hasher.hash(input.password.into()).await?;
    ctx.write(Action::CompletePasswordReset, async |tx| {
        let link = store::use_link(tx, "reset", &input.token).await?;
        let account = link.and_then(|l| l.account_id).ok_or(IdentityError::Link)?;
        let row = store::account(tx, account).await?.ok_or(IdentityError::Link)?;
        tx.touch(account);
        store::set_password(tx, account, &hash).await?;
        store::end_sessions(tx, account, None).await?;
        throttle::forget(tx, &row.email, ctx.address).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}
