//! A whole copy of what is stored about a family, for a guardian: the own data and those of the children in custody today, nobody else's.
//!
//! The copy has the tables as they are, without the columns that are about somebody else (who of the staff did it, other families in a
//! list) or that are a secret. Who reads it finds the tables described in `docs/operator/personendaten.txt`.

mod store;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::access::TenantRead;
use crate::lists::{self, SheetError};
use crate::platform::crypto::Vault;
use crate::platform::ids::AccountId;

/// The format's name; the number changes when a table or column changes its meaning.
pub(super) const FORMAT: &str = "kitaplatz-auskunft/1";

/// The rows by table.
pub(super) async fn family(
    tx: &mut TenantRead,
    vault: &Vault,
    account: AccountId,
) -> Result<BTreeMap<&'static str, Vec<Value>>, SheetError> {
    let subject = store::subject(tx, account).await?;
    for child in &subject.children {
        tx.touch_child(*child);
    }
    let mut tables = BTreeMap::new();
    store::person(tx, &subject, &mut tables).await?;
    store::children(tx, &subject, &mut tables).await?;
    store::demands(tx, &subject, &mut tables).await?;
    store::places(tx, &subject, &mut tables).await?;
    store::contracts(tx, &subject, &mut tables).await?;
    store::office(tx, &subject, &mut tables).await?;
    store::decisions(tx, &subject, &mut tables).await?;
    store::records(tx, &subject, &mut tables).await?;
    // Sealed in the database, so it is opened for the copy.
    tables.insert(
        "care_sheet",
        lists::sheets_for_copy(tx, vault, &subject.children).await?,
    );
    Ok(tables)
}
