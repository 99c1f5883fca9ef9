//! The two made-up facilities: their groups, and with them how many places they have.

use crate::facilities::AgeBand;

/// A group of a made-up facility.
pub(super) struct Plan {
    pub name: &'static str,
    /// Children from this age in months and below that one.
    pub ages: (i64, i64),
    pub under3: i64,
    pub over3: i64,
}

/// A made-up facility.
pub(super) struct House {
    pub name: &'static str,
    pub number: &'static str,
    pub groups: &'static [Plan],
}

const fn plan(name: &'static str, ages: (i64, i64), under3: i64, over3: i64) -> Plan {
    Plan {
        name,
        ages,
        under3,
        over3,
    }
}

pub(super) const HOUSES: [House; 2] = [
    House {
        name: "Kita Beispielgarten",
        number: "12",
        groups: &[
            plan("Igelgruppe", (6, 36), 12, 0),
            plan("Fuchsgruppe", (36, 84), 0, 22),
            plan("Eulengruppe", (36, 84), 0, 22),
            plan("Regenbogengruppe", (18, 84), 12, 12),
        ],
    },
    House {
        name: "Kita Musterhof",
        number: "30",
        groups: &[
            plan("Käfergruppe", (6, 36), 10, 0),
            plan("Entengruppe", (6, 36), 10, 0),
            plan("Bärengruppe", (36, 84), 0, 25),
            plan("Wolkengruppe", (36, 84), 0, 25),
        ],
    },
];

impl House {
    /// Places of all groups for an age band.
    pub(super) fn places(&self, band: AgeBand) -> i64 {
        let of = |plan: &Plan| match band {
            AgeBand::Under3 => plan.under3,
            AgeBand::Over3 => plan.over3,
            AgeBand::SchoolAge => 0,
        };
        self.groups.iter().map(of).sum()
    }
}
