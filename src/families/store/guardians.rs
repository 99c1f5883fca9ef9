//! Guardians and their households.

use crate::access::{TenantRead, TenantTx};
use crate::families::model::{Address, Contact, NewGuardian, NewHousehold};
use crate::platform::ids::{AccountId, ChildId, GuardianId, HouseholdId};

/// The guardian behind an account.
#[derive(Debug, Clone)]
pub struct GuardianRow {
    pub id: GuardianId,
    pub household_id: Option<HouseholdId>,
    pub first_name: String,
    pub last_name: String,
    pub phone: Option<String>,
    pub version: i32,
}

/// A household.
#[derive(Debug, Clone)]
pub struct HouseholdRow {
    pub id: HouseholdId,
    pub street: String,
    pub house_number: String,
    pub postal_code: String,
    pub city: String,
    pub address_protected: bool,
    pub version: i32,
}

/// Another guardian of one's children, with those of them that both have custody of.
#[derive(Debug, Clone)]
pub struct OtherGuardianRow {
    pub id: GuardianId,
    pub first_name: String,
    pub last_name: String,
    pub child_ids: Vec<ChildId>,
}

pub async fn guardian_of(tx: &mut TenantRead, account: AccountId) -> Result<Option<GuardianRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        GuardianRow,
        r#"SELECT id AS "id: GuardianId", household_id AS "household_id: HouseholdId", first_name, last_name, phone, version
             FROM guardian
            WHERE tenant_id = $1 AND (account_id = $2 OR id = $2)"#,
        tenant.0,
        account as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// The guardian behind an account, locked: the commands of one person come one after the other.
pub async fn lock_guardian_of(tx: &mut TenantTx, account: AccountId) -> Result<Option<GuardianRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        GuardianRow,
        r#"SELECT id AS "id: GuardianId", household_id AS "household_id: HouseholdId", first_name, last_name, phone, version
             FROM guardian
            WHERE tenant_id = $1 AND account_id = $2
              FOR UPDATE"#,
        tenant.0,
        account as _
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes a guardian. `None`: this account has one already.
pub async fn insert_guardian(
    tx: &mut TenantTx,
    account: Option<AccountId>,
    new: &NewGuardian,
    email: Option<&str>,
    language: &str,
) -> Result<Option<GuardianId>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        r#"INSERT INTO guardian (tenant_id, id, account_id, first_name, last_name, phone, email, language)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
           ON CONFLICT (tenant_id, account_id) DO NOTHING
           RETURNING id AS "id: GuardianId""#,
        tenant.0,
        GuardianId::new() as _,
        account as _,
        new.first_name,
        new.last_name,
        new.phone,
        email,
        language
    )
    .fetch_optional(tx.conn())
    .await
}

pub async fn update_guardian(tx: &mut TenantTx, id: GuardianId, new: &NewGuardian) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "UPDATE guardian SET first_name = $3, last_name = $4, phone = $5, version = version + 1
          WHERE tenant_id = $1 AND id = $2
          RETURNING version",
        tenant.0,
        id as _,
        new.first_name,
        new.last_name,
        new.phone
    )
    .fetch_one(tx.conn())
    .await
}

pub async fn household(tx: &mut TenantRead, id: HouseholdId) -> Result<Option<HouseholdRow>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        HouseholdRow,
        r#"SELECT id AS "id: HouseholdId", street, house_number, postal_code, city, address_protected, version
             FROM household
            WHERE tenant_id = $1 AND id = $2"#,
        tenant.0,
        id as _
    )
    .fetch_optional(tx.conn())
    .await
}

