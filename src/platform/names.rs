//! Names of people as they are written here and there, compared. Pure.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Whether two ways to write a name can mean the same: written together or apart, or all parts of the shorter one stand in the longer
/// one. Second names, dots, hyphens, blanks, accents and umlauts make no difference.
pub fn agree(a: &str, b: &str) -> bool {
    spellings(a)
        .iter()
        .any(|a| spellings(b).iter().any(|b| parts_agree(a, b)))
}

fn parts_agree(a: &[String], b: &[String]) -> bool {
    if a.is_empty() || b.is_empty() {
        return false;
    }
    let within =
        |some: &[String], all: &[String]| some.iter().all(|part| all.iter().any(|other| same_part(part, other)));
    // Of two with as many parts, none is the shorter one: `Anna Anna` is not `Mia Anna`.
    let parts = (a.len() > b.len() || within(a, b)) && (b.len() > a.len() || within(b, a));
    a.concat() == b.concat() || parts
}

/// The same part, or one is the first letter of the other: `Mia S.`
fn same_part(a: &str, b: &str) -> bool {
    a == b || (a.len() == 1 && b.starts_with(a)) || (b.len() == 1 && a.starts_with(b))
}

/// A name in parts: once with umlauts written out (`ue`), once without their dots.
fn spellings(name: &str) -> BTreeSet<Vec<String>> {
    [true, false].map(|written_out| parts(name, written_out)).into()
}

/// A name in its parts, without case, accents and marks; umlauts written out or without their dots.
pub(crate) fn parts(name: &str, written_out: bool) -> Vec<String> {
    let mut plain = String::with_capacity(name.len());
    for letter in name.nfc().flat_map(char::to_lowercase) {
        match letter {
            'ä' if written_out => plain.push_str("ae"),
            'ö' | 'ø' if written_out => plain.push_str("oe"),
            'ü' if written_out => plain.push_str("ue"),
            'å' if written_out => plain.push_str("aa"),
            'ß' => plain.push_str("ss"),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'ø' => plain.push('o'),
            'ł' => plain.push('l'),
            'đ' | 'ð' => plain.push('d'),
            'þ' => plain.push_str("th"),
            'ı' => plain.push('i'),
            // An apostrophe parts no name.
            '\'' | '’' | '`' | '´' => {}
            other => plain.extend(std::iter::once(other).nfd().filter(|c| !is_combining_mark(*c))),
        }
    }
    plain
        .split(|c: char| !c.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}
