//! Counters that hold across instances: attempts per account, mails per address. A limit passes by itself; nobody is locked out for good.

use std::net::IpAddr;

use chrono::{DateTime, Duration, Utc};

use super::model::{IdentityError, attempt_keys, mail_key};
use crate::access::TenantTx;

const ATTEMPTS_WITHIN: Duration = Duration::minutes(15);
/// From one place, as OWASP advises; from everywhere more, so that a stranger cannot keep the owner out by failing on purpose.
const ATTEMPTS: [i64; 2] = [10, 100];
const MAILS: [(Duration, i64); 2] = [(Duration::hours(1), 3), (Duration::days(1), 10)];

/// Counts an attempt to be known by a password or code; refuses the eleventh within 15 minutes. Called before the check, in a
/// transaction of its own, so that a hundred attempts at once are counted one by one.
pub(super) async fn attempt(tx: &mut TenantTx, email: &str, address: IpAddr) -> Result<(), IdentityError> {
    let since = tx.now() - ATTEMPTS_WITHIN;
    for (key, most) in attempt_keys(email, address).into_iter().zip(ATTEMPTS) {
        count(tx, &key).await?;
        let (used, oldest) = used(tx, &key, since).await?;
        if used > most {
            return Err(IdentityError::TooMany(wait(oldest, ATTEMPTS_WITHIN, tx.now())));
        }
    }
    Ok(())
}

/// Forgets the attempts of an account after one succeeded.
pub(super) async fn forget(tx: &mut TenantTx, email: &str, address: IpAddr) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query!(
        "DELETE FROM throttle WHERE tenant_id = $1 AND key = ANY($2)",
        tenant.0,
        &attempt_keys(email, address)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// Counts a mail to an address; `false` when it had 3 within the hour or 10 within the day, and must not be written to now.
pub(super) async fn may_mail(tx: &mut TenantTx, email: &str) -> Result<bool, sqlx::Error> {
    let (key, now) = (mail_key(email), tx.now());
    count(tx, &key).await?;
    for (within, most) in MAILS {
        if used(tx, &key, now - within).await?.0 > most {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn count(tx: &mut TenantTx, key: &str) -> Result<(), sqlx::Error> {
    let (tenant, now) = (tx.tenant_id(), tx.now());
    sqlx::query!(
        "INSERT INTO throttle (tenant_id, key, window_start, count)
         VALUES ($1, $2, date_trunc('minute', $3::timestamptz), 1)
         ON CONFLICT (tenant_id, key, window_start) DO UPDATE SET count = throttle.count + 1",
        tenant.0,
        key,
        now
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

/// How many since then, and the oldest minute of them.
async fn used(tx: &mut TenantTx, key: &str, since: DateTime<Utc>) -> Result<(i64, Option<DateTime<Utc>>), sqlx::Error> {
    let tenant = tx.tenant_id();
    let row = sqlx::query!(
        r#"SELECT COALESCE(sum(count), 0)::bigint AS "used!", min(window_start) AS oldest
             FROM throttle
            WHERE tenant_id = $1 AND key = $2 AND window_start > $3"#,
        tenant.0,
        key,
        since
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.used, row.oldest))
}

fn wait(oldest: Option<DateTime<Utc>>, within: Duration, now: DateTime<Utc>) -> u64 {
    let until = oldest.unwrap_or(now) + within;
    u64::try_from((until - now).num_seconds()).unwrap_or(0).max(1)
}
