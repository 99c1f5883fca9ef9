//! Words of the field that all parts of this slice share. Pure.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident $text:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ToSchema, sqlx::Type)]
        #[sqlx(type_name = "text")]
        // The contract cannot see the rename below through the macro.
        #[schema(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] #[sqlx(rename = $text)] $variant,)*
        }

        impl $name {
            /// All of them, in the order of the field.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word in database and API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// The variant of this word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word)
            }
        }
    )*};
}

words! {
    /// What kind of care a place is for.
    CareType {
        /// Krippe: under three.
        Nursery "nursery",
        /// Kindergarten: from three to school entry.
        Kindergarten "kindergarten",
        /// Hort: schoolchildren.
        AfterSchool "after_school",
        /// Groups of mixed age.
        MixedAge "mixed_age",
    }
    /// The age band on which places are counted.
    AgeBand {
        /// U3.
        Under3 "under3",
        /// Ü3 until school entry.
        Over3 "over3",
        /// Schoolchildren.
        SchoolAge "school_age",
    }
    /// What kind of facility it is.
    FacilityKind {
        /// Krippe.
        Nursery "nursery",
        /// Kindergarten.
        Kindergarten "kindergarten",
        /// Kita: nursery and kindergarten.
        Daycare "daycare",
        /// Hort.
        AfterSchool "after_school",
        /// Kita with Hort.
        DaycareWithAfterSchool "daycare_with_after_school",
        /// Eltern-Kind-Gruppe.
        ParentChildGroup "parent_child_group",
        /// Kindertagespflegeperson.
        Childminder "childminder",
    }
    /// Who runs a facility.
    ProviderKind {
        /// The municipality.
        Municipal "municipal",
        /// A church or one of its welfare bodies.
        Church "church",
        /// A welfare association.
        Welfare "welfare",
        /// Another non-profit body.
        PrivateNonprofit "private_nonprofit",
        /// A commercial company.
        Commercial "commercial",
        /// Parents (Elterninitiative).
        ParentsInitiative "parents_initiative",
        /// An employer for own staff.
        Company "company",
    }
}
