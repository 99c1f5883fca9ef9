//! Pages that the law, or good manners, asks for. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A page that the law, or good manners, asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegalKind {
    /// Who answers for the pages (Impressum).
    Imprint,
    /// Privacy.
    Privacy,
    /// How accessible the pages are.
    Accessibility,
    /// The pages in plain language.
    PlainLanguage,
}

impl LegalKind {
    /// The name in database and API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Imprint => "imprint",
            Self::Privacy => "privacy",
            Self::Accessibility => "accessibility",
            Self::PlainLanguage => "plain_language",
        }
    }

    /// The page of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Imprint, Self::Privacy, Self::Accessibility, Self::PlainLanguage]
            .into_iter()
            .find(|k| k.as_str() == name)
    }
}

/// A legal page as a new tenant gets it: headings to fill in, marked as a draft.
pub(in crate::tenancy) struct FirstPage {
    pub kind: &'static str,
    pub language: &'static str,
    pub title: &'static str,
    pub body: String,
}

pub(in crate::tenancy) fn first_legal_pages(name: &str) -> Vec<FirstPage> {
    let page = |kind, language, title, body: &str| FirstPage {
        kind,
        language,
        title,
        body: body.replace("{name}", name),
    };
    vec![
        page("imprint", "de", "Impressum", include_str!("../texts/imprint.de.md")),
        page("imprint", "en", "Legal notice", include_str!("../texts/imprint.en.md")),
        page("privacy", "de", "Datenschutz", include_str!("../texts/privacy.de.md")),
        page("privacy", "en", "Privacy", include_str!("../texts/privacy.en.md")),
        page(
            "accessibility",
            "de",
            "Erklärung zur Barrierefreiheit",
            include_str!("../texts/accessibility.de.md"),
        ),
        page(
            "accessibility",
            "en",
            "Accessibility statement",
            include_str!("../texts/accessibility.en.md"),
        ),
        page(
            "plain_language",
            "de",
            "Leichte Sprache",
            include_str!("../texts/plain_language.de.md"),
        ),
    ]
}
