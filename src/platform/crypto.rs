//! Random tokens, their digests, and sealing of secrets at rest (AES-256-GCM, bound to tenant and row).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};

/// `N` random bytes from the system.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The system's generator does not fail on the machines we run on; if it did, going on would be unsafe.
    #[expect(clippy::expect_used, reason = "no safe way to go on without randomness")]
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system's random generator works");
    bytes
}

/// A secret of 256 bits as text for a link or cookie.
pub fn random_token() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes::<32>())
}

/// What is stored of a token: its SHA-256.
pub fn digest(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// SHA-256 of bytes.
pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// Seals and opens small secrets with the installation's key.
#[derive(Clone)]
pub struct Vault(std::sync::Arc<LessSafeKey>);

/// The sealed bytes are damaged, of another row, or of another key.
#[derive(Debug, thiserror::Error)]
#[error("a sealed value cannot be opened")]
pub struct SealError;

impl Vault {
    /// A vault over a 32-byte key.
    pub fn new(key: &[u8; 32]) -> Result<Self, SealError> {
        UnboundKey::new(&AES_256_GCM, key)
            .map(|k| Self(std::sync::Arc::new(LessSafeKey::new(k))))
            .map_err(|_| SealError)
    }

    /// Seals `plain`; `place` (tenant, row, column) must be given again to open it, so that it cannot be moved elsewhere.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let nonce = random_bytes::<12>();
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place.as_bytes()),
                &mut sealed,
            )
            .map_err(|_| SealError)?;
        Ok([&[1], nonce.as_slice(), &sealed].concat())
    }

    /// Opens what [`Vault::seal`] made for the same place.
    pub fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (Some(1), Some(nonce), Some(body)) = (sealed.first(), sealed.get(1..13), sealed.get(13..)) else {
            return Err(SealError);
        };
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError)?;
        let mut buffer = body.to_vec();
        let plain = self
            .0
            .open_in_place(nonce, Aad::from(place.as_bytes()), &mut buffer)
            .map_err(|_| SealError)?;
        Ok(plain.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place() {
        let vault = Vault::new(&[7; 32]).unwrap();
        let sealed = vault.seal("3/account/totp", b"secret").unwrap();
        assert_eq!(vault.open("3/account/totp", &sealed).unwrap(), b"secret");
        assert!(vault.open("4/account/totp", &sealed).is_err());
        let mut damaged = sealed.clone();
        *damaged.last_mut().unwrap() ^= 1;
        assert!(vault.open("3/account/totp", &damaged).is_err());
        assert!(vault.open("3/account/totp", b"").is_err());
    }

    #[test]
    fn tokens_have_256_bits_and_differ() {
        let (a, b) = (random_token(), random_token());
        assert_eq!(a.len(), 43);
        assert_ne!(a, b);
    }
}
