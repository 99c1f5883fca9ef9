//! Operations on the own account: registration, session, password, address, second factor.

use actix_web::web::Json;
use actix_web::{HttpResponse, delete, get, patch, post, put};
use utoipa_actix_web::service_config::ServiceConfig;

use super::body::{
    AccountBody, AccountEdit, Closing, CodeBody, Disabling, EmailChange, PasswordChange, RecoveryCodes, Registration,
    ResetCompletion, ResetRequest, SecondFactorStart, SessionBody, SessionItem, SessionList, SignIn, TokenBody,
};
use crate::access::{Action, Ctx};
use crate::identity::{account, registration, second_factor, sign_in as signing, store};
use crate::platform::http::{ApiError, At, Body, IfMatch, Versioned};
use crate::platform::ids::SessionId;

pub(super) fn routes(routes: &mut ServiceConfig) {
    routes
        .service(register)
        .service(confirm_registration)
        .service(sign_in)
        .service(get_session)
        .service(sign_out)
        .service(request_password_reset)
        .service(complete_password_reset)
        .service(update_account)
        .service(change_password)
        .service(request_email_change)
        .service(confirm_email_change)
        .service(close_account)
        .service(list_sessions)
        .service(end_session)
        .service(start_second_factor)
        .service(confirm_second_factor)
        .service(disable_second_factor);
}

/// Registers a parent; a mail with a link follows. The answer is the same for an address that has an account.
#[utoipa::path(tag = "identity", request_body = Registration, responses((status = 202, description = "A mail is on its way")))]
#[post("/registrations")]
async fn register(ctx: Ctx, body: Body<Registration>) -> Result<HttpResponse, ApiError> {
    registration::register(&ctx, &body).await
}

/// Confirms a registration by its link and signs in.
#[utoipa::path(tag = "identity", request_body = TokenBody, responses((status = 200, description = "Signed in", body = SessionBody),
    (status = 410, description = "`identity.link_invalid`: unknown, used or too old")))]
#[post("/registrations/confirm")]
async fn confirm_registration(ctx: Ctx, body: Body<TokenBody>) -> Result<HttpResponse, ApiError> {
    registration::confirm(&ctx, &body).await
}

/// Signs in with address and password, and a code where a second factor is set up.
#[utoipa::path(tag = "identity", request_body = SignIn, responses((status = 200, description = "Signed in", body = SessionBody),
    (status = 401, description = "`identity.credentials`, `identity.second_factor_required`, `identity.second_factor_wrong`"),
    (status = 429, description = "`rate.limited`: too many attempts; `Retry-After` says how long")))]
#[post("/session")]
async fn sign_in(ctx: Ctx, body: Body<SignIn>) -> Result<HttpResponse, ApiError> {
    signing::sign_in(&ctx, &body).await
}

/// Who is signed in; `account` is `null` when nobody is.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The session", body = SessionBody)))]
#[get("/session")]
async fn get_session(ctx: Ctx) -> Result<Json<SessionBody>, ApiError> {
    Ok(Json(signing::current(&ctx).await?))
}

/// Signs out: the session ends here and in the browser.
#[utoipa::path(tag = "identity", responses((status = 204, description = "Signed out")))]
#[delete("/session")]
async fn sign_out(ctx: Ctx) -> Result<HttpResponse, ApiError> {
    signing::sign_out(&ctx).await
}

/// Asks for a link to set a new password. The answer is the same for an unknown address.
#[utoipa::path(tag = "identity", request_body = ResetRequest, responses((status = 202, description = "If there is an account, a mail is on its way")))]
#[post("/password-resets")]
async fn request_password_reset(ctx: Ctx, body: Body<ResetRequest>) -> Result<HttpResponse, ApiError> {
    registration::request_reset(&ctx, &body).await
}

/// Sets a new password by its link; all sessions of the account end.
#[utoipa::path(tag = "identity", request_body = ResetCompletion, responses((status = 204, description = "The password is set"),
    (status = 410, description = "`identity.link_invalid`: unknown, used or too old")))]
#[post("/password-resets/complete")]
async fn complete_password_reset(ctx: Ctx, body: Body<ResetCompletion>) -> Result<HttpResponse, ApiError> {
    registration::complete_reset(&ctx, &body).await
}

/// Changes name and language of the own account.
#[utoipa::path(tag = "identity", request_body = AccountEdit,
    params(("if-match" = String, Header, description = "Version that was seen")),
    responses((status = 200, description = "The account", body = AccountBody)))]
