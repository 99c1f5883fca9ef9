//! The three towns of the demo: real names, keys and facility lists; everything else in them is made up.

use crate::tenancy::NewTenant;

/// A town of the demo.
pub(super) struct Town {
    pub slug: &'static str,
    pub name: &'static str,
    ags: &'static str,
    ars: &'static str,
    federal_state: &'static str,
    /// File name in the folder of real lists.
    pub list: &'static str,
    pub color: &'static str,
    /// Template and name of its set of criteria.
    pub criteria: (&'static str, &'static str),
    /// Whether the office gives the places in rounds.
    pub central: bool,
    /// A place in town for what is made up: postal code, city, latitude, longitude.
    pub place: (&'static str, &'static str, f64, f64),
    /// The municipality next to it, where guest children live: name, address of its office.
    pub neighbour: (&'static str, &'static str),
}

pub(super) const TOWNS: [Town; 3] = [
    Town {
        slug: "flensburg",
        name: "Stadt Flensburg",
        ags: "01001000",
        ars: "010010000000",
        federal_state: "SH",
        list: "flensburg.csv",
        color: "#0b5a8f",
        criteria: ("wuppertal", "Vergabekriterien (Beispiel)"),
        central: false,
        place: ("24937", "Flensburg", 54.7837, 9.4336),
        neighbour: ("Gemeinde Harrislee", "Süderstraße 101, 24955 Harrislee"),
    },
    Town {
        slug: "leipzig",
        name: "Stadt Leipzig",
        ags: "14713000",
        ars: "147130000000",
        federal_state: "SN",
        list: "leipzig.csv",
        color: "#1d4f91",
        criteria: ("kitamatch", "Vergabekriterien (Beispiel)"),
        central: true,
        place: ("04109", "Leipzig", 51.3406, 12.3747),
        neighbour: ("Stadt Markkleeberg", "Rathausplatz 1, 04416 Markkleeberg"),
    },
    Town {
        slug: "chemnitz",
        name: "Stadt Chemnitz",
        ags: "14511000",
        ars: "145110000000",
        federal_state: "SN",
        list: "chemnitz.csv",
        color: "#8a1538",
        criteria: ("ostfildern", "Vergabekriterien (Beispiel)"),
        central: false,
        place: ("09111", "Chemnitz", 50.8323, 12.9253),
        neighbour: (
            "Gemeinde Neukirchen/Erzgeb.",
            "Hauptstraße 77, 09221 Neukirchen/Erzgeb.",
        ),
    },
];

impl Town {
    /// What `tenant create` asks for.
    pub(super) fn tenant(&self) -> NewTenant {
        NewTenant {
            slug: self.slug.into(),
            name: self.name.into(),
            ags: self.ags.into(),
            ars: self.ars.into(),
            federal_state: self.federal_state.into(),
            language: "de".into(),
        }
    }

    /// The address of a login in this town.
    pub(super) fn address(&self, who: &str) -> String {
        format!("{who}@{}.example", self.slug)
    }
}
