//! The answers to choose from in the form, and how the files say them. What is asked is § 99 Abs. 7 and 7a SGB VIII; the answers are in our
//! own words, and the numbers of the questionnaires are not in the files: they belong to the offices' own formats.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident $german:literal,)* })*) => {$(
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
        $(#[$doc])*
        #[serde(rename_all = "snake_case")]
        pub enum $name {
            $($(#[$of])* $variant,)*
        }

        impl $name {
            /// The word in the file.
            pub fn german(self) -> &'static str {
                match self { $(Self::$variant => $german,)* }
            }
        }
    )*};
}

words! {
    /// Legal form of the provider.
    LegalForm {
        /// A municipality or another body under public law.
        PublicBody "Körperschaft oder Anstalt des öffentlichen Rechts",
        /// A registered association.
        Association "eingetragener Verein",
        /// A limited company, also a charitable one.
        Company "GmbH oder gGmbH",
        /// A foundation.
        Foundation "Stiftung",
        /// A cooperative.
        Cooperative "Genossenschaft",
        /// A partnership or a single person.
        Private "Personengesellschaft oder Einzelperson",
        /// Something else.
        Other "andere Rechtsform",
    }

    /// Sex of a person.
    #[schema(as = SurveySex)]
    Sex {
        /// Female.
        Female "weiblich",
        /// Male.
        Male "männlich",
        /// Diverse.
        Diverse "divers",
        /// The register of births has none (§ 22 Abs. 3 PStG).
        Unstated "ohne Angabe (nach Geburtenregister)",
    }

    /// The highest vocational qualification.
    Qualification {
        /// A degree in social or early-childhood pedagogy.
        PedagogyDegree "Studium der Sozial- oder Kindheitspädagogik",
        /// Another degree.
        OtherDegree "anderer Hochschulabschluss",
        /// Educator.
        Educator "Erzieherin, Erzieher",
        /// Remedial education, learnt at a vocational college.
        RemedialEducation "Heilpädagogik, Heilerziehungspflege",
        /// Childcare or social assistant.
        Assistant "Kinderpflege, Sozialassistenz",
        /// Nursing or another health profession.
        Health "Gesundheitsberuf",
        /// Another vocational qualification.
        OtherVocational "anderer Berufsabschluss",
        /// Still in training.
        InTraining "noch in Ausbildung",
        /// None.
        Without "ohne abgeschlossene Ausbildung",
    }

    /// What somebody mainly does in the facility.
    WorkArea {
        /// Leads the facility.
        Lead "Einrichtungsleitung",
        /// Leads a group.
        GroupLead "Gruppenleitung",
        /// Second or further hand of a group.
        Group "Zweit- oder Ergänzungskraft",
        /// Across groups.
        CrossGroup "gruppenübergreifend",
        /// Help for children with disabilities.
        Inclusion "Förderung von Kindern mit Eingliederungshilfe",
        /// Administration.
        Administration "Verwaltung",
        /// Housekeeping and maintenance.
        Housekeeping "Hauswirtschaft und Technik",
    }

    /// As what somebody works there, whatever it was that was learnt.
    #[schema(as = JobPosition)]
    Position {
        /// Employee.
        Employee "angestellt",
        /// Civil servant.
        CivilServant "verbeamtet",
        /// The practical year that ends a training.
        Recognition "Praktikum im Anerkennungsjahr",
        /// Otherwise in training or an internship.
        Training "anders noch in Ausbildung oder Praktikum",
        /// Voluntary service.
        Voluntary "Freiwilligendienst",
        /// Something else.
        Other "sonstige",
    }

    /// How somebody is employed. What older entries said here of training and voluntary service is a position now.
    Employment {
        /// Without end.
        Permanent "unbefristet",
        /// Until a day.
        FixedTerm "befristet",
        /// Otherwise.
        #[serde(alias = "training", alias = "voluntary")]
        Other "sonstige",
    }

    /// The highest certificate of a school of general education.
    SchoolDegree {
        /// None.
        Without "ohne Schulabschluss",
        /// After year nine.
        Lower "Hauptschulabschluss oder gleichwertig",
        /// After year ten.
        Middle "mittlerer Abschluss",
        /// Admits to a university of applied sciences.
        Applied "Fachhochschulreife",
        /// Admits to every university.
        University "Hochschulreife",
        /// Another.
        Other "anderer Abschluss",
    }

    /// The course that a childminder took, by its lessons.
    #[schema(as = ChildminderCourse)]
    Course {
        /// None.
        Without "kein Kurs",
        /// Not finished.
        Running "noch nicht abgeschlossen",
        /// Fewer than 160 lessons.
        Below160 "unter 160 Unterrichtsstunden",
        /// 160 to 299 lessons.
        From160 "160 bis 299 Unterrichtsstunden",
        /// 300 lessons and more.
        From300 "300 und mehr Unterrichtsstunden",
    }

    /// Where a childminder cares for the children.
    #[schema(as = ChildminderPlace)]
    CarePlace {
        /// In the own home.
        OwnHome "Wohnung der Tagespflegeperson",
        /// In the child's home.
        ChildsHome "Wohnung des Kindes",
        /// In other rooms.
        OtherRooms "andere Räume",
    }
}
