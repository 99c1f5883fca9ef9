//! Password hashing (Argon2id) off the async threads, with a bound on how many run at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// Hashes and checks passwords; each hash takes 19 MiB, so only some run at once and a bounded number waits.
#[derive(Clone)]
pub struct Hasher {
    permits: Arc<Semaphore>,
    waiting: Arc<Semaphore>,
    dummy: Arc<str>,
    runs: Arc<AtomicU64>,
}

/// Hashing did not happen.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many sign-ins wait already; try again.
    #[error("too many sign-ins at once")]
    Busy,
    /// The hash could not be computed or read.
    #[error("password hash: {0}")]
    Broken(String),
}

const WAITING: usize = 200;

impl Hasher {
    /// A hasher that runs `parallel` hashes at once.
    pub fn new(parallel: usize) -> Result<Self, HashError> {
        Ok(Self {
            permits: Arc::new(Semaphore::new(parallel.max(1))),
            waiting: Arc::new(Semaphore::new(WAITING)),
            dummy: hash_now("an unknown account has this password")?.into(),
            runs: Arc::default(),
        })
    }

    /// Hashes a password for storage (PHC string with parameters and salt).
    pub async fn hash(&self, password: SecretString) -> Result<String, HashError> {
        self.run(move || hash_now(password.expose_secret())).await
    }

    /// Whether a password fits. `None` (unknown account) costs the same time and is never true.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<bool, HashError> {
        let known = stored.is_some();
        let phc = stored.unwrap_or_else(|| self.dummy.to_string());
        let fits = self.run(move || verify_now(password.expose_secret(), &phc)).await?;
        Ok(fits && known)
    }

    /// How many hashes were computed so far: that an unknown account costs as much as a known one can be counted, not only timed.
    pub fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, HashError> + Send + 'static,
    ) -> Result<T, HashError> {
        let _place = self.waiting.try_acquire().map_err(|_| HashError::Busy)?;
        let _permit = self.permits.acquire().await.map_err(|_| HashError::Busy)?;
        self.runs.fetch_add(1, Ordering::Relaxed);
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|e| HashError::Broken(e.to_string()))?
    }
}

fn hash_now(password: &str) -> Result<String, HashError> {
    // The default is Argon2id with 19 MiB, two passes, one lane.
    Argon2::default()
        .hash_password(password.as_bytes())
        .map(|hash| hash.to_string())
        .map_err(|e| HashError::Broken(e.to_string()))
}

fn verify_now(password: &str, phc: &str) -> Result<bool, HashError> {
    let hash = PasswordHash::new(phc).map_err(|e| HashError::Broken(e.to_string()))?;
    Ok(Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[actix_web::test]
    async fn only_the_right_password_of_a_known_account_fits() {
        let hasher = Hasher::new(1).unwrap();
        let stored = hasher.hash("richtig und lang".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(
            hasher
                .verify("richtig und lang".into(), Some(stored.clone()))
                .await
                .unwrap()
        );
        assert!(!hasher.verify("falsch".into(), Some(stored)).await.unwrap());
        assert!(
            !hasher
                .verify("an unknown account has this password".into(), None)
                .await
                .unwrap()
        );
    }
}
