//! What the audit says of the requests that were sent: one event each, and none for the reading of what everybody may see.

use std::collections::BTreeMap;

use kitaplatz::access::Action;
use sqlx::Row;

use super::check::{Check, Sent};

/// An event: action, outcome, code, whether something changed.
type Event = (String, String, Option<String>, Option<bool>);

impl Check<'_> {
    /// Compares what was sent with what the audit has; answers how many operations left an event.
    pub async fn events(&mut self) -> usize {
        let mut events = self.read().await;
        let mut seen = std::collections::BTreeSet::new();
        for sent in std::mem::take(&mut self.trail) {
            let found = events.remove(&sent.request_id).unwrap_or_default();
            if let Some(wrong) = wrong(&sent, &found) {
                self.faults
                    .push(format!("{} {} {}: {wrong}", sent.operation, sent.status, sent.code));
            }
            if !found.is_empty() {
                seen.insert(sent.operation);
            }
        }
        seen.len()
    }

    async fn read(&self) -> BTreeMap<String, Vec<Event>> {
        let mut conn = self.world.database.superuser().await;
        let rows = sqlx::query(
            "SELECT request_id, action, outcome, code, changed FROM app.audit_event WHERE tenant_id = $1 AND request_id IS NOT NULL",
        )
        .bind(self.world.ours.app.tenant.id.0)
        .fetch_all(&mut conn)
        .await
        .unwrap();
        let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
        for row in rows {
            let event = (row.get(1), row.get(2), row.get(3), row.get(4));
            events.entry(row.get(0)).or_default().push(event);
        }
        events
    }
}

fn wrong(sent: &Sent, found: &[Event]) -> Option<String> {
    let action = Action::ALL.iter().find(|a| a.name() == sent.operation);
    // Of nobody known nothing is noted but attempts to become known, which are refused with words of their own.
    let nobody = sent.code == "access.signed_out";
    let due = !sent.is_global && !nobody && action.is_some_and(|a| a.is_recorded());
    match found {
        [] if !due => None,
        [one] if due => {
            let refused = (400..500).contains(&sent.status);
            let outcome = if refused { "refused" } else { "done" };
            let code = refused.then_some(sent.code.as_str());
            let same = one.0 == sent.operation && one.1 == outcome && one.2.as_deref() == code && one.3.is_some();
            (!same).then(|| format!("{one:?}"))
        }
        other => Some(format!("{} events, not {}: {other:?}", other.len(), usize::from(due))),
    }
}
