//! Where in a file a fault stands: line, column and the path to the value.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::super::instance::{Fault, Path, Step};

/// Why a file is no instance, no result or no run.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("line {line}, column {column}, at {}: {reason}", if path.is_empty() { "the top" } else { path })]
pub struct FileError {
    /// Line, from 1.
    pub line: usize,
    /// Column, from 1, in bytes.
    pub column: usize,
    /// Such as `families[3].children[0].wishes[1].priority`; empty for the top.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl FileError {
    /// A fault of form, found while parsing with the path beside it.
    pub(super) fn of_form(error: &serde_json::Error, path: String) -> Self {
        let text = error.to_string();
        // The place is told once, in front.
        let reason = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(reason, _)| reason);
        let path = if path == "." { String::new() } else { path };
        Self {
            line: error.line(),
            column: error.column(),
            path,
            reason: reason.to_owned(),
        }
    }

    /// A fault of content, whose place is looked up in the text; `above` leads from the top of the file to the instance.
    pub(super) fn of_content(text: &[u8], above: &[Step], fault: &Fault) -> Self {
        let path = Path([above, &fault.path.0].concat());
        let (line, column) = locate(text, &path);
        Self {
            line,
            column,
            path: path.to_string(),
            reason: fault.kind.to_string(),
        }
    }
}

/// Line and column of the value at a path, or as far as the path leads.
fn locate(text: &[u8], path: &Path) -> (usize, usize) {
    let mut parser = serde_json::Deserializer::from_slice(text);
    match Locate(&path.0).deserialize(&mut parser) {
        Ok(()) => (1, 1),
        Err(error) => (error.line(), error.column()),
    }
}

/// Follows a path and fails at its end: the parser's error then tells the place.
#[derive(Clone, Copy)]
struct Locate<'p>(&'p [Step]);

impl<'de> DeserializeSeed<'de> for Locate<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Locate<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the end of the path")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Step::Key(key), rest)) = self.0.split_first() else {
            return Err(de::Error::custom("here"));
        };
        while let Some(found) = map.next_key::<String>()? {
            if found == *key {
                map.next_value_seed(Locate(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Err(de::Error::custom("here"))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((Step::At(at), rest)) = self.0.split_first() else {
            return Err(de::Error::custom("here"));
        };
        for _ in 0..*at {
            seq.next_element::<IgnoredAny>()?;
        }
        seq.next_element_seed(Locate(rest))?;
        Err(de::Error::custom("here"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_in_the_text() {
        let text = b"{\n \"pools\": [ {\"id\": \"a\"},\n  {\"id\": \"bc\"} ] }";
        let path = Path(vec![Step::Key("pools"), Step::At(1), Step::Key("id")]);
        assert_eq!(locate(text, &path), (3, 13));
    }
}
