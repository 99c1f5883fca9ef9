//! The proof of protection against measles (§ 20(9) IfSG): that it was shown, when, and to whom. No document is kept.

use chrono::NaiveDate;

use super::model::{ContractError, ContractState, TransitionError};
use super::store::{self, ContractRow};
use super::{contract, locked};
use crate::access::TenantTx;
use crate::families;
use crate::platform::fields::{Fields, Invalid};
use crate::platform::http::Stale;
use crate::platform::ids::ContractId;

/// Notes on which day the proof was shown; `None`: that it was noted by mistake. The contract says nothing else than before, and so it is
/// no new version: somebody may be about to sign.
pub async fn note_measles_proof(
    tx: &mut TenantTx,
    id: ContractId,
    seen: i32,
    shown_on: Option<NaiveDate>,
) -> Result<ContractRow, ContractError> {
    let row = locked(tx, id).await?;
    Stale::check(seen, row.version)?;
    if matches!(row.state, ContractState::Terminated | ContractState::Ended) {
        let (state, step) = (row.state, "note_measles_proof");
        return Err(TransitionError { state, step }.into());
    }
    let child = families::child_facts(tx, row.child_id).await?;
    check(shown_on, tx.today(), child.and_then(|child| child.birth_date))?;
    store::set_measles_proof(tx, id, shown_on).await?;
    contract(tx, id).await
}

fn check(shown_on: Option<NaiveDate>, today: NaiveDate, birth: Option<NaiveDate>) -> Result<(), Invalid> {
    let Some(day) = shown_on else { return Ok(()) };
    let mut fields = Fields::new();
    fields.check(day <= today, "/shown_on", "in_future");
    fields.check(birth.is_some_and(|birth| birth <= day), "/shown_on", "before_birth");
    fields.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_was_shown_after_the_birth_and_not_tomorrow() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let (today, birth) = (day("2027-02-01").unwrap(), day("2026-03-14"));
        let code = |shown: &str, birth| {
            let found = check(day(shown), today, birth).err();
            found.map(|invalid| invalid.0[0].code.clone())
        };
        assert_eq!(code("2027-02-01", birth), None);
        assert_eq!(code("2026-03-14", birth), None);
        assert_eq!(code("2027-02-02", birth).as_deref(), Some("in_future"));
        assert_eq!(code("2026-03-13", birth).as_deref(), Some("before_birth"));
        assert_eq!(
            code("2027-01-01", None).as_deref(),
            Some("before_birth"),
            "nobody is born yet"
        );
        assert!(check(None, today, None).is_ok());
    }
}
