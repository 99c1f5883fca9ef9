//! The family's own order of the ways to its wishes: each wished facility as wished and, further down, giving way.

use crate::platform::fields::{Fields, Invalid};
use crate::platform::ids::FacilityId;

/// Refuses an order of the ways that does not name each wished facility twice, for the first time in the order of the wishes.
pub fn check_ways(ways: &[FacilityId], wished: &[FacilityId]) -> Result<(), Invalid> {
    let mut fields = Fields::new();
    let mut first = Vec::new();
    for (at, facility) in ways.iter().enumerate() {
        let pointer = format!("/ways/{at}");
        fields.check(wished.contains(facility), &pointer, "unknown");
        let named = ways[..at].iter().filter(|before| *before == facility).count();
        fields.check(named < 2, &pointer, "duplicate");
        if named == 0 {
            first.push(*facility);
        }
    }
    fields.check(
        !ways.is_empty() && ways.len() == 2 * wished.len(),
        "/ways",
        "incomplete",
    );
    fields.finish()?;
    match first == wished {
        true => Ok(()),
        false => Err(Invalid::one(
            "/ways",
            "wrong_order",
            "as wished they stand in the order of the wishes",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_facility_stands_twice_and_first_in_the_order_of_the_wishes() {
        let [a, b, other] = [(); 3].map(|()| FacilityId::new());
        let codes = |ways: &[FacilityId]| {
            let Err(Invalid(faults)) = check_ways(ways, &[a, b]) else {
                return vec![];
            };
            let pairs = faults.into_iter().map(|f| (f.pointer, f.code));
            pairs.map(|(at, code)| format!("{at} {code}")).collect()
        };
        for right in [[a, a, b, b], [a, b, a, b], [a, b, b, a]] {
            assert!(codes(&right).is_empty(), "{right:?}");
        }
        assert_eq!(codes(&[b, a, a, b]), ["/ways wrong_order"]);
        assert_eq!(codes(&[a, b, a]), ["/ways incomplete"]);
        assert_eq!(codes(&[]), ["/ways incomplete"]);
        assert_eq!(codes(&[a, a, a, b]), ["/ways/2 duplicate"]);
        assert_eq!(codes(&[a, a, b, other]), ["/ways/3 unknown"]);
        assert!(check_ways(&[], &[]).is_err());
    }
}
