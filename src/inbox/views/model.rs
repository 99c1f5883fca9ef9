//! What a named filter may hold. Pure.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// Typed search words may be a child's name, and an open case is one: they are not kept.
const NEVER_KEPT: [&str; 2] = ["q", "fall"];

/// A named filter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SavedView {
    /// Its name, at most 40 characters.
    #[schema(max_length = 40)]
    pub title: String,
    /// Filters as they stand in the address of the list: name and value, at most 20; without search words.
    pub values: BTreeMap<String, String>,
}

/// The named filters of a person, by list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"lists": {"vormerkungen": [{"title": "Warteliste Krippe", "values": {"state": "waitlisted", "care_type": "nursery"}}]}}))]
pub(super) struct SavedViews {
    /// At most 40 lists with at most 20 filters each.
    pub lists: BTreeMap<String, Vec<SavedView>>,
}

/// A name of a list or of a filter.
fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b'-'))
}

impl SavedViews {
    /// The same with blanks trimmed, or all that is wrong.
    pub(super) fn checked(mut self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        fields.check(self.lists.len() <= 40, "/lists", "too_many");
        for (list, views) in &mut self.lists {
            let at = format!("/lists/{list}");
            fields.check(is_name(list), "/lists", "invalid");
            fields.check(views.len() <= 20, &at, "too_many");
            for (n, view) in views.iter_mut().enumerate() {
                let at = format!("{at}/{n}");
                let title = fields.text(&view.title, &format!("{at}/title"), 40).to_owned();
                fields.check(!title.chars().any(char::is_control), &format!("{at}/title"), "invalid");
                view.title = title;
                fields.check(view.values.len() <= 20, &format!("{at}/values"), "too_many");
                let kept = view
                    .values
                    .iter()
                    .all(|(name, value)| is_name(name) && !NEVER_KEPT.contains(&name.as_str()) && value.len() <= 400);
                fields.check(kept, &format!("{at}/values"), "invalid");
            }
        }
        fields.finish()?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(list: &str, title: &str, name: &str) -> Result<SavedViews, Vec<String>> {
        let values = BTreeMap::from([(name.to_owned(), "x".to_owned())]);
        let view = SavedView {
            title: title.into(),
            values,
        };
        let views = SavedViews {
            lists: BTreeMap::from([(list.to_owned(), vec![view])]),
        };
        views
            .checked()
            .map_err(|Invalid(faults)| faults.into_iter().map(|fault| fault.pointer).collect())
    }

    #[test]
    fn a_filter_has_a_name_and_no_search_words() {
        assert_eq!(
            with("eingang", " Heute ", "state").unwrap().lists["eingang"][0].title,
            "Heute"
        );
        assert_eq!(with("eingang", "Heute", "q").unwrap_err(), ["/lists/eingang/0/values"]);
        assert_eq!(with("eingang", " ", "state").unwrap_err(), ["/lists/eingang/0/title"]);
        assert_eq!(with("Ein gang", "Heute", "state").unwrap_err(), ["/lists"]);
    }
}
