//! How a list's headers and words are read: built-in mappings, and mapping files as JSON.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::facilities::model::{FacilityKind, ProviderKind};

/// Fields that a list of facilities can have, as in the built-in mapping `kitaplatz`.
pub(super) const FIELDS: [&str; 27] = [
    "source_id",
    "name",
    "provider_name",
    "provider_kind",
    "facility_kind",
    "street",
    "house_number",
    "postal_code",
    "city",
    "district",
    "latitude",
    "longitude",
    "capacity_total",
    "opening_from",
    "opening_to",
    "concept",
    "phone",
    "email",
    "website",
    "licence",
    "attribution",
    "data_as_of",
    "age_from_months",
    "age_to_months",
    "languages",
    "religious_orientation",
    "integrative",
];

/// Fields beyond those, kept apart because few lists have them.
const MORE_FIELDS: [&str; 3] = ["barrier_free", "flags", "description"];

/// German headers of a municipality's own list.
const GERMAN: [(&str, &str); 30] = [
    ("source_id", "Kennung"),
    ("name", "Name der Einrichtung"),
    ("provider_name", "Träger"),
    ("provider_kind", "Trägerart"),
    ("facility_kind", "Art der Einrichtung"),
    ("street", "Straße"),
    ("house_number", "Hausnummer"),
    ("postal_code", "PLZ"),
    ("city", "Ort"),
    ("district", "Stadtteil"),
    ("latitude", "Breitengrad"),
    ("longitude", "Längengrad"),
    ("capacity_total", "Plätze"),
    ("opening_from", "Öffnet"),
    ("opening_to", "Schließt"),
    ("concept", "Konzept"),
    ("phone", "Telefon"),
    ("email", "E-Mail"),
    ("website", "Webseite"),
    ("licence", "Lizenz"),
    ("attribution", "Quelle"),
    ("data_as_of", "Stand"),
    ("age_from_months", "Alter von (Monate)"),
    ("age_to_months", "Alter bis (Monate)"),
    ("languages", "Sprachen"),
    ("religious_orientation", "Konfession"),
    ("integrative", "Inklusiv"),
    ("barrier_free", "Barrierefrei"),
    ("flags", "Hinweise"),
    ("description", "Beschreibung"),
];

/// How a list is read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Header in the list by field.
    pub columns: BTreeMap<String, String>,
    /// Words for provider kinds beyond the known ones.
    #[serde(default)]
    pub provider_kinds: BTreeMap<String, ProviderKind>,
    /// Words for facility kinds beyond the known ones.
    #[serde(default)]
    pub facility_kinds: BTreeMap<String, FacilityKind>,
}

impl Mapping {
    /// The built-in mapping of this name: `kitaplatz` or `german`.
    pub fn built_in(name: &str) -> Option<Self> {
        let columns: BTreeMap<String, String> = match name {
            "kitaplatz" => FIELDS
                .iter()
                .chain(&MORE_FIELDS)
                .map(|f| ((*f).to_owned(), (*f).to_owned()))
                .collect(),
            "german" => GERMAN.iter().map(|(f, h)| ((*f).to_owned(), (*h).to_owned())).collect(),
            _ => return None,
        };
        Some(Self {
            columns,
            ..Self::default()
        })
    }

    /// A mapping file: `{"columns": {"name": "Bezeichnung", …}, "provider_kinds": {"stadt": "municipal"}, "facility_kinds": {…}}`.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let mapping: Self = serde_json::from_str(text).map_err(|e| e.to_string())?;
        let known = |f: &String| FIELDS.contains(&f.as_str()) || MORE_FIELDS.contains(&f.as_str());
        match mapping.columns.keys().find(|f| !known(f)) {
            Some(field) => Err(format!("there is no field {field:?}")),
            None => Ok(mapping),
        }
    }

    /// The built-in mapping whose headers a list has.
    pub fn guess(headers: &[String]) -> Option<Self> {
        ["kitaplatz", "german"]
            .into_iter()
            .filter_map(Self::built_in)
            .find(|m| ["source_id", "name"].iter().all(|f| headers.contains(&m.columns[*f])))
    }

    /// The kind of provider for a word, if one is known.
    pub fn provider_kind(&self, word: &str) -> Option<ProviderKind> {
        let word = word.trim().to_lowercase();
        self.provider_kinds.get(&word).copied().or_else(|| {
            Some(match word.as_str() {
                "kommunal" | "städtisch" | "municipal" | "öffentlich" => ProviderKind::Municipal,
                "evangelisch" | "katholisch" | "kirchlich" | "diakonie" | "caritas" | "juedisch" | "jüdisch"
                | "church" => ProviderKind::Church,
                "awo" | "drk" | "paritaetisch" | "paritätisch" | "asb" | "johanniter" | "malteser" | "welfare"
                | "wohlfahrtsverband" => ProviderKind::Welfare,
                "elterninitiative" | "parents_initiative" => ProviderKind::ParentsInitiative,
                "betrieb" | "betrieblich" | "company" => ProviderKind::Company,
                "privat" | "gewerblich" | "commercial" => ProviderKind::Commercial,
                "sonstiger_freier" | "sonstiger freier" | "frei" | "gemeinnützig" | "private_nonprofit" => {
                    ProviderKind::PrivateNonprofit
                }
                _ => return None,
            })
        })
    }

    /// The kind of facility for a word, if one is known.
    pub fn facility_kind(&self, word: &str) -> Option<FacilityKind> {
        let word = word.trim().to_lowercase();
        self.facility_kinds.get(&word).copied().or_else(|| {
            Some(match word.as_str() {
                "krippe" | "kinderkrippe" | "nursery" => FacilityKind::Nursery,
                "kindergarten" => FacilityKind::Kindergarten,
                "kita" | "kindertagesstätte" | "daycare" => FacilityKind::Daycare,
                "hort" | "after_school" => FacilityKind::AfterSchool,
                "kita_mit_hort" | "kita mit hort" | "daycare_with_after_school" => FacilityKind::DaycareWithAfterSchool,
                "eltern_kind_gruppe" | "eltern-kind-gruppe" | "parent_child_group" => FacilityKind::ParentChildGroup,
                "kindertagespflege" | "tagespflege" | "childminder" => FacilityKind::Childminder,
                _ => return None,
            })
        })
    }
}
