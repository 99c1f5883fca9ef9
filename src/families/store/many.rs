//! Many families at once, from another system; and who is known already.

use chrono::NaiveDate;

use crate::access::{TenantRead, TenantTx};
use crate::families::enrolment::{NewFamily, SecondGuardian};
use crate::platform::ids::{ChildId, GuardianId, HouseholdId, random_uuid};

/// A child that is known here.
#[derive(Debug, Clone)]
pub struct KnownChild {
    /// The child.
    pub id: ChildId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Date of birth.
    pub birth_date: NaiveDate,
}

/// Children with a name who were born on these days.
pub async fn born_on(tx: &mut TenantRead, days: &[NaiveDate]) -> Result<Vec<KnownChild>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        KnownChild,
        r#"SELECT id AS "id: ChildId", first_name AS "first_name!", last_name AS "last_name!", birth_date AS "birth_date!"
             FROM child
            WHERE tenant_id = $1 AND birth_date = ANY($2) AND first_name IS NOT NULL AND last_name IS NOT NULL"#,
        tenant.0,
        days
    )
    .fetch_all(tx.conn())
    .await
}

/// Another guardian of a household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownGuardian {
    /// The guardian.
    pub id: GuardianId,
    /// The household.
    pub household_id: HouseholdId,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
}

/// Everybody of these households.
pub async fn guardians_in(tx: &mut TenantRead, homes: &[HouseholdId]) -> Result<Vec<KnownGuardian>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        KnownGuardian,
        r#"SELECT id AS "id: GuardianId", household_id AS "household_id!: HouseholdId", first_name, last_name
             FROM guardian
            WHERE tenant_id = $1 AND household_id = ANY($2)
            ORDER BY id"#,
        tenant.0,
        homes as _
    )
    .fetch_all(tx.conn())
    .await
}

/// A guardian and where the family lives.
#[derive(Debug, Clone, Copy)]
pub struct HomeOf {
    /// The guardian.
    pub guardian_id: GuardianId,
    /// The household.
    pub household_id: HouseholdId,
}

/// The households of these guardians.
pub async fn homes_of(tx: &mut TenantRead, guardians: &[GuardianId]) -> Result<Vec<HomeOf>, sqlx::Error> {
    let tenant = tx.tenant_id();
    sqlx::query_as!(
        HomeOf,
        r#"SELECT id AS "guardian_id: GuardianId", household_id AS "household_id!: HouseholdId"
             FROM guardian
            WHERE tenant_id = $1 AND id = ANY($2) AND household_id IS NOT NULL"#,
        tenant.0,
        guardians as _
    )
    .fetch_all(tx.conn())
    .await
}

/// A child of another system with its family; the ids are made by the caller.
pub struct ChildOf<'a> {
    /// The child's id.
    pub child_id: ChildId,
    /// Its guardian and home.
    pub home: HomeOf,
    /// Whether guardian and household are new as well.
    pub is_new_family: bool,
    /// All that is known, checked.
    pub family: &'a NewFamily,
    /// The second guardian, who gets custody as well.
    pub second: Option<Second<'a>>,
}

/// A second guardian of a household.
pub struct Second<'a> {
    /// The guardian's id.
    pub id: GuardianId,
    /// Who it is, checked, where the guardian is new.
    pub new: Option<&'a SecondGuardian>,
}

