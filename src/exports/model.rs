//! What stands in an export and what each of its columns means, from the reviewed list of all columns. Pure.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The reviewed list of all columns; a test holds it against the database.
const COLUMNS: &str = include_str!("../../docs/operator/personendaten.txt");

/// For what a municipality takes all of its data out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "archive")]
pub enum Purpose {
    /// To keep them in its own archive.
    Archive,
    /// To go to another system.
    Move,
    /// For an examination of the procedure.
    Examination,
    /// For evaluations of its own.
    Evaluation,
}

impl Purpose {
    /// The word in API and audit.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Move => "move",
            Self::Examination => "examination",
            Self::Evaluation => "evaluation",
        }
    }
}

/// A table of the export.
pub struct Exported {
    /// Its name, also of its two files.
    pub table: String,
    /// Its columns in their order.
    pub columns: Vec<String>,
    /// How many rows.
    pub rows: i64,
}

/// Class, subject and period of a column, as the reviewed list says them.
fn annotations() -> BTreeMap<&'static str, [&'static str; 3]> {
    let rows = COLUMNS
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    rows.filter_map(|line| {
        let mut words = line.split_whitespace();
        Some((words.next()?, [words.next()?, words.next()?, words.next()?]))
    })
    .collect()
}

/// The words of the reviewed list in German.
fn say(word: &str) -> &str {
    match word {
        "-" => "–",
        "master" => "Stammdaten",
        "contact" => "Kontakt",
        "address" => "Anschrift",
        "custody" => "Sorgerecht",
        "demand" => "Bedarf",
        "special" => "besondere Kategorien möglich (Art. 9 DSGVO)",
        "contract" => "Angebot, Vertrag, Belegung",
        "decision" => "Vergabe",
        "message" => "Nachricht",
        "account" => "Zugang",
        "secret" => "Prüfsumme",
        "audit" => "Protokoll",
        "staff" => "Beschäftigte",
        "pseudonym" => "Zufallsname",
        "copy" => "kurzlebige Kopie",
        "technical" => "Betrieb",
        "public" => "veröffentlicht",
        "family" => "Kind und Sorgeberechtigte",
        "childminder" => "Kindertagespflegeperson",
        "operator" => "Betreiber",
        other => other,
    }
}

/// How long a column stays, in German.
fn stays(word: &str) -> &str {
    match word {
        "short" => "Stunden bis Tage",
        "tenant" => "solange es die Kommune hier gibt",
        "operator" => "solange es das Konto gibt",
        _ => "Frist der Kommune",
    }
}

/// What every file and column is, in German, as a text that opens everywhere.
pub fn documentation(name: &str, made_at: &str, all: &[Exported], left_out: &[String]) -> String {
    let known = annotations();
    let mut text = format!(
        "# Daten von {name}\n\nStand: {made_at}, eine Momentaufnahme aller Tabellen. Je Tabelle gibt es zwei Dateien mit denselben Zeilen: `csv/TABELLE.csv` \
         (RFC 4180, UTF-8, Kopfzeile, Komma) und `json/TABELLE.jsonl` (ein JSON-Objekt je Zeile). Zeitpunkte stehen mit Zeitzone, Tage als JJJJ-MM-TT. \
         `tenant_id` ist überall dieselbe Nummer. Öffnen Sie CSV in einer Tabellenkalkulation nur als Text: Zellen stehen so da, wie Menschen sie \
         geschrieben haben. Was in `care_sheet.sheet` versiegelt ist, steht offen in `json/care_sheet.opened.jsonl`; `survey_child.answers` bleibt versiegelt und steht offen in den Dateien der Statistik.\n\nNicht enthalten: {}.\n",
        left_out.join(", ")
    );
    for table in all {
        let _ = write!(
            text,
            "\n## {}\n\n{} Zeilen\n\n| Spalte | Art | betrifft | bleibt |\n|---|---|---|---|\n",
            table.table, table.rows
        );
        for column in &table.columns {
            let key = format!("{}.{column}", table.table);
            let [class, subject, kept] = known.get(key.as_str()).copied().unwrap_or(["-", "-", "tenant"]);
            let _ = writeln!(
                text,
                "| {column} | {} | {} | {} |",
                say(class),
                say(subject),
                stays(kept)
            );
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_documented_with_what_it_is() {
        let table = Exported {
            table: "child".into(),
            columns: vec!["tenant_id".into(), "first_name".into(), "sex".into()],
            rows: 2,
        };
        let text = documentation("Musterstadt", "2027-02-01", &[table], &["account.password_hash".into()]);
        assert!(
            text.contains("| first_name | Stammdaten | Kind und Sorgeberechtigte | Frist der Kommune |"),
            "{text}"
        );
        assert!(text.contains("Nicht enthalten: account.password_hash."));
        assert!(annotations().len() > 500);
    }
}
