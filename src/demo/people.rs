//! Made-up families: names of many origins, streets that exist nowhere, and always the same ones.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{Rng, SeedableRng};

const CHILDREN: [(&str, &str); 28] = [
    ("Mia", "female"),
    ("Emil", "male"),
    ("Amira", "female"),
    ("Jonas", "male"),
    ("Lotta", "female"),
    ("Mateo", "male"),
    ("Frieda", "female"),
    ("Yusuf", "male"),
    ("Ida", "female"),
    ("Anton", "male"),
    ("Zofia", "female"),
    ("Matti", "male"),
    ("Elif", "female"),
    ("Karl", "male"),
    ("Leonie", "female"),
    ("Danylo", "male"),
    ("Noor", "diverse"),
    ("Theo", "male"),
    ("Sophie", "female"),
    ("Bashir", "male"),
    ("Greta", "female"),
    ("Luca", "male"),
    ("Marlene", "female"),
    ("Oskar", "male"),
    ("Thuy", "female"),
    ("Paul", "male"),
    ("Romy", "female"),
    ("Elias", "male"),
];
const ADULTS: [&str; 24] = [
    "Anna",
    "Murat",
    "Julia",
    "Stefan",
    "Olena",
    "Thomas",
    "Fatima",
    "Christian",
    "Katrin",
    "Ahmed",
    "Sandra",
    "Piotr",
    "Nadine",
    "Minh",
    "Claudia",
    "Sven",
    "Aylin",
    "Markus",
    "Ines",
    "David",
    "Svetlana",
    "Tobias",
    "Maria",
    "Jan",
];
const FAMILIES: [&str; 28] = [
    "Brandt",
    "Yıldız",
    "Petersen",
    "Nowak",
    "Schröder",
    "Haddad",
    "Lehmann",
    "Nguyen",
    "Weiß",
    "Kovalenko",
    "Jürgens",
    "Okafor",
    "Möller",
    "Rossi",
    "Schulze",
    "Demir",
    "Hansen",
    "Ivanova",
    "Krüger",
    "Sahin",
    "Böhm",
    "Fischer",
    "Al-Masri",
    "Lorenz",
    "Vogt",
    "Öztürk",
    "Seidel",
    "Carstensen",
];
const STREETS: [&str; 8] = [
    "Ahornweg",
    "Am Musterteich",
    "Beispielstraße",
    "Drosselgasse",
    "Erlenring",
    "Kastanienallee",
    "Mühlenpfad",
    "Sonnenhang",
];

/// Picks people; the same seed picks the same ones.
pub(super) struct People(StdRng);

/// A family's names and home.
#[derive(Clone)]
pub(super) struct Household {
    pub first_name: &'static str,
    pub last_name: &'static str,
    pub street: &'static str,
    pub house_number: String,
    pub phone: String,
}

impl People {
    pub(super) fn of(slug: &str) -> Self {
        let seed = slug.bytes().fold(2_026_u64, |seed, byte| {
            seed.wrapping_mul(31).wrapping_add(u64::from(byte))
        });
        Self(StdRng::seed_from_u64(seed))
    }

    pub(super) fn household(&mut self) -> Household {
        Household {
            first_name: self.one(&ADULTS),
            last_name: self.one(&FAMILIES),
            street: self.one(&STREETS),
            house_number: self.between(1, 60).to_string(),
            // 0171 39200 00 to 99 are kept free for films and made-up people.
            phone: format!("0171 39200{:02}", self.between(0, 99)),
        }
    }

    pub(super) fn child(&mut self) -> (&'static str, &'static str) {
        self.one(&CHILDREN)
    }

    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        self.0.random_range(low..=high)
    }

    fn one<T: Copy>(&mut self, list: &[T]) -> T {
        // The lists above are not empty.
        list.choose(&mut self.0).copied().unwrap_or(list[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_town_has_the_same_people() {
        let first = |slug| {
            let mut people = People::of(slug);
            (0..5).map(|_| people.household().last_name).collect::<Vec<_>>()
        };
        assert_eq!(first("leipzig"), first("leipzig"));
        assert_ne!(first("leipzig"), first("chemnitz"));
    }
}