#[patch("/account")]
async fn update_account(
    ctx: Ctx,
    if_match: IfMatch,
    body: Body<AccountEdit>,
) -> Result<Versioned<AccountBody>, ApiError> {
    account::update(&ctx, if_match, &body).await
}

/// Changes the password; all other sessions end.
#[utoipa::path(tag = "identity", request_body = PasswordChange, responses((status = 204, description = "The password is changed")))]
#[put("/account/password")]
async fn change_password(ctx: Ctx, body: Body<PasswordChange>) -> Result<HttpResponse, ApiError> {
    account::change_password(&ctx, &body).await
}

/// Asks for another address; a link goes to it, and the old one stays until it is used.
#[utoipa::path(tag = "identity", request_body = EmailChange, responses((status = 202, description = "A mail is on its way")))]
#[post("/account/email")]
async fn request_email_change(ctx: Ctx, body: Body<EmailChange>) -> Result<HttpResponse, ApiError> {
    account::request_email_change(&ctx, &body).await
}

/// Confirms another address by its link.
#[utoipa::path(tag = "identity", request_body = TokenBody, responses((status = 204, description = "The address is changed"),
    (status = 410, description = "`identity.link_invalid`: unknown, used or too old")))]
#[post("/account/email/confirm")]
async fn confirm_email_change(ctx: Ctx, body: Body<TokenBody>) -> Result<HttpResponse, ApiError> {
    account::confirm_email_change(&ctx, &body).await
}

/// Closes the own account, unless a demand, an offer or a contract is open.
#[utoipa::path(tag = "identity", request_body = Closing, responses((status = 204, description = "The account is closed"),
    (status = 409, description = "`identity.open_matters`: withdraw, decline or end first; `identity.own_admin_role`: the last administrator")))]
#[post("/account/close")]
async fn close_account(ctx: Ctx, body: Body<Closing>) -> Result<HttpResponse, ApiError> {
    account::close(&ctx, &body).await
}

/// The own sessions, the latest used first.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The sessions", body = SessionList)))]
#[get("/account/sessions")]
async fn list_sessions(ctx: Ctx) -> Result<Json<SessionList>, ApiError> {
    ctx.read(Action::ListSessions, async |tx| {
        let own = tx.account().map(|a| (a.id, a.session));
        let (account, current) = own.ok_or_else(ApiError::unauthenticated)?;
        let rows = store::sessions(tx, account).await?;
        let items = rows.into_iter().map(|s| SessionItem {
            current: s.id == current,
            id: s.id,
            created_at: s.created_at,
            last_seen_at: s.last_seen_at,
            user_agent: s.user_agent,
            second_factor: s.second_factor,
        });
        Ok(Json(SessionList { items: items.collect() }))
    })
    .await
}

/// Ends one of the own sessions.
#[utoipa::path(tag = "identity", responses((status = 204, description = "The session is over")))]
#[delete("/account/sessions/{session_id}")]
async fn end_session(ctx: Ctx, at: At<SessionId>) -> Result<HttpResponse, ApiError> {
    account::end_session(&ctx, at.0).await
}

/// Begins to set up the second factor: a secret to scan or type.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The secret", body = SecondFactorStart),
    (status = 409, description = "`identity.second_factor_enabled`: it is set up already")))]
#[post("/account/second-factor")]
async fn start_second_factor(ctx: Ctx) -> Result<Json<SecondFactorStart>, ApiError> {
    Ok(Json(second_factor::start(&ctx).await?))
}

/// Sets up the second factor by a first code; answers recovery codes, shown once.
#[utoipa::path(tag = "identity", request_body = CodeBody, responses((status = 200, description = "Set up", body = RecoveryCodes),
    (status = 401, description = "`identity.second_factor_wrong`: the code does not fit")))]
#[post("/account/second-factor/confirm")]
async fn confirm_second_factor(ctx: Ctx, body: Body<CodeBody>) -> Result<HttpResponse, ApiError> {
    second_factor::confirm(&ctx, &body).await
}

/// Removes the second factor, for who shows password and code.
#[utoipa::path(tag = "identity", request_body = Disabling, responses((status = 204, description = "Removed"),
    (status = 401, description = "`identity.second_factor_wrong`: the code does not fit")))]
#[post("/account/second-factor/disable")]
async fn disable_second_factor(ctx: Ctx, body: Body<Disabling>) -> Result<HttpResponse, ApiError> {
    second_factor::disable(&ctx, &body).await
}