/// Writes households, guardians, children and their custody from today on, and makes the children of a household siblings.
pub async fn insert_many(tx: &mut TenantTx, all: &[ChildOf<'_>]) -> Result<(), sqlx::Error> {
    let new: Vec<&ChildOf<'_>> = all.iter().filter(|c| c.is_new_family).collect();
    insert_homes(tx, &new).await?;
    insert_guardians(tx, &new).await?;
    insert_seconds(tx, all).await?;
    insert_children(tx, all).await
}

async fn insert_homes(tx: &mut TenantTx, new: &[&ChildOf<'_>]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let text = |of: fn(&NewFamily) -> &str| new.iter().map(|c| of(c.family).to_owned()).collect::<Vec<_>>();
    let ids: Vec<_> = new.iter().map(|c| c.home.household_id.0).collect();
    let hidden: Vec<_> = new.iter().map(|c| c.family.household.address_protected).collect();
    sqlx::query!(
        "INSERT INTO household (tenant_id, id, street, house_number, postal_code, city, address_protected)
         SELECT $1, r.* FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[]) AS r",
        tenant.0,
        &ids,
        &text(|f| &f.household.street),
        &text(|f| &f.household.house_number),
        &text(|f| &f.household.postal_code),
        &text(|f| &f.household.city),
        &hidden
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn insert_guardians(tx: &mut TenantTx, new: &[&ChildOf<'_>]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let text = |of: fn(&NewFamily) -> &str| new.iter().map(|c| of(c.family).to_owned()).collect::<Vec<_>>();
    let ids: Vec<_> = new.iter().map(|c| c.home.guardian_id.0).collect();
    let homes: Vec<_> = new.iter().map(|c| c.home.household_id.0).collect();
    let phones: Vec<_> = new.iter().map(|c| c.family.guardian.phone.clone()).collect();
    let emails: Vec<_> = new.iter().map(|c| c.family.email.clone()).collect();
    sqlx::query!(
        "INSERT INTO guardian (tenant_id, id, household_id, first_name, last_name, phone, email, language)
         SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS r",
        tenant.0,
        &ids,
        &homes,
        &text(|f| &f.guardian.first_name),
        &text(|f| &f.guardian.last_name),
        &phones as &[Option<String>],
        &emails as &[Option<String>],
        &text(|f| &f.language)
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn insert_seconds(tx: &mut TenantTx, all: &[ChildOf<'_>]) -> Result<(), sqlx::Error> {
    let tenant = tx.tenant_id();
    let (mut ids, mut homes, mut first, mut last) = (vec![], vec![], vec![], vec![]);
    let (mut phones, mut emails, mut languages) = (vec![], vec![], vec![]);
    for child in all {
        let Some((id, new)) = child.second.as_ref().and_then(|s| Some((s.id, s.new?))) else {
            continue;
        };
        ids.push(id.0);
        homes.push(child.home.household_id.0);
        first.push(new.guardian.first_name.clone());
        last.push(new.guardian.last_name.clone());
        phones.push(new.guardian.phone.clone());
        emails.push(new.email.clone());
        languages.push(child.family.language.clone());
    }
    sqlx::query!(
        "INSERT INTO guardian (tenant_id, id, household_id, first_name, last_name, phone, email, language)
         SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS r",
        tenant.0,
        &ids,
        &homes,
        &first,
        &last,
        &phones as &[Option<String>],
        &emails as &[Option<String>],
        &languages
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}

async fn insert_children(tx: &mut TenantTx, all: &[ChildOf<'_>]) -> Result<(), sqlx::Error> {
    let (tenant, now, today) = (tx.tenant_id(), tx.now(), tx.today());
    let ids: Vec<_> = all.iter().map(|c| c.child_id.0).collect();
    let homes: Vec<_> = all.iter().map(|c| c.home.household_id.0).collect();
    let first_of = all.iter().map(|c| (c.child_id.0, c.home.guardian_id.0));
    let second_of = all.iter().filter_map(|c| Some((c.child_id.0, c.second.as_ref()?.id.0)));
    let (whose, guardians): (Vec<_>, Vec<_>) = first_of.chain(second_of).unzip();
    let custody: Vec<_> = whose.iter().map(|_| random_uuid()).collect();
    let first: Vec<_> = all.iter().map(|c| c.family.child.first_name.clone()).collect();
    let last: Vec<_> = all.iter().map(|c| c.family.child.last_name.clone()).collect();
    let sex: Vec<_> = all
        .iter()
        .map(|c| c.family.child.sex.map(crate::families::Sex::as_str))
        .collect();
    let born: Vec<_> = all.iter().map(|c| c.family.child.birth_date).collect();
    let expected: Vec<_> = all.iter().map(|c| c.family.child.expected_birth_date).collect();
    sqlx::query!(
        "INSERT INTO child (tenant_id, id, household_id, first_name, last_name, sex, birth_date, expected_birth_date, created_at)
         SELECT $1, r.*, $9 FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::date[], $8::date[]) AS r",
        tenant.0,
        &ids,
        &homes,
        &first as &[Option<String>],
        &last as &[Option<String>],
        &sex as &[Option<&str>],
        &born as &[Option<NaiveDate>],
        &expected as &[Option<NaiveDate>],
        now
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO custody (tenant_id, id, child_id, guardian_id, valid_from)
         SELECT $1, r.id, r.child_id, r.guardian_id, $5 FROM unnest($2::uuid[], $3::uuid[], $4::uuid[]) AS r (id, child_id, guardian_id)",
        tenant.0,
        &custody,
        &whose,
        &guardians,
        today
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "INSERT INTO sibling_link (tenant_id, child_id, sibling_id)
         SELECT DISTINCT me.tenant_id, LEAST(me.id, other.id), GREATEST(me.id, other.id)
           FROM child me
           JOIN child other ON other.tenant_id = me.tenant_id AND other.household_id = me.household_id AND other.id <> me.id
          WHERE me.tenant_id = $1 AND me.id = ANY($2)
         ON CONFLICT DO NOTHING",
        tenant.0,
        &ids
    )
    .execute(tx.conn())
    .await
    .map(|_| ())
}
