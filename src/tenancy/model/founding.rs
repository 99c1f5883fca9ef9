//! A municipality that joins. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::platform::fields::{Fields, Invalid};

/// A municipality to be made.
#[derive(Debug, Clone, clap::Args, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"slug": "musterstadt", "name": "Stadt Musterstadt", "ags": "14713000", "ars": "147130000000",
    "federal_state": "SN", "language": "de"}))]
pub struct NewTenant {
    /// Name in addresses: lower case letters, digits, hyphens.
    #[arg(long)]
    pub slug: String,
    /// Name for people.
    #[arg(long)]
    pub name: String,
    /// Official municipality key, 8 digits (5 for a district).
    #[arg(long)]
    pub ags: String,
    /// Official regional key, 12 digits (5 for a district).
    #[arg(long)]
    pub ars: String,
    /// Federal state, two letters, for example `SN`.
    #[arg(long)]
    pub federal_state: String,
    /// Default language.
    #[arg(long, default_value = "de")]
    #[serde(default = "german")]
    pub language: String,
}

fn german() -> String {
    "de".into()
}

/// Federal states by the first two digits of the official key.
pub(super) const STATES: [(&str, &str); 16] = [
    ("01", "SH"),
    ("02", "HH"),
    ("03", "NI"),
    ("04", "HB"),
    ("05", "NW"),
    ("06", "HE"),
    ("07", "RP"),
    ("08", "BW"),
    ("09", "BY"),
    ("10", "SL"),
    ("11", "BE"),
    ("12", "BB"),
    ("13", "MV"),
    ("14", "SN"),
    ("15", "ST"),
    ("16", "TH"),
];

impl NewTenant {
    /// The same with blanks trimmed, or what is wrong with it.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut fields = Fields::new();
        let name = fields.text(&self.name, "/name", 200).to_owned();
        let digits =
            |text: &str, lengths: [usize; 2]| lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fields.check(crate::platform::db::is_slug(&self.slug), "/slug", "invalid");
        fields.check(digits(&self.ags, [5, 8]), "/ags", "invalid");
        fields.check(digits(&self.ars, [5, 12]), "/ars", "invalid");
        let state = STATES
            .iter()
            .find(|(key, _)| self.ags.starts_with(key))
            .map(|(_, state)| *state);
        fields.check(
            state == Some(self.federal_state.as_str()),
            "/federal_state",
            "does_not_fit_ags",
        );
        fields.check(["de", "en"].contains(&self.language.as_str()), "/language", "unknown");
        fields.finish()?;
        Ok(Self { name, ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(slug: &str, ags: &str, state: &str) -> NewTenant {
        NewTenant {
            slug: slug.into(),
            name: " Stadt Leipzig ".into(),
            ags: ags.into(),
            ars: "147130000000".into(),
            federal_state: state.into(),
            language: "de".into(),
        }
    }

    #[test]
    fn a_tenant_needs_keys_that_fit_its_state() {
        assert_eq!(
            new("leipzig", "14713000", "SN").checked().unwrap().name,
            "Stadt Leipzig"
        );
        for (slug, ags, state) in [
            ("leipzig", "14713000", "BY"),
            ("api", "14713000", "SN"),
            ("L", "14713000", "SN"),
            ("leipzig", "1471", "SN"),
        ] {
            assert!(new(slug, ags, state).checked().is_err(), "{slug} {ags} {state}");
        }
    }
}
