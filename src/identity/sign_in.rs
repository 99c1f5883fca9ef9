//! Signing in and out: password, second factor, session.

use actix_web::HttpResponse;
use secrecy::SecretString;

use super::http::{SessionBody, SignIn};
use super::model::{IdentityError, lookup_email};
use super::store::AccountRow;
use super::{second_factor, store, throttle};
use crate::access::{Action, Ctx, NewSession, TenantTx, end_session_cookie, session_cookie, start_session};
use crate::platform::http::{ApiError, Body};
use crate::platform::limits::Kind;

/// Refuses an address that has used up its share, before anything is read or hashed.
pub(super) fn limit(ctx: &Ctx, kind: Kind) -> Result<(), ApiError> {
    ctx.platform.limits.check(kind, ctx.address).map_err(ApiError::too_many)
}

/// Signs in. The attempt is counted first, the password checked outside of a transaction, the session started last.
pub(super) async fn sign_in(ctx: &Ctx, body: &Body<SignIn>) -> Result<HttpResponse, ApiError> {
    limit(ctx, Kind::SignIn)?;
    let input = body.parse()?;
    let email = lookup_email(&input.email);
    let found = ctx
        .prepare(Action::SignIn, async |tx| {
            throttle::attempt(tx, &email, ctx.address).await?;
            Ok(store::account_by_email(tx, &email).await?)
        })
        .await?;
    let stored = found.as_ref().and_then(|a| a.password_hash.clone());
    let fits = ctx.platform.hasher.verify(input.password.into(), stored).await?;
    let about = found.as_ref().map(|account| account.id.0);
    let Some(account) = found.filter(|_| fits) else {
        metrics::counter!("kitaplatz_sign_in_refused_total").increment(1);
        let refused = IdentityError::Credentials.into();
        ctx.refuse(Action::SignIn, about, &refused).await;
        return Err(refused);
    };
    let (session, body) = ctx
        .write(Action::SignIn, async |tx| {
            let account = unchanged(tx, &account).await?;
            if account.has_second_factor {
                second_factor::show(ctx, tx, &account, input.code.as_deref()).await?;
            }
            throttle::forget(tx, &email, ctx.address).await?;
            begin(ctx, tx, &account).await
        })
        .await?;
    Ok(signed_in(ctx, &session, body))
}

/// The account again, now in the transaction that writes; refused when password or state changed since it was checked.
async fn unchanged(tx: &mut TenantTx, checked: &AccountRow) -> Result<AccountRow, ApiError> {
    let now = store::account(tx, checked.id)
        .await?
        .ok_or(IdentityError::Credentials)?;
    if now.password_hash != checked.password_hash {
        return Err(IdentityError::Credentials.into());
    }
    Ok(now)
}

/// Starts a session in place of the one that the request came with: a session id never outlives a change of rights.
pub(super) async fn begin(
    ctx: &Ctx,
    tx: &mut TenantTx,
    account: &AccountRow,
) -> Result<(NewSession, SessionBody), ApiError> {
    let before = tx.account().map(|a| (a.id, a.session));
    if let Some((owner, session)) = before {
        store::end_session(tx, owner, session).await?;
    }
    tx.touch(account.id);
    let session = start_session(
        tx,
        account.id,
        account.is_staff(),
        account.has_second_factor,
        &ctx.user_agent,
    )
    .await?;
    let body = SessionBody::of(tx, account, Some(session.expires_at)).await?;
    Ok((session, body))
}

/// The answer that carries a new session.
pub(super) fn signed_in(ctx: &Ctx, session: &NewSession, body: SessionBody) -> HttpResponse {
    HttpResponse::Ok()
        .cookie(session_cookie(&ctx.tenant.slug, session))
        .json(body)
}

/// Ends the own session, here and in the browser.
pub(super) async fn sign_out(ctx: &Ctx) -> Result<HttpResponse, ApiError> {
    ctx.write(Action::SignOut, async |tx| {
        let own = tx.account().map(|a| (a.id, a.session));
        let (account, session) = own.ok_or_else(ApiError::unauthenticated)?;
        store::end_session(tx, account, session).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent()
        .cookie(end_session_cookie(&ctx.tenant.slug))
        .finish())
}

/// Who is signed in; nobody is an answer too.
pub(super) async fn current(ctx: &Ctx) -> Result<SessionBody, ApiError> {
    ctx.read(Action::GetSession, async |tx| {
        let Some((account, session)) = tx.account().map(|a| (a.id, a.session)) else {
            return Ok(SessionBody::nobody());
        };
        let end = store::session_end(tx, session).await?;
        let row = store::account(tx, account).await?.ok_or_else(ApiError::not_found)?;
        Ok(SessionBody::of(tx, &row, end).await?)
    })
    .await
}

/// The signed-in person's account.
pub(super) async fn own(tx: &mut crate::access::TenantRead) -> Result<AccountRow, ApiError> {
    let id = tx.account().map(|a| a.id).ok_or_else(ApiError::unauthenticated)?;
    store::account(tx, id).await?.ok_or_else(ApiError::unauthenticated)
}

/// Checks the current password of the signed-in person, counted like an attempt to sign in. Answers what was sent, and the account.
pub(super) async fn prove<B: serde::de::DeserializeOwned>(
    ctx: &Ctx,
    action: Action,
    body: &Body<B>,
    password: impl Fn(&B) -> &str,
) -> Result<(B, AccountRow), ApiError> {
    let (input, account) = ctx
        .prepare(action, async |tx| {
            let input = body.parse()?;
            let account = own(tx).await?;
            throttle::attempt(tx, &account.email, ctx.address).await?;
            Ok((input, account))
        })
        .await?;
    let sent = SecretString::from(password(&input));
    if !ctx.platform.hasher.verify(sent, account.password_hash.clone()).await? {
        let refused = crate::platform::fields::Invalid::one("/current_password", "wrong", "").into();
        ctx.refuse(action, Some(account.id.0), &refused).await;
        return Err(refused);
    }
    Ok((input, account))
}
