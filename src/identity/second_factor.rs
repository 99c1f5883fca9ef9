//! The second factor: six digits of an authenticator program, or a recovery code. Each works once.

use actix_web::HttpResponse;
use qrcode::QrCode;
use qrcode::render::svg;

use super::http::{CodeBody, Disabling, RecoveryCodes, SecondFactorStart};
use super::model::{IdentityError, base32, otpauth_url, plain_code, recovery_code, step_of};
use super::sign_in::{begin, own, prove};
use super::store::AccountRow;
use super::{store, throttle};
use crate::access::{Action, Ctx, TenantTx, session_cookie};
use crate::platform::crypto::{digest, random_bytes};
use crate::platform::http::{ApiError, Body};

const RECOVERY_CODES: usize = 8;

/// Where a sealed secret belongs; it cannot be opened elsewhere.
fn place(ctx: &Ctx, account: &AccountRow) -> String {
    format!("{}/account/{}/totp", ctx.tenant.id.0, account.id)
}

fn secret_of(ctx: &Ctx, account: &AccountRow) -> Result<[u8; 20], IdentityError> {
    let sealed = account
        .totp_secret
        .as_deref()
        .ok_or(IdentityError::SecondFactorMissing)?;
    let plain = ctx.platform.vault.open(&place(ctx, account), sealed)?;
    plain.try_into().map_err(|_| IdentityError::SecondFactorMissing)
}

/// Checks a shown code and uses it up.
pub(super) async fn show(
    ctx: &Ctx,
    tx: &mut TenantTx,
    account: &AccountRow,
    code: Option<&str>,
) -> Result<(), IdentityError> {
    let code = code
        .filter(|c| !c.trim().is_empty())
        .ok_or(IdentityError::SecondFactorRequired)?;
    let digits = code.chars().filter(char::is_ascii_digit).count();
    let fits = if digits == 6 && plain_code(code).len() == 6 {
        let now = tx.now().timestamp();
        match step_of(secret_of(ctx, account)?, code, now, account.totp_last_step) {
            Some(step) => store::use_step(tx, account.id, step).await?,
            None => false,
        }
    } else {
        store::use_recovery_code(tx, account.id, &digest(&plain_code(code))).await?
    };
    if fits {
        Ok(())
    } else {
        Err(IdentityError::SecondFactorWrong)
    }
}

/// Begins to set it up: a secret to scan or type, which counts only after a code of it was shown.
pub(super) async fn start(ctx: &Ctx) -> Result<SecondFactorStart, ApiError> {
    let secret = random_bytes::<20>();
    ctx.write(Action::StartSecondFactor, async |tx| {
        let account = own(tx).await?;
        if account.has_second_factor {
            return Err(IdentityError::SecondFactorEnabled.into());
        }
        tx.touch(account.id);
        let sealed = ctx
            .platform
            .vault
            .seal(&place(ctx, &account), &secret)
            .map_err(IdentityError::from)?;
        store::begin_second_factor(tx, account.id, &sealed).await?;
        let otpauth_url = otpauth_url(&secret, &ctx.tenant.name, &account.email);
        Ok(SecondFactorStart {
            secret: base32(&secret),
            qr_svg: picture(&otpauth_url)?,
            otpauth_url,
        })
    })
    .await
}

fn picture(text: &str) -> Result<String, ApiError> {
    let code = QrCode::new(text.as_bytes()).map_err(|e| ApiError::internal(&e))?;
    Ok(code.render::<svg::Color>().min_dimensions(200, 200).build())
}

/// Sets it up: the code shows that the secret arrived. Answers recovery codes, which are shown once, and a new session.
pub(super) async fn confirm(ctx: &Ctx, body: &Body<CodeBody>) -> Result<HttpResponse, ApiError> {
    count(ctx, Action::ConfirmSecondFactor).await?;
    let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| recovery_code(random_bytes())).collect();
    let hashes: Vec<Vec<u8>> = codes.iter().map(|c| digest(&plain_code(c))).collect();
    let session = ctx
        .write(Action::ConfirmSecondFactor, async |tx| {
            let input = body.parse()?;
            let account = own(tx).await?;
            if account.has_second_factor {
                return Err(IdentityError::SecondFactorEnabled.into());
            }
            let secret = secret_of(ctx, &account)?;
            let step = step_of(secret, &input.code, tx.now().timestamp(), 0).ok_or(IdentityError::SecondFactorWrong)?;
            store::enable_second_factor(tx, account.id, step, &hashes).await?;
            store::end_sessions(tx, account.id, tx.account().map(|a| a.session)).await?;
            throttle::forget(tx, &account.email, ctx.address).await?;
            let account = own(tx).await?;
            Ok(begin(ctx, tx, &account).await?.0)
        })
        .await?;
    Ok(HttpResponse::Ok()
        .cookie(session_cookie(&ctx.tenant.slug, &session))
        .json(RecoveryCodes { recovery_codes: codes }))
}

/// Counts an attempt to guess a code, whatever comes of it.
pub(super) async fn count(ctx: &Ctx, action: Action) -> Result<(), ApiError> {
    ctx.prepare(action, async |tx| {
        let account = own(tx).await?;
        Ok(throttle::attempt(tx, &account.email, ctx.address).await?)
    })
    .await
}

/// Removes it, for who shows password and a code.
pub(super) async fn disable(ctx: &Ctx, body: &Body<Disabling>) -> Result<HttpResponse, ApiError> {
    let (input, checked) = prove(ctx, Action::DisableSecondFactor, body, |b| &b.current_password).await?;
    ctx.write(Action::DisableSecondFactor, async |tx| {
        let account = own(tx).await?;
        if !account.has_second_factor || account.password_hash != checked.password_hash {
            return Err(IdentityError::SecondFactorMissing.into());
        }
        tx.touch(account.id);
        show(ctx, tx, &account, Some(&input.code)).await?;
        store::disable_second_factor(tx, account.id).await?;
        store::end_sessions(tx, account.id, tx.account().map(|a| a.session)).await?;
        throttle::forget(tx, &account.email, ctx.address).await?;
        Ok(HttpResponse::NoContent().finish())
    })
    .await
}
