//! The links that mails carry, read from the outbox before they are sent.

use kitaplatz::access::as_system;

use super::TestApp;

impl TestApp {
    /// Kinds of the mails that wait for an address, the oldest first.
    pub async fn mails_to(&self, email: &str) -> Vec<String> {
        self.outbox(email).await.into_iter().map(|(kind, _)| kind).collect()
    }

    /// The secret of the link in the latest mail of this kind to an address.
    #[track_caller]
    pub fn link(&self, kind: &str, email: &str) -> impl Future<Output = String> {
        let (kind, email) = (kind.to_owned(), email.to_owned());
        async move {
            let mails = self.outbox(&email).await;
            let found = mails.iter().rev().find(|(k, _)| *k == kind);
            let secret = found.and_then(|(_, secret)| secret.clone());
            secret.unwrap_or_else(|| panic!("no mail {kind} to {email}: {mails:?}"))
        }
    }

    async fn outbox(&self, email: &str) -> Vec<(String, Option<String>)> {
        as_system(&self.platform, &self.tenant, "test_outbox", async |tx| {
            let tenant = tx.tenant_id();
            sqlx::query_as(
                // The clock stands still, so the transactions that wrote them tell the order.
                "SELECT kind, context ->> 'token' FROM notification
                  WHERE tenant_id = $1 AND to_address = $2 ORDER BY created_at, age(xmin) DESC, ctid",
            )
            .bind(tenant.0)
            .bind(email)
            .fetch_all(tx.conn())
            .await
        })
        .await
        .unwrap()
    }
}
