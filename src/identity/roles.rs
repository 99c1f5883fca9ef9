//! The roles of a member of staff, with their versions.

use std::collections::BTreeMap;

use super::{staff_store, store};
use crate::access::{TenantRead, TenantTx};
use crate::platform::ids::AccountId;
use crate::versions::{self, Content, Kind, Subject};

/// Changes what roles somebody has, and keeps what came of it.
pub(super) async fn change<T, E: From<sqlx::Error>>(
    tx: &mut TenantTx,
    account: AccountId,
    work: impl AsyncFnOnce(&mut TenantTx) -> Result<T, E>,
) -> Result<T, E> {
    let subject = Subject::of(Kind::Roles, account);
    versions::keep(tx, &subject, async |tx| content(tx, account).await, work).await
}

/// Closes an account, and its roles with it.
pub(super) async fn close(tx: &mut TenantTx, account: AccountId) -> Result<(), sqlx::Error> {
    // The rows first and then their versions: in the same order as somebody who ends one of these roles meanwhile.
    for role in store::memberships(tx, &[account]).await? {
        staff_store::membership(tx, role.id).await?;
    }
    change(tx, account, async |tx| store::close_account(tx, account).await).await
}

/// Each role with the places for which it is held; the person is not named.
async fn content(tx: &mut TenantRead, account: AccountId) -> Result<Content, sqlx::Error> {
    let town = tx.tenant().name.clone();
    let mut roles = BTreeMap::<String, Vec<String>>::new();
    for row in store::memberships(tx, &[account]).await? {
        let place = row.label.unwrap_or_else(|| town.clone());
        roles.entry(row.role).or_default().push(place);
    }
    roles.values_mut().for_each(|places| places.sort_unstable());
    Ok(if roles.is_empty() {
        Content::default()
    } else {
        Content::of(serde_json::to_value(roles).unwrap_or_default())
    })
}
