//! The lottery: one number for each family, which anyone can compute again from the seed.

use ring::hmac;
use sha2::{Digest, Sha256};

/// A lottery number; the smaller one goes first.
pub type LotteryNumber = [u8; 32];

/// A draw with a known seed.
#[derive(Clone, Debug)]
pub struct Lottery(hmac::Key);

impl Lottery {
    /// The draw of this seed.
    pub fn new(seed: &str) -> Self {
        Self(hmac::Key::new(hmac::HMAC_SHA256, seed.as_bytes()))
    }

    /// HMAC-SHA256 with the seed as key and the family's pseudonym as message.
    pub fn number(&self, family: &str) -> LotteryNumber {
        let mut number = [0; 32];
        number.copy_from_slice(hmac::sign(&self.0, family.as_bytes()).as_ref());
        number
    }
}

/// What is published at the key date: a hash that binds the families, the rule set and the engine before the seed is known.
///
/// It is SHA-256 over the length (as 8 bytes, big-endian) and the bytes of rule set, engine, and each pseudonym in bytewise
/// order.
pub fn commitment<'a>(pseudonyms: impl IntoIterator<Item = &'a str>, rule_set: &str, engine: &str) -> String {
    let mut sorted: Vec<&str> = pseudonyms.into_iter().collect();
    sorted.sort_unstable();
    let mut hash = Sha256::new();
    for text in [rule_set, engine].into_iter().chain(sorted) {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hex(&hash.finalize())
}

/// What a family gets to check its number: recompute it with any HMAC-SHA256 tool and compare.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct LotteryProof {
    /// The key.
    pub seed: String,
    /// The message.
    pub family: String,
    /// The number in hexadecimal.
    pub number: String,
    /// How many families of the draw have a smaller number.
    pub smaller: usize,
}

/// The proof for each family, in the order given.
pub fn proofs(seed: &str, families: &[&str]) -> Vec<LotteryProof> {
    let lottery = Lottery::new(seed);
    let numbers: Vec<LotteryNumber> = families.iter().map(|family| lottery.number(family)).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let proof = |(family, number): (&&str, &LotteryNumber)| LotteryProof {
        seed: seed.to_owned(),
        family: (*family).to_owned(),
        number: hex(number),
        smaller: sorted.partition_point(|other| other < number),
    };
    families.iter().zip(&numbers).map(proof).collect()
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_format() {
        let lottery = Lottery::new("any text");
        let expected = [
            ("f1", "2c4db7f657a9dd00880969a60beeed0576b1924ca024bbc7ccc6e8838954782f"),
            ("f2", "b4245b34f78232049d36f200adc2dc9484545a99ff55a8747dc1d582fcf77121"),
        ];
        for (family, number) in expected {
            assert_eq!(hex(&lottery.number(family)), number);
        }
    }

    #[test]
    fn a_commitment_binds_families_rules_and_engine_but_no_order() {
        let one = commitment(["a", "b"], "rules", "engine");
        assert_eq!(one, commitment(["b", "a"], "rules", "engine"));
        for other in [
            commitment(["ab"], "rules", "engine"),
            commitment(["a", "b"], "rule", "sengine"),
            commitment(["a", "b", "c"], "rules", "engine"),
        ] {
            assert_ne!(one, other);
        }
    }

    #[test]
    fn a_proof_tells_how_many_come_before() {
        let proofs = proofs("any text", &["f2", "f1"]);
        assert_eq!((proofs[0].smaller, proofs[1].smaller), (1, 0));
    }
}
