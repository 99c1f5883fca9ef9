//! Comparing a child with the register, tolerant of how names are written; and what an answer means. Pure.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::names::agree;

/// So many days after birth a child may not be entered yet.
const ENTERED_AFTER_DAYS: i64 = 28;

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(example = "match")]
pub enum RegisterResult {
    /// The register knows the child.
    Match,
    /// It does not.
    NoMatch,
    /// It knows several who could be the child.
    Several,
    /// It could not be asked.
    Unavailable,
    /// It cannot know the child yet: unborn, or born in these weeks.
    Pending,
}

impl RegisterResult {
    /// The word in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Match => "match",
            Self::NoMatch => "no_match",
            Self::Several => "several",
            Self::Unavailable => "unavailable",
            Self::Pending => "pending",
        }
    }
}

/// What an adapter answers about a child that is born.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Match,
    NoMatch,
    Several,
    Unavailable,
}

/// The result for a child of this age: who was born in these weeks is not missing, only not entered yet.
pub(super) fn result(answer: Answer, born_on: NaiveDate, today: NaiveDate) -> RegisterResult {
    match answer {
        Answer::Match => RegisterResult::Match,
        Answer::NoMatch if (today - born_on).num_days() <= ENTERED_AFTER_DAYS => RegisterResult::Pending,
        Answer::NoMatch => RegisterResult::NoMatch,
        Answer::Several => RegisterResult::Several,
        Answer::Unavailable => RegisterResult::Unavailable,
    }
}

/// A child who is looked for, or an entry of the register; both with the same date of birth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    pub first_names: String,
    pub last_name: String,
    pub postal_code: Option<String>,
}

/// Compares a child with the entries of its date of birth. Of several namesakes the one at the child's postal code is meant.
pub(super) fn compare(child: &Person, entries: &[Person]) -> Answer {
    let alike: Vec<&Person> = entries.iter().filter(|entry| same_name(child, entry)).collect();
    let here = |entry: &&&Person| child.postal_code.is_some() && entry.postal_code == child.postal_code;
    match (alike.len(), alike.iter().filter(here).count()) {
        (0, _) => Answer::NoMatch,
        (1, _) | (_, 1) => Answer::Match,
        _ => Answer::Several,
    }
}

fn same_name(a: &Person, b: &Person) -> bool {
    agree(&a.last_name, &b.last_name) && agree(&a.first_names, &b.first_names)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::platform::names::parts;

    use super::*;

    fn person(first: &str, last: &str, postal_code: Option<&str>) -> Person {
        Person {
            first_names: first.into(),
            last_name: last.into(),
            postal_code: postal_code.map(str::to_owned),
        }
    }

    #[test]
    fn ways_to_write_a_name_make_no_difference() {
        for (ours, theirs) in [
            ("Mia", "Mia Sophie"),
            ("Mia S.", "Mia Sophie"),
            ("Anna-Lena", "Anna Lena"),
            ("Annalena", "Anna-Lena"),
            ("  mia ", "MIA"),
            ("José", "Jose"),
            ("Zoë", "Zoe"),
            ("İlayda", "Ilayda"),
            ("Łucja", "Lucja"),
            ("Jörg", "Joerg"),
            ("Jörg", "Jorg"),
            ("Sophie Mia", "Mia Sophie"),
            ("D'Angelo", "Dangelo"),
            ("Nguyễn", "Nguyen"),
        ] {
            let (child, entry) = (person(ours, "Groß", None), person(theirs, "GROSS", None));
            assert_eq!(
                compare(&child, std::slice::from_ref(&entry)),
                Answer::Match,
                "{ours} and {theirs}"
            );
            assert_eq!(compare(&entry, &[child]), Answer::Match, "{theirs} and {ours}");
        }
        for (ours, theirs) in [
            ("von der Heide", "Heide"),
            ("Müller-Lüdenscheidt", "Mueller Luedenscheidt"),
            ("Öztürk", "Oeztuerk"),
            ("O’Neill", "ONeill"),
        ] {
            let answer = compare(&person("Mia", ours, None), &[person("Mia", theirs, None)]);
            assert_eq!(answer, Answer::Match, "{ours} and {theirs}");
        }
    }

    #[test]
    fn other_names_are_other_children() {
        for (first, last) in [
            ("Lea", "Braun"),
            ("Mia", "Brauner"),
            ("Mira", "Braun"),
            ("", "Braun"),
            ("Mia", ""),
        ] {
            let answer = compare(&person("Mia", "Braun", None), &[person(first, last, None)]);
            assert_eq!(answer, Answer::NoMatch, "{first} {last}");
        }
        assert_eq!(
            compare(&person("...", "-", None), &[person("Mia", "Braun", None)]),
            Answer::NoMatch
        );
    }

    #[test]
    fn of_namesakes_the_one_at_the_postal_code_is_meant() {
        let entries = [
            person("Mia", "Braun", Some("04109")),
            person("Mia Sophie", "Braun", Some("04229")),
        ];
        assert_eq!(compare(&person("Mia", "Braun", Some("04229")), &entries), Answer::Match);
        assert_eq!(
            compare(&person("Mia", "Braun", Some("04315")), &entries),
            Answer::Several
        );
        assert_eq!(compare(&person("Mia", "Braun", None), &entries), Answer::Several);
        let twins = [entries[0].clone(), entries[0].clone()];
        assert_eq!(compare(&person("Mia", "Braun", Some("04109")), &twins), Answer::Several);
    }

    #[test]
    fn neither_of_two_names_with_as_many_parts_is_the_shorter_one() {
        for (a, b) in [("Anna Anna", "Mia Anna"), ("k k", "x k")] {
            assert!(!agree(a, b) && !agree(b, a), "{a} {b}");
        }
        assert!(agree("Anna Mia", "Mia Anna") && agree("Mia", "Mia Anna") && agree("Mia Anna", "Mia"));
    }

    #[test]
    fn who_was_born_in_these_weeks_is_not_missing() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let at = |answer, born| result(answer, day(born), day("2027-02-01"));
        assert_eq!(at(Answer::NoMatch, "2027-01-04"), RegisterResult::Pending);
        assert_eq!(at(Answer::NoMatch, "2027-01-03"), RegisterResult::NoMatch);
        assert_eq!(at(Answer::Match, "2027-01-31"), RegisterResult::Match);
        assert_eq!(at(Answer::Unavailable, "2027-01-31"), RegisterResult::Unavailable);
    }

    proptest! {
        #[test]
        fn a_name_agrees_with_itself_and_comparing_is_even(a in "\\PC{0,20}", b in "\\PC{0,20}") {
            prop_assert_eq!(agree(&a, &b), agree(&b, &a));
            prop_assert_eq!(agree(&a, &a), a.chars().any(char::is_alphanumeric) && !parts(&a, false).is_empty());
        }
    }
}