pub async fn insert_household(
    tx: &mut TenantTx,
    guardian: GuardianId,
    new: &NewHousehold,
) -> Result<HouseholdId, sqlx::Error> {
    let (tenant, id) = (tx.tenant_id(), HouseholdId::new());
    sqlx::query!(
        "INSERT INTO household (tenant_id, id, street, house_number, postal_code, city, address_protected)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        tenant.0,
        id as _,
        new.street,
        new.house_number,
        new.postal_code,
        new.city,
        new.address_protected
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "UPDATE guardian SET household_id = $3 WHERE tenant_id = $1 AND id = $2",
        tenant.0,
        guardian as _,
        id as _
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

pub async fn update_household(tx: &mut TenantTx, id: HouseholdId, new: &NewHousehold) -> Result<i32, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_scalar!(
        "UPDATE household
            SET street = $3, house_number = $4, postal_code = $5, city = $6, address_protected = $7, version = version + 1
          WHERE tenant_id = $1 AND id = $2
          RETURNING version",
        tenant.0,
        id as _,
        new.street,
        new.house_number,
        new.postal_code,
        new.city,
        new.address_protected
    )
    .fetch_one(tx.conn())
    .await
}

/// Others who today have custody of children that this guardian has custody of.
pub async fn other_guardians(tx: &mut TenantRead, me: GuardianId) -> Result<Vec<OtherGuardianRow>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    sqlx::query_as!(
        OtherGuardianRow,
        r#"SELECT g.id AS "id: GuardianId", g.first_name, g.last_name, array_agg(theirs.child_id) AS "child_ids!: Vec<ChildId>"
             FROM custody mine
             JOIN custody theirs ON theirs.tenant_id = mine.tenant_id AND theirs.child_id = mine.child_id
                                AND theirs.guardian_id <> mine.guardian_id
             JOIN guardian g ON g.tenant_id = theirs.tenant_id AND g.id = theirs.guardian_id
            WHERE mine.tenant_id = $1 AND mine.guardian_id = $2
              AND mine.valid_from <= $3 AND (mine.valid_to IS NULL OR mine.valid_to > $3)
              AND theirs.valid_from <= $3 AND (theirs.valid_to IS NULL OR theirs.valid_to > $3)
            GROUP BY g.id, g.first_name, g.last_name
            ORDER BY g.last_name, g.first_name, g.id"#,
        tenant.0,
        me as _,
        today
    )
    .fetch_all(tx.conn())
    .await
}

/// Those with custody of a child today.
pub async fn contacts_of(tx: &mut TenantRead, child: ChildId) -> Result<Vec<Contact>, sqlx::Error> {
    let (tenant, today) = (tx.tenant_id(), tx.today());
    let rows = sqlx::query!(
        r#"SELECT g.id AS "guardian_id: GuardianId", a.id AS "account_id?: AccountId", COALESCE(a.email, g.email) AS email,
                  COALESCE(a.language, g.language) AS "language!", g.first_name, g.last_name, g.phone,
                  h.street AS "street?", h.house_number AS "house_number?", h.postal_code AS "postal_code?", h.city AS "city?",
                  h.address_protected AS "address_protected?"
             FROM custody c
             JOIN guardian g ON g.tenant_id = c.tenant_id AND g.id = c.guardian_id
             LEFT JOIN account a ON a.tenant_id = g.tenant_id AND a.id = g.account_id AND a.state <> 'closed'
             LEFT JOIN household h ON h.tenant_id = g.tenant_id AND h.id = g.household_id
            WHERE c.tenant_id = $1 AND c.child_id = $2 AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to > $3)
            ORDER BY c.valid_from, g.id"#,
        tenant.0,
        child as _,
        today
    )
    .fetch_all(tx.conn())
    .await?;
    let contact = rows.into_iter().map(|r| Contact {
        guardian_id: r.guardian_id,
        account_id: r.account_id,
        email: r.email.filter(|email| !email.is_empty()),
        phone: r.phone,
        language: r.language,
        first_name: r.first_name,
        last_name: r.last_name,
        address: match (r.street, r.house_number, r.postal_code, r.city, r.address_protected) {
            (Some(street), Some(house_number), Some(postal_code), Some(city), Some(is_protected)) => Some(Address {
                street,
                house_number,
                postal_code,
                city,
                is_protected,
            }),
            _ => None,
        },
    });
    Ok(contact.collect())
}
