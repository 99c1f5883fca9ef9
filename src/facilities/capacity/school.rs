//! When school begins for a child: as it was decided for it (deferral, early entry), else by the key day. Everything that asks for an age
//! band asks here.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};

use super::model::{age_band_on, birthday};
use super::store;
use crate::access::TenantRead;
use crate::facilities::model::AgeBand;
use crate::platform::ids::ChildId;
use crate::tenancy::{self, SchoolRule};

/// School entries of a municipality's children.
#[derive(Debug, Clone, Default)]
pub struct SchoolEntries {
    rule: SchoolRule,
    decided: HashMap<ChildId, NaiveDate>,
}

impl SchoolEntries {
    /// By a rule, with what was decided for single children.
    pub fn new(rule: SchoolRule, decided: HashMap<ChildId, NaiveDate>) -> Self {
        Self { rule, decided }
    }

    /// The day of a child.
    pub fn of(&self, child: ChildId, birth: NaiveDate) -> NaiveDate {
        let decided = self.decided.get(&child).copied();
        decided.unwrap_or_else(|| self.by_rule(birth))
    }

    /// The day by the key day alone, for whom nothing can have been decided.
    pub fn by_rule(&self, birth: NaiveDate) -> NaiveDate {
        school_entry(birth, self.rule)
    }

    /// The age band of a child on a day.
    pub fn band_on(&self, child: ChildId, birth: NaiveDate, day: NaiveDate) -> AgeBand {
        age_band_on(birth, day, self.of(child, birth))
    }
}

/// By the key day alone: who is six by it begins with that year's Kita year, who is later, with the next.
pub fn school_entry(birth: NaiveDate, rule: SchoolRule) -> NaiveDate {
    let sixth = birthday(birth, 6);
    let year = sixth.year() + i32::from((sixth.month(), sixth.day()) > rule.six_by);
    let (month, day) = rule.begins;
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(NaiveDate::MAX)
}

/// The rule that holds today.
pub async fn school_rule(tx: &mut TenantRead) -> Result<SchoolRule, sqlx::Error> {
    let today = tx.today();
    school_rule_on(tx, today).await
}

async fn school_rule_on(tx: &mut TenantRead, day: NaiveDate) -> Result<SchoolRule, sqlx::Error> {
    let settings = tenancy::settings_on(tx, day).await?;
    Ok(settings.school_rule(&tx.tenant().federal_state))
}

/// School entries of all children, by today's rule.
pub async fn school_entries(tx: &mut TenantRead) -> Result<SchoolEntries, sqlx::Error> {
    let today = tx.today();
    school_entries_on(tx, today).await
}

/// School entries of all children, by the rule of a day.
pub async fn school_entries_on(tx: &mut TenantRead, day: NaiveDate) -> Result<SchoolEntries, sqlx::Error> {
    let rule = school_rule_on(tx, day).await?;
    Ok(SchoolEntries::new(rule, store::decided_entries(tx).await?))
}

/// School entry of one child, by today's rule.
pub async fn school_entry_of(tx: &mut TenantRead, child: ChildId, birth: NaiveDate) -> Result<NaiveDate, sqlx::Error> {
    if let Some(decided) = store::decided_entry(tx, child).await? {
        return Ok(decided);
    }
    Ok(school_entry(birth, school_rule(tx).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(y, m, d).unwrap()
    }

    #[test]
    fn school_begins_for_who_is_six_by_the_key_day() {
        let june = SchoolRule::default();
        assert_eq!(school_entry(day(2021, 6, 30), june), day(2027, 8, 1));
        assert_eq!(school_entry(day(2021, 7, 1), june), day(2028, 8, 1));
        assert_eq!(school_entry(day(2024, 2, 29), june), day(2030, 8, 1));
        let bavaria = SchoolRule {
            six_by: (9, 30),
            begins: (9, 1),
        };
        assert_eq!(school_entry(day(2021, 9, 30), bavaria), day(2027, 9, 1));
        assert_eq!(school_entry(day(2021, 10, 1), bavaria), day(2028, 9, 1));
    }

    #[test]
    fn what_was_decided_for_a_child_goes_before_the_key_day() {
        let (deferred, other) = (ChildId::new(), ChildId::new());
        let entries = SchoolEntries::new(SchoolRule::default(), HashMap::from([(deferred, day(2028, 8, 1))]));
        let birth = day(2021, 5, 4);
        assert_eq!(entries.of(deferred, birth), day(2028, 8, 1));
        assert_eq!(entries.of(other, birth), day(2027, 8, 1));
        assert_eq!(entries.band_on(deferred, birth, day(2027, 9, 1)), AgeBand::Over3);
        assert_eq!(entries.band_on(other, birth, day(2027, 9, 1)), AgeBand::SchoolAge);
    }
}
